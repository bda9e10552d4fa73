"""Running a proof command under supervision: its own process group, a time limit, the end of its output kept."""

from __future__ import annotations

from typing import TypedDict

from fairway_scripts.base import caller
from fairway_scripts.programs import runner

#: Seconds between asking the group to end and ending it.
GRACE = 5.0
_TAIL = 2000
_SHELL = "/bin/sh"


class ProofRun(TypedDict):
    """How a proof ended; `exit_code` is None when the time ran out."""

    exit_code: int | None
    timed_out: bool
    duration_seconds: int
    output: str


def run_proof(command: str, cwd: str, limit: float) -> ProofRun:
    """Run `command` in a POSIX shell in the folder `cwd` for at most `limit` seconds.

    Returns `{exit_code, timed_out, duration_seconds, output}`: exit code None when the time ran out, whole seconds,
    and the last 2,000 characters that it wrote. When the caller is interrupted, the whole group ends too.
    """
    ended = runner.run(
        [_SHELL, "-c", command],
        folder=cwd,
        environment=caller.environment(),
        limit=limit,
        grace=GRACE,
        merged=True,
        most=4 * _TAIL,
        guard=True,
    )
    return {
        "exit_code": ended.exit_code,
        "timed_out": ended.exit_code is None,
        "duration_seconds": ended.milliseconds // 1000,
        "output": ended.out.decode(errors="replace")[-_TAIL:],
    }
