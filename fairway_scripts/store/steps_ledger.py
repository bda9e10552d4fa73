"""Step 9 of the schema: one chain over the whole ledger with its head, and rows in events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.store import steps_cutover  # noqa: F401 - its steps come first in the list
from fairway_scripts.store.columns import steps, text, whole

if TYPE_CHECKING:
    from sqlite_utils import Database

    from fairway_scripts.store.connection import Transaction


@steps()
def m009_ledger_head(db: Database) -> None:
    """Events hold the rows that were written with them and are chained over the whole store; the head of that chain.

    What is in the store already is taken into events of kind `ledger_baseline`: from here on every row is held. What
    became of a row before, such an event does not prove, and queue-verify says so.
    """
    db.table("events").add_column("row_images", str)
    db.table("events").add_column("store_hash", str)
    db.create_table(
        "ledger_head",
        whole("id", "event_id", "events") | text("hash"),
        pk="id",
        not_null=["event_id", "events", "hash"],
        strict=True,
    )
    from fairway_scripts.store.connection import Transaction

    tx = Transaction(db.conn)
    tx.author = ("queue-migrate", None, "queue-migrate")
    _chain_events(tx)
    _take_in_rows(tx)


def _chain_events(tx: Transaction) -> None:
    """Give the events that are there their place in the chain of the store."""
    from fairway_scripts.store.ledger import START, store_hash

    head, newest, links = START, 0, []
    events = tx.connection.execute("SELECT id, hash FROM events ORDER BY id").fetchall()
    for newest, hash_ in events:
        head = store_hash(head, newest, hash_)
        links.append((head, newest))
    if links:
        tx.connection.executemany("UPDATE events SET store_hash = ? WHERE id = ?", links)
        tx.run("ledger.set_head", event_id=newest, events=len(links), hash=head)


def _take_in_rows(tx: Transaction) -> None:
    """Put every row that the ledger holds from now on into events."""
    from fairway_scripts.store import ledger
    from fairway_scripts.store.ledger_tables import KEYS

    there = {name for (name,) in tx.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in KEYS:
        if table in there:
            cursor = tx.connection.execute(f"SELECT * FROM {table} ORDER BY {', '.join(KEYS[table])}")
            ledger.keep_rows(tx, table, cursor, kind=ledger.BASELINE)
    if tx.written:
        ledger.append(tx, ledger.rows_event(ledger.BASELINE))
    ledger.close(tx)


@steps()
def m010_run_by(db: Database) -> None:
    """Evidence names the tool of ours that ran the command and saw how it ended; a typed record has none."""
    db.table("task_evidence").add_column("run_by", str)
