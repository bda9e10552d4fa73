"""What a server answers, in Python's types, whichever driver asked."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fairway_scripts.store.engine import Cell, Row

#: SQLSTATEs of a prepared statement that the session does not have, or that would give other columns by now.
UNPREPARED = ("26000", "0A000")


class ServerError(Exception):
    """A statement or a connection that failed: the SQLSTATE ("" when the server said none) and what was said."""

    def __init__(self, sqlstate: str, message: str) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate


class Answer:
    """The rows of one statement, as text."""

    __slots__ = ("changed", "names", "rows", "types")

    def __init__(self, names: list[str] | None, types: list[int], rows: list[list[str | None]], changed: int) -> None:
        #: None for a statement that gives no rows
        self.names = names
        #: the numbers of the types of the columns
        self.types = types
        self.rows = rows
        #: how many rows it changed or gave
        self.changed = changed


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _flag(text: str) -> int:
    return int(text == "t")


#: type number -> how its text is read; others stay text. A comparison is 0 or 1, as SQLite has it.
#: https://www.postgresql.org/docs/current/catalog-pg-type.html
_READERS: dict[int, Callable[[str], Cell]] = {
    16: _flag,
    20: int,
    21: int,
    23: int,
    26: int,
    700: float,
    701: float,
    1700: _number,
}


#: How COPY writes what would end a field or a line.
#: https://www.postgresql.org/docs/current/sql-copy.html (File Formats)
_ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPES = str.maketrans(_ESCAPED)
_PLAIN = {**{written[1]: text for text, written in _ESCAPED.items()}, "b": "\b", "f": "\f", "v": "\v"}
_NULL = "\\N"


def line_of_row(row: Sequence[object]) -> bytes:
    """A row as a line for COPY."""
    return ("\t".join([_NULL if value is None else str(value).translate(_ESCAPES) for value in row]) + "\n").encode()


def row_of_line(line: bytes, types: list[int]) -> Row:
    """The row of a line of COPY, by the numbers of the types of its columns."""
    text = line.decode().removesuffix("\n")
    told = text.split("\t")
    row: list[str | None] = [*told]
    if "\\" in text:
        row = [None if value == _NULL else _unescaped(value) for value in told]
    return tuple(
        [
            value if value is None or kind not in _READERS else _READERS[kind](value)
            for value, kind in zip(row, types, strict=True)
        ]
    )


def _unescaped(value: str) -> str:
    first, *parts = value.split("\\")
    if not parts:
        return value
    found, left = [first], iter(parts)
    for part in left:  # an empty part is a backslash that was escaped: what follows it is plain
        found += [_PLAIN[part[0]], part[1:]] if part else ["\\", next(left, "")]
    return "".join(found)


class Cursor:
    """An answer with the face of a cursor of sqlite3."""

    __slots__ = ("_rows", "description", "lastrowid", "rowcount", "types")

    def __init__(self, answer: Answer) -> None:
        self.types = answer.types
        self.description = None if answer.names is None else [(name,) for name in answer.names]
        self.rowcount = answer.changed
        readers = [_READERS.get(kind) for kind in answer.types]
        if any(readers):
            self._rows = iter(
                [
                    tuple(
                        [
                            value if reader is None or value is None else reader(value)
                            for reader, value in zip(readers, row, strict=True)
                        ]
                    )
                    for row in answer.rows
                ]
            )
        else:
            self._rows = iter([tuple(row) for row in answer.rows])
        #: the number of the row that was added, where the statement gives it back
        self.lastrowid: int | None = None
        if answer.rows and answer.names and "id" in answer.names:
            number = answer.rows[0][answer.names.index("id")]
            self.lastrowid = int(number) if number and number.isdigit() else None

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def fetchone(self) -> Row | None:
        """The next row, None after the last one."""
        return next(self._rows, None)

    def fetchall(self) -> list[Row]:
        """The rows that are left."""
        return list(self._rows)
