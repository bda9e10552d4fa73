"""Pages of text over the table: a task, the answer of a tool, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from fairway_scripts.base import streams
from fairway_scripts.terminal.bars import Bar
from fairway_scripts.terminal.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

_HINTS = "Esc back  y copy  ! run the suggested line  c b e h u as on the table  ? keys"


class About(NamedTuple):
    """What a page or a row is about: a task, its lane, and the line that is suggested."""

    task: str = ""
    lane: str = ""
    line: str = ""


class Text(Widget, can_focus=True):
    """Lines of text, wrapped to the width, scrolled line by line."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self.lines = list(lines)
        self.top = 0
        self._wrapped: list[str] = []
        self._width = 0

    def move(self, lines: int) -> None:
        """Scroll so many lines down."""
        self.top = min(max(0, self.top + lines), max(0, len(self._fitted()) - self.size.height))
        self.refresh()

    def jump(self, end: int) -> None:
        """To the first (-1) or the last (1) line."""
        self.move(end * len(self._fitted()))

    def render_line(self, y: int) -> Strip:
        """One line as it is seen."""
        wrapped = self._fitted()
        place = self.top + y
        text = wrapped[place] if place < len(wrapped) else ""
        bad = text.startswith("error: ")
        style = Style(color="red" if bad else None, bold=bad or text.startswith("hint: "))
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width)

    def _fitted(self) -> list[str]:
        if self._width != self.size.width:
            self._width = self.size.width
            self._wrapped = [piece for line in self.lines for piece in _pieces(line, max(8, self._width))]
        return self._wrapped


def _pieces(line: str, columns: int) -> list[str]:
    """A line as the lines of the screen that it takes."""
    rest = streams.clean(line.replace("\t", "    ").replace("\n", "\\n"))
    pieces = []
    while streams.width(rest) > columns:
        head = streams.cut(rest, columns + 1)[:-1]
        pieces.append(head)
        rest = rest[len(head) :]
    return [*pieces, rest]


class Page(Screen[None]):
    """A page of text; what it is about can be acted on as on the table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key.names, f"app.{key.action}", key.does, show=False) for key in KEYS if key.on_pages
    ]

    def __init__(self, title: str, lines: Sequence[str], about: About) -> None:
        super().__init__()
        self.heading = title
        self.about = about
        self.text = Text(lines)

    def compose(self) -> ComposeResult:
        """The title, the text, and the suggested line where there is one."""
        yield Bar(self.heading, bold=True)
        yield self.text
        yield Bar(f"! {self.about.line}" if self.about.line else "", id="message")
        yield Bar(_HINTS, dim=True)

    def on_mount(self) -> None:
        """The keys go to the text."""
        self.text.focus()
