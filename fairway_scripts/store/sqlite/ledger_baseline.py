"""Beginning the ledger's chain and taking in the rows of a store that was made before events held rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.store import ledger
from fairway_scripts.store.contract import Transaction
from fairway_scripts.store.ledger_tables import KEYS

if TYPE_CHECKING:
    import sqlite3

#: The schema with which events began to hold rows.
FIRST_VERSION = 9


def begin(connection: sqlite3.Connection) -> None:
    """Chain the events that are there over the whole store, and put every row into events of kind `ledger_baseline`.

    For a store that an older version made, once, when all steps are applied. From here on every row is held; what
    became of a row before, such an event does not prove, and queue-verify says so. The caller holds the write lock.
    """
    tx = Transaction(connection)
    tx.author = ("queue-migrate", None, "queue-migrate")
    _chain_events(tx)
    for table, keys in KEYS.items():
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY {', '.join(keys)}")
        columns = [column[0] for column in cursor.description]
        ledger.keep_rows(tx, table, columns, cursor, kind=ledger.BASELINE)
    if tx.written:
        ledger.append(tx, ledger.rows_event(ledger.BASELINE))
    ledger.close(tx)


def _chain_events(tx: Transaction) -> None:
    head, newest, links = ledger.START, 0, []
    for newest, hash_ in tx.connection.execute("SELECT id, hash FROM events ORDER BY id").fetchall():
        head = ledger.store_hash(head, newest, hash_)
        links.append((head, newest))
    if links:
        tx.connection.executemany("UPDATE events SET store_hash = ? WHERE id = ?", links)
        tx.run("ledger.set_head", event_id=newest, events=len(links), hash=head)
