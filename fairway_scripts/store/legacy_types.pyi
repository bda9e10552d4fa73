from typing import NotRequired, TypeAlias, TypedDict

# A cell of an old database as it is read (bytes are text then), and a row by the names of its columns.
Cell: TypeAlias = str | int | float | None
Cells: TypeAlias = dict[str, Cell]
# What tells the rows of a part: the text of a cell, all texts that it is none of, or whether it says something.
PartRule: TypeAlias = str | list[str] | bool
# A table, its column and what tells the rows of the part.
Part: TypeAlias = tuple[str, str, PartRule]
# By tables and names of columns: where another table has what stands there.
Places: TypeAlias = dict[str, dict[str, list[str]]]

class Shape(TypedDict, total=False):
    parts: dict[str, Part]
    lookups: Places
    lists: Places
    claims: Places
    members: Places
    # By names the last rows of logs: the table, its column of the task, and what tells the last.
    latest: dict[str, list[str]]
    void: dict[str, str]
    # Of tables whose void column says what is archived: a column, and what it says in rows that stay.
    kept: dict[str, list[str]]
    # Of kinds of records the part; of tables in parts the column that tells them and all that it says.
    kinds: dict[str, str]
    types: dict[str, tuple[str, list[str]]]
    # Of tables of one kind the column, the words that are none of that kind, and the kind.
    held: dict[str, tuple[str, list[str], str]]

class TableFacts(TypedDict):
    columns: dict[str, str]
    pk: list[str]
    refs: NotRequired[dict[str, list[str]]]
    sql: NotRequired[str]
    rows: NotRequired[list[Cells]]
    count: NotRequired[int]
    filled: NotRequired[dict[str, int]]

class MappedTable(TypedDict):
    table: str
    why: str
    key: list[str]
    increasing: bool
    columns: dict[str, str]
    reasons: dict[str, str]
    void: NotRequired[str]
    unused: list[str]
