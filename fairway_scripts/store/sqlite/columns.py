"""What every step of the schema is written with: the list of steps, and columns by their type."""

from __future__ import annotations

from typing import Any

from sqlite_utils.migrations import Migrations

steps = Migrations("fairway")


def text(*names: str) -> dict[str, Any]:
    """Columns of text."""
    return dict.fromkeys(names, str)


def whole(*names: str) -> dict[str, Any]:
    """Columns of whole numbers."""
    return dict.fromkeys(names, int)
