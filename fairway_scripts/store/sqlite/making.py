"""Making a store that is a file, among many processes that may try it at once."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.base.part_files import COMPANIONS, part_path
from fairway_scripts.store.contract import Store
from fairway_scripts.store.sqlite.connection import connect
from fairway_scripts.store.sqlite.refusals import refusal
from fairway_scripts.store.sqlite.upgrade import add_tables, choose_journal

if TYPE_CHECKING:
    from collections.abc import Callable


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
            add_tables(store)
            if fill is not None:
                fill(store)
            choose_journal(store, path)
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
