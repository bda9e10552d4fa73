"""Running a proof command under supervision: its own process group, a time limit, the end of its output kept."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from typing import Any

#: Seconds between asking the group to end and ending it.
GRACE = 5.0
_TAIL = 2000
_SHELL = "/bin/sh"


def run_proof(command: str, cwd: str, limit: float) -> dict[str, Any]:
    """Run `command` in a POSIX shell in the folder `cwd` for at most `limit` seconds.

    Returns `{exit_code, timed_out, duration_seconds, output}`: exit code None when the time ran out, whole seconds,
    and the last 2,000 characters that it wrote. When the caller is interrupted, the whole group ends too.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            [_SHELL, "-c", command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = child.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end_group(child)
        size = log.seek(0, os.SEEK_END)
        log.seek(max(0, size - 4 * _TAIL))
        output = log.read().decode(errors="replace")[-_TAIL:]
    return {
        "exit_code": code,
        "timed_out": code is None,
        "duration_seconds": int(time.monotonic() - started),
        "output": output,
    }


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """End what is left of the child's group: politely, then for good; the child is always waited for."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=GRACE)
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
