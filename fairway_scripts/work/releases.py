"""Giving claimed tasks back to the queue: released by their holder, reclaimed by somebody else."""

from __future__ import annotations

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.changes import Change, difference
from fairway_scripts.work.claims import already_claimed, claimed_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueReclaim, QueueRelease
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import Task
    from fairway_scripts.work.work_shapes import GivenBack


def release(project: Project, args: QueueRelease) -> GivenBack:
    """Give a claimed task back: initial status, no owner, no claimant. Only its holder may; others reclaim.

    Returns task_id, lane, status, fence. Raises FairwayError `not_found`, `invalid_transition`, `already_claimed`.
    """
    with Change(project, args) as change:
        repeated: GivenBack | None = change.repeated()
        if repeated is not None:
            return repeated
        state = change.state(args.task_id)
        _must_be_claimed(project, state)
        if state["claimant"] not in (None, project.identity.actor, project.identity.session):
            raise already_claimed(state, suggest("queue-reclaim", TASK_ID=state["task_id"], REASON=None))
        return _give_back(change, state, "released", args.reason or "release")


def reclaim(project: Project, args: QueueReclaim) -> GivenBack:
    """Take back a task whose lease has run out (or any, with FORCE and a reason); its old fence is void from then on.

    Returns the same as `release`. Raises FairwayError `reason_required`, `invalid_transition`, `already_claimed`.
    """
    if not args.reason:
        raise FairwayError(
            "reason_required",
            "REASON is required to reclaim",
            suggest("queue-reclaim", TASK_ID=args.task_id, REASON=None),
        )
    with Change(project, args) as change:
        repeated: GivenBack | None = change.repeated()
        if repeated is not None:
            return repeated
        state = change.state(args.task_id)
        _must_be_claimed(project, state)
        expires = state["lease_expires_at"]
        if expires and expires > change.at and not args.force:
            raise already_claimed(state, f"wait until {expires}; FORCE with a REASON takes it before")
        return _give_back(change, state, "reclaimed", args.reason)


def _must_be_claimed(project: Project, state: Task) -> None:
    if state["status"] != claimed_status(project):
        raise FairwayError(
            "invalid_transition",
            f"{state['task_id']} is {state['status']}, so there is no claim to give back",
            suggest("queue-task-detail", TASK_ID=state["task_id"]),
            task_id=state["task_id"],
        )


def _give_back(change: Change, state: Task, kind: str, reason: str) -> GivenBack:
    after = change.move(
        state,
        reason,
        kind,
        status=settings_of.initial_status(change.project.settings),
        owner="",
        claimant=None,
        branch="",
        claimed_at=None,
        lease_expires_at=None,
        fence=state["fence"] + 1,
    )
    change.record(kind, state["task_id"], {**difference(state, after), "reason": reason})
    told: GivenBack = {
        "task_id": after["task_id"],
        "lane": after["role"],
        "status": after["status"],
        "fence": after["fence"],
    }
    return change.finish(told)
