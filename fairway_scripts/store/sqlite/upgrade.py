"""Making a store and bringing an old one up to date, safely among many processes that may try it at once."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.base.mounts import filesystem_type
from fairway_scripts.base.part_files import COMPANIONS, part_path
from fairway_scripts.store.contract import Store
from fairway_scripts.store.sqlite.connection import connect
from fairway_scripts.store.sqlite.refusals import is_busy, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

#: How often setting the journal mode is tried: some five seconds in all.
JOURNAL_TRIES = 200
#: File systems on which shared memory between processes or machines does not hold, so WAL would damage the store.
SHARED_FILE_SYSTEMS = ("nfs", "cifs", "smb", "9p", "virtiofs", "fuse.sshfs", "fuse.glusterfs", "ceph", "afs", "vboxsf")


def needs_rollback_journal(path: str) -> str:
    """The kind of file system when the store at `path` must not use WAL, else ""."""
    kind = filesystem_type(os.path.dirname(path))
    return kind if kind.startswith(SHARED_FILE_SYSTEMS) else ""


def make_file(path: str, fill: Callable[[Store], None] | None = None) -> bool:
    """Make a store at `path`, whole or not at all; whether it was made here: one made elsewhere meanwhile stays.

    `fill` puts the first contents into it, before anybody else can see it. Each process makes a file of its own and
    the first to link it wins. Filling one file together would have them wait for each other's locks for seconds:
    changing the journal mode asks for the file alone. Nobody misses a file that a crash leaves behind, so it is
    written without a journal on disk and brought to the disk once, before it is linked. Raises FairwayError.
    """
    _refuse_old_log(path)
    make_folder(os.path.dirname(path))
    part = part_path(path)
    written_before = Store.has_written
    try:
        store = connect(part)
        try:
            _write_without_care(store.connection)
            _add_tables(store)
            if fill is not None:
                fill(store)
            _choose_journal(store, path)
        finally:
            store.close()
        share(part)  # SQLite gives its companions the same permissions
        _bring_to_disk(part)
        os.link(part, path)
    except OSError:
        return False  # it is there already, or hard links are not: then whoever opens the store fills it in place
    except sqlite3.Error as problem:
        raise refusal(problem, path) from problem
    finally:
        Store.has_written = written_before  # what nobody else can see, or is made again alike, may be done once more
        for leftover in (part, *(part + ending for ending in COMPANIONS)):
            if os.path.exists(leftover):
                os.unlink(leftover)
    return True


def _refuse_old_log(path: str) -> None:
    """Refuse to make a store beside the log of another one, which SQLite would take for its own."""
    # In this order: whoever makes a store makes its log after it.
    if any(os.path.exists(path + suffix) for suffix in ("-wal", "-journal")) and not os.path.exists(path):
        raise FairwayError(
            "store_lost", f"{path} is gone, but its log is there", suggest("queue-restore", FROM=None), path=path
        )


def _write_without_care(connection: sqlite3.Connection) -> None:
    """Settings for a file that only this process knows: what it writes first need not survive anything."""
    for setting in ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -65536"):
        connection.execute(f"PRAGMA {setting}")


def _bring_to_disk(path: str) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fill_new(store: Store) -> None:
    """Give a new file the tables of a store. A process that finds them made by another one leaves it at that.

    Raises FairwayError `store_unavailable` when the file is a database of something else or cannot be written.
    """
    _refuse_foreign(store)
    _refuse_read_only(store)
    try:
        _choose_journal(store, store.path)
        _add_tables(store)
    except sqlite3.Error as problem:
        raise refusal(problem, store.path) from problem


def _add_tables(store: Store) -> None:
    from fairway_scripts.store.sqlite.new_tables import make_tables

    with store.write(repeatable=True) as tx:
        if not version_of(tx.connection):
            make_tables(tx.connection)


def upgrade(store: Store, back_up: Callable[[], str]) -> tuple[list[str], str]:
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


def _refuse_foreign(store: Store) -> None:
    with store.read() as tx:  # one snapshot: a store that is being made elsewhere shows all of itself or nothing
        if version_of(tx.connection) or not tx.connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            return
    raise FairwayError(
        "store_unavailable",
        f"{store.path} is a SQLite database of something else: it has tables, but no schema of a store",
        "name another file as QUEUE_DB",
        path=store.path,
    )


def _refuse_read_only(store: Store) -> None:
    if store.read_only:
        raise FairwayError(
            "store_unavailable",
            f"{store.path} cannot be written",
            suggest_program("ls", "-l", store.path),
            path=store.path,
        )


def _choose_journal(store: Store, path: str) -> None:
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
