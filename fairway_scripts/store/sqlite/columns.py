"""What every step of the schema is written with: the list of steps, and columns by their type."""

from __future__ import annotations

from sqlite_utils.migrations import Migrations

steps = Migrations("fairway")


def text(*names: str) -> dict[str, type]:
    """Columns of text."""
    return dict.fromkeys(names, str)


def whole(*names: str) -> dict[str, type]:
    """Columns of whole numbers."""
    return dict.fromkeys(names, int)
