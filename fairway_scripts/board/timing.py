"""The timing report: what the recorded history says about the time that tasks took."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Generic, TypeVar

from fairway_scripts.base import settings as settings_of
from fairway_scripts.board.timing_rules import is_measured, lane_timings, task_timing
from fairway_scripts.project.changes import find_state
from fairway_scripts.work.claims import claimed_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.board.board_shapes import OfTask, TaskTiming, TimedTask, TimingReport
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

_Row = TypeVar("_Row", bound="OfTask")


def timing_report(
    project: Project, *, now: str, lane: str = "", task_id: str = "", since: str = "", limit: int | None = None
) -> TimingReport:
    """Times by lane and by task, in seconds: `{by_lane, by_task, total, not_measured, measured_at}`.

    `by_task` are the tasks of which a time is known (or the one that is named), those with the newest activity
    first, at most `limit`; `total` counts them without `limit`; `not_measured` counts the tasks of which nothing is
    known. `since`, a stored time, keeps the tasks with activity at or after it. Medians and totals of `by_lane` are
    over all that `total` counts. The keys of a task are those of `timing_rules.task_timing`. Raises FairwayError
    `not_found` for an unknown task.
    """
    with project.store.read() as tx:
        if task_id:
            find_state(tx, task_id)
        total = 0
        measured: list[TaskTiming] = []
        for timing in _timings(project, tx, now, lane, task_id):
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


def _timings(project: Project, tx: Transaction, now: str, lane: str, task_id: str) -> Iterator[TaskTiming]:
    """The times of each task, one by one: a store has many tasks of which nothing is known."""
    transitions = _ByTask(tx.each("reports.transitions", role=lane, task_id=task_id))
    evidence = _ByTask(tx.each("reports.evidence_times", role=lane, task_id=task_id))
    requests = _ByTask(tx.each("reports.request_times", role=lane, task_id=task_id))
    verdicts = _ByTask(tx.each("reports.verdict_times", role=lane, task_id=task_id))
    initial, claimed = settings_of.initial_status(project.settings), claimed_status(project)
    terminal = project.settings["states"]["terminal"]
    for task in tx.each("reports.timed_tasks", role=lane, task_id=task_id):
        told: TimedTask = {"id": task["id"], "lane": task["lane"], "title": task["title"], "status": task["status"]}
        yield task_timing(
            told,
            transitions.of(task["id"]),
            evidence=evidence.of(task["id"]),
            requests=requests.of(task["id"]),
            verdicts=verdicts.of(task["id"]),
            now=now,
            initial=initial,
            claimed=claimed,
            terminal=terminal,
        )


class _ByTask(Generic[_Row]):
    """The rows of one task after the other, of rows that come in the order of their tasks."""

    def __init__(self, rows: Iterator[_Row]) -> None:
        self._groups = groupby(rows, key=lambda row: row["task_id"])
        self._next = next(self._groups, None)

    def of(self, task_id: str) -> list[_Row]:
        """The rows of a task that comes behind those that were asked for before."""
        while self._next is not None and self._next[0] < task_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != task_id:
            return []
        return list(self._next[1])


def _in_lane_order(timings: list[TaskTiming], lanes: list[str]) -> list[TaskTiming]:
    """By lane in the configured order, then the lanes that are not configured."""
    place = {lane: number for number, lane in enumerate(lanes)}
    return sorted(timings, key=lambda timing: (place.get(timing["lane"], len(place)), timing["lane"]))
