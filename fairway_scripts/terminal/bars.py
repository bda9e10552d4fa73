"""One line of text across the screen."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from fairway_scripts.base import streams


class Bar(Widget):
    """A line that is cut where the screen ends; it is never read as markup."""

    DEFAULT_CSS = "Bar { height: 1; }"

    def __init__(self, text: str = "", *, id: str | None = None, bold: bool = False, dim: bool = False) -> None:  # noqa: A002 - its name in Textual
        super().__init__(id=id)
        self.parts = [(text, Style(bold=bold, dim=dim))]

    def say(self, text: str, *, bad: bool = False) -> None:
        """Show another text; in red what is bad."""
        self.show((text, Style(color="red" if bad else None, bold=bad)))

    def show(self, *parts: tuple[str, Style]) -> None:
        """Show texts one after the other, each in its style."""
        self.parts = list(parts)
        self.refresh()

    @property
    def said(self) -> str:
        """The text that is shown, as far as there is room."""
        return "".join(text for text, _style in self.parts)

    def render_line(self, y: int) -> Strip:
        """The line."""
        del y
        left = self.size.width
        segments = []
        for text, style in self.parts:
            fitting = streams.cut(streams.clean(text.replace("\n", "  ")), left) if left else ""
            segments.append(Segment(fitting, style))
            left -= streams.width(fitting)
        return Strip(segments).adjust_cell_length(self.size.width)
