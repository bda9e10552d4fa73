"""A store that is a schema of a server, and its two kinds of transaction.

`read()` is one snapshot (REPEATABLE READ READ ONLY). `write()` takes the lock of the schema with BEGIN, in one
message: whoever writes comes after every writer before him, so that READ COMMITTED shows all of it, and the numbers
of events are in the order of their commits.
"""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.contract import Store
from fairway_scripts.store.postgres.answers import ServerError
from fairway_scripts.store.postgres.channel import Connection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Any

    from fairway_scripts.store.contract import Question
    from fairway_scripts.store.postgres.transaction import ServerTransaction
    from fairway_scripts.store.rows import Remembered

#: A division by zero: a row is missing that a change was about (`ledger.add_event`).
_MISSING = "22012"


class Reading:
    """`with store.read() as tx:`. It begins with the first question: without one the server hears nothing of it."""

    __slots__ = ("_store", "_temporary")

    def __init__(self, store: ServerStore, *, temporary: bool = False) -> None:
        self._store = store
        self._temporary = temporary

    def __enter__(self) -> ServerTransaction:
        from fairway_scripts.store.postgres.transaction import ServerTransaction

        connection: Connection = self._store.connection
        connection.begin_reading(temporary=self._temporary)
        return ServerTransaction(connection)

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        connection: Connection = self._store.connection
        try:
            if connection.waiting:
                connection.waiting.clear()
            else:
                connection.wire.tell("END" if kind is None else "ROLLBACK")
        except ServerError:
            pass  # everything was read before the connection was lost
        connection.has_begun = False
        if isinstance(problem, ServerError):
            raise refused(problem, self._store.path) from problem


class Writing:
    """`with store.write() as tx:`; a failure rolls everything back."""

    __slots__ = ("_foreseen", "_number", "_repeatable", "_store", "_transaction")

    def __init__(self, store: ServerStore, foreseen: Sequence[Question], *, repeatable: bool) -> None:
        self._store = store
        self._foreseen = foreseen
        self._repeatable = repeatable

    def __enter__(self) -> ServerTransaction:
        from fairway_scripts.store.postgres.transaction import HEAD, ServerTransaction

        connection: Connection = self._store.connection
        self._transaction = ServerTransaction(connection)
        try:
            connection.begin_writing(self._take_number)
            self._transaction.foresee(*([HEAD, *self._foreseen] if self._foreseen else ()))
        except ServerError as problem:
            self._roll_back()
            raise refused(problem, self._store.path) from problem
        return self._transaction

    def _take_number(self, number: int) -> None:
        self._number = number

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._roll_back()
            if isinstance(problem, ServerError):
                raise refused(problem, self._store.path) from problem
            return
        try:
            self._transaction.close()
        except ServerError as failure:
            self._roll_back()
            raise refused(failure, self._store.path) from failure
        except BaseException:  # such as a configuration that is gone: the event cannot be written
            self._roll_back()
            raise
        self._commit()
        self._store.connection.has_begun = False
        Store.has_written = Store.has_written or not self._repeatable

    def _commit(self) -> None:
        connection: Connection = self._store.connection
        try:
            connection.send([("COMMIT", ())])
        except BaseException as failure:
            if not isinstance(failure, ServerError) or connection.wire.is_open:
                self._roll_back()
            if not isinstance(failure, ServerError):  # what was put last changed no row
                raise
            if connection.wire.is_open:
                otherwise = self._transaction.otherwise if failure.sqlstate == _MISSING else None
                raise (otherwise() if otherwise else refused(failure, self._store.path)) from failure
            from fairway_scripts.store.postgres.outcome import require_committed

            require_committed(connection, self._number, failure)

    def _roll_back(self) -> None:
        self._store.connection.waiting.clear()
        try:
            self._store.connection.wire.ask("ROLLBACK")
            self._store.connection.has_begun = False
        except ServerError:
            return  # the connection is gone, and the transaction with it


class ServerStore(Store):
    """An open schema."""

    __slots__ = ("found_first",)

    connection: Connection

    def __init__(self, path: str, connection: Connection, *, read_only: bool = False) -> None:
        super().__init__(path, connection, read_only=read_only)
        #: what the opening asked along with the version, by name and values: good for the first who asks
        self.found_first: dict[tuple[object, ...], list[dict[str, object]]] = {}

    def remembered(self) -> Remembered:
        """What the store keeps of itself; see `Store.remembered`."""
        found: Remembered = self.looked_up("sources.remembered")[0]
        return found

    def looked_up(self, name: str, **values: object) -> list[Any]:
        """The rows of a named statement; see `Store.looked_up`."""
        found = self.found_first.pop((name, *values.items()), None)
        return super().looked_up(name, **values) if found is None else found

    def read(self, *, temporary: bool = False) -> Reading:
        """One snapshot of the schema; never waits for a writer."""
        return Reading(self, temporary=temporary)

    def write(self, *, repeatable: bool = False, foreseen: Sequence[Question] = ()) -> Writing:
        """The one write transaction of a command; see `Store.write`."""
        self.require_writable()
        if self.read_only:
            raise FairwayError(
                "store_unavailable", f"{self.path} is only read here", suggest("queue-where"), path=self.path
            )
        self.found_first.clear()
        return Writing(self, foreseen, repeatable=repeatable)

    def beside(self) -> ServerStore:
        """The same schema over a connection of its own: this one may be in a transaction."""
        return ServerStore(self.path, Connection(self.path))

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


def refused(problem: ServerError, place: str) -> FairwayError:
    """What a failure of the server means to the caller."""
    from fairway_scripts.store.postgres.refusals import refusal

    return refusal(problem, place)
