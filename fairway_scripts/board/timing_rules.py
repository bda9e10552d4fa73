"""How long tasks waited, took, were blocked and were under review, told from their recorded transitions.

What was not recorded is not made up: a task that the queue file brought in as work in progress or as finished has no
known beginning, and its times stay unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.reviews.reports.review_report_rules import spread
from fairway_scripts.work.gates import APPROVED

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import LaneTiming, Measure, TaskTiming, TimedTask
    from fairway_scripts.store.rows import ReportsEvidenceTimes, ReportsTransitions, Review, ReviewRequest


#: The times of a task, in seconds; None where they are not known (yet).
MEASURES: tuple[Measure, ...] = (
    "wait_seconds",
    "cycle_seconds",
    "blocked_seconds",
    "review_seconds",
    "evidence_seconds",
)
_BLOCKED = "blocked"
_UNDO = "undo"


def task_timing(
    task: TimedTask,
    transitions: list[ReportsTransitions],
    *,
    evidence: list[ReportsEvidenceTimes],
    requests: list[ReviewRequest],
    verdicts: list[Review],
    now: str,
    initial: str,
    claimed: str,
    terminal: list[str],
) -> TaskTiming:
    """The times of one task (`{id, lane, title, status}`) at the stored time `now`.

    All rows are of this task and oldest first: `transitions` {from_status (None for the first), to_status,
    command_source, at}, `evidence` {duration_seconds, created_at}, `requests` {role, created_at, superseded_at},
    `verdicts` {reviewer_role, verdict, created_at}. `initial`, `claimed` and `terminal` are the status words.

    Adds first_seen_at, first_claimed_at, finished_at, last_activity_at, open (bool: not finished), evidence_count,
    `unknown` (a sentence for each thing that cannot be known) and the MEASURES: wait (first seen to first claim),
    cycle (first claim to the finish that holds now), blocked (all spans, an open one up to now), review (first
    request to the approval that completed it), evidence (sum of the recorded durations). A transition that was
    undone counts as if it had never been.
    """
    steps = _without_undone(transitions)
    first = steps[0] if steps else None
    began_here = first is not None and first["from_status"] is None and first["to_status"] == initial
    claims = _entries(steps, [claimed])
    first_claim = claims[0] if claims and began_here else None
    finishes = _entries(steps, terminal) if steps and steps[-1]["to_status"] in terminal else []
    finish = finishes[-1] if finishes else None
    durations = [row["duration_seconds"] for row in evidence if row["duration_seconds"] is not None]
    signs = [row["at"] for row in steps] + [row["created_at"] for row in evidence]
    signs += [*(row["created_at"] for row in requests), *(row["created_at"] for row in verdicts)]
    return {
        **task,
        "open": task["status"] not in terminal,
        "first_seen_at": first["at"] if first else None,
        "first_claimed_at": first_claim,
        "finished_at": finish,
        "last_activity_at": max(signs, default=None),
        "wait_seconds": clock.elapsed(first["at"], first_claim) if first and first_claim else None,
        "cycle_seconds": clock.elapsed(first_claim, finish) if first_claim and finish else None,
        "blocked_seconds": _time_in(_BLOCKED, steps, now),
        "review_seconds": _review_seconds(requests, verdicts),
        "evidence_seconds": float(sum(durations)) if durations else None,
        "evidence_count": len(evidence),
        "unknown": _unknown(first, began_here=began_here),
    }


def is_measured(timing: TaskTiming) -> bool:
    """Whether anything at all is known about the times of a task."""
    return any(timing[name] is not None for name in MEASURES)


def lane_timings(timings: list[TaskTiming]) -> list[LaneTiming]:
    """The times of each lane, in the order of the given timings.

    Each is {lane, tasks, finished} and, under the name of each measure without its `_seconds`, {count,
    median_seconds, total_seconds} over the tasks of which it is known (None over none).
    """
    lanes: dict[str, list[TaskTiming]] = {}
    for timing in timings:
        lanes.setdefault(timing["lane"], []).append(timing)
    return [
        {
            "lane": lane,
            "tasks": len(rows),
            "finished": sum(not row["open"] for row in rows),
            "wait": spread(row["wait_seconds"] for row in rows),
            "cycle": spread(row["cycle_seconds"] for row in rows),
            "blocked": spread(row["blocked_seconds"] for row in rows),
            "review": spread(row["review_seconds"] for row in rows),
            "evidence": spread(row["evidence_seconds"] for row in rows),
        }
        for lane, rows in lanes.items()
    ]


def _entries(steps: list[ReportsTransitions], words: list[str]) -> list[str]:
    """When the task came into one of the statuses from another one; how it was first seen is no such moment."""
    return [row["at"] for row in steps if row["to_status"] in words and row["from_status"] not in (None, *words)]


def _without_undone(transitions: list[ReportsTransitions]) -> list[ReportsTransitions]:
    """The transitions that hold: an undo takes away the transition before it that it reverses, and itself."""
    kept: list[ReportsTransitions] = []
    for step in transitions:
        undoes = step["command_source"] == _UNDO and kept and kept[-1]["from_status"] == step["to_status"]
        if undoes and kept[-1]["to_status"] == step["from_status"]:
            kept.pop()
        else:
            kept.append(step)
    return kept


def _time_in(status: str, steps: list[ReportsTransitions], now: str) -> float | None:
    """The seconds spent in a status, None when the task was never in it."""
    spans = []
    for step, after in zip(steps, [*steps, None][1:], strict=True):
        if step["to_status"] == status:
            spans.append(max(clock.elapsed(step["at"], after["at"] if after else now), 0.0))
    return sum(spans) if spans else None


def _review_seconds(requests: list[ReviewRequest], verdicts: list[Review]) -> float | None:
    """From the first request to the moment since when every lane that is asked approves; None while one does not."""
    if not requests:
        return None
    asked = {row["role"] for row in requests if row["superseded_at"] is None}
    latest: dict[str, str] = {}
    complete: str | None = None
    for row in verdicts:
        latest[row["reviewer_role"]] = row["verdict"]
        holds = all(latest.get(lane) == APPROVED for lane in asked) and set(latest.values()) == {APPROVED}
        complete = (complete or row["created_at"]) if holds else None
    return max(clock.elapsed(requests[0]["created_at"], complete), 0.0) if complete else None


def _unknown(first: ReportsTransitions | None, *, began_here: bool) -> list[str]:
    if first is None:
        return ["nothing is recorded about it"]
    if began_here:
        return []
    word = first["to_status"]
    missing = ["when it was claimed and how long that took"]
    if word == _BLOCKED:
        missing.append("how long it was blocked before")
    return [f"it was {word} when it was first seen: {what} is not known" for what in missing]
