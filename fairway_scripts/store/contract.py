"""What every engine of the store offers; `store.opening` has the one opener.

A store is a SQLite file, which one machine needs, or a schema of a PostgreSQL server, for teams on several. Its place
is one text: the path of the file, or `postgres:SERVICE/SCHEMA`. Nobody above `store/` knows which engine it is: all
of them have `Store` and `Transaction`, and refuse with the same words.
"""

from __future__ import annotations

import os

from fairway_scripts.store.statements import RETURNING, statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import Any, TypeVar

    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.store.engine import Connection, Cursor, Pending, Row, Rows
    from fairway_scripts.store.rows import Remembered
    from fairway_scripts.store.rows import Transaction as Transaction  # noqa: PLC0414 - for those who take it from here

    #: the values of a statement, by name or in order
    Values = Mapping[str, object] | Sequence[object]
    Conn = TypeVar("Conn", bound=Connection)
    Question = tuple[str, Mapping[str, object]]  # the name of a statement that only reads, and its values

#: How long one attempt waits for the transactions before it, in seconds; `FAIRWAY_BUSY_SECONDS` sets another time.
BUSY_SECONDS = float(os.environ.get("FAIRWAY_BUSY_SECONDS") or 10.0)
LOCK_TRIES = 3
#: Begins the place of a store on a server.
SERVER = "postgres:"
#: What is meant for one, in small letters; an address or a connection string is then refused, not taken for the name
#: of a file, in which its password would stand.
_ON_SERVER = (
    *(SERVER, "postgresql:", "host=", "hostaddr=", "port=", "dbname=", "user=", "password=", "passfile="),
    *("service=", "servicefile=", "sslmode="),
)
#: Foreseen with the name of a table: the number of its next row, where this role may take one.
NUMBER = "ledger.number_for"


class LooseTransaction:
    """Named statements on an open transaction; the rows that they change go into the ledger (store/ledger.py)."""

    __slots__ = ("author", "configuration", "connection", "pending", "pending_rows", "written")

    #: whether each question is a message to another machine: then many rows are asked for at once
    is_remote = False
    #: inserts an event with the rows that belong to it, where not `ledger.add_event` does
    add_event: Callable[[Pending, Rows], None] | None = None
    #: gives the SQL that is called `family.name`
    text_of: Callable[[str], str] = staticmethod(statement)

    def __init__(self, connection: Connection) -> None:
        #: the engine's own: `execute(text, values)` and `executemany(text, rows)`, with what sqlite3's cursors have
        self.connection = connection
        #: who events are by where nothing else is said: actor, session, tool
        self.author = Store.author
        self.configuration = Store.configuration
        #: the rows that were written and stand in no event yet, by table and key; None for one that is gone
        self.written: Rows = {}
        #: the event that is recorded and not inserted yet, and the rows that were written before it
        self.pending: Pending | None = None
        self.pending_rows: Rows = {}

    def _asked(self, name: str, values: dict[str, object]) -> Cursor:
        """The cursor of a named statement that only reads."""
        return self.connection.execute(self.text_of(name), values)

    def foresee(self, *questions: Question) -> None:
        """Say which statements may be read before anything is changed again, in any order.

        An engine that answers from far away answers them, and takes what was `put`, in one message.
        """

    def all(self, name: str, **values: object) -> list[dict[str, Any]]:
        """Every row of a named statement, as dicts."""
        cursor = self._asked(name, values)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]

    def each(self, name: str, **values: object) -> Iterator[dict[str, Any]]:
        """The rows of a named statement one by one, for answers that need not fit into memory."""
        cursor = self.connection.execute(self.text_of(name), values)
        columns = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(columns, row, strict=True))

    def one(self, name: str, **values: object) -> dict[str, Any] | None:
        """The first row of a named statement, None when there is none."""
        return next(iter(self.all(name, **values)), None)

    def value(self, name: str, **values: object) -> Any:
        """The first column of the first row, None when there is none."""
        row = self._asked(name, values).fetchone()
        return row[0] if row else None

    def column(self, name: str, **values: object) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self._asked(name, values)]

    def _changed(self, name: str, values: dict[str, object]) -> tuple[Cursor, int]:
        """The cursor of a statement that changes rows, and how many it changed."""
        cursor = self.connection.execute(text := self.text_of(name), values)
        if cursor.description is None:
            return cursor, int(cursor.rowcount)
        from fairway_scripts.store.ledger import keep_changed  # readers do without the ledger

        return cursor, keep_changed(self, text, cursor)

    def run(self, name: str, **values: object) -> int:
        """Run a statement that changes rows; how many it changed."""
        return self._changed(name, values)[1]

    def put(self, name: str, *, otherwise: Callable[[], FairwayError] | None = None, **values: object) -> None:
        """Run a statement that changes rows whose number nobody asks for: at the latest before the next one is read.

        Raises the refusal `otherwise` where it changed no row: here, or at what is asked next.
        """
        if not self.run(name, **values) and otherwise is not None:
            raise otherwise()

    def insert(self, name: str, **values: object) -> int:
        """Run a statement that adds one row; its number."""
        return self._changed(name, values)[0].lastrowid or 0

    def many(self, name: str, rows: Iterable[Values]) -> None:
        """Run a statement once a row (mappings or, for `?` statements, sequences)."""
        text = self.text_of(name)
        if not text.endswith(RETURNING):
            self.connection.executemany(text, rows)
            return
        from fairway_scripts.store.ledger import keep_many

        keep_many(self, text, rows)

    def stream(self, text: str) -> Iterator[Row]:
        """The rows of a SELECT without values, one by one; all of them are read before anything else is asked."""
        return iter(self.connection.execute(text))

    def put_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Put rows of another store into a table as they are, with their numbers."""
        places = ", ".join("?" * len(columns))
        self.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)

    def schema_version(self) -> int:
        """The schema of the store, 0 when it has none."""
        raise NotImplementedError

    def due_steps(self) -> list[str]:
        """The names of the steps of the schema that are due, oldest first."""
        raise NotImplementedError

    def apply_steps(self) -> None:
        """Apply every due step of the schema; for a write transaction."""
        raise NotImplementedError

    def dangling_rows(self) -> list[str]:
        """Rows whose foreign key names no row, each in words."""
        raise NotImplementedError

    def additions(self) -> list[tuple[str, str]]:
        """Triggers and views that no version makes, as `(kind, name)`: they could hide or change rows."""
        raise NotImplementedError

    def cursors(self, text: str, given: Iterable[Values]) -> Iterator[Cursor]:
        """What a statement gives, run once for each of `given`."""
        for values in given:
            yield self.connection.execute(text, values)

    def close(self) -> None:
        """Leave nothing that was written without an event; before a commit."""
        if self.written or self.pending is not None:
            from fairway_scripts.store.ledger import close

            close(self)


if not TYPE_CHECKING:
    Transaction = LooseTransaction


class Store:
    """An open store. An engine's own says how its transactions are begun and ended."""

    __slots__ = ("connection", "guard", "path", "read_only")

    #: Whether this process has changed any store so that running the command again would do it twice.
    has_written = False
    #: whether this process opens every store to be read alone: a look at other people's projects changes nothing
    only_reads = False
    #: who writes: actor, session and tool of this process, for events that say nothing else
    author: tuple[str, str | None, str] = ("fairway", None, "fairway")
    #: gives path and digest of the configuration in force, for every event
    configuration: Callable[[], list[str]] | None = None
    #: lends what is open already, where a process makes many calls (store/kept_open.py): a place, and what connects
    lender: Callable[[str, Callable[[str], Conn]], Conn] | None = None

    def __init__(self, path: str, connection: Any = None, *, read_only: bool = False) -> None:
        #: the place of the store, as people read it
        self.path = path
        #: the engine's own, for the modules of `store/` only
        self.connection = connection
        self.read_only = read_only
        #: why nothing may be written here, for a store of somebody else
        self.guard: FairwayError | None = None

    def read(self, *, temporary: bool = False) -> AbstractContextManager[Transaction]:
        """One snapshot of the store; never waits for a writer. `temporary`: tables of its own are made in it."""
        raise NotImplementedError

    def write(
        self, *, repeatable: bool = False, foreseen: Sequence[Question] = ()
    ) -> AbstractContextManager[Transaction]:
        """The one write transaction of a command; `foreseen` is what it reads first (`Transaction.foresee`).

        `repeatable`: the same command run again writes the same once more, or finds nothing left to write. That is
        so for what a call learns from files and keeps. Raises FairwayError for a store that the caller only reads.
        """
        raise NotImplementedError

    def damage(self) -> list[str]:
        """What the engine itself finds broken, [] for a sound store; raises FairwayError when it cannot look."""
        raise NotImplementedError

    def back_up(self, target: str, *, scratch: bool = False) -> None:
        """Copy the store to the new SQLite file `target`: one file, checked, there whole or not at all.

        A `scratch` copy is for trying something out on: whoever has it may change it. Raises FairwayError:
        `already_exists`, `file_unavailable`, `store_damaged`, `store_busy`.
        """
        raise NotImplementedError

    def copy_to_sandbox(self) -> Store:
        """A private copy with all rows, on SQLite, that goes when it is closed: to try something out on."""
        raise NotImplementedError

    def upgrade(self, back_up: Callable[[], str]) -> tuple[list[str], str]:
        """Apply the due steps of the schema, under the write lock and after `back_up`, which returns its path.

        Returns the names of the steps and that path: `([], "")` when another process was first. Raises FairwayError.
        """
        raise NotImplementedError

    def require_writable(self) -> None:
        """Raise the refusal of a store that is not the caller's to change: before anything is done for it."""
        if self.guard is not None:
            raise self.guard

    def remembered(self) -> Remembered:
        """What the store keeps of its settings, of whose it is, and of where it was moved to, as the texts they are."""
        with self.read() as tx:
            return tx.all("sources.remembered")[0]

    def looked_up(self, name: str, **values: object) -> list[Any]:
        """The rows of a named statement at the opening of the store or later, as dicts: a moment of their own."""
        with self.read() as tx:
            return LooseTransaction.all(tx, name, **values)

    def change_number(self) -> int:
        """A number that is another one as soon as somebody else has committed an event; it costs little.

        Raises FairwayError.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file or the server."""
        self.connection.close()


def number_for(table: str) -> Question:
    """What a change foresees that adds one row to a table and tells its number: then the row goes with the commit."""
    return NUMBER, {"table": table}


def is_server(place: str) -> bool:
    """Whether a place is one on a server, or is meant to be."""
    return not place.startswith(("/", ".")) and place[:20].lstrip().lower().startswith(_ON_SERVER)


def exact(place: str) -> str:
    """The place of a store without links and detours: a file's real path; a schema has one name.

    Of an address or a connection string, which names no store, only how it begins: a password may stand in it.
    """
    if not is_server(place):
        return os.path.realpath(place)
    if place.startswith(SERVER) and not place.startswith(f"{SERVER}/"):
        return place
    return f"{place[: min(place.find(sign) for sign in '=:' if sign in place) + 1]}..."
