"""What long work says on a terminal: a line on standard error, after two seconds, gone before anything else is written.

A command that may last (`catalog.LONG`) is run inside `working`; what it goes through is told by `counted` and
`doing`, which cost nothing where no line is shown: in a pipe, under --json, on a terminal that cannot clear one.
The line is drawn by a thread, which is started on a terminal only: work that lasts is one statement of SQLite, or a
program that is waited for, as often as a loop of ours.
"""

from __future__ import annotations

import _thread
import os
import time

from fairway_scripts.base import streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Final, TypeVar

    Row = TypeVar("Row")

#: Seconds of work before the line is shown, and between two looks at it.
AFTER: Final = 2.0
EVERY: Final = 0.25
_CLEAR: Final = "\r\x1b[K"


class Line:
    """The line of a command: drawn over itself while the work lasts, and cleared.

    `write` takes text for the terminal, `clock` gives seconds, `columns` is how wide a line may be.
    """

    def __init__(self, tool: str, write: Callable[[str], object], clock: Callable[[], float], columns: int) -> None:
        self._tool, self._write, self._clock, self._columns = tool, write, clock, columns
        self._began = clock()
        self._lock = _thread.allocate_lock()
        self._is_shown = self._is_over = False
        self.what, self.done, self.total = "", 0, 0

    def text(self) -> str:
        """What the line says: `queue-verify: comparing rows, 1200 of 4000, 3 s`."""
        counted = f"{self.done} of {self.total}" if self.total else f"{self.done}" if self.done else ""
        parts = [self.what, counted, f"{int(self._clock() - self._began)} s"]
        return f"{self._tool}: " + ", ".join(part for part in parts if part)

    def draw(self) -> None:
        """Show the line, or show it anew, when the work has lasted long enough and the cursor stands before a line."""
        if self._clock() - self._began < AFTER:
            return
        with self._lock:
            if not self._is_over and (self._is_shown or streams.PLACE.at_start):
                self._is_shown = True
                self._write(f"\r{streams.cut(streams.clean(self.text()), self._columns - 1)}\x1b[K")

    def clear(self, is_over: bool = True) -> None:  # noqa: FBT001, FBT002 - called with what is written next
        """Take the line away, if it is there; for good, unless more is to come."""
        with self._lock:
            self._is_over = self._is_over or is_over
            if self._is_shown:
                self._is_shown = False
                self._write(_CLEAR)


class working:  # noqa: N801 - read as a statement: `with working("queue-verify"):`
    """While the body runs, the line of `tool` is kept on the terminal of standard error, where there is one."""

    def __init__(self, tool: str) -> None:
        self._tool = tool
        self._ended = _thread.allocate_lock()

    def __enter__(self) -> None:
        global _line  # noqa: PLW0603 - a process has one terminal, and so one line
        if not is_wanted():
            return
        self._ended.acquire()
        _line = Line(self._tool, _to_terminal, time.monotonic, _columns())
        streams.PLACE.before_writing = _line.clear
        _thread.start_new_thread(self._keep, (_line,))

    def __exit__(self, *_fault: object) -> None:
        global _line  # noqa: PLW0603
        if _line is None:
            return
        self._ended.release()
        streams.PLACE.before_writing = None
        _line.clear()
        _line = None

    def _keep(self, line: Line) -> None:
        while not self._ended.acquire(timeout=EVERY):
            line.draw()


_line: Line | None = None


def is_wanted() -> bool:
    """Whether standard error is a terminal on which a line can be taken back."""
    return os.isatty(2) and os.environ.get("TERM", "dumb") not in ("", "dumb")


def doing(what: str, total: int = 0) -> None:
    """Say what the work is at now; `total` is how many steps it will take, 0 where nobody knows."""
    if _line is not None:
        _line.what, _line.done, _line.total = what, 0, total


def counted(rows: Iterable[Row], what: str, total: int = 0) -> Iterable[Row]:
    """`rows` as they are, counted on the line while they are gone through."""
    return rows if _line is None else _counting(_line, rows, what, total)


def _counting(line: Line, rows: Iterable[Row], what: str, total: int) -> Iterator[Row]:
    doing(what, total)
    for row in rows:
        yield row
        line.done += 1


def _columns() -> int:
    try:
        return os.get_terminal_size(2).columns or 80
    except OSError:
        return 80


def _to_terminal(text: str) -> None:
    try:
        os.write(2, text.encode(errors="backslashreplace"))
    except OSError:
        return
