"""Whether SQLite itself finds a database whole."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.schema import VIEWS

if TYPE_CHECKING:
    from fairway_scripts.store.sqlite.connection import FileStore

#: More complaints than this tell a reader nothing new.
MOST = 100


def damage(connection: sqlite3.Connection) -> list[str]:
    """What SQLite's integrity check complains about; empty for a sound database.

    Raises sqlite3.Error when the file cannot be read at all, or is locked.
    """
    found = []
    try:
        for row in connection.execute(f"PRAGMA integrity_check({MOST:d})"):
            found.append(str(row[0]))  # noqa: PERF401 - what was found before the check itself trips is kept
    except sqlite3.DatabaseError as problem:
        if not (problem.sqlite_errorname or "").startswith("SQLITE_CORRUPT"):
            raise
        found.append(str(problem))
    return [] if found == ["ok"] else found


def damage_of(store: FileStore) -> list[str]:
    """The same of an open store; raises FairwayError when it is not its damage that stands in the way."""
    found: list[str] = []
    try:
        with store.read() as tx:
            found = damage(tx.connection)
    except FairwayError as problem:  # a damaged file can make even the end of a transaction fail
        if problem.word != "store_damaged":
            raise
        return found or [problem.message]
    return found


def dangling_rows(connection: sqlite3.Connection) -> list[str]:
    """Rows whose foreign key names no row, as `task_state row 7: no such row in task_definitions`."""
    rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    return [f"{table} row {number}: no such row in {parent}" for table, number, parent, _key in rows[:MOST]]


def additions(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Triggers and views that no step of the schema makes: they could change or hide rows behind the tools' back."""
    question = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY name"
    return [(str(kind), str(name)) for kind, name in connection.execute(question) if name not in VIEWS]
