"""Facts about processes: whether the very process that was recorded still runs, on this host.

A process number alone proves nothing: it is given out again after a process has ended, and every host and container
counts for itself. So a process is recorded with a mark of when and where it started, and is taken for alive only when
the mark is the same.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from functools import cache

ALIVE = "alive"
DEAD = "dead"
ELSEWHERE = "elsewhere"
UNKNOWN = "unknown"

_PROC = "/proc"
#: Places of the state and the start time in /proc/<pid>/stat, counted after the name in parentheses.
_STATE, _STARTED = 0, 19
ENDED_STATES = ("Z", "X", "x")


def host_name() -> str:
    """The name of this host."""
    return os.uname().nodename or "localhost"


def start_mark(pid: int) -> str:
    """What tells the process `pid` from any other that had or will have its number; "" when no such process runs.

    On Linux `<boot>/<pid namespace>/<clock ticks from boot to its start>`, elsewhere the start time that ps gives.
    """
    if pid <= 0:
        return ""
    if os.path.exists(os.path.join(_PROC, "self", "stat")):
        return _mark_of_proc(pid)
    return _mark_of_ps(pid)


def liveness(pid: int | None, mark: str | None, host: str | None) -> str:
    """`alive`, `dead`, `elsewhere` (another host or container: it cannot be seen from here), `unknown` (no process).

    A process without a mark on this host counts as dead: nothing shows that it is the one that was meant.
    """
    if pid is None:
        return UNKNOWN
    if host and host != host_name():
        return ELSEWHERE
    if mark and _other_namespace(mark):
        return ELSEWHERE
    return ALIVE if mark and start_mark(pid) == mark else DEAD


def end_process(pid: int, mark: str, *, in_pane: bool) -> bool:
    """Ask a process to end, if it is the one of `mark`; whether it was asked.

    Its whole group is asked when the process leads it, or when `in_pane` says that a terminal program started it: the
    group is then that of the pane. Any other group may hold processes that are nobody's business here.
    """
    if not mark or start_mark(pid) != mark:
        return False
    with suppress(ProcessLookupError, PermissionError):
        group = os.getpgid(pid)
        if group == pid or (in_pane and group == os.getsid(pid) != os.getsid(0)):
            os.killpg(group, signal.SIGTERM)
        else:
            os.kill(pid, signal.SIGTERM)
        return True
    return False


def _mark_of_proc(pid: int) -> str:
    try:
        with open(os.path.join(_PROC, str(pid), "stat"), encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()  # the name may hold blanks and parentheses
    if len(fields) <= _STARTED or fields[_STATE] in ENDED_STATES:
        return ""
    return f"{_boot()}/{_namespace()}/{fields[_STARTED]}"


@cache
def _boot() -> str:
    try:
        with open(os.path.join(_PROC, "sys", "kernel", "random", "boot_id"), encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return "unknown"


@cache
def _namespace() -> str:
    try:
        return os.readlink(os.path.join(_PROC, "self", "ns", "pid")).strip("pid:[]")
    except OSError:
        return "unknown"


def _other_namespace(mark: str) -> bool:
    parts = mark.split("/")
    return len(parts) == 3 and parts[0] == _boot() and parts[1] != _namespace()


def _mark_of_ps(pid: int) -> str:
    from plumbum import local

    with local.env(LC_ALL="C", TZ="UTC"):
        code, out, _err = local["ps"].run(["-o", "stat=,lstart=", "-p", str(pid)], retcode=None)
    state, _blank, started = out.strip().partition(" ")
    return "" if code or state.startswith("Z") else " ".join(started.split())
