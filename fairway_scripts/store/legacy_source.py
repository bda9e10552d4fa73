"""Opening the database of the scripts that were there before. It is never written to, nor is anything left beside it.

A write-ahead log needs two companion files, and SQLite makes them for a mere reader too. So a database whose log is
empty is read as the single file that it is, one whose companions are there is read beside its writers, and one that a
crash has left in the middle of something is read from a copy.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from typing import TYPE_CHECKING
from urllib.parse import quote

from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.base.regular_files import regular
from fairway_scripts.store.contract import BUSY_SECONDS
from fairway_scripts.store.legacy_mark import mark_of
from fairway_scripts.store.legacy_reading import LegacySource
from fairway_scripts.store.sqlite.copying import MAGIC
from fairway_scripts.store.sqlite.refusals import is_busy

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTLE_TRIES = 5
_WAL_BYTE = 18  # of the header: 2 when the file was last written in WAL mode
_COMPANIONS = ("-wal", "-journal")


@contextlib.contextmanager
def open_legacy(path: str, *, patience: float = BUSY_SECONDS) -> Iterator[LegacySource]:
    """The old database at `path` as it is at this moment; waits `patience` seconds for a lock.

    Raises FairwayError: `not_found`, `invalid_document` (no SQLite database, or an encrypted one), `store_busy`,
    `store_damaged`, `file_unavailable`.
    """
    _refuse_other_files(path)
    with contextlib.ExitStack() as stack:
        try:
            connection = stack.enter_context(_connection(path, patience))
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as problem:
            raise _refusal(problem, path) from problem
        except OSError as problem:
            raise _unreadable(path, problem) from problem
        try:
            yield LegacySource(path, connection)
        except sqlite3.Error as problem:
            raise _refusal(problem, path) from problem


#: What the names of files of records end with.
_RECORDS = (".jsonl", ".ndjson", ".json", ".yaml", ".yml", ".csv")


def databases_beside(path: str) -> list[str]:
    """The names of the other databases in the folder of an old one."""
    found = []
    with os.scandir(os.path.dirname(os.path.abspath(path))) as entries:
        for entry in entries:
            if entry.is_file() and entry.name != os.path.basename(path):
                with contextlib.suppress(OSError), open(entry.path, "rb", opener=regular) as file:
                    found += [entry.name] if file.read(len(MAGIC)) == MAGIC else []
    return sorted(found)


def records_beside(path: str) -> list[str]:
    """The names of files of records in the folder of an old database: JSON lines, tables, documents."""
    return sorted(name for name in os.listdir(os.path.dirname(os.path.abspath(path))) if name.endswith(_RECORDS))


def _refuse_other_files(path: str) -> None:
    try:
        with open(path, "rb", opener=regular) as file:
            header = file.read(len(MAGIC))
    except FileNotFoundError:
        raise FairwayError(
            "not_found", f"there is no old database at {path}", suggest("queue-import", LEGACY_DB=None), path=path
        ) from None
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    if header != MAGIC:
        what = "is empty" if not header else "is no SQLite database (or an encrypted one)"
        raise FairwayError("invalid_document", f"{path} {what}", suggest("queue-import", LEGACY_DB=None), path=path)


def _unreadable(path: str, problem: OSError) -> FairwayError:
    return FairwayError(
        "file_unavailable", f"{path}: cannot be read: {problem.strerror}", suggest_program("ls", "-l", path), path=path
    )


@contextlib.contextmanager
def _connection(path: str, patience: float) -> Iterator[sqlite3.Connection]:
    """The right way to read the file; see the top of this module."""
    place = f"file:{quote(os.path.abspath(path))}?mode=ro"
    log, index = _size(f"{path}-wal"), os.path.exists(f"{path}-shm")
    if _is_wal(path):
        beside = bool(log) and index and os.access(f"{path}-shm", os.W_OK)
    else:
        beside = not _size(f"{path}-journal")
    if beside:
        with contextlib.closing(sqlite3.connect(place, uri=True, timeout=patience, isolation_level=None)) as connection:
            try:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except sqlite3.OperationalError as problem:
                if is_busy(problem):
                    raise
            else:
                yield connection
                return
    with _copy(path) as copy, contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        yield connection


@contextlib.contextmanager
def _copy(path: str) -> Iterator[str]:
    """A private copy of the database with what a crash has left beside it, taken while nobody was writing."""
    with tempfile.TemporaryDirectory(prefix="fairway-") as folder:
        target = os.path.join(folder, "copy.db")
        for _ in range(_SETTLE_TRIES):
            before = mark_of(path)
            shutil.copyfile(path, target)
            for suffix in _COMPANIONS:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(target + suffix)
                with contextlib.suppress(FileNotFoundError):
                    shutil.copyfile(path + suffix, target + suffix)
            if mark_of(path) == before:
                break
        else:
            raise FairwayError("store_busy", f"{path} is being written to all the time", "run the command again")
        yield target


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _is_wal(path: str) -> bool:
    with open(path, "rb", opener=regular) as file:
        header = file.read(_WAL_BYTE + 1)
    return len(header) > _WAL_BYTE and header[_WAL_BYTE] == 2


def _refusal(problem: sqlite3.Error, path: str) -> FairwayError:
    name = getattr(problem, "sqlite_errorname", "") or ""
    if is_busy(problem):
        return FairwayError("store_busy", f"{path} is locked by another process", "run the command again", path=path)
    if name.startswith("SQLITE_NOTADB"):
        return FairwayError(
            "invalid_document",
            f"{path} is no SQLite database (or an encrypted one)",
            suggest("queue-import", LEGACY_DB=None),
            path=path,
        )
    if name.startswith("SQLITE_CORRUPT") or "malformed" in str(problem):
        return FairwayError(
            "store_damaged", f"{path} is damaged: {problem}", suggest_program("sqlite3", path, ".recover"), path=path
        )
    return FairwayError(
        "file_unavailable", f"{path}: cannot be read: {problem}", suggest_program("ls", "-l", path), path=path
    )
