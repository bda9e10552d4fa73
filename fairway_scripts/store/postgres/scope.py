"""The two kinds of transaction on a server: `read()` and `write()` of its store give one of them."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.store.contract import Store
from fairway_scripts.store.postgres.answers import ServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.store.postgres.connection import Connection, ServerStore
    from fairway_scripts.store.postgres.transaction import ServerTransaction


class Scope:
    """`with store.read() as tx:` / `with store.write() as tx:`; a failure rolls everything back."""

    __slots__ = ("_number", "_repeatable", "_store", "_temporary", "_transaction", "_writes")

    def __init__(self, store: ServerStore, *, writes: bool, repeatable: bool = False, temporary: bool = False) -> None:
        self._store = store
        self._writes = writes
        self._repeatable = repeatable
        self._temporary = temporary

    def __enter__(self) -> ServerTransaction:
        from fairway_scripts.store.postgres.transaction import ServerTransaction

        connection: Connection = self._store.connection
        try:
            if self._writes:
                self._number, moment = connection.begin_writing()
            else:
                self._number, moment = connection.begin_reading(temporary=self._temporary)
        except ServerError as problem:
            self._roll_back()
            raise refused(problem, self._store.path) from problem
        clock.follow(moment)
        self._transaction = ServerTransaction(connection)
        return self._transaction

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
        if self._writes:
            Store.has_written = Store.has_written or not self._repeatable

    def _commit(self) -> None:
        connection: Connection = self._store.connection
        try:
            if not self._writes:
                connection.wire.tell("COMMIT")
                return
            connection.wire.ask("COMMIT")
        except ServerError as failure:
            if connection.wire.is_open:
                self._roll_back()
                raise refused(failure, self._store.path) from failure
            if not self._writes:
                return  # everything was read before the connection was lost
            from fairway_scripts.store.postgres.outcome import require_committed

            require_committed(connection, self._number, failure)

    def _roll_back(self) -> None:
        try:
            self._store.connection.wire.ask("ROLLBACK")
        except ServerError:
            return  # the connection is gone, and the transaction with it


def refused(problem: ServerError, place: str) -> FairwayError:
    """What a failure of the server means to the caller."""
    from fairway_scripts.store.postgres.refusals import refusal

    return refusal(problem, place)
