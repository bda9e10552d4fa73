"""Running our side of a comparison: one of our own tools, on a copy of the store, with a limit to its time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import NamedTuple

#: Exit code of a call whose time ran out, as `timeout` gives it.
TIMED_OUT = 124
_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Ran(NamedTuple):
    """How a tool ended: its exit code (negative for a signal) and how long it took."""

    exit_code: int
    milliseconds: int


def run_tool(
    tool: str, words: list[str], *, cwd: str, environment: dict[str, str], streams: str, seconds: float
) -> Ran:
    """Run `bin/<tool> WORDS` in `cwd`; it reads nothing, and writes to `<streams>_out` and `<streams>_err`.

    The tool and all that it starts is ended when this process is interrupted or its `seconds` are over. Raises
    OSError when it cannot be started.
    """
    argv = [sys.executable, os.path.join(_HOME, "bin", tool), *words]
    for name in ("out", "err"):  # files of its own: an earlier run may not have ended yet
        with suppress(FileNotFoundError):
            os.unlink(f"{streams}_{name}")
    begun = time.monotonic_ns()
    with open(f"{streams}_out", "wb") as out, open(f"{streams}_err", "wb") as err:
        child = subprocess.Popen(
            argv,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            code = child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            code = TIMED_OUT
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    return Ran(code, (time.monotonic_ns() - begun) // 10**6)
