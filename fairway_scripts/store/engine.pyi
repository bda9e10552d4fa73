from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeAlias, TypedDict

# What a cell of a store holds.
Cell: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Cell, ...]
# By table and key the names of the columns, None for a row that is gone, and the row.
Rows: TypeAlias = dict[tuple[str, Row], tuple[list[str] | None, Row]]

# What sqlite3's cursors have, and those of a server; cells are of any type, as the standard library says it.
class Cursor(Protocol):
    @property
    def description(self) -> Any: ...
    @property
    def rowcount(self) -> int: ...
    @property
    def lastrowid(self) -> int | None: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...

class Connection(Protocol):
    def execute(self, text: str, values: Any = ..., /) -> Cursor: ...
    def executemany(self, text: str, rows: Iterable[Any], /) -> object: ...
    @property
    def in_transaction(self) -> bool: ...
    def close(self) -> None: ...

class Happened(TypedDict):
    at: str
    task_id: str
    kind: str
    payload: str
    request_id: str | None
    reverts: int | None

# An event with who it is by.
class NewEvent(Happened, total=False):
    actor: str
    session_id: str | None
    tool: str

class Said(Happened):
    actor: str
    session_id: str | None
    tool: str

# An event that is to be inserted: its number, how many there are with it, and the hashes of those before it.
class Pending(Said):
    id: int
    events: int
    before: str
    previous_hash: str
