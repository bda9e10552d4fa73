"""Running a proof command under supervision: its own process group, a time limit, the end of its output kept."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from typing import Any

from fairway_scripts.base import caller
from fairway_scripts.programs.process_group import end_group
from fairway_scripts.programs.process_guard import guarded

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
        with guarded(GRACE) as tell:
            child = subprocess.Popen(
                [_SHELL, "-c", command],
                cwd=cwd,
                env=caller.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=tell,  # noqa: PLW1509 - one write to a pipe, in a process without threads
            )
            try:
                code: int | None = child.wait(timeout=limit)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                end_group(child, GRACE)
        size = log.seek(0, os.SEEK_END)
        log.seek(max(0, size - 4 * _TAIL))
        output = log.read().decode(errors="replace")[-_TAIL:]
    return {
        "exit_code": code,
        "timed_out": code is None,
        "duration_seconds": int(time.monotonic() - started),
        "output": output,
    }
