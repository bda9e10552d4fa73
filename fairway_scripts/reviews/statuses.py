"""Moving a task to another status, through the gates."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.words import states
from fairway_scripts.project.changes import Change, difference, repeated_answer
from fairway_scripts.work.claims import check_dependencies, checked_force, claimed_status
from fairway_scripts.work.commits import resolve_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from fairway_scripts.calls.tool_calls import QueueSetStatus
    from fairway_scripts.project.change_shapes import Updates
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import Approval, StatusSet
    from fairway_scripts.store.contract import Question
    from fairway_scripts.store.rows import Task

#: Where a commit came from that the call itself named.
GIVEN: Final = "given"
#: More open tasks below a finished one are counted, not listed; `queue-tree` shows them.
MOST_LISTED = 20


def set_status(project: Project, args: QueueSetStatus) -> StatusSet:
    """Move a task; owner, branch and commit change only when they are given.

    `BLOCKED_REASON`, `REASON` or `NOTE` is the reason: the first that is given. Entering the claimed status is a
    claim (claimant, lease, fence). Returns task_id, lane, from_status, status, owner, branch, commit_sha, fence,
    commit_source, warnings. Raises FairwayError: `not_found`, `usage`, `invalid_transition`, `reason_required`,
    `evidence_required`, `review_required`, `git_inconsistent`, `not_ready`.
    """
    states.check_status(project.settings, args.status)
    repeated: StatusSet | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    reason = args.blocked_reason or args.reason or args.note
    finishing = settings_of.is_terminal(project.settings, args.status)
    commit, commit_source = _commit_of_call(project, args, finishing=finishing)
    unmerged = finishing and not args.force and _is_unmerged(project, commit)
    force = checked_force(project, args)
    if project.own_config:
        from fairway_scripts.project.config_authority import refuse_to_finish

        refuse_to_finish(project, args.status)
    questions: list[Question] = []
    if finishing:
        from fairway_scripts.reviews.finishing import questions_of_gates

        questions = questions_of_gates(args.task_id, profiles=bool(project.settings["workstream_profiles"]))
    with Change(project, args, *questions) as change:
        known: StatusSet | None = change.repeated()
        if known is not None:
            return known
        state = change.state(args.task_id)
        _check_move(project, state, args.status, reopen=args.reopen, reason=reason)
        warnings: list[str] = []
        approvals: list[Approval] = []
        if finishing and not state["terminal"]:
            from fairway_scripts.reviews.finishing import check_gates

            warnings, approvals = check_gates(change, state, args.status, commit, forced=force)
        if unmerged and not (state["terminal"] and commit == state["commit_sha"]):
            from fairway_scripts.reviews.finishing import refuse_unmerged

            refuse_unmerged(project, state, args.status, commit, commit_source)
        warnings += _open_below(change, state, args.status)
        updates = _updates(change, state, args, commit, force=force)
        after = change.move(state, reason, "set-status", **updates)
        told: dict[str, object] = {"reason": reason, "forced": force, "warnings": warnings}
        if approvals:
            told["approvals"] = approvals
        change.record("status_set", args.task_id, {**difference(state, after), **told})
        return change.finish(_answer(state, after, commit_source, warnings))


def _commit_of_call(project: Project, args: QueueSetStatus, *, finishing: bool) -> tuple[str, str]:
    """The commit to record, in full, and where it came from: ("", "") when there is none and none is needed."""
    if args.commit:
        return resolve_commit(project, args.commit), GIVEN
    if not finishing or project.repository is None:
        return "", ""
    from fairway_scripts.reviews.finishing import finished_commit

    return finished_commit(project, args)


def _is_unmerged(project: Project, commit: str) -> bool:
    """Whether there is a commit and the integration branch lacks it: git is asked before the store is locked."""
    from fairway_scripts.reviews.finishing import is_integrated

    return bool(commit) and not is_integrated(project, commit)


def _check_move(project: Project, state: Task, status: str, *, reopen: bool, reason: str) -> None:
    task_id, before, settings = state["task_id"], state["status"], project.settings
    states.check_reopen(settings, task_id, before, status, reopen=reopen, reason=reason)
    states.check_transition(settings, task_id, before, status)
    states.check_blocked_reason(settings, task_id, before, status, reason)


def _open_below(change: Change, state: Task, status: str) -> list[str]:
    """The warning about unfinished tasks below one that is being finished: [] or one sentence."""
    if state["terminal"] or not settings_of.is_terminal(change.project.settings, status):
        return []
    rows = change.tx.all("tasks.open_below", task_id=state["task_id"])
    if not rows:
        return []
    listing = ", ".join(f"{row['id']} ({row['status']})" for row in rows[:MOST_LISTED])
    more = f" and {len(rows) - MOST_LISTED} more" if len(rows) > MOST_LISTED else ""
    what = "1 open task" if len(rows) == 1 else f"{len(rows)} open tasks"
    return [f"{state['task_id']} is {status} with {what} below it: {listing}{more}"]


def _updates(change: Change, state: Task, args: QueueSetStatus, commit: str, *, force: bool) -> Updates:
    """The columns that the move sets. A claimant is kept only while the work is in progress."""
    project, status = change.project, args.status
    updates: Updates = {"status": status}
    if args.owner:
        updates["owner"] = args.owner
    if args.branch:
        updates["branch"] = args.branch
    if commit:
        updates["commit_sha"] = commit
    if status == claimed_status(project):
        if state["status"] != status:
            check_dependencies(change, state, forced=force)
            updates.update(_taken_up(change, state))
    else:
        updates.update({"claimant": None, "claimed_at": None, "lease_expires_at": None})
    terminal = settings_of.is_terminal(project.settings, status)
    if terminal and not state["terminal"]:
        updates["completed_at"] = change.at
    elif not terminal:
        updates["completed_at"] = None
        if state["terminal"] and not commit:
            updates["commit_sha"] = None  # the commit of finished work says nothing about the work to come
    if status == settings_of.initial_status(project.settings) and state["status"] != status:
        updates.setdefault("owner", "")
        updates.setdefault("branch", "")
    return updates


def _taken_up(change: Change, state: Task) -> Updates:
    project = change.project
    span = settings_of.lease_seconds(project.settings, state["role"])
    return {
        "claimant": project.identity.actor,
        "claimed_at": change.at,
        "lease_expires_at": clock.later(change.at, span),
        "fence": state["fence"] + 1,
    }


def _answer(before: Task, after: Task, commit_source: str, warnings: list[str]) -> StatusSet:
    return {
        "task_id": after["task_id"],
        "lane": after["role"],
        "from_status": before["status"],
        "status": after["status"],
        "owner": after["owner"],
        "branch": after["branch"],
        "commit_sha": after["commit_sha"],
        "commit_source": commit_source,
        "completed_at": after["completed_at"],
        "fence": after["fence"],
        "warnings": warnings,
    }
