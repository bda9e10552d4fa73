"""What to do next with a task, as one sentence and the command line for it.

The order is the normal path of the GPUaaS guide: claim, work, evidence, handoff, route the review, the reviews,
merge-ready, and the finished status after the merge.
"""

from __future__ import annotations

from fairway_scripts.base.errors import suggest
from fairway_scripts.work.gates import APPROVED, evidence_doubt, evidence_verdict
from fairway_scripts.work.proof_lines import evidence_line, review_asked_line
from fairway_scripts.work.review_verdicts import asked_text, speaker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.base.settings_shape import GatesSettings
    from fairway_scripts.reviews.detail_shapes import Gathered, NextStep, SeenRequest


BLOCKED = "blocked"


def next_step(
    detail: Gathered,
    *,
    initial: str,
    finished: str,
    routed: bool,
    gates: GatesSettings,
    elsewhere: Callable[[], str] = str,
    in_lane: bool = False,
    lighter: str = "",
) -> NextStep:
    """The next step as `{why, command}`, both "" for a finished task unless its own lane asks.

    `detail` is what `task_detail.task_detail` has gathered; `initial` and `finished` are the names of the
    status that a task starts in and of the one that ends it; `routed` says whether its review was routed before,
    `gates` is that section of the settings, `elsewhere` finds the worktree of the task (`work_place.elsewhere`),
    `lighter` is what `given_verdicts.lighter_for_nothing` says of that routing.
    """
    task = detail["task_id"]
    if detail["terminal"]:
        return (
            _step("it is finished; what is next here", suggest("queue-ready", ROLE=detail["lane"]))
            if in_lane
            else _step("", "")
        )
    if detail["left_file_at"]:
        return _step("it left the queue file", suggest("queue-prune-stale"))
    if detail["status"] == BLOCKED:
        reason = next((row["reason"] for row in reversed(detail["history"]) if row["to_status"] == BLOCKED), "")
        return _step(
            f"it is blocked ({reason or 'no reason given'}); when that is settled, claim it again", _claim(detail)
        )
    if detail["status"] == initial:
        open_ones = [row for row in detail["dependencies"] if not row["met"]]
        if open_ones:
            listing = ", ".join(f"{row['id']} ({row['status']})" for row in open_ones)
            return _step(f"it waits for {listing}", suggest("queue-task-detail", TASK_ID=open_ones[0]["id"]))
        return _step("it is ready", _claim(detail))
    if detail["over_lease"]:
        why = f"the lease of {detail['claimant']} ran out; unless that work goes on, take it back"
        return _step(why, suggest("queue-reclaim", TASK_ID=task, REASON=None))
    return (
        _evidence(detail, task, gates, elsewhere)
        or _work(detail, task, routed=routed, lighter=lighter)
        or (_approval(detail, task) if gates["require_review_before_done"] else None)
        or _merge(detail, task, finished)
    )


def _evidence(detail: Gathered, task: str, gates: GatesSettings, elsewhere: Callable[[], str]) -> NextStep | None:
    """The line that runs the task's checks while merge-ready and the finished status have something to say of them."""
    rows, policy = [row for row in detail["evidence"] if not row["withdrawn_at"]], gates["stale_evidence"]
    doubt = evidence_doubt(evidence_verdict(rows, detail["measured_on"]["commit_sha"], policy), policy)
    if not doubt:
        return None
    line = evidence_line(task, detail.get("acceptance_checks") or (), worktree=elsewhere())
    first = "" if rows else "do the work and commit it, then "
    if any(row["tree_dirty"] for row in rows[-1:]):
        first = "commit what belongs to it, then "
    return _step(f"{doubt}: {first}run its checks and record them", line)


def _work(detail: Gathered, task: str, *, routed: bool, lighter: str) -> NextStep | None:
    """The first record of a task in work that its branch tip still lacks, None when it has them all."""
    tip, branch = detail["measured_on"]["commit_sha"], detail["branch"] or f"agent/{detail['lane']}"
    handoffs = [row for row in detail["handoffs"] if not row["withdrawn_at"]]
    if not any(tip in ("", row["commit_sha"]) for row in handoffs):
        why = "its handoff names another commit than the branch tip" if handoffs else "it has no handoff"
        where = {"OWNER": detail["owner"] or None, "BRANCH": branch, "COMMIT": tip or None}
        asked = dict.fromkeys(("COMMANDS", "RESULTS", "CHANGED_FILES"))
        return _step(why, suggest("queue-record-handoff", TASK_ID=task, **where, **asked))
    requests = [row for row in detail["review_requests"] if not row["withdrawn_at"] and not row["superseded_at"]]
    outdated = tip and any(row["commit_sha"] not in (None, "", tip) for row in requests)
    if outdated or lighter or not (requests or routed):
        why = "its review was asked for on another commit" if outdated else lighter or "its review is not routed"
        return _step(why, suggest("queue-route-review", TASK_ID=task, REF=tip or None))
    return _review(detail, task, requests)


def _review(detail: Gathered, task: str, requests: list[SeenRequest]) -> NextStep | None:
    """The first lane whose verdict is missing or stands in the way, None when all have approved."""
    commit = detail["measured_on"]["commit_sha"] or None
    for review in (row for row in detail["reviews"] if row["counts"]):
        if review["verdict"] != APPROVED:
            read = review["reviewed_commit_sha"]
            said = f"{speaker(review)} says {review['verdict']} on {read[:12] if read else 'no known commit'}"
            line = _verdict(task, review["reviewer_role"], commit, review.get("review_domain") or "")
            return _step(f"{said}; it has to look again", line)
    for request in requests:
        if not request["answered"]:
            lane, domains = request["role"], request.get("domains", [])
            whom = f"{lane} has to review it" + (f" for {asked_text(lane, domains)}" if domains else "")
            return _step(whom, _verdict(task, lane or None, commit, domains[0] if domains else ""))
    if detail.get("missing_domains") or detail.get("faults"):
        why = "; ".join(detail["faults"]) or f"no approval yet: {', '.join(detail['missing_domains'])}"
        return _step(why, suggest("queue-route-review", TASK_ID=task, REF=commit))
    return None


def _approval(detail: Gathered, task: str) -> NextStep | None:
    """The step that asks a lane for the approval that only the gate wants, None when somebody has given one."""
    if any(row["counts"] and row["verdict"] == APPROVED for row in detail["reviews"]):
        return None
    why = "nobody has approved it, and gates.require_review_before_done asks for it"
    return _step(why, review_asked_line(task, detail["measured_on"]["commit_sha"][:12]))


def _merge(detail: Gathered, task: str, finished: str) -> NextStep:
    commit = detail["measured_on"]["commit_sha"] or None
    why = f"everything is recorded; after the merge set it {finished}"
    return _step(why, suggest("queue-merge-ready", TASK_ID=task, REF=commit))


def _claim(detail: Gathered) -> str:
    return suggest("queue-claim", ROLE=detail["lane"], OWNER=None, TASK_ID=detail["task_id"])


def _verdict(task: str, lane: str | None, commit: str | None, domain: str = "") -> str:
    """The line of the lane that reads; its verdict is asked for, never given."""
    about = {"REVIEWER_ROLE": lane, "REVIEW_DOMAIN": domain, "REVIEWER": None, "STATUS": None, "COMMIT": commit}
    return suggest("queue-record-review", TASK_ID=task, **about)


def _step(why: str, command: str) -> NextStep:
    return {"why": why, "command": command}
