"""Whole copies of a store, through SQLite's backup interface: the only way to copy a file that others have open."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from fairway_scripts.base.errors import FairwayError, suggest, suggest_call, suggest_program
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.base.part_files import COMPANIONS, part_path
from fairway_scripts.store.contract import BUSY_SECONDS
from fairway_scripts.store.refusals import FOLDER, newer
from fairway_scripts.store.schema import SCHEMA_VERSION
from fairway_scripts.store.sqlite.refusals import refusal
from fairway_scripts.store.sqlite.soundness import damage
from fairway_scripts.store.sqlite.upgrade import version_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.store.contract import Store


MAGIC = b"SQLite format 3\0"
#: What a copy keeps, instead of whose it is, that nobody is going to keep itself.
_AS_SCRATCH = """INSERT INTO meta (key, value) VALUES ('identity', '{"scratch":true}')
ON CONFLICT (key) DO UPDATE SET value = excluded.value"""


@contextlib.contextmanager
def reader(path: str) -> Iterator[sqlite3.Connection]:
    """An open connection to the database at `path` that never writes to it, nor leaves files beside it."""
    place = f"file:{quote(os.path.abspath(path))}?mode=ro"
    if not os.path.exists(f"{path}-wal"):
        place += "&immutable=1"  # otherwise SQLite would make a -wal and a -shm file beside a copy that has none
    with contextlib.closing(sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        yield connection


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, place: str) -> None:
    """Copy a whole database to a new one; `place` names the source in refusals.

    Raises sqlite3.Error, and FairwayError `store_busy` after ten seconds of waiting for a lock.
    """
    until = time.monotonic() + BUSY_SECONDS

    def give_up(status: int, _left: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise FairwayError(
                "store_busy", f"{place} is locked by another process", "run the command again", path=place
            )

    source.backup(target, progress=give_up, sleep=0.05)


def back_up(store: Store, target: str, *, scratch: bool = False) -> None:
    """Copy a store to the new file `target`: one file without companions, checked, there whole or not at all.

    A `scratch` copy is for trying something out on: whoever has it may change it. Raises FairwayError:
    `already_exists`, `file_unavailable`, `store_damaged`, `store_busy`.
    """
    part = part_path(target)
    try:
        with contextlib.closing(_connect_new(part)) as copy, _second_connection(store) as source:
            copy_pages(source, copy, store.path)
            copy.execute("PRAGMA journal_mode = DELETE")  # what was a WAL store needs no companions as a copy
            _refuse_damage(copy, store.path)
            if scratch:
                copy.execute(_AS_SCRATCH)
        share(part)
        publish(part, target)
    except sqlite3.Error as problem:
        raise _copy_failure(problem, store.path, target) from problem
    except OSError as problem:
        raise _cannot_write(target, problem.strerror or str(problem)) from problem
    finally:
        for leftover in (part, *(part + ending for ending in COMPANIONS)):
            with contextlib.suppress(OSError):
                os.unlink(leftover)


def _connect_new(path: str) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))  # OSError says more than SQLite would
    return sqlite3.connect(path, isolation_level=None)


@contextlib.contextmanager
def _second_connection(store: Store) -> Iterator[sqlite3.Connection]:
    """A connection to copy from: SQLite does not copy out of the one that holds the write lock."""
    if store.read_only:
        yield store.connection
        return
    place = f"file:{quote(store.path)}?mode=ro"
    with contextlib.closing(sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as source:
        yield source


def _copy_failure(problem: sqlite3.Error, store_path: str, target: str) -> FairwayError:
    found = refusal(problem, store_path)
    return found if found.word != "store_unavailable" else _cannot_write(target, str(problem))


def _cannot_write(target: str, reason: str) -> FairwayError:
    return FairwayError(
        "file_unavailable",
        f"{target}: cannot be written: {reason}",
        suggest_program("ls", "-ld", os.path.dirname(target) or "."),
        path=target,
    )


def publish(part: str, target: str) -> None:
    """Give a finished file its name, which no other file may have; raises FairwayError."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise FairwayError(
            "already_exists", f"{target} exists; a backup never replaces a file", suggest_call(OUTPUT=None), path=target
        ) from None
    except OSError:  # a file system without hard links
        if os.path.exists(target):
            raise FairwayError("already_exists", f"{target} exists", suggest_call(OUTPUT=None), path=target) from None
        os.rename(part, target)


def backup_place(beside: str, label: str, at: str) -> str:
    """A free name for a backup in the folder `beside`, in one that exists then: `backups/<label>-<time>.db`.

    `at` is a stored time. Raises FairwayError `store_unavailable` when the folder cannot be made.
    """
    folder = os.path.join(beside, FOLDER)
    make_folder(folder)
    return free_name(os.path.join(folder, f"{label}-{compact(at)}"), ".db")


def free_name(stem: str, suffix: str) -> str:
    """`stem + suffix`, with `-2`, `-3` ... between them when that is taken."""
    name, number = f"{stem}{suffix}", 1
    while os.path.lexists(name):
        number += 1
        name = f"{stem}-{number}{suffix}"
    return name


def set_aside(path: str, at: str, word: str = "damaged") -> str:
    """Move a database and its companion files out of the way, so that nothing of it is lost; the new path.

    `word` says in the name what is the matter with it.

    The companions go first: a new database at `path` must never meet the write-ahead log of the old one. Raises
    FairwayError `store_unavailable`.
    """
    target = free_name(f"{path}.{word}-{compact(at)}", "")
    for suffix in ("-wal", "-shm", "-journal", ""):
        try:
            with contextlib.suppress(FileNotFoundError):
                os.rename(path + suffix, target + suffix)
        except OSError as problem:
            raise FairwayError(
                "store_unavailable",
                f"{path}{suffix}: cannot be moved: {problem.strerror}",
                suggest_program("ls", "-ld", os.path.dirname(path)),
                path=path,
            ) from problem
    return target


def compact(at: str) -> str:
    """A stored time as it stands in a file name: `20260504T080000Z`."""
    return at[:19].replace("-", "").replace(":", "") + "Z"


def load(path: str) -> sqlite3.Connection:
    """A private, checked copy of the backup at `path`, brought to the schema of this version.

    The copy is a temporary database that goes when it is closed, however the process ends. Raises FairwayError:
    `store_damaged`, `store_newer`, `invalid_document` (a database, but no store).
    """
    copy = sqlite3.connect("", isolation_level=None)
    try:
        with reader(path) as source:
            copy_pages(source, copy, path)
        _refuse_damage(copy, path)
        _bring_up_to_date(copy, path)
    except FairwayError:
        copy.close()
        raise
    except sqlite3.Error as problem:
        copy.close()
        raise damaged(path, str(problem)) from problem
    return copy


def _bring_up_to_date(copy: sqlite3.Connection, path: str) -> None:
    from fairway_scripts.store.sqlite.migrations import apply

    version = version_of(copy)
    if version > SCHEMA_VERSION:
        raise newer(path, version)
    if version < 1:
        raise FairwayError(
            "invalid_document",
            f"{path} is a SQLite database, but no backup of a store",
            suggest("queue-restore", "--help"),
            path=path,
        )
    copy.execute("BEGIN")
    apply(copy)
    copy.execute("COMMIT")


def _refuse_damage(connection: sqlite3.Connection, place: str) -> None:
    found = damage(connection)
    if found:
        raise damaged(place, found[0])


def damaged(place: str, what: str) -> FairwayError:
    """The refusal of a file that is broken."""
    return FairwayError("store_damaged", f"{place} is damaged: {what}", suggest("queue-restore", FROM=None), path=place)
