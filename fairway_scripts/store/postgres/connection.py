"""Opening a store that is a schema of a server, and the messages that begin its two kinds of transaction.

`read()` is one snapshot (REPEATABLE READ READ ONLY). `write()` takes the lock of the schema with BEGIN, in one
message: whoever writes comes after every writer before him, so that READ COMMITTED shows all of it, and the numbers
of events are in the order of their commits. Every setting is one of the transaction, so that a pooler that hands out
connections by the transaction (pgbouncer) is none the wiser.
"""

from __future__ import annotations

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.contract import BUSY_SECONDS, LOCK_TRIES, Store
from fairway_scripts.store.postgres import place as places
from fairway_scripts.store.postgres.answers import Cursor, ServerError
from fairway_scripts.store.postgres.scope import Scope, refused
from fairway_scripts.store.postgres.translation import as_text, translated
from fairway_scripts.store.schema import SCHEMA_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from fairway_scripts.store.postgres.answers import Answer

#: How long one statement may take, and how long a transaction may wait for its client, in seconds.
STATEMENT_SECONDS = 120.0
#: Ends every BEGIN: the number of the transaction (0 for a reader) and the time of the server in microseconds.
_MOMENT = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"


class Connection:
    """A connection to a schema, with the face that `Transaction` asks for."""

    __slots__ = ("place", "schema", "service", "wire")

    def __init__(self, place: str) -> None:
        """Connect to the server of `place`; raises FairwayError `store_unavailable`."""
        from fairway_scripts.store.postgres.driver import connect

        self.place = place
        self.service, self.schema = places.parts(place)
        self.wire = connect(self.service, place)

    def execute(self, text: str, values: Any = ()) -> Cursor:
        """Run one statement; `values` by name or in order. Raises ServerError."""
        sql, names = translated(text)
        return Cursor(self.wire.ask(sql, self._ordered(names, values)))

    def executemany(self, text: str, rows: Iterable[Any]) -> None:
        """Run one statement once a row."""
        self.answers(text, rows)

    def answers(self, text: str, rows: Iterable[Any]) -> list[Answer]:
        """Run one statement once a row, without waiting in between."""
        sql, names = translated(text)
        return self.wire.ask_many(sql, (self._ordered(names, values) for values in rows))

    def _ordered(self, names: tuple[str, ...], values: Any) -> list[str | None]:
        try:
            if isinstance(values, dict):
                return [as_text(values[name]) for name in names]
            return [as_text(value) for value in values]
        except ValueError as problem:
            raise FairwayError("usage", f"{self.place}: {problem}") from problem

    def close(self) -> None:
        """Say goodbye to the server."""
        self.wire.close()

    def reconnect(self) -> None:
        """Connect anew, after the connection was lost; raises FairwayError `store_unavailable`."""
        from fairway_scripts.store.postgres.driver import connect

        self.wire.close()
        self.wire = connect(self.service, self.place)

    def anew(self, message: str) -> Answer:
        """Say something outside any transaction; where the server has gone away meanwhile, over a new connection.

        Raises ServerError, and FairwayError `store_unavailable` where there is no connection to be had.
        """
        try:
            return self.wire.ask(message)
        except ServerError:
            if self.wire.is_open:
                raise
        self.reconnect()
        return self.wire.ask(message)

    # --- the messages that begin a transaction ---

    def begin_reading(self, *, temporary: bool) -> tuple[int, int]:
        """Begin a snapshot; 0 and the time of the server."""
        mode = "" if temporary else " READ ONLY"  # no temporary table can be made in a read-only transaction
        return self._begin(f"BEGIN ISOLATION LEVEL REPEATABLE READ{mode}", "0")

    def begin_writing(self) -> tuple[int, int]:
        """Begin a change with the lock of the schema; the number of the transaction and the time of the server."""
        lock = f"SET LOCAL synchronous_commit = on; SELECT pg_advisory_xact_lock({lock_number(self.schema)})"
        return self._begin("BEGIN ISOLATION LEVEL READ COMMITTED", "txid_current()", lock)

    def _begin(self, begin: str, number: str, lock: str = "") -> tuple[int, int]:
        idle = f"{STATEMENT_SECONDS * 1000:.0f}"
        wanted = {
            "search_path": f'"{self.schema}"',
            "client_min_messages": "warning",
            "lock_timeout": f"{BUSY_SECONDS * LOCK_TRIES * 1000:.0f}",
            "statement_timeout": idle,
            "idle_in_transaction_session_timeout": idle,
        }
        settings = "; ".join(f"SET LOCAL {name} TO {value}" for name, value in wanted.items())
        message = "; ".join(part for part in (begin, settings, lock, f"SELECT {number}, {_MOMENT}") if part)
        ((first, second),) = self.anew(message).rows
        return int(first or 0), int(second or 0)


def lock_number(schema: str) -> int:
    """The advisory lock of a schema: locks of a server have numbers, 64 bits with a sign."""
    return int(digest.of_text(f"fairway {schema}")[:16], 16) - (1 << 63)


class ServerStore(Store):
    """An open schema."""

    __slots__ = ("found_first",)

    def __init__(self, path: str, connection: Any = None, *, read_only: bool = False) -> None:
        super().__init__(path, connection, read_only=read_only)
        #: what the store remembers, as the question for its version found it: good for the first who asks
        self.found_first: dict[str, str | None] | None = None

    def remembered(self) -> dict[str, str | None]:
        """What the store keeps of itself; see `Store.remembered`."""
        found, self.found_first = self.found_first, None
        return super().remembered() if found is None else found

    def read(self, *, temporary: bool = False) -> Scope:
        """One snapshot of the schema; never waits for a writer."""
        return Scope(self, writes=False, temporary=temporary)

    def write(self, *, repeatable: bool = False) -> Scope:
        """The one write transaction of a command; see `Store.write`."""
        self.require_writable()
        if self.read_only:
            raise FairwayError(
                "store_unavailable", f"{self.path} is only read here", suggest("queue-where"), path=self.path
            )
        return Scope(self, writes=True, repeatable=repeatable)

    def change_number(self) -> int:
        """The newest event of the ledger; see `Store.change_number`. Signs of life, which have no event, move nothing.

        The number of the server's newest transaction is no answer: others move it all the time, and it stands still
        when a transaction ends after one that began later.
        """
        connection: Connection = self.connection
        try:
            answer = connection.anew(f'SELECT event_id FROM "{connection.schema}".ledger_head')
        except ServerError as problem:
            raise refused(problem, self.path) from problem
        return int(answer.rows[0][0] or 0) if answer.rows else 0

    def damage(self) -> list[str]:
        """Nothing: a server checks its own pages as it reads them."""
        return []

    def back_up(self, target: str, *, scratch: bool = False) -> None:
        """Copy the rows to a new SQLite file; see `Store.back_up`."""
        from fairway_scripts.store.postgres.copies import back_up

        back_up(self, target, scratch=scratch)

    def copy_to_sandbox(self) -> Store:
        """A private copy on SQLite; see `Store.copy_to_sandbox`."""
        from fairway_scripts.store.postgres.copies import sandbox

        return sandbox(self)

    def upgrade(self, back_up: Callable[[], str]) -> tuple[list[str], str]:
        """Bring the schema up to date; see `Store.upgrade`."""
        from fairway_scripts.store.postgres.tables import upgrade

        return upgrade(self, back_up)


def open_schema(place: str, *, create: bool, outdated: bool, aside: bool) -> ServerStore:
    """The opener of `store/contract.py` for a schema; with `aside` nothing can be written."""
    store = ServerStore(place, Connection(place), read_only=aside or Store.only_reads)
    try:
        _settle_version(store, _version(store), create=create, outdated=outdated)
    except BaseException:
        store.close()
        raise
    return store


def _settle_version(store: ServerStore, version: int | None, *, create: bool, outdated: bool) -> None:
    """Make the tables where there are none and `create` allows; refuse every other schema than this version's."""
    if version is None:
        if not create:
            message = f"there is no store at {store.path}"
            raise FairwayError("not_found", message, suggest("queue-import"), path=store.path)
        from fairway_scripts.store.postgres.tables import make_tables

        make_tables(store)
    elif version > SCHEMA_VERSION:
        from fairway_scripts.store.refusals import newer

        raise newer(store.path, version)
    elif version < SCHEMA_VERSION and not outdated:
        from fairway_scripts.store.refusals import older

        raise older(store.path, version)


def _version(store: ServerStore) -> int | None:
    """The schema version of the store, None where there is no store; what it remembers comes along.

    Raises FairwayError.
    """
    connection: Connection = store.connection
    kept = ("settings", "identity", "moved_to")
    columns = [f"(SELECT value FROM \"{connection.schema}\".meta WHERE key = '{name}') AS {name}" for name in kept]
    try:
        answer = connection.wire.ask(f'SELECT version, {", ".join(columns)} FROM "{connection.schema}".store_schema')
    except ServerError as problem:
        if problem.sqlstate in ("3F000", "42P01"):  # no such schema, no such table
            return None
        raise refused(problem, connection.place) from problem
    if not answer.rows:
        return None
    version, *texts = answer.rows[0]
    store.found_first = dict(zip(kept, texts, strict=True))
    return int(version or 0)
