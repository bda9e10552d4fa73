"""What tells one row of the old database from another.

A number alone does not: without AUTOINCREMENT the highest number that is pruned is given again. So a record is its
number, its task and the time at which it was recorded, or its content where it has no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import digest, jsonio

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.store.legacy_types import Cell, MappedTable

#: kind -> our column of the time at which a record was made
RECORDED: dict[str, str] = {
    "history": "at",
    **dict.fromkeys(("evidence", "handoffs", "reviews", "requests"), "created_at"),
}
#: The kinds whose rows are written once, so that only newer ones have to be read.
APPENDED = ("history", "evidence", "reviews")


def identity(kind: str, entry: MappedTable, key: str, row: Mapping[str, Cell]) -> str:
    """Return the name of an old row: its key, for a record with its task and its time (else its content)."""
    if kind not in RECORDED:
        return key
    columns = entry["columns"]
    time = columns.get(RECORDED[kind])
    made = row[time] if time else content_of(row)[:16]
    return f"{key}|{row[columns['task_id']]}|{made}"


def identity_columns(kind: str, entry: MappedTable) -> list[str]:
    """Return the columns that an identity is made of beside the key; every column where a row has no time."""
    columns = entry["columns"]
    time = columns.get(RECORDED[kind])
    marks = [entry["void"]] if entry.get("void") else []  # what is marked as deleted later is another row
    return [columns["task_id"], time, *marks] if time else ["*"]


def content_of(row: Mapping[str, Cell]) -> str:
    """Return what tells one content of a row from another."""
    cells = [[name, repr(cell) if isinstance(cell, float) else cell] for name, cell in sorted(row.items())]
    return digest.of_text(jsonio.dumps(cells))
