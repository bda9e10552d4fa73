"""The rows of a whole store, out of it and into it, table by table, whatever its engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.store.ledger_tables import KEYS
from fairway_scripts.store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.store.contract import Transaction

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


def rows(tx: Transaction, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table as dicts, one by one, in the order of its primary key."""
    cursor = tx.connection.execute(f"SELECT * FROM {table} ORDER BY {', '.join(KEYS.get(table, _OWN_KEY))}")
    columns = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(columns, row, strict=True))


def copy(source: Transaction, target: Transaction) -> None:
    """Put all rows of one store in the place of those of another."""
    replace(target, source.connection)


def replace(tx: Transaction, source: Any) -> None:
    """Put all rows of another store, of the newest schema, in the place of those of the open one.

    `source` is the connection of its engine: the two need not be of one kind.
    """
    for table in reversed(TABLES):  # children before parents
        tx.connection.execute(f"DELETE FROM {table}")
    for table in TABLES:
        keys = ", ".join(KEYS.get(table, _OWN_KEY))
        cursor = source.execute(f"SELECT * FROM {table} ORDER BY {keys}")
        columns = [column[0] for column in cursor.description]
        tx.put_rows(table, columns, cursor)
