"""Ending a command whose supervisor is gone, also when that was killed and could do nothing itself."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GUARD = """trap '' HUP INT TERM
read -r word
[ "$word" = over ] || { kill -TERM "-$1"; sleep "$2"; kill -KILL "-$1"; } 2>/dev/null"""


@contextmanager
def guarded(group: int, grace: float) -> Iterator[None]:
    """Have a process group ended, with SIGTERM and SIGKILL after `grace` seconds, when we die before the block is over.

    A small shell waits for the end of a pipe whose other end only we hold: also a SIGKILL closes it.
    """
    ours, theirs = os.pipe()
    guard = 0
    try:
        with suppress(OSError):  # without a guard the run is as good as it was before there were guards
            guard = _start(ours, group, grace)
        yield
    finally:
        with suppress(OSError):
            os.write(theirs, b"over\n")
        os.close(theirs)
        os.close(ours)
        if guard:
            with suppress(ChildProcessError):
                os.waitpid(guard, 0)


def _start(pipe: int, group: int, grace: float) -> int:
    return os.posix_spawn(
        "/bin/sh",
        ["/bin/sh", "-c", _GUARD, "fairway-guard", str(group), f"{grace:g}"],
        {"PATH": "/usr/bin:/bin"},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, pipe, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setpgroup=0,
    )
