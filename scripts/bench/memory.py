"""Peak memory of the hot commands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import hot
from projects import HOME, PYTHON
from stopwatch import run

if TYPE_CHECKING:
    from projects import Project

_PROBE = os.path.join(HOME, "scripts", "bench", "memory_probe.py")
#: Rounds behind those that were timed, so that claims and records find targets that nothing has touched.
_FIRST_PLACE = 1000


def measure(project: Project, rounds: int) -> dict[str, int]:
    """The largest peak of resident memory in `rounds` runs of each hot command and of the bare interpreter, bytes."""
    peaks: dict[str, int] = {}
    for place in range(_FIRST_PLACE, _FIRST_PLACE + rounds):
        for call in [*hot.floor_calls(project.folder)[:2], *hot.calls(project, place)]:
            peak = int(run((PYTHON, "-I", "-S", _PROBE, *call.words), call.cwd))
            peaks[call.key.name] = max(peaks.get(call.key.name, 0), peak)
    return peaks
