"""The timing report: what the recorded history says about the time that tasks took."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

from fairway_scripts.base import settings as settings_of
from fairway_scripts.board.timing_rules import is_measured, lane_timings, task_timing
from fairway_scripts.project.changes import find_state
from fairway_scripts.work.claims import claimed_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

    Times = Literal["reports.transitions", "reports.evidence_times", "reports.request_times", "reports.verdict_times"]

_RECORDS: dict[str, Times] = {
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
        total, measured = 0, []
        for timing in _timings(project, tx, now, **values):
            total += 1
            if task_id or is_measured(timing):
                measured.append(timing)
    recent = [timing for timing in measured if (timing["last_activity_at"] or "") >= since]
    recent.sort(key=lambda timing: timing["id"])
    by_lane = lane_timings(_in_lane_order(recent, settings_of.lanes(project.settings)))
    recent.sort(key=lambda timing: timing["last_activity_at"] or "", reverse=True)
    return {
        "measured_at": now,
        "by_lane": by_lane,
        "by_task": recent if limit is None else recent[:limit],
        "total": len(recent),
        "not_measured": total - len(measured),
    }


def _timings(project: Project, tx: Transaction, now: str, **values: str) -> Iterator[dict[str, Any]]:
    """The times of each task, one by one: a store has many tasks of which nothing is known."""
    records = {name: _ByTask(tx.each(statement, **values)) for name, statement in _RECORDS.items()}
    initial, claimed = settings_of.initial_status(project.settings), claimed_status(project)
    terminal = project.settings["states"]["terminal"]
    for task in tx.each("reports.timed_tasks", **values):
        told = {name: task[name] for name in ("id", "lane", "title", "status")}
        found = {name: rows.of(task["id"]) for name, rows in records.items()}
        yield task_timing(
            told,
            found["transitions"],
            evidence=found["evidence"],
            requests=found["requests"],
            verdicts=found["verdicts"],
            now=now,
            initial=initial,
            claimed=claimed,
            terminal=terminal,
        )


class _ByTask:
    """The rows of one task after the other, of rows that come in the order of their tasks."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._groups = groupby(rows, key=itemgetter("task_id"))
        self._next = next(self._groups, None)

    def of(self, task_id: str) -> list[dict[str, Any]]:
        """The rows of a task that comes behind those that were asked for before."""
        while self._next is not None and self._next[0] < task_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != task_id:
            return []
        return list(self._next[1])


def _in_lane_order(timings: list[dict[str, Any]], lanes: list[str]) -> list[dict[str, Any]]:
    """By lane in the configured order, then the lanes that are not configured."""
    place = {lane: number for number, lane in enumerate(lanes)}
    return sorted(timings, key=lambda timing: (place.get(timing["lane"], len(place)), timing["lane"]))
