"""Running the original for the caller while keeping what is needed to compare this side with it.

The caller gets what the original gave: its bytes, its exit code, its signal. Each call has a folder of its own,
`<common git dir>/fairway/shadow/<call_id>/`: `call.json` is written before the original starts, `out` and `err` are
written by the original itself (so that it does not notice when this process dies), `done.json` says that it ended.
Comparing is the work of another process, which is started at the end and waited for by nobody.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import errno
import os
import sys
import time

from fairway_scripts import jsonio
from fairway_scripts.errors import FairwayError
from fairway_scripts.front_door.passing import default_signals, fed, original_environment, replace_process
from fairway_scripts.git_folder import make_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from fairway_scripts.paths import Repository

#: The operations that are compared: tools that only read ...
READS = frozenset(
    (
        *(
            "queue-ready",
            "queue-merge-ready",
            "queue-git-check",
            "queue-validate",
            "queue-task-detail",
            "queue-preflight",
        ),
        *("queue-status-report", "queue-timing-report", "queue-health-report", "orchestrator-tick"),
        *("orchestrator-status", "orchestrator-preflight", "context-packet", "watcher-packet", "bugfix-packet"),
        "regression-packs",
    )
)
#: ... and tools that change the record.
CHANGES = frozenset(
    (
        *("queue-claim", "queue-set-status", "queue-record-evidence", "queue-record-handoff", "queue-record-review"),
        *("queue-route-review", "queue-prune-stale"),
    )
)
_COMPARED_PACK_ACTIONS = ("list", "show", "validate")
_CHUNK = 1 << 16
_OBSERVER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cutover", "observer.py")
#: Ends this process would be asked to come to; the original hears of them and decides.
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
#: Those that a terminal sends to the original as well.
_FROM_TERMINAL = ("SIGINT", "SIGQUIT")


def is_shadowed(tool: str, words: list[str]) -> bool:
    """Whether calls of a tool are compared; the others are handed to the original and forgotten."""
    if tool == "regression-packs":
        return any(word in _COMPARED_PACK_ACTIONS for word in words[:1])
    return tool in READS or tool in CHANGES


def run_shadowed(call: dict[str, Any], extra: dict[str, str], repository: Repository, feed: str = "") -> NoReturn:
    """Run the original of a call, give the caller all that it gave, and leave the rest to the observer.

    `call` holds tool, own_argv, values, untranslated, role, task_id, script and argv (what the original is run with);
    `extra` is added to the original's environment, `feed` is what it reads ("" for the caller's own input). When the
    folder cannot be made, the original is run without being observed: being compared must never make a call fail.
    """
    begun = time.time_ns()
    call_id = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(begun // 10**9))}{begun % 10**9:09}Z-{os.getpid()}"
    folder = os.path.join(repository.common_dir, "fairway", "shadow", call_id)
    try:
        make_folder(folder)
        note = {"schema": "shadow-call/1", "call_id": call_id, "at": _now(), "cwd": os.getcwd(), **call}
        note |= {"read_only": call["tool"] in READS, "environment": _known_environment()}
        _write(os.path.join(folder, "call.json"), note)
        for stream in ("out", "err"):
            os.close(os.open(os.path.join(folder, stream), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except (OSError, UnicodeError, FairwayError):
        replace_process(call["argv"], extra, feed)
    if feed:
        os.dup2(fed(feed), 0)
    started = time.monotonic_ns()
    code = _run(call["argv"], {**original_environment(), **extra}, folder)
    ended = {"exit_code": code if code >= 0 else 128 - code, "signal": max(-code, 0), "ended_at": _now()}
    ended["duration_ms"] = (time.monotonic_ns() - started) // 10**6
    try:  # noqa: SIM105 - importing contextlib costs more than the whole relay
        _write(os.path.join(folder, "done.json"), ended)
    except OSError:
        pass
    _relay(os.path.join(folder, "out"), 1)
    _relay(os.path.join(folder, "err"), 2)
    _start_observer(call_id)
    _leave(code)


def _now() -> str:
    """The time as `clock.now` gives it, without the module that dates cost."""
    if os.environ.get("FAIRWAY_NOW"):
        from fairway_scripts import clock

        return clock.now()
    nanoseconds = time.time_ns()
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(nanoseconds // 10**9))
    return f"{whole}.{nanoseconds % 10**9 // 1000:06}Z"


def _known_environment() -> dict[str, str]:
    """The variables of the environment that a tool may read: what the comparing run has to be given."""
    from fairway_scripts.variables import READABLE

    return {
        name: value
        for name, value in os.environ.items()
        if (name in READABLE or name.startswith("FAIRWAY_")) and name != "FAIRWAY_LEGACY"
    }


def _write(path: str, data: dict[str, Any]) -> None:
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


def _run(argv: list[str], environment: dict[str, str], folder: str) -> int:
    """Run the original with its output in the folder; its exit code, or the negated number of the signal it died of.

    A signal may come before the number of the process is known here: it is kept, and told as soon as it is.
    """
    child, early = 0, []

    def tell(number: int, _frame: object) -> None:
        if child:
            _tell(child, number)
        else:
            early.append(number)

    for name in _PASSED_ON:
        number = getattr(_signal, name)
        if _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, tell if name not in _FROM_TERMINAL else lambda *_: None)
    places = [
        (os.POSIX_SPAWN_OPEN, stream, os.path.join(folder, name), os.O_WRONLY | os.O_APPEND, 0)
        for stream, name in ((1, "out"), (2, "err"))
    ]
    try:
        child = _spawn(argv, environment, places)
    except OSError as problem:
        message = f"error: missing_dependency: {argv[0]}: {problem.strerror}\n"
        os.write(2, os.fsencode(message))
        return 126 if problem.errno == errno.EACCES else 127
    for number in early:
        _tell(child, number)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _tell(child: int, number: int) -> None:
    try:  # noqa: SIM105 - importing contextlib costs more than the whole relay
        os.kill(child, number)
    except ProcessLookupError:  # it has just ended by itself
        pass


def _spawn(argv: list[str], environment: dict[str, str], places: list[Any]) -> int:
    quiet = default_signals()
    try:
        return os.posix_spawn(argv[0], argv, environment, file_actions=places, setsigdef=quiet)
    except OSError as problem:
        if problem.errno != errno.ENOEXEC:
            raise
        shell = ["/bin/sh", *argv]
        return os.posix_spawn(shell[0], shell, environment, file_actions=places, setsigdef=quiet)


def _relay(path: str, stream: int) -> None:
    """Write a file to a stream; a reader that has gone away is no fault of the call."""
    try:
        handle = os.open(path, os.O_RDONLY)
        try:
            while chunk := os.read(handle, _CHUNK):
                while chunk:
                    chunk = chunk[os.write(stream, chunk) :]
        finally:
            os.close(handle)
    except OSError:
        return


def _start_observer(call_id: str) -> None:
    """Start what compares, with nothing of the caller's open in it; the next call's finds this one when that fails."""
    if not os.path.exists(_OBSERVER):
        return
    environment = {name: value for name, value in os.environ.items() if name != "FAIRWAY_LEGACY"}
    environment["FAIRWAY_ENGINE"] = "fairway"
    words = [sys.executable, _OBSERVER, call_id]
    try:
        inherited = [(os.POSIX_SPAWN_CLOSE, number) for number in _inherited()]
        streams = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
        os.posix_spawn(words[0], words, environment, file_actions=[*inherited, *streams], setsid=True)
    except (OSError, NotImplementedError):
        return


def _inherited() -> list[int]:
    """The open files that a started program would get besides the three streams."""
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
        if -code != _signal.SIGKILL:
            _signal.signal(-code, _signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 128 - code)
