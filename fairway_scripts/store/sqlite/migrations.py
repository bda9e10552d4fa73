"""The schema, as numbered steps that are applied in order and never edited after a release.

`SCHEMA_VERSION` is written to `PRAGMA user_version`, so that a command knows with one read whether a step is due;
only then is this module (and sqlite-utils, which is slow to import) loaded.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fairway_scripts.store.schema import SCHEMA_VERSION
from fairway_scripts.store.sqlite import (
    ledger_baseline,
    steps_links,  # noqa: F401 - importing it lists every step
)
from fairway_scripts.store.sqlite.columns import steps

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database


def database(connection: sqlite3.Connection) -> Database:
    """A sqlite-utils view of an open connection, without third-party plugins (they cost 20 ms to look for)."""
    from sqlite_utils import Database

    return Database(connection, execute_plugins=False, strict=True)


def pending(connection: sqlite3.Connection) -> list[str]:
    """The names of the steps that are due, oldest first."""
    return [step.name for step in steps.pending(database(connection))]


def names() -> list[str]:
    """The names of all steps, oldest first."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        return pending(connection)


def apply(connection: sqlite3.Connection) -> None:
    """Apply every due step; the caller holds the write lock (BEGIN IMMEDIATE), or two processes would race."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    steps.apply(database(connection))
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION:d}")
    if 0 < version < ledger_baseline.FIRST_VERSION:
        ledger_baseline.begin(connection)


def apply_until(connection: sqlite3.Connection, version: int) -> None:
    """Give an empty database the tables of schema `version`, an older one or the newest."""
    steps.apply(database(connection), stop_before=pending(connection)[version : version + 1])
    connection.execute(f"PRAGMA user_version = {version:d}")
