"""Running a command under supervision: a session of its own, a log, a deadline, and nothing left behind.

The command writes straight into the log file, which is read while it grows. So its output is kept even when the
supervisor is killed, and a background process that holds the output open cannot keep the supervisor waiting. Output is
read a little at a time: no flood of it, and no line of it, keeps the deadline or a signal waiting. A guard outside of
this process ends the command when the supervisor is killed.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import sh

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.git_folder import share
from fairway_scripts.programs.growing_log import GrowingLog
from fairway_scripts.programs.process_guard import guarded
from fairway_scripts.programs.processes import ENDED_STATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

#: How often the log and the process are looked at: soon at first, then now and then.
_SOONEST, _LATEST = 0.01, 0.2
#: How long a command may go on after its output has decided, to end by itself and say how.
SETTLE_SECONDS = 1.0
#: How long a killed process may take to be gone.
_KILL_SECONDS = 2.0
#: A command that writes more than this is stopped, before it fills the disk that the store is on.
MOST_OUTPUT = 512 << 20
#: The exit codes of a shell for a program that is not there, or that cannot be run.
NOT_FOUND, NOT_RUNNABLE = 127, 126
INTERRUPTED, TIMEOUT, DECIDED, FLOODED = "interrupted", "timeout", "decided", "too_much_output"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(NamedTuple):
    """How a command ended.

    `exit_code` is negative for the signal that killed it and None when it was stopped; `stopped` says why: "" (it
    ended by itself), `decided`, `timeout`, `interrupted` or `too_much_output`.
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
    command: str | list[str],
    *,
    log: str,
    environment: Mapping[str, str],
    seconds: float,
    grace: float,
    noted: Interruption,
    each_line: Callable[[str], bool],
    each_moment: Callable[[], None],
    folder: str = "",
) -> Ended:
    """Run `command` in `folder` (default: the current one), appending to the file `log`, for at most `seconds`.

    A text is run with `sh -c`; a list is a program's absolute path and its words, and no shell sees them.
    `each_line` gets every line of output without its end and says whether it decides; `each_moment` is called while
    waiting. The whole process group is ended before this returns, also what the command left running: with SIGTERM,
    and SIGKILL after `grace` seconds. A program that cannot be started ends with 126 or 127, as in a shell. Raises
    OSError when the log cannot be written.
    """
    argv = ["/bin/sh", "-c", command] if isinstance(command, str) else command
    with guarded(grace) as tell:
        begun = _begin(argv, log, environment, tell, folder)
        if isinstance(begun, Ended):
            return begun
        process, start = begun
        until = limit = time.monotonic() + seconds
        lines = GrowingLog(log, start, each_line, lambda: bool(noted) or time.monotonic() >= limit)
        try:
            ended = _watch(process, lines, until, noted, each_moment)
        finally:
            end_group(process.pgid, grace, noted)
            process.wait()
    if ended.stopped:
        lines.read_end()
    else:
        limit = max(until, time.monotonic() + SETTLE_SECONDS)  # it may have ended in the last moment
        while lines.read() and not lines.is_over():
            each_moment()
        if lines.behind():  # a code is there, but what it goes with was not looked at
            ended = Ended(None, INTERRUPTED if noted else TIMEOUT)
            lines.read_end()
    lines.close()
    return ended


def _begin(
    argv: list[str], log: str, environment: Mapping[str, str], tell: Callable[[], None], folder: str
) -> tuple[sh.OProc, int] | Ended:
    """Start a command whose output goes into the file `log`, from the place that is told; how it ended if it cannot."""
    with os.fdopen(_open_log(log), "ab", buffering=0) as file, open(os.devnull, "rb") as nothing:
        share(log)
        start = os.fstat(file.fileno()).st_size
        if why := _cannot_start(argv[0]):
            file.write(f"{argv[0]}: {why}\n".encode(errors="surrogateescape"))
            return Ended(NOT_FOUND if not os.path.exists(argv[0]) else NOT_RUNNABLE, "")
        try:
            running = sh.Command(argv[0])(
                *argv[1:],
                _bg=True,
                _bg_exc=False,
                _new_session=True,
                _preexec_fn=tell,
                _in=nothing,  # at its end from the start: nothing waits for a person
                _out=file,
                _err_to_out=True,
                _env=dict(environment),
                _cwd=folder or None,
                _encoding="utf-8",
            )
        except sh.ForkException:  # such as a script without a first line that names its shell
            file.write(f"{argv[0]}: is no program that the system can run\n".encode(errors="surrogateescape"))
            return Ended(NOT_RUNNABLE, "")
    return running.process, start


def append_to_log(path: str, text: str) -> None:
    """Add a text to a log, which is made when it is not there; raises FairwayError `file_unavailable`."""
    try:
        with os.fdopen(_open_log(path), "a", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        share(path)
    except OSError as problem:
        message = f"{path}: cannot be written: {problem.strerror or problem}"
        raise FairwayError("file_unavailable", message, suggest_program("ls", "-ld", path), path=path) from problem


def _open_log(path: str) -> int:
    """Open a log to append to: a file of our own, never one that a link leads to, nor a pipe."""
    status = os.lstat(path) if os.path.lexists(path) else None
    if status is not None and not stat.S_ISREG(status.st_mode):
        raise OSError(errno.ELOOP, "is a link or a special file, not a log")
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)


def _cannot_start(program: str) -> str:
    if not os.path.isfile(program):
        return "not found"
    return "" if os.access(program, os.X_OK) else "cannot be run"


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
    process: sh.OProc, lines: GrowingLog, until: float, noted: Interruption, each_moment: Callable[[], None]
) -> Ended:
    """Look at the process and its output until one of them, the time or a signal decides."""
    settled_at, pause = 0.0, _SOONEST
    while True:
        alive, code = process.is_alive()
        more = lines.read()
        if lines.decided and not settled_at:
            settled_at = time.monotonic() + SETTLE_SECONDS
        if not alive:
            return Ended(code, "")
        if noted:
            return Ended(None, INTERRUPTED)
        if settled_at and time.monotonic() >= settled_at:
            return Ended(None, DECIDED)
        if time.monotonic() >= until:
            return Ended(None, DECIDED if settled_at else TIMEOUT)
        if lines.size() > MOST_OUTPUT:
            return Ended(None, FLOODED)
        each_moment()
        if more:
            continue
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
    return len(fields) > 2 and fields[2] == str(group) and fields[0] not in ENDED_STATES
