"""A connection to a schema: questions that wait for one message to the server, and what begins a transaction.

Every setting is one of the transaction, so that a pooler that hands out connections by the transaction (pgbouncer) is
none the wiser.
"""

from __future__ import annotations

from itertools import chain

from fairway_scripts.base import clock, digest
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.contract import BUSY_SECONDS, LOCK_TRIES
from fairway_scripts.store.postgres import place as places
from fairway_scripts.store.postgres.answers import UNPREPARED, Cursor, ServerError
from fairway_scripts.store.postgres.translation import as_text, translated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fairway_scripts.store.contract import Values
    from fairway_scripts.store.postgres.answers import Answer

    #: a statement with `$1` ..., and its values
    Message = tuple[str, Sequence[str | None]]

#: How long one statement may take, and how long a transaction may wait for its client, in seconds.
STATEMENT_SECONDS = 120.0
_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ"
_SESSION = "pg_backend_pid()"
#: The time of the server in microseconds.
_MOMENT = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"


class Connection:
    """A connection to a schema, with the face that `Transaction` asks for."""

    __slots__ = ("has_begun", "place", "schema", "service", "waiting", "wire")

    def __init__(self, place: str) -> None:
        """Connect to the server of `place`; raises FairwayError `store_unavailable`."""
        from fairway_scripts.store.postgres.driver import connect

        self.place = place
        self.service, self.schema = places.parts(place)
        self.wire = connect(self.service, place)
        #: whether a transaction has begun that has not ended yet
        self.has_begun = False
        #: what goes to the server with the next question, each with what takes its answer
        self.waiting: list[tuple[Message, Callable[[Answer], None] | None]] = []

    def execute(self, text: str, values: Values = ()) -> Cursor:
        """Run one statement; `values` by name or in order. Raises ServerError."""
        return Cursor(self.send([self.message(text, values)])[0])

    def executemany(self, text: str, rows: Iterable[Values]) -> None:
        """Run one statement once a row."""
        self.answers(text, rows)

    def answers(self, text: str, rows: Iterable[Values]) -> list[Answer]:
        """Run one statement once a row, without waiting in between."""
        return self.send(self.message(text, values) for values in rows)

    def message(self, text: str, values: Values = ()) -> Message:
        """A statement and its values as they go to the server; raises FairwayError `usage` for a NUL character."""
        sql, names = translated(text)
        return sql, self._ordered(names, values)

    @property
    def in_transaction(self) -> bool:
        """Whether it is of no use to another call: in a transaction, or closed."""
        return self.has_begun or bool(self.waiting) or not self.wire.is_open

    def later(self, message: Message, take: Callable[[Answer], None] | None = None) -> None:
        """Have a statement run before the next one that is asked, in one message with it."""
        self.waiting.append((message, take))

    def send(self, messages: Iterable[Message]) -> list[Answer]:
        """The answers of some statements, which go in one message with those that wait. Raises ServerError."""
        waiting, self.waiting = self.waiting, []
        answers = self._answers([message for message, _take in waiting], messages)
        for (_message, take), answer in zip(waiting, answers, strict=False):
            if take is not None:
                take(answer)
        return answers[len(waiting) :]

    def _answers(self, waiting: list[Message], messages: Iterable[Message]) -> list[Answer]:
        """The answers to all of these; over a new connection where the server has gone away since the last transaction.

        A question is asked again then. A change is refused, since its session may have been ended on purpose; the next
        one finds the new connection.
        """
        if not waiting or not waiting[0][0].startswith("BEGIN"):
            return self.wire.ask_many(chain(waiting, messages))
        if not self.wire.is_open:
            self._connect_anew()
        whole = [*waiting, *messages]
        try:
            return self.wire.ask_many(whole)
        except ServerError as problem:
            if self.wire.is_open and problem.sqlstate in UNPREPARED:
                self.wire.ask("ROLLBACK")
            elif self.wire.is_open or not whole[0][0].startswith(_READING):
                raise
            else:
                self._connect_anew()
        return self.wire.ask_many(whole)

    def anew(self, text: str) -> Answer:
        """Ask something outside any transaction; where the server has gone away meanwhile, over a new connection.

        Raises ServerError, and FairwayError `store_unavailable` where there is no connection to be had.
        """
        try:
            return self.wire.ask(text)
        except ServerError:
            if self.wire.is_open:
                raise
        self._connect_anew()
        return self.wire.ask(text)

    def _ordered(self, names: tuple[str, ...], values: Values) -> list[str | None]:
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
        self.waiting.clear()
        self._connect_anew()

    def _connect_anew(self) -> None:
        from fairway_scripts.store.postgres.driver import connect

        self.wire.close()
        self.wire = connect(self.service, self.place)

    def ask(self, text: str) -> Answer:
        """The answer of one message without values, as it stands; for what only this engine says."""
        if self.waiting:
            self.send([])
        return self.wire.ask(text)

    # --- what begins a transaction: it waits for the first question ---

    def begin_reading(self, *, temporary: bool) -> None:
        """Begin a snapshot."""
        self.has_begun = True
        mode = "" if temporary else " READ ONLY"  # no temporary table can be made in a read-only transaction
        self.later((f"{_READING}{mode}", ()))
        self.later((f"SELECT {self._settings()}, {_SESSION}, {_MOMENT}", ()), self._begun)

    def begin_writing(self, take_number: Callable[[int], None]) -> None:
        """Begin a change with the lock of the schema; `take_number` gets the number of the transaction."""

        def take(answer: Answer) -> None:
            take_number(int(answer.rows[0][-3] or 0))
            self._begun(answer)

        self.has_begun = True
        self.later(("BEGIN ISOLATION LEVEL READ COMMITTED", ()))
        settings = f"{self._settings()}, set_config('synchronous_commit', 'on', true)"
        # what is read behind this statement is seen as it is when the lock is had
        lock = f"pg_advisory_xact_lock({lock_number(self.schema)})"
        self.later((f"SELECT {settings}, {lock}, txid_current(), {_SESSION}, {_MOMENT}", ()), take)

    def _begun(self, answer: Answer) -> None:
        """Go by the clock of the server, which stands last in an answer, behind the session that gave it."""
        session, moment = answer.rows[0][-2:]
        self.wire.hear_session(int(session or 0))
        clock.follow(int(moment or 0))

    def _settings(self) -> str:
        idle = f"{STATEMENT_SECONDS * 1000:.0f}"
        wanted = {
            "search_path": f'"{self.schema}"',
            "client_min_messages": "warning",
            "lock_timeout": f"{BUSY_SECONDS * LOCK_TRIES * 1000:.0f}",
            "statement_timeout": idle,
            "idle_in_transaction_session_timeout": idle,
        }
        return ", ".join(f"set_config('{name}', '{value}', true)" for name, value in wanted.items())


def lock_number(schema: str) -> int:
    """The advisory lock of a schema: locks of a server have numbers, 64 bits with a sign."""
    return int(digest.of_text(f"fairway {schema}")[:16], 16) - (1 << 63)
