"""The rows of a whole store, out of it and into it, table by table, whatever its engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.store.ledger_tables import KEYS
from fairway_scripts.store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.engine import Cell, Row

#: Tables that hold nothing anybody would miss: remembered settings, and what was read from which file.
_NOT_WORK = ("meta", "queue_sources")
#: The primary key of the tables that the ledger does not hold row by row.
_OWN_KEY = ("id",)


def counts(tx: Transaction) -> dict[str, int]:
    """How many rows each table holds."""
    return {name: int(tx.connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in TABLES}


def holds_work(tx: Transaction) -> bool:
    """Whether a store holds anything that would be missed."""
    looked_at = [name for name in TABLES if name not in _NOT_WORK]
    return any(tx.connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in looked_at)


def holds_tasks(tx: Transaction) -> bool:
    """Whether a store holds tasks, or anything that was recorded about work: more than its own beginning."""
    begun = (*_NOT_WORK, "events", "ledger_head", "requests")
    looked_at = [name for name in TABLES if name not in begun]
    return any(tx.connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in looked_at)


def rows(tx: Transaction, table: str) -> Iterator[dict[str, Cell]]:
    """The rows of a table as dicts, one by one, in the order of its primary key."""
    columns, found = values(tx, table)
    for row in found:
        yield dict(zip(columns, row, strict=True))


def values(tx: Transaction, table: str) -> tuple[list[str], Iterator[Row]]:
    """The columns of a table by name, and its rows one by one in the order of its primary key."""
    cursor = tx.connection.execute(f"SELECT * FROM {table} LIMIT 0")
    columns = sorted(column[0] for column in cursor.description)
    keys = ", ".join(KEYS.get(table, _OWN_KEY))
    return columns, tx.stream(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {keys}")


def replace(tx: Transaction, source: Transaction) -> None:
    """Put all rows of another store, of the newest schema, in the place of those of the open one.

    The two need not be of one engine.
    """
    for table in reversed(TABLES):  # children before parents
        tx.connection.execute(f"DELETE FROM {table}")
    for table in TABLES:
        columns, found = values(source, table)
        tx.put_rows(table, columns, found)
