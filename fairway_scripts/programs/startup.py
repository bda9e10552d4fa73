"""What it costs to start a Python interpreter, measured."""

from __future__ import annotations

import subprocess
import time

_TRIES = 3
_LONGEST_SECONDS = 10.0


def start_milliseconds(program: str) -> float | None:
    """The shortest of three starts of an interpreter that does nothing, in ms; None when it does not start."""
    best = None
    for _ in range(_TRIES):
        started = time.perf_counter()
        try:
            subprocess.run(
                [program, "-I", "-S", "-c", "pass"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                timeout=_LONGEST_SECONDS,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        took = (time.perf_counter() - started) * 1000
        best = took if best is None else min(best, took)
    return best
