"""Ending a command whose supervisor is gone, also when that was killed and could do nothing itself."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_GUARD = """trap '' HUP INT TERM
group=
while read -r line; do
    [ "$line" = over ] && exit
    group=$line
done
[ -z "$group" ] || { kill -TERM "-$group"; sleep "$1"; kill -KILL "-$group"; } 2>/dev/null"""


@contextmanager
def guarded(grace: float) -> Iterator[Callable[[], None]]:
    """Have a command ended, with SIGTERM and SIGKILL after `grace` seconds, when we die before the block is over.

    The command is started inside the block, in a process group of its own, and calls what the block is given between
    fork and exec. A small shell waits for the end of a pipe whose other end only we and the command before its exec
    hold: also a SIGKILL closes it. So the shell is there first and hears of the group from the command itself, and
    there is no moment in which the command runs and nobody would end it.
    """
    ours, theirs = os.pipe()

    def tell() -> None:
        os.write(theirs, b"%d\n" % os.getpgrp())

    guard = 0
    try:
        with suppress(OSError):  # without a guard the run is as good as it was before there were guards
            guard = _start(ours, grace)
        yield tell
    finally:
        with suppress(OSError):
            os.write(theirs, b"over\n")
        os.close(theirs)
        os.close(ours)
        if guard:
            with suppress(ChildProcessError):
                os.waitpid(guard, 0)


def _start(pipe: int, grace: float) -> int:
    return os.posix_spawn(
        "/bin/sh",
        ["/bin/sh", "-c", _GUARD, "fairway-guard", f"{grace:g}"],
        {"PATH": "/usr/bin:/bin"},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, pipe, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setpgroup=0,
    )
