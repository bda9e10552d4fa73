"""Running a program that has to end: its streams in files, a time limit, and nothing left behind.

All three streams are files and no pipes: a background process that holds them open keeps nobody waiting, and what a
program is fed is there to its end, also when we are killed meanwhile.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from typing import IO, TYPE_CHECKING, NamedTuple

from fairway_scripts.programs.process_guard import guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Ended(NamedTuple):
    """How a program ended: its exit code (negative for a signal, None when its time ran out), and what it wrote."""

    exit_code: int | None
    out: bytes
    err: bytes
    milliseconds: int


def run(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    limit: float,
    grace: float = 0.0,
    folder: str | None = None,
    feed: bytes = b"",
    keep: str = "",
    merged: bool = False,
    most: int = 0,
    guard: bool = False,
    lock: int | None = None,
) -> Ended:
    """Run `argv` in `folder` (default: the current one) for at most `limit` seconds, with `feed` as its input.

    It runs in a session of its own, and what is left of that is ended: with SIGTERM, and SIGKILL after `grace`
    seconds; with `guard` also when we are killed meanwhile. `keep` names the files that its streams are kept in,
    `<keep>.out` and `<keep>.err`; `merged` has both streams in one; the last `most` bytes of each are returned, all of
    them for 0. `lock` is a descriptor that it inherits: what it leaves running then goes on with it. Raises OSError
    when it cannot be started.
    """
    begun = time.monotonic_ns()
    with ExitStack() as block:
        out, err = (block.enter_context(_stream(keep, end)) for end in ("out", "err"))
        given = block.enter_context(tempfile.TemporaryFile())
        given.write(feed)
        given.seek(0)
        child = subprocess.Popen(
            argv,
            cwd=folder,
            env=environment,
            stdin=given,
            stdout=out,
            stderr=subprocess.STDOUT if merged else err,
            start_new_session=True,
            pass_fds=() if lock is None else (lock,),
            preexec_fn=block.enter_context(guarded(grace)) if guard else None,  # noqa: PLW1509 - one write to a pipe
        )
        code: int | None = None
        try:
            code = child.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            pass
        finally:
            if lock is None or code is None:
                end_group(child, grace)
        took = (time.monotonic_ns() - begun) // 10**6
        return Ended(code, _end_of(out, most), _end_of(err, most), took)


def _stream(keep: str, end: str) -> IO[bytes]:
    return open(f"{keep}.{end}", "wb+") if keep else tempfile.TemporaryFile()


def end_group(child: subprocess.Popen[bytes], grace: float) -> None:
    """End what is left of the child's group: politely, after `grace` seconds for good; the child is always waited for.

    The child must have been started in a session of its own.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=grace)
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _end_of(file: IO[bytes], most: int) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - most) if most else 0)
    return file.read()
