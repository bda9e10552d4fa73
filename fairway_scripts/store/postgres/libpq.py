"""PostgreSQL's own client library, called directly: some thirty functions, values as text.

Loading psycopg takes longer than a whole hot command. Both drivers have this face: `Wire(conninfo)`, `ask`, `ask_many`,
`tell`, `copy_out`, `copy_in`, `hear_session`, `is_open`, `close`. https://www.postgresql.org/docs/current/libpq.html
"""

from __future__ import annotations

import ctypes
from itertools import islice

from fairway_scripts.store.postgres.answers import Answer, ServerError
from fairway_scripts.store.postgres.patience import is_heard, unheard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_EMPTY, _COMMAND_OK, _TUPLES_OK, _PIPELINE_SYNC = 0, 1, 2, 10  # ExecStatusType
_COPIES = (3, 4)
_SQLSTATE, _MESSAGE = ord("C"), ord("M")
#: So many statements are sent before their answers are read.
MOST_AT_ONCE = 500
_TYPES = {"p": ctypes.c_void_p, "t": ctypes.c_char_p, "i": ctypes.c_int, "u": ctypes.c_uint, "-": None}
#: Functions, what each gives, and what it takes: pointers, texts, integers.
_FUNCTIONS = """PQconnectdb p t, PQstatus i p, PQbackendPID i p, PQerrorMessage t p, PQfinish - p,
PQsocket i p, PQisBusy i p, PQconsumeInput i p, PQsendQuery i pt,
PQsendQueryParams i ptippppi, PQsendPrepare i pttip, PQsendQueryPrepared i ptipppi,
PQgetResult p p, PQenterPipelineMode i p, PQexitPipelineMode i p, PQpipelineSync i p,
PQresultStatus i p, PQresultErrorField t pi, PQcmdTuples t p, PQclear - p,
PQntuples i p, PQnfields i p, PQfname t pi, PQftype u pi, PQgetvalue t pii, PQgetisnull i pii,
PQgetCopyData i ppi, PQputCopyData i pti, PQputCopyEnd i pt, PQfreemem - p"""
#: What begins a statement that no preparation makes faster.
_NOTHING_TO_PLAN = ("BEGIN", "COMMIT", "END", "ROLLBACK")
_LIBRARIES = ("libpq.so.5", "libpq.5.dylib", "libpq.dll")


def _load() -> ctypes.CDLL:
    """The library with the types of its functions; raises ImportError where there is none that has all of them."""
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
            for line in _FUNCTIONS.split(","):
                function, gives, takes = line.split()
                found = getattr(library, function)
                found.restype, found.argtypes = _TYPES[gives], [_TYPES[letter] for letter in takes]
        except (OSError, AttributeError):
            continue
        return library
    raise ImportError("libpq")


pq = _load()


class Wire:
    """One connection to a server."""

    __slots__ = ("_columns", "_is_kept", "_names", "_number", "_told", "conn")

    def __init__(self, conninfo: str) -> None:
        """Connect; raises ServerError."""
        #: whether something was said whose answer nobody has read yet
        self._told = False
        #: whether the session that answers is the one that was connected to, so that it knows what it was told before
        self._is_kept = False
        #: what was asked -> its name in that session, b"" after the first time; and names and types of its columns
        self._names: dict[str, bytes] = {}
        self._columns: dict[str, tuple[list[str], list[int]]] = {}
        self._number = 0
        self.conn: int | None = None
        self.conn = pq.PQconnectdb(conninfo.encode())
        if pq.PQstatus(self.conn):
            message = _text(pq.PQerrorMessage(self.conn))
            self.close()
            raise ServerError("", message)

    @property
    def is_open(self) -> bool:
        """Whether the server is still there, as far as the library knows."""
        return self.conn is not None and not pq.PQstatus(self.conn)

    def hear_session(self, number: int) -> None:
        """Take note of which session answers: behind a pooler nothing is prepared, which another one would not know."""
        self._is_kept = number == pq.PQbackendPID(self.conn)

    def ask(self, text: str, values: Sequence[str | None] | None = None) -> Answer:
        """Run one statement with values for `$1` ..., or without any one message of several; the answer of the last.

        Raises ServerError.
        """
        if values is not None:
            return self.ask_many([(text, values)])[0]
        self.hear()
        return self.taken(self.run(text))

    def run(self, text: str) -> int | None:
        """Send a message as it stands; its last result, or the first from which rows are copied."""
        last: int | None = None
        if pq.PQsendQuery(self.conn, text.encode()):
            while result := self.result():
                pq.PQclear(last)
                last = result
                if pq.PQresultStatus(result) in _COPIES:
                    break
        return last

    def result(self) -> int | None:
        """The next result of what was sent, None after the last one; raises ServerError where nothing comes."""
        while pq.PQisBusy(self.conn):
            if not self.wait():
                break
        return pq.PQgetResult(self.conn)  # type: ignore[no-any-return]

    def wait(self) -> bool:
        """Take what the server says next; False where the connection is broken, and ServerError where it is silent."""
        if is_heard(pq.PQsocket(self.conn)):
            return bool(pq.PQconsumeInput(self.conn))
        self.close()
        raise ServerError("", unheard())

    def tell(self, text: str) -> None:
        """Send a message and do not wait for its answer, which tells nothing: the next question hears of a failure."""
        self.hear()
        pq.PQenterPipelineMode(self.conn)
        self._send(text, (), [])
        pq.PQpipelineSync(self.conn)
        self._told = True

    def hear(self) -> None:
        """Read the answer that nobody has read yet."""
        if self._told:
            self._skip_told()
            pq.PQexitPipelineMode(self.conn)

    def _skip_told(self) -> None:
        for _part in range(3):  # the answer, its end, the sync
            pq.PQclear(self.result())
        self._told = False

    def ask_many(self, asked: Iterable[tuple[str, Sequence[str | None]]]) -> list[Answer]:
        """Run statements without waiting in between, up to the first that fails; raises its ServerError."""
        answers: list[Answer] = []
        left = iter(asked)
        try:
            while some := list(islice(left, MOST_AT_ONCE)):
                answers += self._asked_at_once(some)
        except ServerError:
            self._names, self._columns, self._is_kept = {}, {}, False  # a name may be why
            raise
        return answers

    def _asked_at_once(self, asked: list[tuple[str, Sequence[str | None]]]) -> list[Answer]:
        sent: list[str] = []
        if not self._told:  # else it is that mode already, and what was told is not waited for
            pq.PQenterPipelineMode(self.conn)
        try:
            for text, values in asked:
                self._send(text, values, sent)
            pq.PQpipelineSync(self.conn)
            if self._told:
                self._skip_told()
            return self._heard(sent)
        finally:
            pq.PQexitPipelineMode(self.conn)

    def _send(self, text: str, values: Sequence[str | None], sent: list[str]) -> None:
        """Send a statement, prepared where it was asked before; `sent` gets what is answered, "" for a preparation."""
        sql, count, name = text.encode(), len(values), b""
        given = (ctypes.c_char_p * count)(*[None if value is None else value.encode() for value in values])
        if self._is_kept and not text.startswith(_NOTHING_TO_PLAN):
            if text not in self._names:
                self._names[text] = b""
            elif not (name := self._names[text]):
                self._number += 1
                name = self._names[text] = b"fairway%d" % self._number
                pq.PQsendPrepare(self.conn, name, sql, 0, None)
                sent.append("")
        if name:
            is_sent = pq.PQsendQueryPrepared(self.conn, name, count, given, None, None, 0)
        else:
            is_sent = pq.PQsendQueryParams(self.conn, sql, count, None, given, None, None, 0)
        if not is_sent:
            raise ServerError("", _text(pq.PQerrorMessage(self.conn)))
        sent.append(text)

    def _heard(self, sent: list[str]) -> list[Answer]:
        found: list[Answer] = []
        problem: ServerError | None = None
        for text in sent:
            try:
                answer = self.taken(self.result(), text)
                if text:
                    found.append(answer)
            except ServerError as failure:
                problem = problem or failure
                if not self.is_open:
                    raise
            self.result()  # the end of this answer
        pq.PQclear(self.result())  # the sync
        if problem is not None:
            raise problem
        return found

    def taken(self, result: int | None, text: str = "") -> Answer:
        """What a result holds, which is given back; raises ServerError."""
        try:
            status = pq.PQresultStatus(result)
            if status == _TUPLES_OK:
                return self._rows(result, text)
            if status in (_COMMAND_OK, _EMPTY, _PIPELINE_SYNC) and result is not None:
                return Answer(None, [], [], int(pq.PQcmdTuples(result) or 0))
            message = _text(pq.PQresultErrorField(result, _MESSAGE)) or _text(pq.PQerrorMessage(self.conn))
            raise ServerError(_text(pq.PQresultErrorField(result, _SQLSTATE)), message)
        finally:
            pq.PQclear(result)

    def _rows(self, result: int | None, text: str) -> Answer:
        columns = self._columns.get(text)
        if columns is None:
            places = range(pq.PQnfields(result))
            names = [_text(pq.PQfname(result, place)) for place in places]
            columns = names, [pq.PQftype(result, place) for place in places]
            if self._names.get(text):  # the server refuses a name whose columns have become others
                self._columns[text] = columns
        places = range(len(columns[1]))
        rows = [
            [
                None
                if (value := pq.PQgetvalue(result, row, place)) == b"" and pq.PQgetisnull(result, row, place)
                else value.decode()
                for place in places
            ]
            for row in range(pq.PQntuples(result))
        ]
        return Answer(*columns, rows, len(rows))

    def copy_out(self, text: str) -> list[bytes]:
        """The lines that a COPY ... TO STDOUT gives; raises ServerError."""
        from fairway_scripts.store.postgres.libpq_copy import copy_out

        return copy_out(pq, self, text)

    def copy_in(self, text: str, lines: Iterable[bytes]) -> None:
        """Give a COPY ... FROM STDIN its lines; raises ServerError."""
        from fairway_scripts.store.postgres.libpq_copy import copy_in

        copy_in(pq, self, text, lines)

    def close(self) -> None:
        """Say goodbye."""
        if self.conn is not None:
            pq.PQfinish(self.conn)
            self.conn = None

    #: A process that makes many calls drops the store of each, as it drops a file: nobody else says goodbye.
    __del__ = close


def _text(told: bytes | None) -> str:
    return (told or b"").decode(errors="replace").strip()
