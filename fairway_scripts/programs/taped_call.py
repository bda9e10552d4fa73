"""Running an older script as its caller would, while everything that goes in and comes out is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple

from fairway_scripts.programs import runner

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 16
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
#: How long (seconds) what the program left running in the background may hold its output open.
_PATIENCE = 5.0
#: Exit code of a call whose time ran out, as `timeout` gives it.
TIMED_OUT = 124


class Tape(NamedTuple):
    """What a call came to: its exit code (negative for a signal), its streams, how long it took."""

    exit_code: int
    stdin: bytes
    stdout: bytes
    stderr: bytes
    milliseconds: int


def run_taped(argv: list[str], environment: dict[str, str]) -> Tape:
    """Run `argv` here, its streams passed through to ours byte for byte as they come, and kept.

    A terminal on standard input is handed to the program as it is, and not kept. Signals that ask us to end are
    passed on. Raises OSError when it cannot be started.
    """
    keyboard = sys.stdin is None or os.isatty(0)
    begun = time.monotonic_ns()
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def tell(number: int, _frame: object) -> None:
        if child is not None:
            child.send_signal(number)
        else:  # its number is not known yet
            early.append(number)

    before = {getattr(signal, name): signal.getsignal(getattr(signal, name)) for name in _PASSED_ON}
    heard: tuple[list[bytes], list[bytes], list[bytes]] = ([], [], [])
    try:
        for number in before:
            signal.signal(number, tell)
        child = subprocess.Popen(
            argv,
            env=environment,
            stdin=None if keyboard else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        for number in early:
            child.send_signal(number)
        if not keyboard:
            _start(lambda: _feed(child.stdin, heard[0]))
        readers = [
            _start(lambda: _relay(child.stdout, 1, heard[1])),
            _start(lambda: _relay(child.stderr, 2, heard[2])),
        ]
        code = child.wait()
        for reader in readers:
            reader.join(_PATIENCE)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    took = (time.monotonic_ns() - begun) // 10**6
    given, out, err = (b"".join(chunks) for chunks in heard)
    return Tape(code, given, out, err, took)


def _start(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _feed(pipe: IO[bytes] | None, heard: list[bytes]) -> None:
    """Give our standard input on; what the program did not want any more is not kept."""
    assert pipe is not None
    with suppress(OSError), pipe:
        while chunk := os.read(0, _CHUNK):
            pipe.write(chunk)
            heard.append(chunk)


def _relay(pipe: IO[bytes] | None, target: int, heard: list[bytes]) -> None:
    assert pipe is not None
    open_there = True
    while chunk := pipe.read(_CHUNK):
        heard.append(chunk)
        rest = memoryview(chunk)
        try:
            while rest and open_there:
                rest = rest[os.write(target, rest) :]
        except OSError:  # nobody reads there any more; the program itself must not notice
            open_there = False


def run_kept(
    argv: list[str], *, cwd: str, environment: dict[str, str], streams: str, seconds: float, feed: bytes = b""
) -> Tape:
    """Run `argv` in `cwd` with `feed` as its input; its output is also kept in the files `<streams>.out` and `.err`.

    The program and all that it starts is ended when its `seconds` are over (exit code 124) or we are interrupted. A
    program that cannot be started has exit code 127, as in a shell.
    """
    for end in ("out", "err"):  # files of its own: an earlier run may not have ended yet
        with suppress(FileNotFoundError):
            os.unlink(f"{streams}.{end}")
    try:
        ended = runner.run(argv, folder=cwd, environment=environment, limit=seconds, feed=feed, keep=streams)
    except OSError as problem:
        with open(f"{streams}.err", "wb") as err:
            err.write(f"{argv[0]}: {problem.strerror}\n".encode())
        return Tape(127, feed, b"", b"", 0)
    code = TIMED_OUT if ended.exit_code is None else ended.exit_code
    return Tape(code, feed, ended.out, ended.err, ended.milliseconds)
