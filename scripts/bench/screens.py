"""The terminal page on a pseudo-terminal: its first screen, its keys, what it holds and uses."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from typing import TYPE_CHECKING, Any

from projects import tool
from readings import memory, processor, spread
from stopwatch import Broken, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projects import Project

_IDLE_SECONDS = 5.0
#: Keys that are timed: rows, screens, views that were read before.
_KEYS = [b"j"] * 20 + [b"\x1b[6~"] * 10 + [b"1", b"2", b"5", b"2"] * 3
_QUIET = 0.3


def measure(project: Project) -> dict[str, Any]:
    """The first screen, keys to their first byte, and memory after a walk through all views."""
    firsts, counted, ready, used_for = [], [], [], []
    for _ in range(3):
        with _terminal_page(project) as (screen, took):
            for kept, value in zip((firsts, counted, ready, used_for), took, strict=True):
                kept.append(value)
            pid, descriptor = screen
            for key in (b"2", b"3", b"4", b"5", b"6", b"2"):
                os.write(descriptor, key)
                _settle(descriptor)
            keys = [_key(descriptor, key) for key in _KEYS]
            while select.select([descriptor], [], [], 3)[0]:  # the slow tools of view 6 come late
                os.read(descriptor, 1 << 16)
            held, used = memory(pid), processor(pid)
            time.sleep(_IDLE_SECONDS)
            idle = (processor(pid) - used) / (_IDLE_SECONDS) * 100
    times = {"first_ms": spread(firsts), "counted_ms": spread(counted), "key_ms": spread(keys)}
    times |= {"ready_ms": spread(ready), "ready_processor_ms": spread(used_for)}
    return {**times, "walked_mb": held, "idle_percent": round(idle, 2)}


@contextlib.contextmanager
def _terminal_page(project: Project) -> Iterator[tuple[tuple[int, int], list[float]]]:
    """The page on a terminal of 80 by 24, and the milliseconds until its lanes and their counts stood there.

    Then until the page itself is there, which draws over them and takes keys; and what that took of a processor, which
    says more on a machine that others use too.
    """
    words = tool("fairway-tui", "--role", "B-ui", "--actor", "bench")
    begun = time.perf_counter()
    pid, descriptor = pty.fork()
    if pid == 0:
        os.chdir(project.main)
        os.execve(words[0], words, environment({"TERM": "xterm-256color"}))
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    try:
        seen, took = b"", []
        for wanted in (rb"A-backend", rb"rows: \d", rb"(?s)\[\?1049h.*\[\?1049h"):
            while not re.search(wanted, seen):
                if time.perf_counter() - begun > 60:
                    raise Broken("fairway-tui showed no table")
                if select.select([descriptor], [], [], 0.05)[0]:
                    seen += os.read(descriptor, 1 << 16)
            took.append((time.perf_counter() - begun) * 1000)
        took.append(processor(pid) * 1000)
        _settle(descriptor)
        yield (pid, descriptor), took
    finally:
        os.kill(pid, signal.SIGTERM)
        os.close(descriptor)
        os.waitpid(pid, 0)


def _settle(descriptor: int) -> None:
    while select.select([descriptor], [], [], _QUIET)[0]:
        os.read(descriptor, 1 << 16)


def _key(descriptor: int, key: bytes) -> float:
    """Milliseconds from a key to the first byte that is drawn for it."""
    while select.select([descriptor], [], [], 0.02)[0]:
        os.read(descriptor, 1 << 16)
    begun = time.perf_counter()
    os.write(descriptor, key)
    select.select([descriptor], [], [], 5)
    return (time.perf_counter() - begun) * 1000
