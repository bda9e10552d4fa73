"""Opening the store, and its two kinds of transaction.

`Store.read()` is one snapshot and never takes the write lock; `Store.write()` is BEGIN IMMEDIATE .. COMMIT: the lock
is taken before anything is read, because SQLite refuses to upgrade a reader at once, whatever its busy timeout.
"""

from __future__ import annotations

import os
import time

from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.store.schema import SCHEMA_VERSION
from fairway_scripts.store.statements import RETURNING, statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Any
else:
    try:
        import _sqlite3 as sqlite3  # what sqlite3 is made of, without its dates and converters: a millisecond less
    except ImportError:
        import sqlite3

#: How long one attempt waits for the lock; `FAIRWAY_BUSY_SECONDS` sets another time.
BUSY_SECONDS = float(os.environ.get("FAIRWAY_BUSY_SECONDS") or 10.0)
LOCK_TRIES = 3
BEGIN_WRITE = "BEGIN IMMEDIATE"
#: A longer write-ahead log (bytes) is copied back and emptied. Tools end without closing the store (that would do it
#: every time, for milliseconds), so the next one reads the whole log first; and SQLite's own checkpoint never empties
#: a log that each process begins by reading anew.
LONG_LOG = 1 << 20


class Transaction:
    """Named statements on an open transaction; the rows that they change go into the ledger (store/ledger.py)."""

    __slots__ = ("author", "configuration", "connection", "pending", "pending_rows", "written")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        #: who events are by where nothing else is said: actor, session, tool
        self.author = Store.author
        self.configuration = Store.configuration
        #: the rows that were written and stand in no event yet, by table and key; None for one that is gone
        self.written: dict[Any, Any] = {}
        #: the event that is recorded and not inserted yet, and the rows that were written before it
        self.pending: dict[str, Any] | None = None
        self.pending_rows: dict[Any, Any] = {}

    def all(self, name: str, **values: Any) -> list[dict[str, Any]]:
        """Every row of a named statement, as dicts."""
        cursor = self.connection.execute(statement(name), values)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]

    def each(self, name: str, **values: Any) -> Iterator[dict[str, Any]]:
        """The rows of a named statement one by one, for answers that need not fit into memory."""
        cursor = self.connection.execute(statement(name), values)
        columns = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(columns, row, strict=True))

    def one(self, name: str, **values: Any) -> dict[str, Any] | None:
        """The first row of a named statement, None when there is none."""
        rows = self.all(name, **values)
        return rows[0] if rows else None

    def value(self, name: str, **values: Any) -> Any:
        """The first column of the first row, None when there is none."""
        row = self.connection.execute(statement(name), values).fetchone()
        return row[0] if row else None

    def column(self, name: str, **values: Any) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.connection.execute(statement(name), values)]

    def run(self, name: str, **values: Any) -> int:
        """Run a statement that changes rows; how many it changed."""
        text = statement(name)
        cursor = self.connection.execute(text, values)
        if cursor.description is None:
            return cursor.rowcount
        from fairway_scripts.store.ledger import keep_changed  # readers do without the ledger

        return keep_changed(self, text, cursor)

    def insert(self, name: str, **values: Any) -> int:
        """Run a statement that adds one row; its number."""
        text = statement(name)
        cursor = self.connection.execute(text, values)
        if cursor.description is not None:
            from fairway_scripts.store.ledger import keep_changed

            keep_changed(self, text, cursor)
        return cursor.lastrowid or 0

    def many(self, name: str, rows: Iterable[Any]) -> None:
        """Run a statement once a row (mappings or, for `?` statements, sequences)."""
        text = statement(name)
        if not text.endswith(RETURNING):
            self.connection.executemany(text, rows)
            return
        from fairway_scripts.store.ledger import keep_many

        keep_many(self, text, rows)

    def close(self) -> None:
        """Leave nothing that was written without an event; before a commit."""
        if self.written or self.pending is not None:
            from fairway_scripts.store.ledger import close

            close(self)


class _Scope:
    """`with store.read() as tx:` / `with store.write() as tx:`; a failure rolls everything back."""

    __slots__ = ("_begin", "_connection", "_path", "_repeatable", "_transaction")

    def __init__(self, connection: sqlite3.Connection, begin: str, path: str, *, repeatable: bool = False) -> None:
        self._connection = connection
        self._begin = begin
        self._path = path
        self._repeatable = repeatable

    def __enter__(self) -> Transaction:
        for attempt in range(LOCK_TRIES):
            try:
                self._connection.execute(self._begin)
                break
            except sqlite3.Error as problem:
                from fairway_scripts.store.refusals import is_busy

                if attempt + 1 == LOCK_TRIES or not is_busy(problem):
                    raise _refusal(problem, self._path) from problem
                time.sleep(0.005 + time.time_ns() % 45 / 1000)  # jitter, so that waiters do not march in step
        self._transaction = Transaction(self._connection)
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


class Store:
    """An open store."""

    __slots__ = ("connection", "guard", "path", "read_only")

    #: Whether this process has changed any store so that running the command again would do it twice.
    has_written = False
    #: whether this process opens every store to be read alone: a look at other people's projects changes nothing
    only_reads = False
    #: who writes: actor, session and tool of this process, for events that say nothing else
    author: tuple[str, str | None, str] = ("fairway", None, "fairway")
    #: gives path and digest of the configuration in force, for every event
    configuration: Callable[[], list[str]] | None = None

    def __init__(self, path: str, connection: sqlite3.Connection, *, read_only: bool = False) -> None:
        self.path = path
        self.connection = connection
        self.read_only = read_only
        #: why nothing may be written here, for a store of somebody else
        self.guard: FairwayError | None = None

    def read(self) -> _Scope:
        """One snapshot of the store; never waits for a writer (WAL)."""
        return _Scope(self.connection, "BEGIN", self.path)

    def write(self, *, repeatable: bool = False) -> _Scope:
        """The one write transaction of a command.

        `repeatable`: the same command run again writes the same once more, or finds nothing left to write. That is
        so for what a call learns from files and keeps. Raises FairwayError for a store that the caller only reads.
        """
        self.require_writable()
        return _Scope(self.connection, BEGIN_WRITE, self.path, repeatable=repeatable)

    def require_writable(self) -> None:
        """Raise the refusal of a store that is not the caller's to change: before anything is done for it."""
        if self.guard is not None:
            raise self.guard

    def change_number(self) -> int:
        """A number that is another one as soon as somebody else has committed a change; it costs microseconds."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def open_store(path: str, *, create: bool = False, outdated: bool = False, aside: bool = False) -> Store:
    """Open the store at `path`, making it when `create` allows.

    With `aside` it is opened to be read, and nothing is left in its folder: for a file of somebody else.

    A store that an older version made is never changed in passing: it is refused, or with `outdated` opened as it
    is. Raises FairwayError: `not_found` (no file there and `create` is false), `store_outdated`, `store_newer`,
    `store_damaged`, `store_busy`, `store_unavailable`.
    """
    path = os.path.realpath(path)
    if not os.path.exists(path):
        if not create:
            raise FairwayError("not_found", f"there is no store at {path}", suggest("queue-import"), path=path)
        from fairway_scripts.store.upgrade import make_store

        make_store(path)
    try:
        store = connect_aside(path) if aside else connect(path)
        version = int(store.connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as problem:
        raise _refusal(problem, path) from problem
    if version != SCHEMA_VERSION:
        try:
            _settle_version(store, version, outdated=outdated)
        except FairwayError:
            store.close()
            raise
    return store


def _settle_version(store: Store, version: int, *, outdated: bool) -> None:
    """Give a new file its tables; refuse every other schema but the one that this version reads and writes."""
    if version > SCHEMA_VERSION:
        from fairway_scripts.store.refusals import newer

        raise newer(store.path, version)
    if version == 0:
        from fairway_scripts.store.upgrade import fill_new

        fill_new(store)
    elif not outdated:
        raise FairwayError(
            "store_outdated",
            f"{store.path} has schema {version}; this version needs {SCHEMA_VERSION}",
            suggest("queue-migrate"),
            path=store.path,
            schema_version=version,
        )


def connect(path: str) -> Store:
    """The file at `path`, whatever it holds, opened with the settings of a store; raises sqlite3.Error."""
    read_only = os.path.exists(path) and (Store.only_reads or not os.access(path, os.W_OK))
    if read_only:
        from fairway_scripts.store.aside import connection_read_only

        return Store(path, connection_read_only(path), read_only=True)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return Store(path, connection)


def connect_aside(path: str) -> Store:
    """The file at `path` opened to be read: it is not changed, and no file is made beside it. Raises sqlite3.Error."""
    from fairway_scripts.store.aside import connection_aside

    return Store(path, connection_aside(path), read_only=True)


def _shorten_log(connection: sqlite3.Connection, path: str) -> None:
    """Copy a long write-ahead log back and empty it, unless somebody is in the way: then the next command does."""
    try:
        if os.stat(f"{path}-wal").st_size <= LONG_LOG:
            return
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
    except (OSError, sqlite3.Error):
        return  # no log (a rollback journal), or no room to copy it to: what was committed stays committed


def _refusal(problem: sqlite3.Error, path: str) -> FairwayError:
    """What a failure of SQLite means to the caller."""
    from fairway_scripts.store.refusals import refusal

    return refusal(problem, path)
