"""Claiming tasks, and what a claim has to pass."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_again
from fairway_scripts.project.changes import Change, difference, find_state, repeated_answer
from fairway_scripts.project.lane_choice import chosen_lane, worktree_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.errors import Hint
    from fairway_scripts.calls.tool_calls import QueueClaim, QueueSetStatus, SessionLaunch
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Question, Transaction
    from fairway_scripts.store.rows import Task, TasksDependencies
    from fairway_scripts.work.preflight import Issue
    from fairway_scripts.work.work_shapes import Claimed


#: Larger than any priority.
ANY_PRIORITY = 1 << 40


def claim(project: Project, args: QueueClaim) -> Claimed:
    """Claim the task that `args` names, or the next ready one of the lane; two callers never get the same.

    Returns the claim: task_id, lane, title, status, owner, claimant, branch, claimed_at, lease_expires_at, fence,
    renewed (true when the caller held it already), warnings ({check, level, message, fix} each). Raises FairwayError:
    `not_found`, `wrong_lane`, `not_ready`, `already_claimed`, `invalid_transition`, `preflight_failed`,
    `nothing_ready`, `reason_required`.
    """
    force = checked_force(project, args)
    repeated: Claimed | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    lane = _lane_of_claim(project, args)
    warnings = _preflight(project, lane, force=force)
    next_one: Question = ("tasks.next_ready", {"role": lane})
    with Change(project, args, *([] if args.task_id else [next_one])) as change:
        known: Claimed | None = change.repeated()
        if known is not None:
            return known
        found = None if args.task_id else _next_ready(change, lane, args)
        task_id = found["task_id"] if found else args.task_id
        state = change.state(task_id, found)
        _check_lane(args, state, lane)
        held = _held_already(project, state, args.owner)
        if held:
            return change.finish(_answer(state, warnings, renewed=True))
        _check_ready(change, state, force=force)
        branch = args.branch or settings_of.lane_branch(project.settings, state["role"])
        after = change.move(
            state,
            args.reason or "claim",
            "claim",
            status=claimed_status(project),
            owner=args.owner,
            claimant=project.identity.actor,
            branch=branch,
            claimed_at=change.at,
            completed_at=None,
            lease_expires_at=_lease_end(project, state["role"], change.at),
            fence=state["fence"] + 1,
        )
        change.record(
            "claimed",
            task_id,
            {
                **difference(state, after),
                "forced": force,
                "reason": args.reason,
                "warnings": [row["message"] for row in warnings],
            },
        )
        return change.finish(_answer(after, warnings, renewed=False))


def checked_force(project: Project, args: QueueClaim | QueueSetStatus | SessionLaunch) -> bool:
    """Whether FORCE was given; raises FairwayError `reason_required` when it has no REASON."""
    if args.force and not args.reason and not project.settings["gates"]["allow_force_without_reason"]:
        raise FairwayError(
            "reason_required", "FORCE needs a REASON, which is recorded", suggest_again(args, REASON=None)
        )
    return bool(args.force)


def claimed_status(project: Project) -> str:
    """The status of claimed work: `in_progress`, or the second allowed status where that word is not allowed."""
    allowed = project.settings["states"]["allowed"]
    return settings_of.CLAIMED_STATUS if settings_of.CLAIMED_STATUS in allowed else allowed[1]


def already_claimed(state: Task, hint: str) -> FairwayError:
    """The refusal that names the holder of a task and since when."""
    holder = state["claimant"] or state["owner"] or "somebody"
    since = state["claimed_at"] or state["status_since"]
    return FairwayError(
        "already_claimed",
        f"{state['task_id']} is claimed by {holder} (owner {state['owner'] or '-'}) since {since}",
        hint,
        task_id=state["task_id"],
        claimant=state["claimant"],
        owner=state["owner"],
        claimed_at=state["claimed_at"],
        lease_expires_at=state["lease_expires_at"],
    )


def unmet(tx: Transaction, task_id: str) -> list[TasksDependencies]:
    """The dependencies of a task that are not finished."""
    return [row for row in tx.all("tasks.dependencies", task_id=task_id) if not row["terminal"]]


def check_dependencies(change: Change, state: Task, *, forced: bool) -> None:
    """Raise FairwayError `not_ready` naming every unmet dependency, unless that is forced."""
    if forced or not state["open_blockers"]:
        return
    waiting = unmet(change.tx, state["task_id"])
    listing = ", ".join(f"{row['id']} ({row['status']})" for row in waiting)
    raise FairwayError(
        "not_ready",
        f"{state['task_id']} waits for {listing}",
        suggest("queue-task-detail", TASK_ID=waiting[0]["id"]),
        task_id=state["task_id"],
        waits_for=waiting,
    )


def _lane_of_claim(project: Project, args: QueueClaim) -> str:
    lane = chosen_lane(project, args.role)
    if lane or not args.task_id:
        if not lane:
            raise FairwayError(
                "usage",
                "ROLE is required: nothing here tells which lane is meant",
                suggest("queue-claim", ROLE=None, OWNER=None),
            )
        return lane
    with project.store.read() as tx:
        found: str = find_state(tx, args.task_id)["role"]
    return found


def _next_ready(change: Change, lane: str, args: QueueClaim) -> Task:
    """The state of the task that comes next."""
    if args.inside:
        rows = change.tx.all("tasks.ready_inside", inside=args.inside, role=lane, priority=ANY_PRIORITY, limit=1)
        state = find_state(change.tx, rows[0]["id"] if rows else args.inside)
        found = state if rows else None
    else:
        found = change.tx.one("tasks.next_ready", role=lane)
    if found is None:
        raise FairwayError(
            "nothing_ready",
            f"no task of lane {lane}{' below ' + args.inside if args.inside else ''} is ready",
            _where_tasks_come_from(change, lane, args),
            lane=lane,
        )
    return found


def _where_tasks_come_from(change: Change, lane: str, args: QueueClaim) -> Hint:
    """The line for somebody who finds nothing to claim: what the tasks wait for, or a first task, or a lane for it."""
    if change.tx.value("tasks.lanes") is not None:
        return suggest("queue-ready", ROLE=args.role, MINE=not args.role, EXPLAIN=True)
    if lane in settings_of.lanes(change.project.settings):
        return suggest("queue-add", ROLE=lane, TITLE=None, ACCEPTANCE=None)
    from fairway_scripts.project.lane_declaration import declaring_line

    return declaring_line(change.project, lane)


def _check_lane(args: QueueClaim, state: Task, lane: str) -> None:
    if state["role"] != lane:
        raise FairwayError(
            "wrong_lane",
            f"{state['task_id']} belongs to lane {state['role']}, not to {lane}",
            suggest_again(args, ROLE=state["role"], TASK_ID=state["task_id"]),
            task_id=state["task_id"],
            lane=state["role"],
        )


def _held_already(project: Project, state: Task, owner: str) -> bool:
    """Whether the caller holds the task; raises when somebody else does.

    A task that the queue file brought in as in progress has an owner but no claimant: its owner may take it up.
    """
    if state["status"] != claimed_status(project):
        return False
    if state["claimant"] is None and state["owner"] in ("", owner):
        return False
    if state["claimant"] == project.identity.actor and state["owner"] == owner:
        return True
    raise already_claimed(state, suggest("queue-ready", ROLE=state["role"]))


def _check_ready(change: Change, state: Task, *, force: bool) -> None:
    task_id = state["task_id"]
    if state["terminal"]:
        raise FairwayError(
            "invalid_transition",
            f"{task_id} is {state['status']}",
            suggest(
                "queue-set-status",
                TASK_ID=task_id,
                STATUS=settings_of.initial_status(change.project.settings),
                REOPEN=True,
                REASON=None,
            ),
            task_id=task_id,
        )
    if state["left_file_at"]:
        raise FairwayError(
            "not_ready",
            f"{task_id} left the queue file at {state['left_file_at']}",
            suggest("queue-list"),
            task_id=task_id,
        )
    from fairway_scripts.base.words.states import check_transition

    check_transition(change.project.settings, task_id, state["status"], claimed_status(change.project))
    check_dependencies(change, state, forced=force)


def _preflight(project: Project, lane: str, *, force: bool) -> list[Issue]:
    """What is wrong by the lane's preflight; raises FairwayError `preflight_failed` when the gate is enforced."""
    mode = project.settings["gates"]["preflight_before_claim"]
    if mode == "off" or project.repository is None:
        return []
    lanes = settings_of.lanes(project.settings)
    if lanes and lane not in lanes:  # the configuration lost it: no worktree of it can be set up
        from fairway_scripts.project.lane_declaration import declaring_line

        message = f"lane {lane} is not configured"
        return [{"check": "lane_unknown", "level": "warning", "message": message, "fix": declaring_line(project, lane)}]
    from fairway_scripts.git.lane_state import has_branch, is_merged, lane_facts
    from fairway_scripts.work.local_artifacts import counting
    from fairway_scripts.work.preflight import preflight_issues

    facts = lane_facts(project.repository, project.settings, lane, worktree_root(), counting=counting(project))
    issues = preflight_issues(
        facts, has_branch=has_branch(project.repository, facts), merged=is_merged(project.repository, facts)
    )
    blocking = [issue for issue in issues if issue["level"] != "warning"]
    if blocking and mode == "enforce" and not force:
        listing = "; ".join(issue["message"] for issue in blocking)
        raise FairwayError(
            "preflight_failed",
            f"lane {lane}: {listing}",
            blocking[0]["fix"],
            lane=lane,
            issues=blocking,
        )
    return [{**issue, "level": "warning"} for issue in issues]


def _lease_end(project: Project, lane: str, at: str) -> str:
    return clock.later(at, settings_of.lease_seconds(project.settings, lane))


def _answer(state: Task, warnings: list[Issue], *, renewed: bool) -> Claimed:
    return {
        "task_id": state["task_id"],
        "lane": state["role"],
        "title": state["title"],
        "status": state["status"],
        "owner": state["owner"],
        "claimant": state["claimant"],
        "branch": state["branch"],
        "claimed_at": state["claimed_at"],
        "lease_expires_at": state["lease_expires_at"],
        "fence": state["fence"],
        "renewed": renewed,
        "warnings": warnings,
    }
