"""Rows from elsewhere as a private database, checked: what a snapshot or a backup is before it is restored."""

from __future__ import annotations

import contextlib
import sqlite3
from types import NoneType
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.schema import SCHEMA_VERSION, TABLES
from fairway_scripts.store.sqlite.copying import damaged
from fairway_scripts.store.sqlite.new_tables import make_tables
from fairway_scripts.store.sqlite.soundness import dangling_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fairway_scripts.store.engine import Cell

#: What a column can hold; in particular no bool, which SQLite would take for a number.
_TYPES = (str, int, NoneType)


def load(version: int, tables: Mapping[str, Sequence[object]], place: str) -> sqlite3.Connection:
    """A private database with the given rows of a store of schema `version`, brought to the newest schema.

    `place` names their file in refusals. Raises FairwayError `store_damaged` when a table, a row or a column is
    missing, unknown or unfit.
    """
    copy = sqlite3.connect("", isolation_level=None)
    try:
        copy.execute("BEGIN")
        make_tables(copy, version)
        _insert_all(copy, tables, place)
        if version < SCHEMA_VERSION:
            from fairway_scripts.store.sqlite.migrations import apply

            apply(copy)
        copy.execute("COMMIT")
    except FairwayError:
        copy.close()
        raise
    return copy


def refuse_unfit(copy: sqlite3.Connection, place: str) -> None:
    """Raise FairwayError `store_damaged` unless `contents.replace` can take every row of `copy`.

    That is when a table or column is missing or of another kind, or a row names one of another table that is not there.
    """
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        make_tables(model)
        for table in TABLES:
            wanted, given = (_columns(one, table) for one in (model, copy))
            if wanted != given:
                raise damaged(place, f"its table {table} is not the table of a store")
    found = dangling_rows(copy)
    if found:
        raise damaged(place, found[0])


def _columns(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """The columns of a table in their order, each with its type; {} without such a table."""
    return dict(connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)))


def _insert_all(copy: sqlite3.Connection, tables: Mapping[str, Sequence[object]], place: str) -> None:
    found = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    expected = [name for (name,) in found if not name.startswith("_")]
    for name in expected:
        if name not in tables:
            raise damaged(place, f"it has no table {name}")
    for name in sorted(tables):
        if name not in expected:
            raise damaged(place, f"it has a table {name} that no store has")
        _insert(copy, name, tables[name], place)


def _insert(copy: sqlite3.Connection, table: str, given: Sequence[object], place: str) -> None:
    columns = list(_columns(copy, table))
    number = 0

    def values() -> Iterator[list[Cell]]:
        nonlocal number
        for number, row in enumerate(given, start=1):  # noqa: B007 - the number is for the refusal below
            yield _row_values(row, columns)

    try:
        copy.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", values()
        )
    except (sqlite3.Error, ValueError, OverflowError) as problem:
        raise damaged(place, f"table {table}, row {number}: {problem}") from problem


def _row_values(row: object, columns: list[str]) -> list[Cell]:
    """The values of a row in the order of the columns; raises ValueError with what is wrong."""
    if not isinstance(row, dict):
        raise ValueError("it is not an object of columns")  # noqa: TRY004 - the file is wrong, not the caller
    for name in columns:
        if name not in row:
            raise ValueError(f"it has no column {name}")
        if type(row[name]) not in _TYPES:
            raise ValueError(f"column {name} holds neither text nor a whole number nor null")
    if len(row) != len(columns):
        unknown = sorted(set(row).difference(columns))
        raise ValueError(f"it has an unknown column {unknown[0]}")
    return [row[name] for name in columns]
