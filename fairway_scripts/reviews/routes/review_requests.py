"""Opening the review requests of a change: exactly the lanes that the shape of its review asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError, suggest_again, suggest_call
from fairway_scripts.project.changes import Change, difference, find_state, repeated_answer
from fairway_scripts.reviews.review_bar import still_to_ask
from fairway_scripts.reviews.review_bars import asked_by_requests, judge_reviews, verdicts_for
from fairway_scripts.reviews.review_coverage import Coverage
from fairway_scripts.reviews.review_standing import is_approval
from fairway_scripts.reviews.review_waivers import WAIVED
from fairway_scripts.reviews.reviews import settle_review
from fairway_scripts.reviews.routes.review_routes import manual_requests, read_change, readable
from fairway_scripts.reviews.routes.review_shapes import shape_answer, shape_facts, shape_of_change
from fairway_scripts.reviews.routes.routing import SELF_OWNED, unmatched_paths
from fairway_scripts.settings.review_domains import ANY_OF
from fairway_scripts.work import verdicts as review_rules
from fairway_scripts.work.records import named_lane
from fairway_scripts.work.review_verdicts import asked_domains, concerns, standing_verdicts

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueRouteReview
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import Judged, RequiredReview, Routed, Routes, ShapeOfChange, Stands
    from fairway_scripts.reviews.routes.review_routes import ChangeRead
    from fairway_scripts.reviews.routes.routing import Requirement
    from fairway_scripts.work.work_shapes import Asked, ByHand, Verdict

_TABLE = "review_requests"


def route_review(project: Project, args: QueueRouteReview) -> Routed:
    """Say which lanes must review what REF changes since it left BASE, and open a request for each.

    The shape of the review decides: the routes of the changed paths, what `[[review_shapes]]` asks for besides, and a
    waiver that covers this change. Earlier open requests are superseded; those made by hand stay in force on the
    new commit. REVIEWER_ROLE and REASON add one by hand. A lane whose latest verdict approves this very commit, or
    the same change on another base, has answered already; so has the verdict of a task above that read these commits.

    Returns task_id, lane, ref, commit_sha, base, base_sha, merge_base, changed_paths, required (`{lane, domains, layer,
    rules, paths, ok, answered_by, answer, inherited_from, waiver_id}`), missing_domains, faults (what the declaration
    of the task names that is not known), risk_level, self_owned and unrouted (paths), shape and shape_needed (light,
    paired or full-matrix; they differ under a waiver), shape_reasons (`{rule, shape, by, matched}`), waiver (None
    without one), review_required, review_status, superseded. Raises FairwayError: `not_found`, `reason_required`,
    `self_review`, `git_inconsistent`, `git_unavailable`.
    """
    by_hand = _by_hand(project, args)
    repeated: Routed | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    with project.store.read() as tx:
        state = find_state(tx, args.task_id)
        facts = shape_facts(project, tx, state)
    lane = state["role"]
    if by_hand and by_hand["role"] == lane:
        raise FairwayError(
            "self_review",
            f"{args.task_id} belongs to lane {lane}, which cannot review it",
            suggest_call(REVIEWER_ROLE=None),
        )
    change_read = read_change(project, args.ref, args.base)
    shape = shape_of_change(project, facts, change_read)
    covered = Coverage(project, change_read["commit_sha"], change_read["merge_base"])
    verdicts_for(project, facts, covered, real_exit=shape["real_exit"])  # git is asked before the store is locked
    covered.marked(standing_verdicts(facts["reviews"], project.settings))
    with Change(project, args) as change:
        known: Routed | None = change.repeated()
        if known is not None:
            return known
        return _open_requests(change, args.task_id, change_read, shape, by_hand, covered)


def _by_hand(project: Project, args: QueueRouteReview) -> ByHand | None:
    if not args.reviewer_role:
        return None
    if not args.reason:
        raise FairwayError("reason_required", "asking a lane by hand needs a REASON", suggest_again(args, REASON=None))
    return {"role": named_lane(project, args.reviewer_role.strip()), "rules": [args.reason]}


def _open_requests(
    change: Change, task_id: str, read: ChangeRead, shape: ShapeOfChange, by_hand: ByHand | None, covered: Coverage
) -> Routed:
    routed, settings = shape["requirements"], change.project.settings
    state = change.state(task_id)
    facts = shape_facts(change.project, change.tx, state)
    earlier, bar = facts["requests"], shape["bar"]
    manual = manual_requests(earlier) + ([by_hand] if by_hand else [])
    # once it is merged no path asks for anybody: who was asked before that still is
    kept = [row for row in earlier if row["layer"] != review_rules.MANUAL] if _is_merged(change, read) else []
    earlier = [row for row in earlier if row not in kept]
    for row in earlier:
        change.tx.run("records.supersede_request", request_id=row["id"], at=change.at)
    lanes = review_rules.by_lane(routed)
    # a request by hand stays a row of its own: the next routing has to find it again
    every = [*asked_by_requests(kept, routed), *review_rules.by_lane([], manual)] if kept else []
    every = every or review_rules.by_lane(routed, manual)
    judged = judge_reviews(change.project, facts, every, bar, covered, real_exit=shape["real_exit"], now=change.at)
    bar = judged["bar"]
    verdicts = [row for row in judged["verdicts"] if row["id"] is not None]
    wanted = [entry for entry in still_to_ask(bar["entries"], lanes, settings) if not _is_waived(entry, judged)]
    standing = [(row["role"], asked_domains(row)) for row in kept]
    new = [entry for entry in (*lanes, *wanted) if (entry["lane"], entry.get("domains", [])) not in standing]
    asked = [*new, *review_rules.by_lane([], manual)]
    rows = [
        [
            _TABLE,
            _add_request(
                change, task_id, read, entry, shape["shape"], _answer(entry, verdicts, judged["same"], covered)
            ),
        ]
        for entry in asked
    ]
    requests = change.tx.all("records.open_requests", task_id=task_id)
    status = review_rules.review_status(requests, verdicts)
    required = int(bool(requests) or status in review_rules.OBJECTIONS)
    after = settle_review(change, state, review_required=required, review_status=status)
    event = {
        "rows": rows,
        "superseded": [row["id"] for row in earlier],
        "commit_sha": read["commit_sha"],
        "base_commit_sha": read["merge_base"],
        "shape": shape["shape"],
        "waiver_id": shape["waiver"]["id"] if shape["waiver"] and shape["waiver"]["covers"] else None,
        "required": [
            {
                "lane": entry["lane"],
                "domains": entry.get("domains", []),
                "layer": entry["layer"],
                "rules": entry["rules"],
            }
            for entry in asked
        ],
        "risk_level": bar["risk_level"],
        **difference(state, after),
    }
    change.record("review_routed", task_id, event)
    told: Routed = {
        **_routes_answer(read, routed),
        **shape_answer(shape),
        "task_id": task_id,
        "lane": state["role"],
        "required": [_required(entry) for entry in judged["reviews"]],
        "missing_domains": judged["missing_domains"],
        "faults": bar["faults"],
        "review_required": bool(after["review_required"]),
        "review_status": after["review_status"],
        "superseded": len(earlier),
    }
    return change.finish(told)


def _is_merged(change: Change, read: ChangeRead) -> bool:
    """Whether REF is on its base already; then the answer says how its paths can be told all the same."""
    merged = read["merge_base"] == read["commit_sha"]
    if merged:
        message = (
            f"{read['base']} has {read['commit_sha'][:12]} already, so its paths are not told: BASE says where it began"
        )
        change.project.notes.append(message)
    return merged


def _add_request(
    change: Change, task_id: str, read: ChangeRead, entry: Asked, shape: str, answered_by: int | None
) -> int:
    return change.tx.insert(
        "records.add_request",
        task_id=task_id,
        role=entry["lane"],
        layer=entry["layer"],
        rules=jsonio.dumps(entry["rules"]),
        paths=jsonio.dumps([readable(path) for path in entry["paths"]]),
        commit_sha=read["commit_sha"],
        base_commit_sha=read["merge_base"],
        shape=shape,
        answered_by=answered_by,
        review_domain=ANY_OF.join(entry.get("domains", [])) or None,
        requested_by=change.project.identity.actor,
        created_at=change.at,
    )


def _answer(entry: Asked, verdicts: list[Verdict], same: set[int], covered: Coverage) -> int | None:
    """The id of the review that approves the commit already for what an entry asks, None without one."""
    found = [
        row["id"]
        for row in verdicts
        if concerns(row, entry["lane"], entry.get("domains", [])) and is_approval(row, covered.commit_sha, same)
    ]
    return found[-1] if found else None


def _is_waived(entry: Asked, judged: Judged) -> bool:
    """Whether a waiver lets an entry go, so that nobody is asked; a review that is put off stays asked for."""
    given = [row["waiver"] for row in judged["verdicts"] if row.get("waiver")]
    return any(waiver["granted"] == WAIVED and [waiver["needed"]] == entry.get("domains") for waiver in given)


def _required(entry: Stands) -> RequiredReview:
    """One lane or domain that is asked, with what answers it: `answered_by`, a review's id, and `answer` in words."""
    given = ""
    if entry["verdict"]:
        at = f" on {entry['reviewed_commit_sha'][:12]}" if entry["reviewed_commit_sha"] else ""
        given = f"{entry['verdict']} by {entry['reviewer']}{at}"
        given += f", with {entry['inherited_from']}" if entry["inherited_from"] else ""
    return {
        "lane": entry["lane"],
        "domains": entry["domains"],
        "layer": entry["layer"],
        "rules": entry["rules"],
        "ok": entry["ok"],
        "inherited_from": entry["inherited_from"],
        "waiver_id": entry["waiver_id"],
        "paths": [readable(path) for path in entry["paths"]],
        "answered_by": entry["review_id"] if entry["ok"] else None,
        "answer": entry["message"].partition(": ")[2] if entry["waiver_id"] else given,
    }


def _routes_answer(read: ChangeRead, routed: list[Requirement]) -> Routes:
    paths = read["changed_paths"]
    own = sorted({path for item in routed if item["layer"] == SELF_OWNED for path in item["paths"]})
    nobody = unmatched_paths(paths, routed)
    return {
        **read,
        "changed_paths": [readable(path) for path in paths],
        "self_owned": [readable(path) for path in own],
        "unrouted": [readable(path) for path in nobody],
    }
