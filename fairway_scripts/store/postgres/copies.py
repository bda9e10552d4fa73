"""Copies of a store on a server: a backup is a SQLite file, as one of a file is, and restores into either."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from fairway_scripts.store import contents
from fairway_scripts.store.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from fairway_scripts.store.contract import Store
    from fairway_scripts.store.postgres.connection import ServerStore


def sandbox(store: ServerStore) -> Store:
    """A private SQLite store with all rows of the server's, from one moment; it goes when it is closed."""
    from fairway_scripts.store.postgres.tables import stepped
    from fairway_scripts.store.sqlite.connection import FileTransaction, scratch

    copy = scratch()
    with closing(store.beside()) as source, source.read() as tx:
        older = stepped(tx) if tx.schema_version() < SCHEMA_VERSION else None  # which may lack whole tables
        copy.connection.execute("BEGIN")
        contents.replace(FileTransaction(copy.connection), tx if older is None else FileTransaction(older))
        copy.connection.execute("COMMIT")
    if older is not None:
        older.close()
    copy.path = store.path
    return copy


def back_up(store: ServerStore, target: str, *, scratch: bool = False) -> None:
    """Copy all rows to the new SQLite file `target`; see `Store.back_up`."""
    from fairway_scripts.store.sqlite.copying import back_up as copy_file

    copy = sandbox(store)
    copy.read_only = True  # nobody else has it open: it is copied from the very connection that holds it
    try:
        copy_file(copy, target, scratch=scratch)
    finally:
        copy.close()
