"""Processes of tools without the start of an interpreter: a server that has the package loaded forks one a call.

What a test sees is a process like any other: its own id, folder, environment and descriptors, its exit code, and what
it leaves behind. What it does not see is the loading of modules, which `bin/` is called for itself where it matters.
The full run starts an interpreter for each call instead (tests/support/rings.py).

Run as a program, with the number of a socket, this file is the server.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import json
import opcode
import os
import pickle
import pkgutil
import select
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn

_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_BIN = os.path.join(_HOME, "bin")
#: Read when an interpreter or a module of ours is loaded, or looked for in a parent: such a call gets a fresh process.
_AT_START = ("PYTHON", "SSL_", "LC_", "LD_", "LANG", "MAKE", "FAIRWAY_MADE", "FAIRWAY_BUSY", "FAIRWAY_STARTED")
#: Not loaded ahead: pages, and what looks at the environment while it is loaded.
_LATER = ("dashboard", "terminal", "served", "sessions.terminal_protocol", "programs.supervised")
_SECONDS = 120
#: Calls share a process, which is made to forget each of them: a new one costs ten times what most calls do. These have
#: one of their own: they become another program, or go on beside the one who called them.
ALONE = {"compat-call", "session-launch", "fairway-dashboard", "fairway-mcp", "fairway-tui"}
#: After so many calls a shared process makes place for a new one.
_MOST_CALLS = 500
#: The process that calls share, while there is one, who may talk to it, and how many calls it has made.
_staying: list[socket.socket] = []
_made = 0
_one_at_a_time = threading.Lock()
_separate = False


# --- the side of the tests ---------------------------------------------------------------------------------------


def answers(variables: dict[str, str]) -> bool:
    """Whether a call with this environment can be forked."""
    from tests.support.rings import FULL

    if FULL or not hasattr(os, "pidfd_open"):
        return False
    _control, own = _server()
    return all(variables.get(name) == own.get(name) for name in {*variables, *own} if name.startswith(_AT_START))


def call(tool: str, words: list[str], cwd: str, variables: dict[str, str]) -> tuple[int, bytes, bytes]:
    """Run a tool as a forked process and wait for it: exit code (less than 0: the signal), stdout, stderr."""
    if _separate or tool in ALONE or not _one_at_a_time.acquire(blocking=False):
        ours = _process()
        try:
            return _ask(ours, {"tool": tool, "words": words, "cwd": cwd, "variables": variables, "stay": False})[1:]
        finally:
            ours.close()
    try:
        _count_call()
        request = {"tool": tool, "words": words, "cwd": cwd, "variables": variables, "stay": True}
        stays, *answer = _ask(_staying[0], request)
        if not stays:
            leave()
        return answer[0], answer[1], answer[2]
    except BaseException:
        leave()
        raise
    finally:
        _one_at_a_time.release()


def begin_test(*, separate: bool) -> None:
    """Say whether in this test every call has a process of its own, whose death leaves what it leaves."""
    global _separate  # noqa: PLW0603 - a process runs one test at a time
    _separate = separate


def _count_call() -> None:
    """See to it that there is a shared process, and none that has grown old."""
    global _made  # noqa: PLW0603 - as above
    if _made == _MOST_CALLS:
        leave()
    if not _staying:
        _staying.append(_process())
        _made = 0
    _made += 1


def leave() -> None:
    """Let the process end that calls share."""
    while _staying:
        _staying.pop().close()


def _process() -> socket.socket:
    """A new process of the server, and the way to talk to it."""
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(_server()[0], [b"call"], [theirs.fileno()])
    return ours


def _ask(process: socket.socket, request: dict[str, Any]) -> tuple[bool, int, bytes, bytes]:
    """Have a process make a call: whether it is still there then, and what came of the call."""
    out, out_end = os.pipe()
    err, err_end = os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    request["mask"] = os.umask(0o077)
    os.umask(request["mask"])
    try:
        try:
            socket.send_fds(process, [b"."], [nothing, out_end, err_end])
        finally:
            for descriptor in (nothing, out_end, err_end):
                os.close(descriptor)
        process.sendall(json.dumps(request).encode() + b"\n")
        texts = _read_both(out, err, [request["tool"], *request["words"]])
        with process.makefile("rb") as talk:
            how, code = talk.readline().split()
        return how == b"done", int(code), *texts
    finally:
        os.close(out)
        os.close(err)


def _read_both(out: int, err: int, command: list[str]) -> tuple[bytes, bytes]:
    texts: dict[int, list[bytes]] = {out: [], err: []}
    until = time.monotonic() + _SECONDS
    with selectors.DefaultSelector() as open_ends:
        for end in texts:
            open_ends.register(end, selectors.EVENT_READ)
        while open_ends.get_map():
            ready = open_ends.select(until - time.monotonic())
            if not ready and time.monotonic() > until:
                raise subprocess.TimeoutExpired(command, _SECONDS)
            for key, _events in ready:
                text = os.read(key.fd, 1 << 16)
                texts[key.fd].append(text)
                if not text:
                    open_ends.unregister(key.fd)
    return b"".join(texts[out]), b"".join(texts[err])


@cache
def _server() -> tuple[socket.socket, dict[str, str]]:
    """The server of this process, which ends with it, and the variables that it was started with."""
    from tests.support.shell import environment

    own = environment()
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, os.path.abspath(__file__), str(theirs.fileno())],
        env=own,
        cwd=_HOME,
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
    )
    theirs.close()
    atexit.register(process.wait, _SECONDS)
    atexit.register(ours.close)
    atexit.register(leave)  # called first
    return ours, own


# --- the server --------------------------------------------------------------------------------------------------


def serve(control: socket.socket) -> None:
    """Fork a process for each call that comes, and tell its caller how it ended, until nobody can call any more."""
    _load()
    poll = select.poll()
    poll.register(control, select.POLLIN)
    waiting: dict[int, tuple[int, socket.socket]] = {}
    while True:
        for ready, _event in poll.poll():
            if ready in waiting:
                process, caller = waiting.pop(ready)
                poll.unregister(ready)
                os.close(ready)
                _tell(caller, os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
                continue
            message, descriptors, _flags, _address = socket.recv_fds(control, 16, 1)
            if not message:
                return
            caller = socket.socket(fileno=descriptors[0])
            process = os.fork()
            if not process:
                control.close()
                for pidfd, (_process, other) in waiting.items():
                    os.close(pidfd)
                    other.close()
                _live(caller)
            pidfd = os.pidfd_open(process)
            waiting[pidfd] = (process, caller)
            poll.register(pidfd, select.POLLIN)


def _tell(caller: socket.socket, code: int) -> None:
    with contextlib.suppress(OSError):  # gave up waiting
        caller.sendall(b"ended %d\n" % code)
    caller.close()


def _load() -> None:
    """Import the package, and what it needs of others, once for all calls."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.path[0] = _BIN
    start = __import__("_start")
    start.use_bundle = lambda: None  # everything is loaded already
    sys.path[0] = _HOME
    import fairway_scripts

    for module in pkgutil.walk_packages(fairway_scripts.__path__, "fairway_scripts.", onerror=lambda _name: None):
        short = module.name.partition(".")[2]
        if not any(short == name or short.startswith(name + ".") for name in _LATER):
            with contextlib.suppress(ImportError):  # a package, or a library of the system, that is not here
                __import__(module.name)
    for name in ("tomlkit", "sqlite_utils", "psycopg", "httpx2"):
        with contextlib.suppress(ImportError):  # a package, or a library of the system, that is not here
            __import__(name)
    _trust_once()
    config = sys.modules["fairway_scripts.settings.config_file"]
    for name in ("key_lines", "read_tables"):
        setattr(config, name, _remembering(getattr(config, name)))
    config.tomllib = types.SimpleNamespace(**{**vars(config.tomllib), "loads": _remembering(config.tomllib.loads)})
    # patterns and configurations are kept by their text, and every other call of the tests reads these
    config.read_config(os.path.join(_HOME, "compat/gpuaas/config.toml"))
    _take_note()
    gc.collect()
    gc.freeze()


def _trust_once() -> None:
    """Read the certificates of the machine once: that is half of a call of fairway-tracker, over plain HTTP too."""
    with contextlib.suppress(ImportError):
        transports = importlib.import_module("httpx2._transports.default")
        transports.create_ssl_context = cache(transports.create_ssl_context)
        sys.modules["httpx2"].Client().close()


def _remembering(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A reader that reads nothing twice: of what is equal to the byte, it hands out its own copy of the answer."""
    known: dict[bytes, bytes] = {}

    def remembered(given: Any) -> Any:
        key = pickle.dumps(given)
        if key not in known:
            known[key] = pickle.dumps(read(given))
        return pickle.loads(known[key])

    return remembered


#: What modules of ours, and their objects, hold before any call, and what is done at a signal.
_names_before: list[tuple[dict[str, Any], frozenset[str], dict[str, Any]]] = []
_fields_before: list[tuple[Any, dict[str, Any]]] = []
_signals_before: dict[int, Any] = {}
_PACKAGE = os.path.join(_HOME, "fairway_scripts", "")
_BINDS_GLOBALS = {opcode.opmap["STORE_GLOBAL"], opcode.opmap["DELETE_GLOBAL"]}


def _take_note() -> None:
    set_anew = _set_anew()
    for name, module in sys.modules.items():
        if name.partition(".")[0] == "fairway_scripts":
            names = vars(module)
            _names_before.append((names, frozenset(names), {name: names[name] for name in set_anew & names.keys()}))
    store = sys.modules["fairway_scripts.store.contract"].Store
    fields = ("author", "configuration", "has_written", "only_reads")
    _fields_before.append((store, {name: getattr(store, name) for name in fields}))
    for thing in (sys.modules["fairway_scripts.base.streams"].PLACE, sys.modules["fairway_scripts.base.errors"].CALL):
        names = getattr(type(thing), "__slots__", None) or vars(thing)
        _fields_before.append((thing, {name: getattr(thing, name) for name in names}))


def _set_anew() -> set[str]:
    """The names that a function of ours says are `global`: nothing else binds a name of a module once it is loaded."""
    found: set[str] = set()
    codes = [thing.__code__ for thing in gc.get_objects() if isinstance(thing, types.FunctionType)]
    codes = [code for code in codes if code.co_filename.startswith(_PACKAGE)]
    while codes:
        code = codes.pop()
        codes += (inner for inner in code.co_consts if isinstance(inner, types.CodeType))
        if _BINDS_GLOBALS & set(code.co_code[::2]):
            found.update(code.co_names)
    return found


def _live(caller: socket.socket) -> NoReturn:
    """Make calls, in a child of the server: one and end with it, or as many as are asked for."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _signals_before.update({number: signal.getsignal(number) for number in signal.valid_signals()})
    entry = sys.modules["fairway_scripts.front.entry"]
    leave = entry.leave
    while True:
        marker, descriptors, _flags, _address = socket.recv_fds(caller, 1, 3)
        if not marker:
            os._exit(0)
        with caller.makefile("rb") as talk:
            request: dict[str, Any] = json.loads(talk.readline())
        entry.leave = _leave_call if request["stay"] else leave
        if not request["stay"]:
            caller.close()
        code = _make(request, descriptors)
        if not request["stay"] or _goes_on():
            os._exit(code)
        _forget(caller.fileno())
        caller.sendall(b"done %d\n" % code)


def _goes_on() -> bool:
    """Whether a call has left something running, of which only the end of its process is the end."""
    if threading.active_count() > 1:
        return True
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


class _Left(BaseException):
    """A call has come to its end."""


def _leave_call(code: int) -> NoReturn:
    raise _Left(code)


def _make(request: dict[str, Any], descriptors: list[int]) -> int:
    """Make a call as its process would; the exit code."""
    code = 1
    try:
        _stand_on(descriptors)
        os.chdir(request["cwd"])
        os.umask(request["mask"])
        os.environ.clear()
        os.environ.update(request["variables"])
        time.tzset()
        sys.argv = [os.path.join(_BIN, request["tool"]), *request["words"]]
        sys.path[0] = _BIN
        sys.modules["_start"].run(request["tool"])
    except _Left as left:
        code = left.args[0]
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0 if leaving.code is None else 1
    except BaseException:  # noqa: BLE001 - as the interpreter tells whatever ends it
        sys.excepthook(*sys.exc_info())
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 141
    return code


def _forget(kept: int) -> None:
    """Let go of what the end of a process lets go of: streams, folder, open files, and what a module remembers."""
    nothing = os.open(os.devnull, os.O_RDWR)
    _stand_on([os.dup(nothing), os.dup(nothing), nothing])
    os.chdir("/")
    _forget_names()
    gc.enable()
    gc.collect()
    gc.freeze()  # what is still there is not looked at again after every call
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor > 2 and descriptor != kept:
            with contextlib.suppress(OSError):  # the one of this list
                os.close(descriptor)


def _forget_names() -> None:
    """Have modules, their objects and the handlers of signals as they were before any call."""
    for number, handler in _signals_before.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)
    for names, known, data in _names_before:
        if len(names) != len(known):
            for name in names.keys() - known:
                if not isinstance(names[name], types.ModuleType):
                    del names[name]
        if data:
            names.update(data)
    for thing, fields in _fields_before:
        for name, value in fields.items():
            setattr(thing, name, value)
    sys.modules["fairway_scripts.git.lane_state"]._looks.clear()


def _stand_on(descriptors: list[int]) -> None:
    """Make these the standard streams, which the objects for them have to find out anew."""
    for place, descriptor in enumerate(descriptors):
        os.dup2(descriptor, place)
        os.close(descriptor)
    for place, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        raw = os.fdopen(place, "wb" if place else "rb", closefd=False)
        new = io.TextIOWrapper(raw, old.encoding, old.errors, line_buffering=place == 2)
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
