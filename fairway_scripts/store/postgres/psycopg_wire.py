"""The same wire through psycopg, where its packaged libpq is the only one on the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import OperationalError, pq

from fairway_scripts.store.postgres.answers import Answer, ServerError
from fairway_scripts.store.postgres.patience import is_heard, unheard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg.pq.abc import PGconn, PGresult

_COPIES = (pq.ExecStatus.COPY_OUT, pq.ExecStatus.COPY_IN)
_GOOD = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK, pq.ExecStatus.EMPTY_QUERY)


class PsycopgWire:
    """One connection to a server; see `libpq.Wire`."""

    __slots__ = ("_conn",)

    def __init__(self, conninfo: str) -> None:
        self._conn: PGconn | None = pq.PGconn.connect(conninfo.encode())
        if self._conn.status != pq.ConnStatus.OK:
            message = self._conn.error_message.decode(errors="replace")
            self.close()
            raise ServerError("", message)

    @property
    def is_open(self) -> bool:
        """Whether the server is still there, as far as the library knows."""
        return self._conn is not None and self._conn.status == pq.ConnStatus.OK

    def ask(self, text: str, values: Sequence[str | None] | None = None) -> Answer:
        """Run one statement with values, or one message of several; the answer of the last. Raises ServerError."""
        if self._conn is None:
            raise ServerError("", "the connection is closed")
        try:
            if values is None:
                return _answer(self._run(self._conn, text))
            given = [None if value is None else value.encode() for value in values]
            self._conn.send_query_params(text.encode(), given)
            return _answer(self._last(self._conn))
        except (
            OperationalError,
            MemoryError,
        ) as problem:  # the latter, in older versions, of a connection that is gone
            raise ServerError("", str(problem)) from problem

    def _run(self, conn: PGconn, text: str) -> PGresult:
        conn.send_query(text.encode())
        return self._last(conn)

    def _last(self, conn: PGconn) -> PGresult:
        """The last result of what was sent, or the first from which rows are copied."""
        last: PGresult | None = None
        while (result := self._result(conn)) is not None:
            last = result
            if result.status in _COPIES:
                break
        if last is None:
            raise ServerError("", conn.error_message.decode(errors="replace"))
        return last

    def _result(self, conn: PGconn) -> PGresult | None:
        """The next result, None after the last one; raises ServerError where nothing comes."""
        while conn.is_busy() and self._wait(conn):
            pass
        return conn.get_result()

    def _wait(self, conn: PGconn) -> bool:
        """Take what the server says next; False where the connection is broken."""
        if not is_heard(conn.socket):
            self.close()
            raise ServerError("", unheard())
        try:
            conn.consume_input()
        except OperationalError:
            return False
        return True

    def hear_session(self, _number: int) -> None:
        """Take note of which session answers: nothing is prepared here."""

    def tell(self, text: str) -> None:
        """Send a message whose answer tells nothing."""
        self.ask(text)

    def ask_many(self, asked: Iterable[tuple[str, Sequence[str | None]]]) -> list[Answer]:
        """Run one statement after the other, to the first that fails."""
        return [self.ask(text, values) for text, values in asked]

    def copy_out(self, text: str) -> list[bytes]:
        """The lines that a COPY ... TO STDOUT gives."""
        conn = self._begin_copy(text, pq.ExecStatus.COPY_OUT)
        lines = []
        while (found := conn.get_copy_data(1))[0] >= 0:
            if found[0]:
                lines.append(bytes(found[1]))
            elif not self._wait(conn):  # nothing is here yet
                break
        self._end(conn)
        return lines

    def copy_in(self, text: str, lines: Iterable[bytes]) -> None:
        """Give a COPY ... FROM STDIN its lines."""
        conn = self._begin_copy(text, pq.ExecStatus.COPY_IN)
        end: bytes | None = b"given up"
        try:
            for line in lines:
                conn.put_copy_data(line)
            end = None
        finally:
            conn.put_copy_end(end)
            if end is not None:
                self._drain(conn)
        self._end(conn)

    def _begin_copy(self, text: str, expected: pq.ExecStatus) -> PGconn:
        if self._conn is None:
            raise ServerError("", "the connection is closed")
        result = self._run(self._conn, text)
        if result.status != expected:
            _answer(result)
        return self._conn

    def _end(self, conn: PGconn) -> None:
        for result in self._drain(conn):
            _answer(result)

    def _drain(self, conn: PGconn) -> list[PGresult]:
        """The results that are left of a question."""
        found = []
        while (result := self._result(conn)) is not None:
            found.append(result)
        return found

    def close(self) -> None:
        """Say goodbye."""
        if self._conn is not None:
            self._conn.finish()
            self._conn = None


def _answer(result: PGresult) -> Answer:
    if result.status not in _GOOD:
        state = result.error_field(pq.DiagnosticField.SQLSTATE) or b""
        raise ServerError(state.decode(), result.error_message.decode(errors="replace"))
    if result.status != pq.ExecStatus.TUPLES_OK:
        return Answer(None, [], [], result.command_tuples or 0)
    columns = range(result.nfields)
    rows = [
        [None if (value := result.get_value(row, column)) is None else value.decode() for column in columns]
        for row in range(result.ntuples)
    ]
    names = [(result.fname(column) or b"").decode() for column in columns]
    return Answer(names, [result.ftype(column) for column in columns], rows, len(rows))
