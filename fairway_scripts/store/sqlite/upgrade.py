"""Giving a file its tables and bringing an old store up to date, among many processes that may try it at once."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.mounts import filesystem_type
from fairway_scripts.store.sqlite.refusals import is_busy, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.store.sqlite.connection import FileStore

#: How often setting the journal mode is tried: some five seconds in all.
JOURNAL_TRIES = 200
#: File systems on which shared memory between processes or machines does not hold, so WAL would damage the store.
SHARED_FILE_SYSTEMS = ("nfs", "cifs", "smb", "9p", "virtiofs", "fuse.sshfs", "fuse.glusterfs", "ceph", "afs", "vboxsf")


def needs_rollback_journal(path: str) -> str:
    """The kind of file system when the store at `path` must not use WAL, else ""."""
    kind = filesystem_type(os.path.dirname(path))
    return kind if kind.startswith(SHARED_FILE_SYSTEMS) else ""


def fill_new(store: FileStore) -> None:
    """Give a new file the tables of a store. A process that finds them made by another one leaves it at that.

    Raises FairwayError `store_unavailable` when the file is a database of something else or cannot be written.
    """
    _refuse_foreign(store)
    _refuse_read_only(store)
    try:
        choose_journal(store, store.path)
        add_tables(store)
    except sqlite3.Error as problem:
        raise refusal(problem, store.path) from problem


def add_tables(store: FileStore) -> None:
    """Give an open file its tables, unless it has them; raises sqlite3.Error."""
    from fairway_scripts.store.sqlite.new_tables import make_tables

    with store.write(repeatable=True) as tx:
        if not version_of(tx.connection):
            make_tables(tx.connection)


def upgrade(store: FileStore, back_up: Callable[[], str]) -> tuple[list[str], str]:
    """Apply the due steps to a store that an older version made, under one write lock and after `back_up`.

    `back_up` copies the store and returns where to; it is called when nobody else can write any more. Returns the
    names of the steps and that place: `([], "")` when another process was first. Raises FairwayError.
    """
    _refuse_read_only(store)
    from fairway_scripts.store.sqlite.migrations import apply, pending

    with store.write() as tx:
        due = pending(tx.connection)
        place = back_up() if due else ""
        apply(tx.connection)
    return due, place


def version_of(connection: sqlite3.Connection) -> int:
    """The schema of an open database, 0 when it has none."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_foreign(store: FileStore) -> None:
    with store.read() as tx:  # one snapshot: a store that is being made elsewhere shows all of itself or nothing
        if version_of(tx.connection) or not tx.connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            return
    raise FairwayError(
        "store_unavailable",
        f"{store.path} is a SQLite database of something else: it has tables, but no schema of a store",
        "name another file as QUEUE_DB",
        path=store.path,
    )


def _refuse_read_only(store: FileStore) -> None:
    if store.read_only:
        raise FairwayError(
            "store_unavailable",
            f"{store.path} cannot be written",
            suggest_program("ls", "-l", store.path),
            path=store.path,
        )


def choose_journal(store: FileStore, path: str) -> None:
    """Set the journal that the file system of `path` allows; raises sqlite3.Error."""
    mode = "DELETE" if needs_rollback_journal(path) else "WAL"
    for attempt in range(1, JOURNAL_TRIES + 1):
        try:
            store.connection.execute(f"PRAGMA journal_mode = {mode}")
        except sqlite3.Error as problem:
            if not is_busy(problem) or attempt == JOURNAL_TRIES:
                raise
        else:
            return
        # SQLite does not wait here by itself: two that change the mode at once would wait for each other
        time.sleep(0.005 + time.time_ns() % 45 / 1000)
