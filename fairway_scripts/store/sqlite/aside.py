"""Reading a database of somebody else: nothing is written to it, and nothing is made or left beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from urllib.parse import quote

from fairway_scripts.store.contract import BUSY_SECONDS


def connection_aside(path: str) -> sqlite3.Connection:
    """A connection to the database at `path` that leaves its folder as it is; raises sqlite3.Error.

    With its log it is read as everybody reads it, but for the shared memory, which is not written to
    (https://sqlite.org/wal.html, "Read-Only Databases"). At rest it counts as unchanging, or SQLite would make both
    files. What a dead process left needs recovery, which is done on a private copy.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        # a device or a pipe is no database, and a copy of /dev/zero has no end
        raise sqlite3.OperationalError("it is no regular file")
    log, shared, journal = (os.path.exists(path + suffix) for suffix in ("-wal", "-shm", "-journal"))
    if journal or (log and not shared):
        return _private_copy(path)
    place = f"file:{quote(path)}?mode=ro" + ("&readonly_shm=1" if log else "&immutable=1")
    connection = sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
    except sqlite3.OperationalError:
        connection.close()
        return _private_copy(path)
    return connection


def is_logged(path: str) -> bool:
    """Whether the file says that it has a write-ahead log: a store in use does, a backup does not."""
    try:
        with open(path, "rb") as file:
            return file.read(20)[18:20] == b"\x02\x02"  # https://sqlite.org/fileformat2.html, "File format version"
    except OSError:
        return False


def _private_copy(path: str) -> sqlite3.Connection:
    folder = tempfile.mkdtemp(prefix="fairway-aside-")
    try:
        for suffix in ("", "-wal", "-journal"):
            if os.path.exists(path + suffix):
                shutil.copyfile(path + suffix, os.path.join(folder, "copy.db" + suffix))
        with sqlite3.connect(os.path.join(folder, "copy.db"), isolation_level=None) as source:
            copy = sqlite3.connect(":memory:", isolation_level=None)
            source.backup(copy)
        source.close()
    except OSError as problem:
        raise sqlite3.OperationalError(str(problem)) from problem
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return copy


def connection_read_only(path: str) -> sqlite3.Connection:
    """A store on a read-only medium: WAL needs a shared-memory file, so without one the file counts as unchanging."""
    place = f"file:{quote(path)}?mode=ro"
    try:
        connection = sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
    except sqlite3.OperationalError:
        connection = sqlite3.connect(place + "&immutable=1", uri=True, isolation_level=None)
    return connection
