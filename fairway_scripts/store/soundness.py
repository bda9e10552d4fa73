"""Whether SQLite itself finds a database whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

#: More complaints than this tell a reader nothing new.
MOST = 100


def damage(connection: sqlite3.Connection) -> list[str]:
    """What SQLite's integrity check complains about; empty for a sound database. Raises sqlite3.Error."""
    rows = connection.execute(f"PRAGMA integrity_check({MOST:d})").fetchall()
    return [] if [tuple(row) for row in rows] == [("ok",)] else [str(row[0]) for row in rows]


def dangling_rows(connection: sqlite3.Connection) -> list[str]:
    """Rows whose foreign key names no row, as `task_state row 7: no such row in task_definitions`."""
    rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    return [f"{table} row {number}: no such row in {parent}" for table, number, parent, _key in rows[:MOST]]
