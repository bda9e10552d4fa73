"""Which lane takes up what now, and what stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.board.orchestrator.tick import CLAIM, CLOSE, CONTINUE, MERGE, RECONCILE, ROUTE
from fairway_scripts.sessions.launch_lines import is_launch_line

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import Action, BoardLane, PlanRow
    from fairway_scripts.lanes.lane_shapes import GitFinding


#: What the coordinator does with work that a lane has handed off.
COORDINATORS = (CLOSE, MERGE, ROUTE)


def dispatch_plan(actions: list[Action], board: list[BoardLane], issues: list[GitFinding]) -> list[PlanRow]:
    """For each lane of the board the work that is next: `{lane, action, task_id, reason, command, obstacles}`.

    `actions` come from `tick`, `board` has the lanes with `ready` and `waiting` (numbers), `issues` the findings
    of the preflight, of which a lane's own errors are its obstacles. A lane may go on with several tasks; one that has
    nothing to do gets a row with the action `none` that says why.
    """
    plan: list[PlanRow] = []
    for lane in board:
        name = lane["lane"]
        obstacles = [issue for issue in issues if issue["lane"] == name and issue["level"] == "error"]
        own = [_next(row) for row in actions if row["lane"] == name and _starts_work(row)]
        for row in own or [_nothing(lane, actions)]:
            row["obstacles"] = [issue for issue in obstacles if issue["task_id"] in ("", row["task_id"])]
            plan.append(row)
    return plan


def _next(row: Action) -> PlanRow:
    return {
        "lane": row["lane"],
        "action": row["action"],
        "task_id": row["task_id"],
        "reason": row["reason"],
        "command": row["command"],
        "obstacles": [],
    }


def _starts_work(row: Action) -> bool:
    """Whether an action puts a lane to work; a task in progress that nobody works on is started again."""
    if row["action"] == RECONCILE:
        return is_launch_line(row["command"])
    return row["action"] in (CLAIM, CONTINUE)


def _nothing(lane: BoardLane, actions: list[Action]) -> PlanRow:
    if lane["in_progress"]:
        waits = [row["action"] for row in actions if row["lane"] == lane["lane"] and row["action"] in COORDINATORS]
        reason = f"its work waits for the coordinator: {', '.join(waits)}" if waits else "its work waits for review"
    elif lane["waiting"]:
        reason = f"nothing is ready: {lane['waiting']} task(s) wait for others"
    else:
        reason = "no task is left to do"
    return {
        "lane": lane["lane"],
        "action": "none",
        "task_id": "",
        "reason": reason,
        "command": "",
        "obstacles": [],
    }
