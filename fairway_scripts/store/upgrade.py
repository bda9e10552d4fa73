"""Making a store and bringing an old one up to date, safely among many processes that may try it at once."""

from __future__ import annotations

import os
import sqlite3

from fairway_scripts.errors import FairwayError
from fairway_scripts.paths import filesystem_type
from fairway_scripts.store.connection import Store, refusal
from fairway_scripts.store.schema import SCHEMA_VERSION

#: File systems on which shared memory between processes or machines does not hold, so WAL would damage the store.
SHARED_FILE_SYSTEMS = ("nfs", "cifs", "smb", "9p", "virtiofs", "fuse.sshfs", "fuse.glusterfs", "ceph", "afs", "vboxsf")


def needs_rollback_journal(path: str) -> str:
    """The kind of file system when the store at `path` must not use WAL, else ""."""
    kind = filesystem_type(os.path.dirname(path))
    return kind if kind.startswith(SHARED_FILE_SYSTEMS) else ""


def upgrade(store: Store, version: int) -> None:
    """Apply the due migration steps, after a backup beside the store when it already holds something.

    A process that finds the work done by another one leaves it at that. Raises FairwayError.
    """
    if store.read_only:
        raise FairwayError(
            "store_unavailable", f"{store.path} has schema {version} and cannot be written", "make queue-migrate"
        )
    try:
        _choose_journal(store)
        if version:
            back_up(store, f"{store.path}.before-schema-{SCHEMA_VERSION}")
        with store.write() as tx:
            if int(tx.connection.execute("PRAGMA user_version").fetchone()[0]) < SCHEMA_VERSION:
                from fairway_scripts.store.migrations import apply

                apply(tx.connection)
    except sqlite3.Error as problem:
        raise refusal(problem, store.path) from problem


def back_up(store: Store, target: str) -> None:
    """Copy the store to `target` through SQLite's backup interface; the copy appears whole or not at all."""
    part = f"{target}.{os.getpid()}.part"
    try:
        copy = sqlite3.connect(part)
        try:
            store.connection.backup(copy)
        finally:
            copy.close()
        os.replace(part, target)
    finally:
        if os.path.exists(part):
            os.unlink(part)


def _choose_journal(store: Store) -> None:
    mode = "DELETE" if needs_rollback_journal(store.path) else "WAL"
    store.connection.execute(f"PRAGMA journal_mode = {mode}")
