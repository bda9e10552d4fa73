"""A store that is a file, and its two kinds of transaction.

`Store.read()` is one snapshot and never takes the write lock; `Store.write()` is BEGIN IMMEDIATE .. COMMIT: the lock
is taken before anything is read, because SQLite refuses to upgrade a reader at once, whatever its busy timeout.
"""

from __future__ import annotations

import os
import time

from fairway_scripts.store.contract import BUSY_SECONDS, LOCK_TRIES, LooseTransaction, Store, Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Any

    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.store.contract import Question
    from fairway_scripts.store.rows import Remembered
else:
    from fairway_scripts.store.sqlite import driver

    sqlite3 = driver.load()

BEGIN_WRITE = "BEGIN IMMEDIATE"
#: A longer write-ahead log (bytes) is copied back and emptied. Tools end without closing the store (that would do it
#: every time, for milliseconds), so the next one reads the whole log first; and SQLite's own checkpoint never empties
#: a log that each process begins by reading anew.
LONG_LOG = 1 << 20
#: A process that makes many calls leaves a log as long as it is and writes over it, which waits half as long for the
#: disk; up to here.
LONGEST_LOG = 8 * LONG_LOG


class _Scope:
    """`with store.read() as tx:` / `with store.write() as tx:`; a failure rolls everything back."""

    __slots__ = ("_begin", "_connection", "_path", "_repeatable", "_transaction")

    def __init__(self, connection: sqlite3.Connection, begin: str, path: str, *, repeatable: bool = False) -> None:
        self._connection = connection
        self._begin = begin
        self._path = path
        self._repeatable = repeatable

    def __enter__(self) -> FileTransaction:
        for attempt in range(LOCK_TRIES):
            try:
                self._connection.execute(self._begin)
                break
            except sqlite3.Error as problem:
                from fairway_scripts.store.sqlite.refusals import is_busy

                if attempt + 1 == LOCK_TRIES or not is_busy(problem):
                    raise _refusal(problem, self._path) from problem
                time.sleep(0.005 + time.time_ns() % 45 / 1000)  # jitter, so that waiters do not march in step
        self._transaction = FileTransaction(self._connection)
        return self._transaction

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            try:
                self._transaction.close()
                self._connection.execute("COMMIT")
            except sqlite3.Error as failure:
                self._roll_back()
                raise _refusal(failure, self._path) from failure
            except BaseException:  # such as a configuration that is gone: the event cannot be written
                self._roll_back()
                raise
            if self._begin == BEGIN_WRITE:
                Store.has_written = Store.has_written or not self._repeatable
                _shorten_log(self._connection, self._path)
            return
        self._roll_back()
        if isinstance(problem, sqlite3.Error):
            raise _refusal(problem, self._path) from problem

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


class FileTransaction(Transaction):
    """A transaction on a SQLite file."""

    __slots__ = ()

    connection: sqlite3.Connection

    def schema_version(self) -> int:
        """The schema of the store; see `Transaction.schema_version`."""
        return int(self.connection.execute("PRAGMA user_version").fetchone()[0])

    def due_steps(self) -> list[str]:
        """The steps of the schema that are due."""
        from fairway_scripts.store.sqlite.migrations import pending

        return pending(self.connection)

    def apply_steps(self) -> None:
        """Apply every due step of the schema."""
        from fairway_scripts.store.sqlite.migrations import apply

        apply(self.connection)

    def dangling_rows(self) -> list[str]:
        """Rows whose foreign key names no row."""
        from fairway_scripts.store.sqlite.soundness import dangling_rows

        return dangling_rows(self.connection)

    def additions(self) -> list[tuple[str, str]]:
        """Triggers and views that no version makes."""
        from fairway_scripts.store.sqlite.soundness import additions

        return additions(self.connection)


class FileStore(Store):
    """An open SQLite file."""

    __slots__ = ()

    connection: sqlite3.Connection

    def remembered(self) -> Remembered:
        """See `Store.remembered`."""
        found: Remembered = self.looked_up("sources.remembered")[0]
        return found

    def looked_up(self, name: str, **values: object) -> list[Any]:
        """One statement is a snapshot without a transaction around it; see `Store.looked_up`."""
        try:
            return LooseTransaction.all(FileTransaction(self.connection), name, **values)
        except sqlite3.Error as problem:
            raise _refusal(problem, self.path) from problem

    def change_number(self) -> int:
        """SQLite's own, which costs microseconds; see `Store.change_number`."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def damage(self) -> list[str]:
        """What SQLite's integrity check complains about."""
        from fairway_scripts.store.sqlite.soundness import damage_of

        return damage_of(self)

    def back_up(self, target: str, *, scratch: bool = False) -> None:
        """Copy the store to a new file; see `Store.back_up`."""
        from fairway_scripts.store.sqlite.copying import back_up

        back_up(self, target, scratch=scratch)

    def copy_to_sandbox(self) -> Store:
        """A private copy; see `Store.copy_to_sandbox`."""
        from fairway_scripts.store.sqlite.copying import copy_pages

        copy = scratch()
        copy_pages(self.connection, copy.connection, self.path)
        return copy

    def upgrade(self, back_up: Callable[[], str]) -> tuple[list[str], str]:
        """Apply the due steps of the schema; see `Store.upgrade`."""
        from fairway_scripts.store.sqlite.upgrade import upgrade

        return upgrade(self, back_up)

    def read(self, *, temporary: bool = False) -> _Scope:  # noqa: ARG002 - a reader makes temporary tables anyway
        """One snapshot of the store; never waits for a writer (WAL)."""
        return _Scope(self.connection, "BEGIN", self.path)

    def write(self, *, repeatable: bool = False, foreseen: Sequence[Question] = ()) -> _Scope:  # noqa: ARG002
        """The one write transaction of a command; see `Store.write`."""
        self.require_writable()
        return _Scope(self.connection, BEGIN_WRITE, self.path, repeatable=repeatable)


def opened(path: str, *, aside: bool = False, stays: bool = False) -> tuple[FileStore, int]:
    """The file at `path`, whatever it holds, and the number of its schema; see `open_store`. Raises FairwayError."""
    try:
        store = connect_aside(path) if aside else connect(path, stays=stays)
        return store, int(store.connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as problem:
        raise _refusal(problem, path) from problem


def connect(path: str, *, stays: bool = False) -> FileStore:
    """The file at `path`, whatever it holds, opened with the settings of a store; raises sqlite3.Error."""
    read_only = os.path.exists(path) and (Store.only_reads or not os.access(path, os.W_OK))
    if read_only:
        from fairway_scripts.store.sqlite.aside import connection_read_only

        return FileStore(path, connection_read_only(path), read_only=True)
    return FileStore(path, Store.lender(path, _connect) if Store.lender and stays else _connect(path))


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def connect_aside(path: str) -> FileStore:
    """The file at `path` opened to be read: it is not changed, and no file is made beside it. Raises sqlite3.Error."""
    from fairway_scripts.store.sqlite.aside import connection_aside

    return FileStore(path, connection_aside(path), read_only=True)


def scratch() -> FileStore:
    """An empty private store that goes when it is closed, for trying something out."""
    from fairway_scripts.store.sqlite.migrations import apply

    connection = sqlite3.connect("", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    apply(connection)
    return FileStore("a scratch store", connection)


def _shorten_log(connection: sqlite3.Connection, path: str) -> None:
    """Copy a long write-ahead log back and empty it, unless somebody is in the way: then the next command does."""
    try:
        if os.stat(f"{path}-wal").st_size <= (LONGEST_LOG if Store.lender else LONG_LOG):
            return
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
    except (OSError, sqlite3.Error):
        return  # no log (a rollback journal), or no room to copy it to: what was committed stays committed


def _refusal(problem: sqlite3.Error, path: str) -> FairwayError:
    """What a failure of SQLite means to the caller."""
    from fairway_scripts.store.sqlite.refusals import refusal

    return refusal(problem, path)
