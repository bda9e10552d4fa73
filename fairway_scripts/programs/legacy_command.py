"""Running a script that was there before, for a delivery that nobody else may make at the same time.

The lock is handed on to the script: it holds until the last process that works on the delivery is gone, so a delivery
that outlives us cannot be made a second time beside it.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import caller
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.programs import runner

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAIL = 2000
_GRACE = 2.0
_LOOK_AGAIN = 0.02


class Ended(NamedTuple):
    """How an original ended: its exit code (None when its time ran out) and the end of what it wrote."""

    exit_code: int | None
    output: str


@contextmanager
def delivery_lock(path: str, *, seconds: float = 0.0) -> Iterator[int | None]:
    """Hold the lock file `path` for a `with` block: its descriptor, None when others hold it for `seconds` already."""
    make_folder(os.path.dirname(path))
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    share(path)
    try:
        yield handle if _locked(handle, seconds) else None
    finally:
        os.close(handle)


def _locked(handle: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOK_AGAIN)
        else:
            return True


def run_original(
    argv: list[str], extra: dict[str, str], feed: str, *, cwd: str, without: tuple[str, ...], seconds: float, lock: int
) -> Ended:
    """Run `argv` in the folder `cwd` for at most `seconds`, with `extra` added to the environment of the caller.

    `without` names variables that it must not inherit. It reads `feed`, and the end of what it writes is kept. Raises
    OSError when it cannot be started.
    """
    environment = {name: value for name, value in caller.environment().items() if name not in without}
    ended = runner.run(
        argv,
        folder=cwd,
        environment={**environment, **extra},
        limit=seconds,
        grace=_GRACE,
        feed=os.fsencode(feed),
        merged=True,
        most=_TAIL,
        lock=lock,
    )
    return Ended(ended.exit_code, ended.out.decode(errors="replace").strip())
