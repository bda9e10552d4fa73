"""The timing report: what the recorded history says about the time that tasks took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.base import settings as settings_of
from fairway_scripts.board.timing_rules import is_measured, lane_timings, task_timing
from fairway_scripts.project.changes import find_state
from fairway_scripts.work.claims import claimed_status

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project

_RECORDS = {
    "transitions": "reports.transitions",
    "evidence": "reports.evidence_times",
    "requests": "reports.request_times",
    "verdicts": "reports.verdict_times",
}


def timing_report(
    project: Project, *, now: str, lane: str = "", task_id: str = "", since: str = "", limit: int | None = None
) -> dict[str, Any]:
    """Times by lane and by task, in seconds: `{by_lane, by_task, total, not_measured, measured_at}`.

    `by_task` are the tasks of which a time is known (or the one that is named), those with the newest activity
    first, at most `limit`; `total` counts them without `limit`; `not_measured` counts the tasks of which nothing is
    known. `since`, a stored time, keeps the tasks with activity at or after it. Medians and totals of `by_lane` are
    over all that `total` counts. The keys of a task are those of `timing_rules.task_timing`. Raises FairwayError
    `not_found` for an unknown task.
    """
    values = {"role": lane, "task_id": task_id}
    with project.store.read() as tx:
        if task_id:
            find_state(tx, task_id)
        tasks = tx.all("reports.timed_tasks", **values)
        records = {name: _by_task(tx.all(statement, **values)) for name, statement in _RECORDS.items()}
    timings = [
        task_timing(
            {name: task[name] for name in ("id", "lane", "title", "status")},
            records["transitions"].get(task["id"], []),
            evidence=records["evidence"].get(task["id"], []),
            requests=records["requests"].get(task["id"], []),
            verdicts=records["verdicts"].get(task["id"], []),
            now=now,
            initial=settings_of.initial_status(project.settings),
            claimed=claimed_status(project),
            terminal=project.settings["states"]["terminal"],
        )
        for task in tasks
    ]
    measured = [timing for timing in timings if task_id or is_measured(timing)]
    recent = [timing for timing in measured if (timing["last_activity_at"] or "") >= since]
    recent.sort(key=lambda timing: timing["id"])
    by_lane = lane_timings(_in_lane_order(recent, settings_of.lanes(project.settings)))
    recent.sort(key=lambda timing: timing["last_activity_at"] or "", reverse=True)
    return {
        "measured_at": now,
        "by_lane": by_lane,
        "by_task": recent if limit is None else recent[:limit],
        "total": len(recent),
        "not_measured": len(timings) - len(measured),
    }


def _by_task(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["task_id"], []).append(row)
    return grouped


def _in_lane_order(timings: list[dict[str, Any]], lanes: list[str]) -> list[dict[str, Any]]:
    """By lane in the configured order, then the lanes that are not configured."""
    place = {lane: number for number, lane in enumerate(lanes)}
    return sorted(timings, key=lambda timing: (place.get(timing["lane"], len(place)), timing["lane"]))
