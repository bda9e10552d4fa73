"""How wide the columns of a table are, and its cells as wide as they; nothing of Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import streams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.terminal.rows import Row

#: A column other than the last is no wider.
_WIDEST = 24
#: The last column is no narrower while others can give, and no column is narrower than this.
_LAST, _LEAST = 24, 6
GAP = "  "
HINTS = "Enter detail  / filter  : tool  c claim  b block  e evidence  ? keys  q leave"


def column_widths(columns: Sequence[str], rows: Sequence[Row], room: int) -> list[int]:
    """The width of each column for the rows that are seen, in a window of `room` columns."""
    widths = [min(_WIDEST, streams.width(name)) for name in columns]
    for row in rows:
        for place, cell in enumerate(row.cells[:-1]):
            if widths[place] < _WIDEST:
                widths[place] = max(widths[place], min(_WIDEST, streams.width(streams.clean(cell))))
    if len(widths) > 1:
        room -= len(GAP) * (len(widths) - 1)
        while sum(widths[:-1]) > room - _LAST and max(widths[1:-1], default=0) > _LEAST:
            widths[widths.index(max(widths[1:-1]), 1)] -= 1
        widths[-1] = max(_LEAST, room - sum(widths[:-1]))
    return widths


def fitted(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Cells as wide as their columns; what would steer a terminal is written out."""
    return [
        streams.pad(streams.cut(streams.clean(cell.replace("\t", " ").replace("\n", "\\n")), width), width)
        for cell, width in zip(cells, widths, strict=True)
    ]


def where_line(lane: str, filtered: str, count: str) -> str:
    """What the second line of the page says."""
    return "  ".join((f"my lane: {lane or 'none'}", f"filter: {filtered or 'none'}", f"rows: {count}"))
