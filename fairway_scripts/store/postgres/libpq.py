"""PostgreSQL's own client library, called directly: a dozen functions, values as text.

Loading psycopg takes longer than a whole hot command. Both drivers have this face: `Wire(conninfo)`, `ask`,
`ask_many`, `is_open`, `close`. https://www.postgresql.org/docs/current/libpq.html
"""

from __future__ import annotations

import ctypes
from itertools import islice

from fairway_scripts.store.postgres.answers import Answer, ServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

_COMMAND_OK, _TUPLES_OK, _PIPELINE_SYNC = 1, 2, 10  # ExecStatusType
_EMPTY, _COPY_OUT, _COPY_IN = 0, 3, 4
_SQLSTATE, _MESSAGE = ord("C"), ord("M")
#: So many statements are sent before their answers are read.
MOST_AT_ONCE = 500
_TEXT = ctypes.c_char_p
_POINTER = ctypes.c_void_p
_NUMBER = ctypes.c_int
_ASKED = (_POINTER, _TEXT, _NUMBER, *[_POINTER] * 4, _NUMBER)
_CELL = (_POINTER, _NUMBER, _NUMBER)
#: what functions give, and what each of them takes
_FUNCTIONS: list[tuple[Any, dict[str, tuple[Any, ...]]]] = [
    (None, dict.fromkeys(("PQfinish", "PQclear", "PQfreemem"), (_POINTER,))),
    (
        _POINTER,
        {"PQconnectdb": (_TEXT,), "PQexec": (_POINTER, _TEXT), "PQexecParams": _ASKED, "PQgetResult": (_POINTER,)},
    ),
    (_NUMBER, {"PQsendQueryParams": _ASKED, "PQgetisnull": _CELL, "PQsendQuery": (_POINTER, _TEXT)}),
    (_NUMBER, dict.fromkeys(("PQstatus", "PQenterPipelineMode", "PQexitPipelineMode", "PQpipelineSync"), (_POINTER,))),
    (_NUMBER, dict.fromkeys(("PQresultStatus", "PQntuples", "PQnfields"), (_POINTER,))),
    (_TEXT, {"PQerrorMessage": (_POINTER,), "PQcmdTuples": (_POINTER,), "PQgetvalue": _CELL}),
    (_TEXT, dict.fromkeys(("PQresultErrorField", "PQfname"), (_POINTER, _NUMBER))),
    (
        _NUMBER,
        {
            "PQgetCopyData": (_POINTER, _POINTER, _NUMBER),
            "PQputCopyData": (_POINTER, _TEXT, _NUMBER),
            "PQputCopyEnd": (_POINTER, _TEXT),
        },
    ),
    (ctypes.c_uint, {"PQftype": (_POINTER, _NUMBER)}),
]
_NAMES = ("libpq.so.5", "libpq.5.dylib", "libpq.dll")


def _load() -> Any:
    """The library with the types of its functions; raises ImportError where there is none that has all of them."""
    for name in _NAMES:
        try:
            library = ctypes.CDLL(name)
            for gives, functions in _FUNCTIONS:
                for function, takes in functions.items():
                    getattr(library, function).restype = gives
                    getattr(library, function).argtypes = takes
        except (OSError, AttributeError):
            continue
        return library
    raise ImportError("libpq")


_pq = _load()


class Wire:
    """One connection to a server."""

    __slots__ = ("_conn", "_told")

    def __init__(self, conninfo: str) -> None:
        """Connect; raises ServerError."""
        #: whether something was said whose answer nobody has read yet
        self._told = False
        self._conn = _pq.PQconnectdb(conninfo.encode())
        if _pq.PQstatus(self._conn):
            message = _text(_pq.PQerrorMessage(self._conn))
            self.close()
            raise ServerError("", message)

    @property
    def is_open(self) -> bool:
        """Whether the server is still there, as far as the library knows."""
        return self._conn is not None and not _pq.PQstatus(self._conn)

    def ask(self, text: str, values: Sequence[str | None] | None = None) -> Answer:
        """Run one statement with values for `$1` ..., or without any one message of several; the answer of the last.

        Raises ServerError.
        """
        self._hear()
        if values is None:
            return self._taken(_pq.PQexec(self._conn, text.encode()))
        return self._taken(_pq.PQexecParams(self._conn, *_arguments(text, values)))

    def tell(self, text: str) -> None:
        """Send a message and do not wait for its answer, which tells nothing: the next question hears of a failure."""
        self._hear()
        self._told = bool(_pq.PQsendQuery(self._conn, text.encode()))

    def _hear(self) -> None:
        while self._told and (result := _pq.PQgetResult(self._conn)):
            _pq.PQclear(result)
        self._told = False

    def ask_many(self, asked: Iterable[tuple[str, Sequence[str | None]]]) -> list[Answer]:
        """Run statements without waiting in between, up to the first that fails; raises its ServerError."""
        self._hear()
        answers: list[Answer] = []
        waiting = 0
        _pq.PQenterPipelineMode(self._conn)
        try:
            for text, values in asked:
                if not _pq.PQsendQueryParams(self._conn, *_arguments(text, values)):
                    raise ServerError("", _text(_pq.PQerrorMessage(self._conn)))
                waiting += 1
                if waiting == MOST_AT_ONCE:
                    answers += self._pipelined(waiting)
                    waiting = 0
            answers += self._pipelined(waiting)
        finally:
            _pq.PQexitPipelineMode(self._conn)
        return answers

    def copy_out(self, text: str) -> list[bytes]:
        """The lines that a COPY ... TO STDOUT gives; raises ServerError."""
        self._begin_copy(text, _COPY_OUT)
        line, lines = _POINTER(), []
        while (size := _pq.PQgetCopyData(self._conn, ctypes.byref(line), 0)) > 0:
            lines.append(ctypes.string_at(line, size))
            _pq.PQfreemem(line)
        self._told = True
        self._taken(_pq.PQgetResult(self._conn))
        return lines

    def copy_in(self, text: str, lines: Iterable[bytes]) -> None:
        """Give a COPY ... FROM STDIN its lines; raises ServerError."""
        self._begin_copy(text, _COPY_IN)
        end: bytes | None = b"given up"
        try:
            left = iter(lines)
            while chunk := b"".join(islice(left, MOST_AT_ONCE)):
                _pq.PQputCopyData(self._conn, chunk, len(chunk))
            end = None
        finally:
            _pq.PQputCopyEnd(self._conn, end)
            self._told = True
        self._taken(_pq.PQgetResult(self._conn))

    def _begin_copy(self, text: str, expected: int) -> None:
        self._hear()
        result = _pq.PQexec(self._conn, text.encode())
        if _pq.PQresultStatus(result) != expected:
            self._taken(result)
        _pq.PQclear(result)

    def _pipelined(self, count: int) -> list[Answer]:
        _pq.PQpipelineSync(self._conn)
        found: list[Answer] = []
        problem: ServerError | None = None
        for _number in range(count):
            try:
                found.append(self._taken(_pq.PQgetResult(self._conn)))
            except ServerError as failure:
                problem = problem or failure
                if not self.is_open:
                    raise
            _pq.PQgetResult(self._conn)  # the end of this answer
        _pq.PQclear(_pq.PQgetResult(self._conn))  # the sync
        if problem is not None:
            raise problem
        return found

    def _taken(self, result: Any) -> Answer:
        """What a result holds, which is given back; raises ServerError."""
        try:
            status = _pq.PQresultStatus(result)
            if status not in (_COMMAND_OK, _TUPLES_OK, _EMPTY, _PIPELINE_SYNC) or result is None:
                message = _text(_pq.PQresultErrorField(result, _MESSAGE)) or _text(_pq.PQerrorMessage(self._conn))
                raise ServerError(_text(_pq.PQresultErrorField(result, _SQLSTATE)), message)
            return _answer(result, status)
        finally:
            _pq.PQclear(result)

    def close(self) -> None:
        """Say goodbye."""
        if self._conn is not None:
            _pq.PQfinish(self._conn)
            self._conn = None


def _arguments(text: str, values: Sequence[str | None]) -> tuple[Any, ...]:
    given = (_TEXT * len(values))(*(None if value is None else value.encode() for value in values))
    return text.encode(), len(values), None, given, None, None, 0


def _answer(result: Any, status: int) -> Answer:
    if status != _TUPLES_OK:
        return Answer(None, [], [], int(_pq.PQcmdTuples(result) or 0))
    places = range(_pq.PQnfields(result))
    rows = [
        [
            None
            if (value := _pq.PQgetvalue(result, row, place)) == b"" and _pq.PQgetisnull(result, row, place)
            else value.decode()
            for place in places
        ]
        for row in range(_pq.PQntuples(result))
    ]
    names = [_text(_pq.PQfname(result, place)) for place in places]
    return Answer(names, [_pq.PQftype(result, place) for place in places], rows, len(rows))


def _text(told: bytes | None) -> str:
    return (told or b"").decode(errors="replace").strip()
