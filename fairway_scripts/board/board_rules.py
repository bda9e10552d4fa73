"""The coordinator's board as data: lanes, what is in work, what is ready, who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.board.health_rules import age
from fairway_scripts.board.orchestrator.tick import UNATTENDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.board.board_shapes import (
        ActiveTask,
        Board,
        BoardFacts,
        BoardLane,
        BoardSession,
        LaneFacts,
        LaneWorktree,
        ReadyLane,
        ReadyTask,
    )
    from fairway_scripts.git.git_survey import LaneSurvey


def board_of(facts: BoardFacts, worktrees: Sequence[LaneSurvey]) -> Board:
    """`{lanes, active, ready, sessions}` from the facts of `tick` and what git says about the lanes.

    A lane has its counts by status, `ready`, `waiting` (tasks in the initial status with open dependencies),
    `in_progress` and `worktree` (None where git says nothing). An active task is in progress or blocked, the oldest
    first, with the live sessions that work on it and `why`, which says how it stands and, without a session, that
    there is none. Ready tasks come lane by lane: how many, and the first. A session has `over`: why it is no longer
    one, "" while it is.
    """
    over = {row["session_id"]: row["reason"] for row in facts["session_findings"] if row["session_id"]}
    sessions: list[BoardSession] = [
        {
            "session_id": row["session_id"],
            "lane": row["lane"],
            "task_id": row["task_id"],
            "backend": row["backend"],
            "provider": row["provider"],
            "status": row["status"],
            "last_heartbeat_at": row["last_heartbeat_at"],
            "process": row["process"],
            "pane": row["pane"],
            "over": over.get(row["session_id"], ""),
        }
        for row in facts["sessions"]
    ]
    return {
        "lanes": lane_rows(facts, worktrees),
        "active": _active(facts, [row for row in sessions if not row["over"]]),
        "ready": _ready(facts),
        "sessions": sessions,
    }


def _lane_names(facts: LaneFacts) -> list[str]:
    """The configured lanes, then the others that have tasks."""
    return [*facts["lanes"], *sorted({row["lane"] for row in facts["counts"]}.difference(facts["lanes"]))]


def lane_rows(facts: LaneFacts, worktrees: Sequence[LaneSurvey]) -> list[BoardLane]:
    """The `lanes` of `board_of`, for which these facts do: `lanes, statuses, claimed, counts, ready, waiting`."""
    places = {row["lane"]: row for row in worktrees}
    statuses = [*facts["statuses"], *sorted({row["status"] for row in facts["counts"]}.difference(facts["statuses"]))]
    rows: list[BoardLane] = []
    for lane in _lane_names(facts):
        own = [row for row in facts["counts"] if row["lane"] == lane]
        place = places.get(lane)
        counts = dict.fromkeys(statuses, 0) | {row["status"]: row["tasks"] for row in own}
        rows.append(
            {
                "lane": lane,
                "counts": counts,
                "in_progress": counts.get(facts["claimed"], 0),
                "ready": facts["ready"].get(lane, 0),
                "waiting": facts["waiting"].get(lane, 0),
                "worktree": _worktree(place) if place else None,
            }
        )
    return rows


def _worktree(place: LaneSurvey) -> LaneWorktree:
    return {
        "path": place["path"],
        "exists": place["exists"],
        "branch": place["branch"],
        "expected_branch": place["expected_branch"],
        "dirty": place["dirty"],
        "ahead": place["ahead"],
        "behind": place["behind"],
        "elsewhere": place["elsewhere"],
    }


def _active(facts: BoardFacts, sessions: list[BoardSession]) -> list[ActiveTask]:
    alone = {row["task_id"] for row in facts["session_findings"] if row["check"] == UNATTENDED}
    rows: list[ActiveTask] = []
    for task in sorted((*facts["active"], *facts["blocked"]), key=lambda row: (row["status_since"], row["task_id"])):
        lane, task_id = task["lane"], task["task_id"]
        here = [row for row in sessions if row["task_id"] == task_id or (not row["task_id"] and row["lane"] == lane)]
        if task["status"] == facts["claimed"]:
            why = facts["standing"][task_id][1]
            why += "; no live session" if task_id in alone else ""
        else:
            why = task["reason"] or "no reason given"
        seconds = int(max(0, age(task["status_since"], facts["now"])))
        ids = [row["session_id"] for row in here] if task["status"] == facts["claimed"] else []
        rows.append(
            {
                "task_id": task_id,
                "lane": lane,
                "status": task["status"],
                "owner": task["owner"] or "",
                "claimant": task["claimant"] or "",
                "title": task["title"],
                "status_since": task["status_since"],
                "age_seconds": seconds,
                "sessions": ids,
                "why": why,
            }
        )
    return rows


def _ready(facts: BoardFacts) -> list[ReadyLane]:
    counts = dict.fromkeys(_lane_names(facts), 0) | facts["ready"]
    first: dict[str, list[ReadyTask]] = {}
    for row in facts["ready_first"]:
        first.setdefault(row["lane"], []).append(
            {"task_id": row["task_id"], "priority": row["priority"], "title": row["title"]}
        )
    return [
        {"lane": lane, "total": counts[lane], "waiting": facts["waiting"].get(lane, 0), "first": first.get(lane, [])}
        for lane in counts
    ]
