"""Whether a store gets slower as it is written to: the same commands before and after many separate writes."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

import hot
from stopwatch import run

if TYPE_CHECKING:
    from projects import Project
    from stopwatch import Call, Stopwatch

READ, WRITE = "queue-ready", "queue-record-evidence"
#: Round numbers of its own, behind those of the other parts.
_FIRST_PLACE = 3000


def measure(watch: Stopwatch, project: Project, writes: int, rounds: int) -> dict[str, Any]:
    """Medians in milliseconds and the size of the write-ahead log, before and after `writes` records."""
    found: dict[str, Any] = {"size": project.size, "writes": writes, "before": _look(watch, project, rounds)}
    for place in range(writes):
        for call in _calls(project, _FIRST_PLACE + place, WRITE):
            run(call.words, call.cwd)
    found["after"] = _look(watch, project, rounds)
    return found


def _look(watch: Stopwatch, project: Project, rounds: int) -> dict[str, float]:
    samples = watch.rounds(rounds, 1, lambda place: _calls(project, _FIRST_PLACE + place, READ, WRITE))
    medians = {key.name: round(statistics.median(values) * 1000, 3) for key, values in samples.items()}
    return {**medians, "log_mb": round(project.log_bytes() / 1e6, 2)}


def _calls(project: Project, place: int, *names: str) -> list[Call]:
    return [call for call in hot.calls(project, place) if call.key.name in names]
