"""What a server answers, in Python's types, whichever driver asked."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


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
_READERS: dict[int, Callable[[str], Any]] = {
    16: _flag,
    20: int,
    21: int,
    23: int,
    26: int,
    700: float,
    701: float,
    1700: _number,
}


class Cursor:
    """An answer with the face of a cursor of sqlite3."""

    __slots__ = ("_rows", "description", "lastrowid", "rowcount")

    def __init__(self, answer: Answer) -> None:
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

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, None after the last one."""
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows that are left."""
        return list(self._rows)
