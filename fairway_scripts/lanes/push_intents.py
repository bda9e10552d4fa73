"""What a branch on a remote is for: recorded before it is pushed, withdrawn when it was for nothing.

The integration branch is the only branch that a remote normally has; a task's branch there is an exception with a
reason that somebody has written down (the review model of the users' governance pages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.git.remotes import check_branch_name, remotes
from fairway_scripts.lanes.lanes import repository_of
from fairway_scripts.project.changes import Change

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueRecordPushIntent
    from fairway_scripts.lanes.lane_shapes import IntentRow, RecordedIntent, WithdrawnIntents
    from fairway_scripts.project.project import Project


def record_push_intent(project: Project, args: QueueRecordPushIntent) -> RecordedIntent:
    """Record why the branch of a task may stand on a remote.

    Returns the row: intent_id, task_id, remote, branch, reason, recorded_by, created_at.
    BRANCH defaults to the task's own, REMOTE to `origin` or the only remote. Raises FairwayError: `not_found` (task,
    remote), `usage` (no branch, one that git does not take, the integration branch), `invalid_transition` (the task is
    over), `already_exists` (the branch has an open intent).
    """
    remote = remote_of(project, args.remote.strip())
    with Change(project, args) as change:
        repeated: RecordedIntent | None = change.repeated()
        if repeated is not None:
            return repeated
        state = change.state(args.task_id)
        branch = args.branch.strip() or state["branch"] or ""
        _refuse_branch(project, args, branch)
        if state["terminal"]:
            raise FairwayError(
                "invalid_transition",
                f"{args.task_id} is {state['status']}: nothing of it is to be pushed any more",
                suggest("queue-spawn", args.task_id, TITLE=None),
                task_id=args.task_id,
            )
        there = change.tx.all("push_intents.of_branch", task_id=args.task_id, remote=remote, branch=branch)
        if there:
            raise FairwayError(
                "already_exists",
                f"{there[0]['recorded_by']} has recorded why {branch} may be on {remote}: {there[0]['reason']}",
                suggest("queue-record-push-intent", TASK_ID=args.task_id, BRANCH=branch, WITHDRAW=True),
                task_id=args.task_id,
            )
        row: IntentRow = {
            "remote": remote,
            "branch": branch,
            "reason": args.reason,
            "recorded_by": project.identity.actor,
            "created_at": change.at,
        }
        row_id = change.tx.insert("push_intents.add", task_id=args.task_id, **row)
        change.record("push_intended", args.task_id, {"table": "push_intents", "row_id": row_id, **row})
        done: RecordedIntent = {"intent_id": row_id, "task_id": args.task_id, **row}
        return change.finish(done)


def withdraw_push_intents(project: Project, args: QueueRecordPushIntent) -> WithdrawnIntents:
    """End the open intents of a task, those of BRANCH when one is named; `{task_id, remote, withdrawn}`: the ids.

    Raises FairwayError `not_found` when there is none.
    """
    remote = remote_of(project, args.remote.strip())
    with Change(project, args) as change:
        repeated: WithdrawnIntents | None = change.repeated()
        if repeated is not None:
            return repeated
        change.state(args.task_id)
        named = change.tx.all("push_intents.of_branch", task_id=args.task_id, remote=remote, branch=args.branch.strip())
        ids = [row["id"] for row in named]
        if not ids:
            raise FairwayError(
                "not_found",
                f"{args.task_id} has no open push intent on {remote}",
                suggest("queue-activity", TASK_ID=args.task_id),
                task_id=args.task_id,
            )
        for row_id in ids:
            change.tx.run("push_intents.withdraw", row_id=row_id, at=change.at)
        told = {"rows": [["push_intents", row_id] for row_id in ids], "remote": remote, "reason": args.reason}
        change.record("push_intent_withdrawn", args.task_id, told)
        done: WithdrawnIntents = {"task_id": args.task_id, "remote": remote, "withdrawn": ids}
        return change.finish(done)


def remote_of(project: Project, given: str) -> str:
    """The remote that is meant: the one given, else `origin`, else the only one. Raises FairwayError `not_found`."""
    known = remotes(repository_of(project))
    chosen = given or ("origin" if "origin" in known else known[0] if len(known) == 1 else "")
    if chosen in known:
        return chosen
    listed = f"the remotes are {', '.join(known)}" if known else "the repository has no remote"
    raise FairwayError(
        "not_found",
        f"REMOTE {given!r} is not known: {listed}" if given else f"REMOTE is not named, and {listed}",
        suggest_program("git", "-C", project.root, "remote", "--verbose"),
    )


def _refuse_branch(project: Project, args: QueueRecordPushIntent, branch: str) -> None:
    if not branch:
        raise FairwayError(
            "usage",
            f"{args.task_id} has no branch of its own yet: name the one that is to be pushed with BRANCH",
            suggest("queue-record-push-intent", TASK_ID=args.task_id, BRANCH=None, REASON=args.reason),
            task_id=args.task_id,
        )
    main = project.settings["fairway"]["main_branch"]
    if branch == main:
        raise FairwayError(
            "usage",
            f"{main} is the integration branch, which is on the remote anyway",
            suggest("queue-record-push-intent", "--help"),
        )
    check_branch_name(project.root, branch)
