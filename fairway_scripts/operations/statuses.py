"""Moving a task to another status, through the gates."""

from __future__ import annotations

from fairway_scripts import clock
from fairway_scripts import settings as settings_of
from fairway_scripts.errors import FairwayError, suggest_program
from fairway_scripts.operations.changes import Change, answered_before, difference, find_state
from fairway_scripts.operations.claims import check_dependencies, checked_force, claimed_status
from fairway_scripts.rules import gates, states
from fairway_scripts.workspace import references

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.operations.project import Project

#: More open tasks below a finished one are counted, not listed; `queue-tree` shows them.
MOST_LISTED = 20


def set_status(project: Project, args: Any) -> dict[str, Any]:
    """Move a task; owner, branch and commit change only when they are given.

    `BLOCKED_REASON`, `REASON` or `NOTE` is the reason: the first that is given. Entering the claimed status is a
    claim (claimant, lease, fence). Returns task_id, lane, from_status, status, owner, branch, commit_sha, fence,
    commit_source, warnings. Raises FairwayError: `not_found`, `usage`, `invalid_transition`, `reason_required`,
    `evidence_required`, `review_required`, `not_ready`.
    """
    states.check_status(project.settings, args.status)
    repeated = answered_before(project, args)
    if repeated is not None:
        return repeated
    reason = args.blocked_reason or args.reason or args.note
    commit, commit_source = _commit_of_call(project, args)
    force = checked_force(project, args)
    with Change(project, args) as change:
        if change.answer is not None:
            return change.answer
        state = change.state(args.task_id)
        _check_move(project, state, args.status, reopen=args.reopen, reason=reason)
        warnings = [] if force else _check_gates(change, state, args.status, commit)
        warnings += _open_below(change, state, args.status)
        updates = _updates(change, state, args, commit, force=force)
        after = change.move(state, reason, "set-status", **updates)
        change.record(
            "status_set",
            args.task_id,
            {**difference(state, after), "reason": reason, "forced": force, "warnings": warnings},
        )
        return change.finish(_answer(state, after, commit_source, warnings))


def _commit_of_call(project: Project, args: Any) -> tuple[str, str]:
    """The commit to record, resolved to a full id, and where it came from: ("", "") when the move needs none."""
    if args.commit:
        return resolve_commit(project, args.commit), "given"
    if not settings_of.is_terminal(project.settings, args.status) or project.repository is None:
        return "", ""
    with project.store.read() as tx:
        known = find_state(tx, args.task_id)["commit_sha"]
    if known:
        return str(known), "recorded before"
    main_branch = project.settings["fairway"]["main_branch"]
    head = references.read_ref(project.repository, f"refs/heads/{main_branch}")
    if head is None:
        head = resolve_commit(project, main_branch)
    return head, f"HEAD of {main_branch}"


def resolve_commit(project: Project, given: str) -> str:
    """The full id of a commit that git knows; outside a git repository `given` as it is.

    Raises FairwayError `not_found` for a commit that git does not know.
    """
    if project.repository is None:
        return given
    from fairway_scripts.workspace.git import resolve

    found = resolve(project.worktree, given)
    if found is None:
        raise FairwayError(
            "not_found",
            f"git knows no commit {given!r} in {project.worktree}",
            suggest_program("git", "log", "-1", given),
            commit=given,
        )
    return found


def _check_move(project: Project, state: dict[str, Any], status: str, *, reopen: bool, reason: str) -> None:
    task_id, before, settings = state["task_id"], state["status"], project.settings
    states.check_reopen(settings, task_id, before, status, reopen=reopen, reason=reason)
    states.check_transition(settings, task_id, before, status)
    states.check_blocked_reason(settings, task_id, before, status, reason)


def _check_gates(change: Change, state: dict[str, Any], status: str, commit: str) -> list[str]:
    """The warnings of the gates before a terminal status; raises FairwayError when a gate is shut."""
    settings, task_id = change.project.settings, state["task_id"]
    if not settings_of.is_terminal(settings, status) or state["terminal"]:
        return []
    warnings = []
    if settings["gates"]["require_evidence_before_done"]:
        rows = change.tx.all("records.evidence", task_id=task_id)
        verdict = gates.evidence_verdict(rows, commit, settings["gates"]["stale_evidence"])
        if not verdict["ok"]:
            raise FairwayError(
                "evidence_required",
                f"{task_id} cannot be {status}: {verdict['why']}",
                f"make queue-record-evidence TASK_ID={task_id} COMMAND_TEXT='...' RESULT=pass",
                task_id=task_id,
            )
        if not verdict["fresh"] and settings["gates"]["stale_evidence"] == "warn":
            warnings.append(verdict["why"])
    if settings["gates"]["require_review_before_done"]:
        warnings += _check_review(change, state, status, commit)
    return warnings


def _open_below(change: Change, state: dict[str, Any], status: str) -> list[str]:
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


def _check_review(change: Change, state: dict[str, Any], status: str, commit: str) -> list[str]:
    """The warnings of the review gate; raises FairwayError `review_required` when it is shut.

    An approval of another commit than the one that is being finished counts as stale evidence does.
    """
    task_id, policy = state["task_id"], change.project.settings["gates"]["stale_evidence"]
    stale = ""
    if state["review_status"] == gates.APPROVED:
        latest = gates.latest_verdicts(change.tx.all("records.reviews", task_id=task_id)).values()
        read = [row["reviewed_commit_sha"] for row in latest if row["verdict"] == gates.APPROVED]
        if not commit or commit in read:
            return []
        stale = f"the approval was given on {read[-1][:12] if read else 'no commit'}, not on {commit[:12]}"
        if policy != "refuse":
            return [stale] if policy == "warn" else []
    raise FairwayError(
        "review_required",
        f"{task_id} cannot be {status}: {stale or 'its review is ' + state['review_status']}",
        f"make queue-record-review TASK_ID={task_id} REVIEWER_ROLE=... REVIEWER=... STATUS=approved COMMIT=...",
        task_id=task_id,
    )


def _updates(change: Change, state: dict[str, Any], args: Any, commit: str, *, force: bool) -> dict[str, Any]:
    """The columns that the move sets. A claimant is kept only while the work is in progress."""
    project, status = change.project, args.status
    updates: dict[str, Any] = {"status": status}
    given = {"owner": args.owner, "branch": args.branch, "commit_sha": commit}
    updates.update({name: value for name, value in given.items() if value})
    if status == claimed_status(project):
        if state["status"] != status:
            check_dependencies(change, state, forced=force)
            updates.update(_taken_up(change, state))
    else:
        updates.update(claimant=None, claimed_at=None, lease_expires_at=None)
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


def _taken_up(change: Change, state: dict[str, Any]) -> dict[str, Any]:
    project = change.project
    span = settings_of.lease_seconds(project.settings, state["role"])
    return {
        "claimant": project.identity.actor,
        "claimed_at": change.at,
        "lease_expires_at": clock.later(change.at, span),
        "fence": state["fence"] + 1,
    }


def _answer(before: dict[str, Any], after: dict[str, Any], commit_source: str, warnings: list[str]) -> dict[str, Any]:
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
