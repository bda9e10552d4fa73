"""Aligned columns without a header, for parts of a page."""

from __future__ import annotations

from fairway_scripts.base.streams import pad, width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Rows of cells as lines, each column but the last as wide as its widest cell; rows have equally many cells."""
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]) - 1)] if rows else []
    lines = []
    for row in rows:
        padded = [pad(cell, columns) for cell, columns in zip(row, widths, strict=False)]
        lines.append(indent + "  ".join([*padded, row[-1]]).rstrip())
    return lines
