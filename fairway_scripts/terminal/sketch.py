"""The first screen in plain text, drawn while Textual is loaded; Textual then draws the page over it.

Keys that are typed meanwhile wait in the terminal and are read by the page.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from fairway_scripts.base import streams
from fairway_scripts.terminal.layout import GAP, HINTS, column_widths, fitted, where_line
from fairway_scripts.terminal.rows import Asked
from fairway_scripts.terminal.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from types import FrameType
    from typing import Self

    from fairway_scripts.terminal.reader import Facts
    from fairway_scripts.terminal.rows import Row

#: The page's own screen, and back to the one that was there before; the first place of it, and its last line.
_ENTER, _LEAVE, _HOME, _LINE = "\x1b[?1049h", "\x1b[?1049l", "\x1b[H", "\x1b[{};1H"
#: The signals that end a process, each with what it does until somebody says otherwise.
_ENDING: dict[signal.Signals, signal.Handlers | Callable[[int, FrameType | None], object]] = {
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
    signal.SIGINT: signal.default_int_handler,  # of the key until the page is there, of others afterwards
}


class Sketch:
    """What stands on the terminal until the page is there: once `end` was called nothing is drawn any more.

    A block that an exception leaves, or in which a signal comes, gives the terminal back: the page may not have come.
    """

    def __init__(self) -> None:
        self._out = sys.__stderr__  # where Textual draws
        self._lock = threading.RLock()  # a signal comes in the midst of anything
        self._drawn = self._over = False

    def __enter__(self) -> Self:
        for number, usual in _ENDING.items():
            if signal.getsignal(number) == usual:  # one that is ignored stays so
                signal.signal(number, self._die)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_fault: object) -> None:
        for number, usual in _ENDING.items():
            if signal.getsignal(number) == self._die:
                signal.signal(number, usual)
        if kind:
            self._leave()

    def draw_outline(self, facts: Future[Facts]) -> None:
        """The lanes, once the facts are known."""
        if _is_known(facts):
            self._draw(facts.result(), VIEWS[0].outline(facts.result().lanes, Asked()), "counting")

    def draw_rows(self, facts: Future[Facts], rows: Future[list[Row]]) -> None:
        """The lanes with their counts, once these are known."""
        if _is_known(facts) and _is_known(rows):
            self._draw(facts.result(), rows.result(), f"{len(rows.result()):,}")

    def _draw(self, facts: Facts, rows: Sequence[Row], count: str) -> None:
        with self._lock:
            if self._over or self._out is None or not self._out.isatty():
                return
            with contextlib.suppress(OSError):  # the page will find that there is no terminal any more
                text = screen(facts, rows, count, *os.get_terminal_size(self._out.fileno()))
                if text:
                    first, self._drawn = not self._drawn, True
                    self._out.write(_HOME.join((_ENTER if first else "", text)))
                    self._out.flush()

    def end(self) -> None:
        """Leave the terminal to the page."""
        with self._lock:
            self._over = True

    def hand_over(self, leave: Callable[[int], object]) -> None:
        """The page runs: it is left in order, with 128 and the number, where a signal comes from now on."""
        import asyncio  # the page has brought it

        for number in [number for number in _ENDING if signal.getsignal(number) == self._die]:
            asyncio.get_running_loop().add_signal_handler(number, leave, 128 + number)

    def _die(self, number: int, _frame: FrameType | None) -> None:
        """Give the terminal back and die of the signal: what a handler raises may be lost, as in a module's loading.

        An interrupt ends as everywhere, with 130.
        """
        signal.signal(number, signal.SIG_DFL)  # a second one need not wait
        self._leave()
        if number == signal.SIGINT:
            os._exit(128 + number)
        signal.raise_signal(number)

    def _leave(self) -> None:
        self.end()
        if self._drawn and self._out is not None:
            with contextlib.suppress(OSError):  # of a terminal that was closed SIGHUP tells
                os.write(self._out.fileno(), _LEAVE.encode())


def _is_known(future: Future[Facts] | Future[list[Row]]) -> bool:
    """Whether there is an answer; a refusal is told by the page, and who left waits for none."""
    return not future.cancelled() and future.exception() is None


def screen(facts: Facts, rows: Sequence[Row], count: str, columns: int, lines: int) -> str:
    """The first view as text for a terminal of that size, "" for one that has no room for it."""
    seen = rows[: max(0, lines - 5)]
    if not seen or columns < len(HINTS):
        return ""
    view = VIEWS[0]
    widths = column_widths(view.columns, seen, columns)
    names = "  ".join(f"{place} {view.name}" for place, view in enumerate(VIEWS, start=1))
    head = [f"{streams.clean(facts.name)}  {names}", where_line(facts.lane, "", count)]
    table = [[name.upper() for name in view.columns], *(row.cells for row in seen)]
    shown = [*head, *(GAP.join(fitted(cells, widths)) for cells in table)]
    return "\r\n".join(streams.cut(line, columns) for line in shown) + _LINE.format(lines) + HINTS
