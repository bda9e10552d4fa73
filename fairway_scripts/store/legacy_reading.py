"""Reading the tables of an open old database, in the shape that was found for them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from fairway_scripts.base import digest
from fairway_scripts.store.legacy_shapes import (
    NO,
    Shapes,
    declared_key,
    key_of_view,
    literal,
    plain,
    quoted,
    references,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from hashlib import _Hash as Sha256

    from fairway_scripts.store.legacy_types import Cell, Cells, MappedTable, Places, Shape, TableFacts

#: How many of the first and of the last rows of a table are looked at to find out what it is.
_LOOKED_AT = 400
#: How many of those between them are looked at for each column that says nothing in these.
_BETWEEN = 20


class LegacySource:
    """An open old database, one snapshot of it."""

    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self.shapes = Shapes(connection, {})
        #: the views that are read like tables, and what the objects of each table hold, in whatever shape
        self.views: Collection[str] = ()
        self.members: Places = {}
        self.latest: dict[str, list[str]] = {}
        self._wholes: dict[str, str] = {}

    def take_shape(self, shape: Shape) -> None:
        """Read the tables in this shape from here on (`legacy_shapes`)."""
        self.shapes = Shapes(self.connection, {"members": self.members, "latest": self.latest, **shape})

    def schema_version(self) -> int:
        """What changes whenever a table of the database changes its shape."""
        return int(self.connection.execute("PRAGMA schema_version").fetchone()[0])

    def tables(self) -> dict[str, TableFacts]:
        """Every table by its name.

        `pk` is [] where the rowid is all there is; `refs` is what `references` gives; `rows` are its first and its
        last rows, at most `_LOOKED_AT` each, with some of those between them for columns that say something there
        alone, and without those that are marked as deleted where others are there. Where not all are looked at,
        `filled` {column: number} is in how many each column says something. A table that is told in parts is its parts.
        """
        ask = self.connection.execute  # with the standard library alone: a hot command hands on what it owes
        found: dict[str, TableFacts] = {}
        declared: dict[str, str] = dict(ask("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
        declared |= {name: "" for name in self.shapes.views() if name in self.views}
        parted = {self.shapes.base(part) for part in self.shapes.parts}
        for part in [*(name for name in declared if name not in parted), *self.shapes.parts, *self.shapes.latest]:
            name = self.shapes.base(part)
            sql = declared[name]
            columns = ask("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", (name,)).fetchall()
            count = self.count(part)
            members = self.shapes.members(part)
            hidden = {column for column, _key in members.values()}
            types = {column: kind for column, kind, _place in columns if column not in hidden}
            types |= dict.fromkeys(members, "")
            filled = self._filled(part, [*types]) if count > 2 * _LOOKED_AT else {}
            rows = self._first_and_last(part, count, filled)
            live = [row for row in rows if self.shapes.is_live(part, row)]
            found[part] = {
                "columns": types | dict.fromkeys(self.shapes.lists(part), ""),
                "pk": declared_key(columns) if sql else key_of_view(ask, name),
                "refs": references(ask, name, declared),
                "sql": sql,
                "rows": live or [row for row in rows if not self.shapes.is_gone(part, row)],
                "count": count,
                "filled": filled,
            }
        return found

    def _filled(self, part: str, columns: list[str]) -> dict[str, int]:
        """In how many rows that are not deleted each column says something."""
        empty = ", ".join(map(literal, ("", *NO)))
        says = ", ".join(f"sum(lower(trim({self.shapes.cell(part, name)})) NOT IN ({empty}))" for name in columns)
        sums = self.connection.execute(f"SELECT {says} {self.shapes.source(part, *self.shapes.there(part))}").fetchone()
        return {name: number or 0 for name, number in zip(columns, sums, strict=True)}

    def _first_and_last(self, part: str, count: int, filled: Mapping[str, int]) -> list[Cells]:
        """The first and the last rows, and between them some for each column that says nothing in these."""
        first, last = self._some(part, f"LIMIT {_LOOKED_AT}"), list["Cells"]()
        if count > _LOOKED_AT:
            last = self._some(part, f"LIMIT {_LOOKED_AT} OFFSET {max(_LOOKED_AT, count - _LOOKED_AT)}")
        quiet = [name for name in filled if filled[name] and all(row[name] in (None, "") for row in first + last)]
        places = [
            self.shapes.source(part, f"{self.shapes.cell(part, name)} <> ''", *self.shapes.there(part))
            + f" LIMIT {_BETWEEN}"
            for name in quiet
        ]
        between = " UNION ".join(f"SELECT * FROM (SELECT * {place})" for place in places)
        return [*first, *(self._read(part, self.connection.execute(between)) if between else ()), *last]

    def _some(self, table: str, part: str) -> list[Cells]:
        return self._read(table, self.connection.execute(f"SELECT * {self.shapes.source(table)} {part}"))

    def _read(self, table: str, cursor: sqlite3.Cursor) -> list[Cells]:
        names = [column[0] for column in cursor.description]
        return [self.shapes.row(table, dict(zip(names, map(plain, row), strict=True))) for row in cursor]

    def rows(self, entry: MappedTable, since: int | None = None) -> Iterator[tuple[str, Cells]]:
        """The rows of a mapped table in the order of their keys, as (key, row); only those after key `since`."""
        keys = ", ".join(map(quoted, entry["key"])) or "rowid"
        after = since is not None and entry["increasing"]
        return self._keyed(entry, [f"{keys} > ?"] if after else [], [since] if after else [])

    def deleted(self, entry: MappedTable, column: str) -> set[str]:
        """What a column says in rows that are marked as deleted, and in no other."""
        told = [(str(row[column]), self.shapes.is_void(entry["table"], row)) for _key, row in self.rows(entry)]
        return {name for name, is_void in told if is_void} - {name for name, is_void in told if not is_void}

    def numbered_rows_of(self, entry: MappedTable, task_id: str) -> Iterator[tuple[str, Cells]]:
        """The rows of one task in a mapped table, as `rows` gives them, without those that are marked as deleted."""
        column = entry["columns"]["task_id"]
        told = self.shapes.keys(entry["table"], column, task_id)
        found = self._keyed(
            entry, [f"{self.shapes.cell(entry['table'], column)} IN ({', '.join('?' * len(told))})"], told
        )
        return ((key, row) for key, row in found if not self.shapes.is_void(entry["table"], row))

    def _keyed(self, entry: MappedTable, conditions: list[str], values: Sequence[Cell]) -> Iterator[tuple[str, Cells]]:
        keys = ", ".join(map(quoted, entry["key"])) or "rowid"
        source = self.shapes.source(entry["table"], *conditions)
        cursor = self.connection.execute(f"SELECT {keys}, * {source} ORDER BY {keys}", values)
        width = len(entry["key"]) or 1
        names = [column[0] for column in cursor.description[width:]]
        for row in cursor:
            cells = [plain(cell) for cell in row]
            read = self.shapes.row(entry["table"], dict(zip(names, cells[width:], strict=True)))
            yield "/".join(map(str, cells[:width])), read

    def identities(
        self, entry: MappedTable, columns: list[str], last: int, before: Sha256 | None = None, since: int = 0
    ) -> Sha256:
        """A digest of key and columns of the rows up to the key `last`; `before` is that of the rows up to `since`."""
        key = ", ".join(map(quoted, entry["key"])) or "rowid"
        conditions = [f"{key} <= {last:d}", *([f"{key} > {since:d}"] if before else [])]
        return self._digest(entry["table"], columns, conditions, key, before)

    def state_of(self, entry: MappedTable) -> str:
        """What tells whether the rows of a mapped table, and what they name, are what they were."""
        beside = [[table, self._whole(table)] for table in self.shapes.beside(entry["table"])]
        return digest.of_text(f"{self._digest(entry['table'], ['*']).hexdigest()} {beside}")

    def _whole(self, table: str) -> str:
        if table not in self._wholes:
            self._wholes[table] = self._digest(table, ["*"]).hexdigest()
        return self._wholes[table]

    def _digest(
        self,
        table: str,
        columns: list[str],
        conditions: Iterable[str] = (),
        key: str = "",
        before: Sha256 | None = None,
    ) -> Sha256:
        """A digest of rows as SQLite writes them in JSON, which is many times quicker than reading them."""
        if columns == ["*"]:
            info = self.connection.execute("SELECT name FROM pragma_table_info(?)", (self.shapes.base(table),))
            cells = [quoted(name) for (name,) in info]
        else:
            cells = [self.shapes.cell(table, name) for name in columns]
        names = ", ".join([*([key] if key else []), *cells])
        source = self.shapes.source(table, *conditions) + (f" ORDER BY {key}" if key else "")
        told = before.copy() if before else digest.sha256()
        factory, self.connection.text_factory = self.connection.text_factory, bytes
        try:
            for (row,) in self.connection.execute(f"SELECT json_array({names}) {source}"):
                told.update(row)
        except sqlite3.OperationalError:  # JSON holds no bytes
            told = before.copy() if before else digest.sha256()
            for row in self.connection.execute(f"SELECT {names} {source}"):
                told.update(repr(row).encode())
        finally:
            self.connection.text_factory = factory
        return told

    def says_something(self, places: dict[str, list[str]]) -> bool:
        """Whether one of the columns `{table: [columns]}` says something in some row."""
        for table, columns in places.items():
            asked = [name for name in columns if name not in self.shapes.lists(table)]
            says = " OR ".join(f"{self.shapes.cell(table, name)} <> ''" for name in asked)
            source = self.shapes.source(table, f"({says})")
            if says and self.connection.execute(f"SELECT 1 {source} LIMIT 1").fetchone():
                return True
        return False

    def is_silent(self, table: str, column: str) -> bool:
        """Whether a column says nothing in some row."""
        source = self.shapes.source(table, f"coalesce({self.shapes.cell(table, column)}, '') = ''")
        return self.connection.execute(f"SELECT 1 {source} LIMIT 1").fetchone() is not None

    def filled(self, places: dict[str, list[str]]) -> dict[str, dict[str, int]]:
        """In how many rows each of the columns `{table: [columns]}` says something, where it does in any."""
        found: dict[str, dict[str, int]] = {}
        for table, columns in places.items():
            for name in set(columns).difference(self.shapes.lists(table)):
                if number := self.count(table, f"{self.shapes.cell(table, name)} <> ''"):
                    found.setdefault(table, {})[name] = number
        return found

    def has_others(self, table: str, column: str, known: Mapping[str, object]) -> bool:
        """Whether a column holds something that `known` does not name."""
        cursor = self.connection.execute(
            f"SELECT DISTINCT {self.shapes.cell(table, column)} {self.shapes.source(table)}"
        )
        return any(cell is not None and str(cell) not in known for (cell,) in cursor)

    def says_others(self, watched: Mapping[str, Mapping[str, Iterable[str]]]) -> bool:
        """Whether columns say something else than they did, `{table: {column: [what they said]}}`."""
        for table, columns in watched.items():
            others = " OR ".join(
                f"CAST({self.shapes.cell(table, name)} AS TEXT) COLLATE BINARY NOT IN ({', '.join(map(literal, said))})"
                for name, said in columns.items()
            )
            found = self.connection.execute(f"SELECT 1 {self.shapes.source(table, others)} LIMIT 1").fetchone()
            if found and any(self.has_others(table, name, dict.fromkeys(said)) for name, said in columns.items()):
                return True
        return False

    def values(self, table: str, column: str) -> list[str]:
        """What the cells of a column say as text, each once."""
        named = f"{self.shapes.cell(table, column)} COLLATE BINARY"
        cursor = self.connection.execute(f"SELECT DISTINCT {named} {self.shapes.source(table)}")
        return [str(cell) for (cell,) in cursor if cell is not None]

    def rows_roughly(self) -> int:
        """How many rows there are in all tables, as a power of two."""
        tables = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return sum(self.count(name) for (name,) in tables).bit_length()

    def rows_of(self, entry: MappedTable, column: str, values: list[str]) -> Iterator[Cells]:
        """The rows whose `column` (theirs) is one of `values`, without those that are marked as deleted."""
        source = self.shapes.source(entry["table"], f"{self.shapes.cell(entry['table'], column)} = ?")
        for value in values:
            for told in self.shapes.keys(entry["table"], column, value):
                for row in self._read(entry["table"], self.connection.execute(f"SELECT * {source}", (told,))):
                    if not self.shapes.is_void(entry["table"], row):
                        yield row

    def count(self, table: str, *conditions: str) -> int:
        """How many rows a table has that fulfil all conditions."""
        source = self.shapes.source(table, *conditions)
        return int(self.connection.execute(f"SELECT count(*) {source}").fetchone()[0])
