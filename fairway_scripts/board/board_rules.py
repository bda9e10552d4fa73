"""The coordinator's board as data: lanes, what is in work, what is ready, who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.board.health_rules import age
from fairway_scripts.board.orchestrator.tick import UNATTENDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.board.board_shapes import LaneWorktree
    from fairway_scripts.git.git_survey import LaneSurvey

Facts = dict[str, Any]
Row = dict[str, Any]

_SESSION = ("session_id", "lane", "task_id", "backend", "provider", "status", "last_heartbeat_at", "process", "pane")


def board_of(facts: Facts, worktrees: Sequence[LaneSurvey]) -> dict[str, list[Row]]:
    """`{lanes, active, ready, sessions}` from the facts of `tick` and what git says about the lanes.

    A lane has its counts by status, `ready`, `waiting` (tasks in the initial status with open dependencies),
    `in_progress` and `worktree` (None where git says nothing). An active task is in progress or blocked, the oldest
    first, with the live sessions that work on it and `why`, which says how it stands and, without a session, that
    there is none. Ready tasks come lane by lane: how many, and the first. A session has `over`: why it is no longer
    one, "" while it is.
    """
    over = {row["session_id"]: row["reason"] for row in facts["session_findings"] if row["session_id"]}
    sessions = [
        {**{name: row[name] for name in _SESSION}, "over": over.get(row["session_id"], "")} for row in facts["sessions"]
    ]
    return {
        "lanes": lane_rows(facts, worktrees),
        "active": _active(facts, [row for row in sessions if not row["over"]]),
        "ready": _ready(facts),
        "sessions": sessions,
    }


def _lane_names(facts: Facts) -> list[str]:
    """The configured lanes, then the others that have tasks."""
    return [*facts["lanes"], *sorted({row["lane"] for row in facts["counts"]}.difference(facts["lanes"]))]


def lane_rows(facts: Facts, worktrees: Sequence[LaneSurvey]) -> list[Row]:
    """The `lanes` of `board_of`, for which these facts do: `lanes, statuses, claimed, counts, ready, waiting`."""
    places = {row["lane"]: row for row in worktrees}
    statuses = [*facts["statuses"], *sorted({row["status"] for row in facts["counts"]}.difference(facts["statuses"]))]
    rows = []
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


def _active(facts: Facts, sessions: list[Row]) -> list[Row]:
    alone = {row["task_id"] for row in facts["session_findings"] if row["check"] == UNATTENDED}
    rows = []
    for task in sorted((*facts["active"], *facts["blocked"]), key=lambda row: (row["status_since"], row["task_id"])):
        lane, task_id = task["lane"], task["task_id"]
        here = [row for row in sessions if row["task_id"] == task_id or (not row["task_id"] and row["lane"] == lane)]
        if task["status"] == facts["claimed"]:
            why = facts["standing"][task_id][1]
            why += "; no live session" if task_id in alone else ""
        else:
            why = task["reason"] or "no reason given"
        names = ("task_id", "lane", "status", "owner", "claimant", "title", "status_since")
        told = {name: task[name] or "" for name in names}
        seconds = int(max(0, age(task["status_since"], facts["now"])))
        ids = [row["session_id"] for row in here] if task["status"] == facts["claimed"] else []
        rows.append({**told, "age_seconds": seconds, "sessions": ids, "why": why})
    return rows


def _ready(facts: Facts) -> list[Row]:
    counts = dict.fromkeys(_lane_names(facts), 0) | facts["ready"]
    first: dict[str, list[Row]] = {}
    for row in facts["ready_first"]:
        first.setdefault(row["lane"], []).append({name: row[name] for name in ("task_id", "priority", "title")})
    return [
        {"lane": lane, "total": counts[lane], "waiting": facts["waiting"].get(lane, 0), "first": first.get(lane, [])}
        for lane in counts
    ]
