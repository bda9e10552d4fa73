"""Recording a review: a verdict of a lane, bound to the commit that was read and to the base it was read against."""

from __future__ import annotations

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.project.changes import Change, difference, repeated_answer
from fairway_scripts.reviews.given_verdicts import READ, given_verdicts
from fairway_scripts.settings.review_domains import answers_for, domain_of, known_words, lanes_of
from fairway_scripts.store.contract import number_for
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work import verdicts as review_rules
from fairway_scripts.work.own_approvals import recorded_in
from fairway_scripts.work.records import named_lane
from fairway_scripts.work.reviewers import check_distinct, own_work, refuse_trusted_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypedDict, Unpack

    from fairway_scripts.calls.tool_calls import QueueRecordReview
    from fairway_scripts.project.change_shapes import Updates
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import ReviewRequest, Task
    from fairway_scripts.work.verdicts import Holder

    HandoffText = Literal["payload", "commands", "results", "risks", "blockers", "next_step"]

    class ReadCommit(TypedDict):
        """The commit that was read, and where it parted from its base, "" when that is not known."""

        reviewed_commit_sha: str
        base_commit_sha: str

    class NewReview(ReadCommit):
        """The columns of a verdict that is added to a task."""

        reviewer_role: str
        reviewer: str
        verdict: str
        route_reason: str | None
        notes: str
        findings_count: int | None
        duration_seconds: int | None
        review_domain: str | None
        waiver_id: int | None
        recorded_by: str
        created_at: str

    class RecordedReview(NewReview):
        """A verdict that was recorded, and what the reviews of the task come to."""

        review_id: int
        task_id: str
        lane: str
        review_status: str | None
        waits_for: list[str]
        warnings: list[str]


#: The columns of a handoff in which an exception may be noted.
_HANDOFF_TEXTS: tuple[HandoffText, ...] = ("payload", "commands", "results", "risks", "blockers", "next_step")


def record_review(
    project: Project, args: QueueRecordReview, *, findings: int | None = None, duration: int | None = None
) -> RecordedReview:
    """Record the verdict of REVIEWER_ROLE on COMMIT; the latest verdict of a lane is the one that counts.

    REVIEWER is the actor when it is not given. With REVIEW_DOMAIN the verdict counts for exactly that domain, without
    it for the lane and the domains that the lane answers for; with WAIVER it is about that waiver, not the change.
    `findings` is how many findings the review has and `duration` how long it took in whole seconds; None stands for
    unknown, which is not zero.

    Returns review_id, task_id, lane, reviewer_role, reviewer, verdict, reviewed_commit_sha, base_commit_sha (where
    COMMIT parted from BASE, "" when that is not known), notes, findings_count, duration_seconds, review_domain and
    waiver_id (None without one), review_status (of the task), waits_for (lanes and domains whose review is still asked
    for), recorded_by, created_at, warnings. Raises FairwayError: `usage`, `not_found` (task, lane, commit, given base,
    waiver), `self_review`.
    """
    verdict = review_rules.verdict_of(args.status)
    domain = named_domain(project, args.review_domain)
    waiver_id = waiver_number(args, domain)
    repeated: RecordedReview | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    lane = named_lane(project, args.reviewer_role.strip())
    reviewer = args.reviewer.strip() or project.identity.actor
    read = _read_commit(project, args)
    if project.own_config:
        from fairway_scripts.project.config_authority import refuse_other_configuration

        refuse_other_configuration(project, "a review")
    of_task = {"task_id": args.task_id}
    asked = [(name, of_task) for name in (*READ, "records.open_requests")]
    with Change(project, args, *asked, number_for("task_reviews")) as change:
        known: RecordedReview | None = change.repeated()
        if known is not None:
            return known
        state = change.state(args.task_id)
        shared = _refuse_self_review(change, state, lane, reviewer)
        if waiver_id is not None:
            _refuse_own_waiver(change, args.task_id, waiver_id, reviewer)
        requests = change.tx.all("records.open_requests", task_id=args.task_id)
        row: NewReview = {
            "reviewer_role": lane,
            "reviewer": reviewer,
            "verdict": verdict,
            **read,
            "route_reason": _reason(requests, lane),
            "notes": args.note,
            "findings_count": findings,
            "duration_seconds": duration,
            "review_domain": domain,
            "waiver_id": waiver_id,
            "recorded_by": project.identity.actor,
            "created_at": change.at,
        }
        row_id = change.tx.insert("records.add_review", task_id=args.task_id, **row)
        change.tx.foresee(*((name, of_task) for name in ("records.reviews", *READ)))
        reviews = change.tx.all("records.reviews", task_id=args.task_id)
        verdicts = given_verdicts(change.tx, state, reviews, requests, project.settings)["verdicts"]
        after = state
        if waiver_id is None:
            after = settle_review(
                change,
                state,
                review_required=1,
                review_status=review_rules.review_status(requests, verdicts),
                reviewer=reviewer,
                reviewed_at=change.at,
                review_note=args.note,
            )
        event = {"table": "task_reviews", "row_id": row_id, **row, **difference(state, after)}
        event |= {"warning": shared} if shared else {}
        change.record("reviewed", args.task_id, event)
        told: RecordedReview = {
            **row,
            "review_id": row_id,
            "task_id": args.task_id,
            "lane": state["role"],
            "review_status": after["review_status"],
            "waits_for": review_rules.unanswered(requests, verdicts),
            "warnings": ([shared] if shared else []) + _reminders(change, state, row, requests),
        }
        return change.finish(told)


def named_domain(project: Project, given: str) -> str | None:
    """The review domain that REVIEW_DOMAIN names, None when it is not given; raises FairwayError `usage`."""
    if not given.strip():
        return None
    found = domain_of(given, project.settings)
    if found is None:
        raise FairwayError(
            "usage",
            f"REVIEW_DOMAIN {given!r} is not known; known: {', '.join(known_words(project.settings))}",
            suggest("fairway-config", "show"),
        )
    return found


def waiver_number(args: QueueRecordReview, domain: str | None) -> int | None:
    """The id that WAIVER gives, None when it is not given; raises FairwayError `usage`."""
    text = args.waiver.strip()
    if not text:
        return None
    if domain is not None or not (text.isascii() and text.isdigit()):
        why = "is no number" if domain is None else "and REVIEW_DOMAIN are two things to give a verdict on"
        line = suggest("queue-task-detail", TASK_ID=args.task_id)
        raise FairwayError("usage", f"WAIVER {text!r} {why}", line)
    return int(text)


def settle_review(change: Change, state: Task, **updates: Unpack[Updates]) -> Task:
    """Write the review columns of a task; the state afterwards. No history row: the task's status stays."""
    after: Task = {**state, **updates}
    if after == state:
        return state
    after["updated_at"], after["version"] = change.at, state["version"] + 1
    change.write_state(state, after)
    return after


def base_of_call(project: Project, given: str) -> str:
    """The revision that a call compares with: BASE, else the main branch as last seen on origin, else here."""
    from fairway_scripts.git.git import base_ref

    return base_ref(project.worktree, project.settings["fairway"]["main_branch"], given)


def unknown_revision(project: Project, name: str, revision: str) -> FairwayError:
    """The refusal of a commit or base that git does not know; `name` is the variable that holds it."""
    return FairwayError(
        "not_found",
        f"{name} {revision!r}: git knows no such commit in {project.show(project.worktree)}",
        suggest_program("git", "fetch", "origin"),
        revision=revision,
    )


def _read_commit(project: Project, args: QueueRecordReview) -> ReadCommit:
    """The commit columns; outside git the commit is taken as it is written."""
    if project.repository is None:
        return {"reviewed_commit_sha": args.commit, "base_commit_sha": ""}
    from fairway_scripts.git.review_span import read_span

    base = base_of_call(project, args.base)
    span = read_span(project.worktree, args.commit, base)
    if span["commit_sha"] is None:
        raise unknown_revision(project, "COMMIT", args.commit)
    if span["base_sha"] is None and args.base:
        raise unknown_revision(project, "BASE", args.base)
    if span["merge_base"] is None:
        project.notes.append(f"no common history with {base}: the verdict counts for this very commit only")
    if span["merge_base"] == span["commit_sha"] and not args.base:
        project.notes.append(f"{base} has this commit already: what was read of it is told by BASE, where it began")
    return {"reviewed_commit_sha": span["commit_sha"], "base_commit_sha": span["merge_base"] or ""}


def _refuse_self_review(change: Change, state: Task, lane: str, reviewer: str) -> str:
    """Nobody approves critical work of their own (GPUaaS); the warning about a verdict from the login of the work."""
    refuse_trusted_run("review", "does")
    line = "somebody who did none of the work reads it, in a lane other than the task's, and records the verdict"
    why = own_work(change.project, change.tx, state, lane=lane, reviewer=reviewer)
    if why:
        raise FairwayError(
            "self_review",
            f"{state['task_id']} cannot be reviewed by {lane} ({reviewer}): {why}",
            line,
            task_id=state["task_id"],
            lane=state["role"],
        )
    return check_distinct(change.project, change.tx, state, f"a review of {state['task_id']}", line)


def _refuse_own_waiver(change: Change, task_id: str, waiver_id: int, reviewer: str) -> None:
    """Nobody approves a waiver that they answer for or recorded themselves."""
    waiver = change.tx.one("waivers.waiver", waiver_id=waiver_id, task_id=task_id)
    if waiver is None:
        line = suggest("queue-task-detail", TASK_ID=task_id)
        raise FairwayError("not_found", f"{task_id} has no waiver {waiver_id}", line, task_id=task_id)
    who = change.project.identity
    holder: Holder = {"role": "", "owner": waiver["owner"], "claimant": waiver["recorded_by"]}
    actor = who.actor if who.named else ""
    told = recorded_in(change.tx.all("records.traces", task_id=task_id))
    session = who.session if who.session and told.get(("waivers", waiver_id)) == who.session else ""
    if review_rules.self_review(holder, [], lane="", reviewer=reviewer, actor=actor, session=session):
        raise FairwayError(
            "self_review",
            f"waiver {waiver_id} of {task_id} cannot be approved by {reviewer}, who owns or recorded it",
            "another lane approves it",
            task_id=task_id,
        )


def _reason(requests: list[ReviewRequest], lane: str) -> str:
    """Why the lane was asked: the rules of its open requests, "" when it was not asked."""
    asked = [request for request in requests if request["role"] == lane]
    rules = [rule for request in asked for rule in stored(request["rules"], list, "rules")]
    return ", ".join(dict.fromkeys(rules))


def _reminders(change: Change, state: Task, row: NewReview, requests: list[ReviewRequest]) -> list[str]:
    settings, lane = change.project.settings, row["reviewer_role"]
    reminders = []
    provider = settings_of.lane_provider(settings, lane)
    if provider and provider == settings_of.lane_provider(settings, state["role"]):
        handoffs = change.tx.all("records.handoffs", task_id=state["task_id"])
        if not review_rules.mentions_exception(handoff[name] for handoff in handoffs for name in _HANDOFF_TEXTS):
            reminders.append(
                f"{lane} and {state['role']} both use {provider}: prefer a reviewer of another provider, "
                "or note a same-model exception in the handoff"
            )
    domain = row["review_domain"]
    if domain and not answers_for(lane, domain, settings):
        usual = ", ".join(lanes_of(domain, settings)) or "no lane in particular"
        reminders.append(f"{domain} is answered by {usual}; this verdict of {lane} counts for it all the same")
    asked = {request["commit_sha"] for request in requests if request["role"] == lane and request["commit_sha"]}
    if asked and row["reviewed_commit_sha"] not in asked:
        commits = ", ".join(sorted(sha[:12] for sha in asked))
        reminders.append(f"the review of {commits} was asked for, this verdict is on {row['reviewed_commit_sha'][:12]}")
    return reminders
