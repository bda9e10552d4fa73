"""The table: it draws the rows that are seen, holds a few windows of a long list, and asks for more at its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from fairway_scripts.base import streams
from fairway_scripts.terminal.layout import GAP, column_widths, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.terminal.rows import Row

#: Rows that are held at most: several screens of any terminal.
HELD = 600
_COLOURS = {"31": "red", "32": "green", "33": "yellow", "36": "cyan"}


class Grid(Widget, can_focus=True):
    """Rows under a header, one of them chosen; nothing in it is read as markup."""

    class Wanted(Message):
        """The end of what is held is near: rows before the first or after the last are wanted."""

        def __init__(self, *, back: bool) -> None:
            super().__init__()
            self.back = back

    def __init__(self) -> None:
        super().__init__()
        self.columns: Sequence[str] = ()
        #: what stands where there is no row
        self.empty = ""
        self.rows: list[Row] = []
        self.top = self.place = 0
        self.more_before = self.more_after = False
        self._widths: list[int] = []

    @property
    def chosen(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.place] if self.place < len(self.rows) else None

    @property
    def height(self) -> int:
        """Rows that are seen at once."""
        return max(1, self.size.height - 1)

    def show(
        self, columns: Sequence[str], rows: list[Row], *, key: str = "", before: bool = False, after: bool = False
    ) -> None:
        """Show other rows; the row `key` is chosen where it is among them, on the line on which it was."""
        line = self.place - self.top
        self.columns, self.rows, self.more_before, self.more_after = columns, rows, before, after
        places = [place for place, row in enumerate(rows) if row.key == key] if key else [0]
        self.place = places[0] if places else min(self.place, max(0, len(rows) - 1))
        self.top = max(0, self.place - line)
        self._settle()

    def extend(self, rows: list[Row], *, back: bool, more: bool) -> None:
        """Put a window before or after what is held; what is too much goes away at the other end."""
        if back:
            self.rows, self.more_before = [*rows, *self.rows], more
            self.top, self.place = self.top + len(rows), self.place + len(rows)
            if len(self.rows) > HELD:
                self.rows, self.more_after = self.rows[:HELD], True
        else:
            self.rows, self.more_after = [*self.rows, *rows], more
            over = max(0, len(self.rows) - HELD)
            if over:
                self.rows, self.more_before = self.rows[over:], True
                self.top, self.place = max(0, self.top - over), max(0, self.place - over)
        self._settle()

    def move(self, rows: int) -> None:
        """Choose another row, so many further down."""
        self.place = min(max(0, self.place + rows), max(0, len(self.rows) - 1))
        self._settle()

    def jump(self, end: int) -> None:
        """Choose the first (-1) or the last (1) of the rows that are held."""
        self.move(end * len(self.rows))

    def on_resize(self) -> None:
        """Keep the chosen row in sight."""
        self._settle()

    def _settle(self) -> None:
        last = max(0, len(self.rows) - self.height)  # a list that fits is shown from its start
        self.top = min(max(self.top, self.place - self.height + 1, 0), self.place, last)
        self._widths = column_widths(self.columns, self.rows[self.top : self.top + self.height], self.size.width)
        self.refresh()
        if self.more_after and self.place + self.height >= len(self.rows):
            self.post_message(self.Wanted(back=False))
        if self.more_before and self.place < self.height:
            self.post_message(self.Wanted(back=True))

    def render_line(self, y: int) -> Strip:
        """The header, then the rows."""
        if not self.columns:
            return Strip.blank(self.size.width)
        if y == 0:
            names = [name.upper() for name in self.columns]
            strip = Strip([Segment(GAP.join(fitted(names, self._widths)), Style(bold=True))])
        elif self.top + y - 1 < len(self.rows):
            place = self.top + y - 1
            strip = self._line(self.rows[place], chosen=place == self.place)
        else:
            strip = Strip([Segment(self.empty if y == 1 and not self.rows else "", Style(dim=True))])
        return strip.adjust_cell_length(self.size.width)

    def _line(self, row: Row, *, chosen: bool) -> Strip:
        segments = []
        for place, text in enumerate(fitted(row.cells, self._widths)):
            colour = _COLOURS.get(streams.colour(self.columns[place], row.cells[place]))
            segments.append(
                Segment(text + (GAP if place < len(row.cells) - 1 else ""), Style(color=colour, reverse=chosen))
            )
        return Strip(segments)
