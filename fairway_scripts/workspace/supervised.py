"""Running a command under supervision: a session of its own, a log, a deadline, and nothing left behind.

The command writes straight into the log file, which is read while it grows. So its output is kept even when the
supervisor is killed, and a background process that holds the output open cannot keep the supervisor waiting.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import sh

from fairway_scripts.git_folder import share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

#: How often the log and the process are looked at: soon at first, then now and then.
_SOONEST, _LATEST = 0.01, 0.2
#: How long a command may go on after its output has decided, to end by itself and say how.
SETTLE_SECONDS = 1.0
#: How long a killed process may take to be gone.
_KILL_SECONDS = 2.0
_CHUNK = 1 << 16
_ENDED_STATES = ("Z", "X", "x")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(NamedTuple):
    """How a command ended.

    `exit_code` is negative for the signal that killed it and None when it was stopped; `stopped` says why: "" (it
    ended by itself), `decided`, `timeout` or `interrupted`.
    """

    exit_code: int | None
    stopped: str


class Interruption:
    """The signals that asked this process to stop while `noted_signals` was in force."""

    def __init__(self) -> None:
        self.signals: list[int] = []

    def __bool__(self) -> bool:
        return bool(self.signals)

    @property
    def name(self) -> str:
        """The name of the first signal, such as SIGINT."""
        return signal.Signals(self.signals[0]).name if self.signals else ""

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.signals.append(number)


@contextmanager
def noted_signals() -> Iterator[Interruption]:
    """Note SIGINT, SIGTERM and SIGHUP instead of dying of them; one that this process ignores stays ignored."""
    noted = Interruption()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, noted._note)  # noqa: SLF001 - the handler of this very class
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_supervised(
    command: str,
    *,
    log: str,
    environment: Mapping[str, str],
    seconds: float,
    grace: float,
    noted: Interruption,
    each_line: Callable[[str], bool],
    each_moment: Callable[[], None],
) -> Ended:
    """Run `command` with `sh -c` in the current folder, appending to the file `log`, for at most `seconds`.

    `each_line` gets every line of output without its end and says whether it decides; `each_moment` is called while
    waiting. The whole process group is ended before this returns, also what the command left running: with SIGTERM,
    and SIGKILL after `grace` seconds. Raises OSError when the log cannot be written.
    """
    with open(log, "ab", buffering=0) as file, open(os.devnull, "rb") as nothing:
        share(log)
        start = os.fstat(file.fileno()).st_size
        running = sh.Command("/bin/sh")(
            "-c",
            command,
            _bg=True,
            _bg_exc=False,
            _new_session=True,
            _in=nothing,  # at its end from the start: nothing waits for a person
            _out=file,
            _err_to_out=True,
            _env=dict(environment),
            _encoding="utf-8",
        )
    process = running.process
    lines = _Lines(log, start, each_line)
    try:
        ended = _watch(process, lines, seconds, noted, each_moment)
    finally:
        end_group(process.pgid, grace, noted)
        process.wait()
    lines.read(last=True)
    return ended


def end_group(group: int, grace: float, noted: Interruption) -> None:
    """End every process of a group: SIGTERM, then after `grace` seconds (or a further signal to us) SIGKILL."""
    patience = len(noted.signals)
    for number, span in ((signal.SIGTERM, grace), (signal.SIGKILL, _KILL_SECONDS)):
        if not _runs(group):
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
        until = time.monotonic() + span
        while time.monotonic() < until and _runs(group):
            if number == signal.SIGTERM and len(noted.signals) > patience:
                break
            time.sleep(_SOONEST)


def wait(seconds: float, noted: Interruption, each_moment: Callable[[], None]) -> None:
    """Let time pass, `each_moment` called now and then; a noted signal ends the wait."""
    until = time.monotonic() + seconds
    while not noted and (left := until - time.monotonic()) > 0:
        each_moment()
        time.sleep(min(_LATEST, left))


def _watch(
    process: sh.OProc, lines: _Lines, seconds: float, noted: Interruption, each_moment: Callable[[], None]
) -> Ended:
    """Look at the process and its output until one of them, the time or a signal decides."""
    begun = time.monotonic()
    settled_at, pause = 0.0, _SOONEST
    while True:
        alive, code = process.is_alive()
        if lines.read() and not settled_at:
            settled_at = time.monotonic() + SETTLE_SECONDS
        if not alive:
            return Ended(code, "")
        if noted:
            return Ended(None, "interrupted")
        if settled_at and time.monotonic() >= settled_at:
            return Ended(None, "decided")
        if time.monotonic() - begun >= seconds:
            return Ended(None, "decided" if settled_at else "timeout")
        each_moment()
        time.sleep(pause)
        pause = min(pause * 1.5, _LATEST)


def _runs(group: int) -> bool:
    """Whether a process of the group still runs; one that only waits to be collected does not."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    if not os.path.exists("/proc/self/stat"):
        return True
    return any(_member(number, group) for number in os.listdir("/proc") if number.isdigit())


def _member(number: str, group: int) -> bool:
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return False
    return len(fields) > 2 and fields[2] == str(group) and fields[0] not in _ENDED_STATES


class _Lines:
    """The lines that are added to a log, each given once to `each_line`."""

    def __init__(self, path: str, start: int, each_line: Callable[[str], bool]) -> None:
        self.path = path
        self.offset = start
        self.each_line = each_line
        self.rest = b""
        self.decided = False

    def read(self, *, last: bool = False) -> bool:
        """Read what was added; with `last` also a line without an end. Whether a line has decided so far."""
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            while chunk := file.read(_CHUNK):
                self.offset += len(chunk)
                *whole, self.rest = (self.rest + chunk).split(b"\n")
                self._give(whole)
                if len(self.rest) > _CHUNK:  # one endless line: in pieces, so that memory stays small
                    self._give([self.rest])
                    self.rest = b""
        if last and self.rest:
            self._give([self.rest])
            self.rest = b""
        return self.decided

    def _give(self, lines: list[bytes]) -> None:
        for line in lines:
            self.decided |= self.each_line(line.decode("utf-8", "replace").rstrip("\r"))
