"""Running the original for the caller while keeping what is needed to compare this side with it.

The caller gets what the original gives, as it comes: its bytes (`channels`), its exit code, its signal (`watching`).
Each call has a folder of its own, `<common git dir>/fairway/shadow/<call_id>/`: `call.json` is written before the
original starts, `out` and `err` are copies of what it wrote (`out` of both streams where the caller gave both one
place), `done.json` says that it ended, and in `unread` which copy is not whole and why. A second process stands by
and hands on when this one is killed. Comparing is the work of another, which is started at the end and waited for by
nobody.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import errno
import os
import sys
import time

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.git_folder import make_folder
from fairway_scripts.base.own_files import PACKAGE
from fairway_scripts.cutover.door.passing import default_signals, fed, original_environment, replace_process
from fairway_scripts.cutover.shadow.channels import drain, open_channels, relay
from fairway_scripts.cutover.shadow.moment import keep_moment
from fairway_scripts.cutover.shadow.watching import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from fairway_scripts.base.paths import Repository
    from fairway_scripts.cutover.cutover_shapes import CallEnd, CallNote, ShadowedCall
    from fairway_scripts.cutover.shadow.channels import Channel

#: The operations that are compared: tools that only read ...
READS = frozenset(
    (
        *("queue-ready", "queue-merge-ready", "queue-git-check", "queue-validate", "queue-task-detail"),
        *("queue-preflight", "queue-status-report", "queue-timing-report", "queue-health-report"),
        *("orchestrator-tick", "orchestrator-status", "orchestrator-preflight", "regression-packs"),
        *("context-packet", "watcher-packet", "bugfix-packet"),
    )
)
#: ... and tools that change the record.
CHANGES = frozenset(
    (
        *("queue-claim", "queue-set-status", "queue-record-evidence", "queue-record-handoff", "queue-record-review"),
        *("queue-route-review", "queue-prune-stale"),
    )
)
#: What is noted in the place of a tool where nobody knows which one does the same: such a call is equal to nothing.
UNKNOWN = "unknown-call"
_COMPARED_PACK_ACTIONS = ("list", "show", "validate")
#: What the one that stands by is told: that the call has ended, that signals which wait for it are settled.
_DONE, _SETTLED = b"\xff", b"\xfe"
_OBSERVER = os.path.join(PACKAGE, "cutover", "observer.py")
#: The signals by which a terminal stops a program.
_STOPS = ("SIGTSTP", "SIGTTIN", "SIGTTOU")


def is_shadowed(tool: str, words: list[str]) -> bool:
    """Tell whether calls of a tool are compared; the others are handed to the original and forgotten."""
    if tool == "regression-packs":
        return any(word in _COMPARED_PACK_ACTIONS for word in words[:1])
    return tool in READS or tool in CHANGES or tool == UNKNOWN


def run_shadowed(call: ShadowedCall, extra: dict[str, str], repository: Repository, feed: str = "") -> NoReturn:
    """Run the original of a call, give the caller all that it gave, and leave the rest to the observer.

    Of the call, `argv` is what the original is run with, `database` the old one, "" where nobody knows it.
    `extra` is added to the original's environment, `feed` is what it reads ("" for the caller's own input). When the
    folder cannot be made, the original is run without being observed: being compared must never make a call fail.
    """
    begun = time.time_ns()
    call_id = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(begun // 10**9))}{begun % 10**9:09}Z-{os.getpid()}"
    folder = os.path.join(repository.common_dir, "fairway", "shadow", call_id)
    try:
        make_folder(folder)
        note: CallNote = {
            "schema": "shadow-call/1",
            "call_id": call_id,
            "at": _now(),
            "cwd": os.getcwd(),
            **call,
            "read_only": call["tool"] in READS,
            "environment": _known_environment(),
        }
        channels = open_channels(folder)  # before the note: without it this is no call
        _write(os.path.join(folder, "call.json"), note)
    except (OSError, UnicodeError, FairwayError):
        replace_process(call["argv"], extra, feed)
    if feed:
        os.dup2(fed(feed), 0)
    environment = {**original_environment(), **extra}
    _leave(_run(call["argv"], environment, folder, channels, call["database"]))


def _now() -> str:
    """Return the time as `clock.now` gives it, without the module that dates cost."""
    if os.environ.get("FAIRWAY_NOW"):
        from fairway_scripts.base import clock

        return clock.now()
    nanoseconds = time.time_ns()
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(nanoseconds // 10**9))
    return f"{whole}.{nanoseconds % 10**9 // 1000:06}Z"


def _known_environment() -> dict[str, str]:
    """Return the variables of the environment that a tool may read: what the comparing run has to be given."""
    from fairway_scripts.calls.variables import READABLE

    return {
        name: value
        for name, value in os.environ.items()
        if (name in READABLE or name.startswith("FAIRWAY_")) and name != "FAIRWAY_LEGACY"
    }


def _write(path: str, data: CallNote | CallEnd) -> None:
    """Write a file that is whole as soon as it has its name."""
    part = f"{path}.part"
    text = jsonio.dumps(data).encode("utf-8", "surrogateescape")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        while text:
            text = text[os.write(handle, text) :]
    finally:
        os.close(handle)
    os.rename(part, path)


def _run(argv: list[str], environment: dict[str, str], folder: str, channels: list[Channel], database: str = "") -> int:
    """Run the original, hand on what it writes, and note how it ended; return its exit code, or its signal negated."""
    started = time.monotonic_ns()
    watch = Watch([channel.terminal for channel in channels if channel.terminal is not None])
    beside, control = _stand_by(channels, folder)
    try:
        child = _spawn(argv, environment, channels, watch.before)
    except OSError as problem:
        message = f"error: missing_dependency: {argv[0]}: {problem.strerror}\n"
        os.write(2, os.fsencode(message))
        child, status = 0, (126 if problem.errno == errno.EACCES else 127) << 8
    for channel in channels:
        os.close(channel.inlet)
    os.close(0)
    if child:
        watch.over(child, beside, lambda: _tell(control, _SETTLED))
        status = _handed_on(channels, watch, control)
    code = os.waitstatus_to_exitcode(status)
    ended: CallEnd = {
        "exit_code": code if code >= 0 else 128 - code,
        "signal": max(-code, 0),
        "ended_at": _now(),
        "duration_ms": (time.monotonic_ns() - started) // 10**6,
        "unread": {channel.name: channel.unread for channel in channels if channel.unread},
    }
    try:  # noqa: SIM105 - importing contextlib costs more than the whole relay
        ended["moment"] = keep_moment(database, folder) if database else 0
    except OSError:
        pass
    try:  # noqa: SIM105
        _write(os.path.join(folder, "done.json"), ended)
    except OSError:
        pass
    _follow(channels)
    if not _tell(control, _DONE):
        _start_observer(folder)
    return code


def _handed_on(channels: list[Channel], watch: Watch, control: int) -> int:
    """Hand on until the original has ended, all that it had written; return how it ended, as waitpid(2) says."""
    while True:
        relay(channels, watch.changed, lambda place: _tell(control, bytes([place])))
        status = watch.next_change()
        if not os.WIFSTOPPED(status):
            # without us it would have waited for its reader, unless it was killed
            drain(channels, patient=not os.WIFSIGNALED(status))
            return status
        drain(channels, patient=False)
        if os.WSTOPSIG(status) in {getattr(_signal, name) for name in _STOPS}:
            watch.come_to(os.WSTOPSIG(status))


def _stand_by(channels: list[Channel], folder: str) -> tuple[int, int]:
    """Start the process that goes on handing on when this one is killed, and compares at the end.

    It has our end of every way, so it has to hear of each that ends. It has to be there before the original is. Comes
    back with its number, 0 where none could be started, and the pipe on which it is told.
    """
    heard, control = os.pipe()
    try:
        number = os.fork()
    except OSError:
        number = -1
    if number:
        os.close(heard)
        return max(number, 0), control
    try:
        for number in (control, 0, *(channel.inlet for channel in channels)):
            os.close(number)
        while message := os.read(heard, 1):
            if message == _DONE:
                for channel in channels:
                    channel.close()
                os.setsid()  # a terminal that hangs up with this call ends nobody who compares
                _start_observer(folder)
                os._exit(0)
            if message == _SETTLED:
                while waiting := _signal.sigpending():
                    _signal.sigwait(waiting)
            else:
                channels[message[0]].close()
        relay(channels, -1, lambda _place: None)
    finally:
        os._exit(0)


def _tell(control: int, what: bytes) -> bool:
    """Tell the process that stands by; false when there is none any more."""
    try:
        return os.write(control, what) == len(what)
    except OSError:
        return False


def _follow(channels: list[Channel]) -> None:
    """Leave what others still write, and what a killed original's reader has not taken, to a process of its own."""
    if all(channel.source < 0 for channel in channels):
        return
    try:
        if os.fork():
            return
    except OSError:
        return
    try:
        for channel in channels:
            channel.unread = channel.unread or "it was written after the end"
        relay(channels, -1, lambda _place: None)
    finally:
        os._exit(0)


def _spawn(argv: list[str], environment: dict[str, str], channels: list[Channel], mask: list[int]) -> int:
    places = [(os.POSIX_SPAWN_DUP2, channel.inlet, stream) for channel in channels for stream in channel.streams]
    quiet = default_signals()
    try:
        return os.posix_spawn(argv[0], argv, environment, file_actions=places, setsigdef=quiet, setsigmask=mask)
    except OSError as problem:
        if problem.errno != errno.ENOEXEC:
            raise
        shell = ["/bin/sh", *argv]
        return os.posix_spawn(shell[0], shell, environment, file_actions=places, setsigdef=quiet, setsigmask=mask)


def _start_observer(folder: str) -> None:
    """Start what compares, with nothing of the caller's open in it; the next call's finds this one when that fails."""
    if not os.path.exists(_OBSERVER):
        return
    environment = {name: value for name, value in os.environ.items() if name != "FAIRWAY_LEGACY"}
    environment["FAIRWAY_ENGINE"] = "fairway"
    words = [sys.executable, _OBSERVER, os.path.basename(folder)]
    try:
        inherited = [(os.POSIX_SPAWN_CLOSE, number) for number in _inherited()]
        streams = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
        places = [*inherited, *streams]
        os.posix_spawn(words[0], words, environment, file_actions=places, setsid=True, setsigmask=())
    except (OSError, NotImplementedError):
        return


def _inherited() -> list[int]:
    """List the open files that a started program would get besides the three streams."""
    found = []
    for number in map(int, os.listdir("/dev/fd")):
        try:
            if number > 2 and os.get_inheritable(number):
                found.append(number)
        except OSError:  # the listing's own
            continue
    return found


def _leave(code: int) -> NoReturn:
    """End as the original ended."""
    if code < 0:
        import resource

        most = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))  # the original has left its own
        if -code not in (_signal.SIGKILL, _signal.SIGSTOP):
            _signal.signal(-code, _signal.SIG_DFL)
        _signal.pthread_sigmask(_signal.SIG_UNBLOCK, {-code})
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 128 - code)
