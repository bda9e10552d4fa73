"""Tables of an old database as if each held one kind of record and named tasks by their ids.

A shape is plain data, found once and remembered: `{parts: {name: [table, column, value]}, lookups: {table: {column:
[other table, its key, its column]}}, lists: {table: {name: [other table, its column of our key, its text, its order,
its column of kinds, a kind, our key]}}, claims: {table: {name: [other table, its column of our key, the column that is
read, its order, the column of its end, what that says before the end, our key]}}, void: {table: column}, members:
{table: {name: [column, key]}}}`. A part is the rows of a table of one kind, or, where its value is a list, those of
none of these, where it is true or false those whose cell says something or nothing; a lookup puts what another table
says in the place of its key; a list is the lines that another table keeps for a row, a claim what the last of them says
that has not ended; the cells of a void column mark rows that were deleted, but for those whose `kept` column says one
of its words; a member is what the JSON objects of a column say under a key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping

    from fairway_scripts.store.legacy_types import Cell, Cells, Part, PartRule, Shape

#: What a cell that marks deleted rows says of one that is there.
_THERE = ("", "0", "f", "false", "n", "no", "off")
#: What a flag says that says no, and nothing that needs a place.
NO = ("f", "false", "n", "no")
#: Behind the id of a task whose own row is marked as deleted: its records are no records of the task of that id.
GONE = " (deleted)"
#: What the text of a move tells.
MOVES = ("from status", "to status")
_MOVE = re.compile(r"\s*([A-Za-z][\w-]*?)\s*(?:->|=>|→|>|\bto\b)\s*([A-Za-z][\w-]*)\s*")


def is_marked(cell: object) -> bool:
    """Whether a cell of a void column marks its row as deleted: a true word or number, a time."""
    return cell is not None and str(cell).strip().lower() not in _THERE


def quoted(name: str) -> str:
    """A name of the database as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def plain(cell: Cell | bytes) -> Cell:
    """A cell with its bytes as text."""
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell


def _is_of(name: str, value: PartRule) -> str:
    """Whether a row is of a part, in SQL, by the very letters whatever the column says of comparing them."""
    if isinstance(value, bool):
        return f"ifnull({name}, '') {'<>' if value else '='} ''"
    texts = [literal(text) for text in ([value] if isinstance(value, str) else value)]
    if isinstance(value, str):
        return f"{name} = {texts[0]} COLLATE BINARY"
    return f"({name} IS NULL OR {name} COLLATE BINARY NOT IN ({', '.join(texts)}))"


def references(ask: Callable[..., sqlite3.Cursor], table: str, declared: Iterable[str]) -> dict[str, list[str]]:
    """What the columns of a table refer to, `{column: [table, column]}`, both as they are declared.

    The other column is the key where no such one is there, and "" where none tells the rows apart by itself: several
    refer together, or there is no key.
    """
    names = {name.lower(): name for name in declared}
    keys = ask('SELECT id, "from", "table", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq', (table,)).fetchall()
    numbers, found = [number for number, *_key in keys], {}
    for number, column, target, other in keys:
        columns = ask("SELECT name, pk FROM pragma_table_info(?)", (target,)).fetchall()
        main = [name for name, place in columns if place]
        own = [name for name, _place in columns if name.lower() == (other or "").lower()] or main
        is_key = len(own) == 1 and (numbers.count(number) == 1 or own == main)
        found[column] = [names.get(target.lower(), target), own[0] if is_key else ""]
    return found


def move_in(text: str) -> tuple[str, str] | None:
    """The two words of `todo -> in_progress`, None for another text."""
    found = _MOVE.fullmatch(text)
    return (found[1], found[2]) if found else None


def object_in(cell: object) -> dict[str, object] | None:
    """The JSON object that a cell is, None where it is none."""
    text = "" if cell is None else str(cell).strip()
    if move := move_in(text):
        return dict(zip(MOVES, move, strict=True))
    try:
        said = jsonio.loads(text) if text.startswith("{") else None
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def declared_key(columns: Iterable[tuple[str, str, int]]) -> list[str]:
    """The columns of a table's key in their order, of all its columns as (name, type, place in the key)."""
    return [name for _place, name in sorted((place, name) for name, _type, place in columns if place)]


def key_of_view(ask: Callable[..., sqlite3.Cursor], view: str) -> list[str]:
    """The first column that tells the rows of a view apart, else all of them together."""
    names = [name for (name,) in ask("SELECT name FROM pragma_table_info(?)", (view,))]
    for name in names:
        if ask(f"SELECT count(*) - count(DISTINCT {quoted(name)}) FROM {quoted(view)}").fetchone()[0] == 0:
            return [name]
    return names


class Shapes:
    """The shapes of one open database."""

    def __init__(self, connection: sqlite3.Connection, shape: Shape) -> None:
        self._ask = connection.execute
        self.parts: Mapping[str, Part] = shape.get("parts", {})
        self._lookups = shape.get("lookups", {})
        self._lists = shape.get("lists", {})
        self._claims = shape.get("claims", {})
        self._members = shape.get("members", {})
        self.latest = shape.get("latest", {})
        self._void = shape.get("void", {})
        self._kept = shape.get("kept", {})
        self._said: dict[tuple[str, ...], dict[str, str | int | float | None]] = {}
        self._told: dict[tuple[str, ...], dict[str, list[str]]] = {}

    def base(self, table: str) -> str:
        """The table of the database in which the rows of `table` are."""
        return self.parts[table][0] if table in self.parts else self.latest.get(table, [table])[0]

    def source(self, table: str, *conditions: str) -> str:
        """`FROM` and `WHERE` of a query for the rows of a table that fulfil all conditions."""
        wanted = [*conditions]
        if table in self.parts:
            base, column, value = self.parts[table]
            wanted.append(_is_of(self.cell(base, column), value))
        if table in self.latest:
            base, task, order = self.latest[table]
            there = "".join(f" WHERE {condition}" for condition in self.there(base))
            last = f"SELECT {quoted(task)}, max({quoted(order)}) FROM {quoted(base)}{there} GROUP BY {quoted(task)}"
            wanted.append(f"({quoted(task)}, {quoted(order)}) IN ({last})")
        where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
        return f"FROM {quoted(self.base(table))}{where}"

    def views(self) -> list[str]:
        """The names of the views of the database."""
        return [name for (name,) in self._ask("SELECT name FROM sqlite_master WHERE type = 'view'")]

    def keys_in(self, table: str, column: str) -> list[str]:
        """The keys of the JSON objects in a column."""
        cells = f"SELECT {quoted(column)} AS said FROM {quoted(table)} WHERE json_valid({quoted(column)})"
        return [str(key) for (key,) in self._ask(f"SELECT DISTINCT m.key FROM ({cells}) AS c, json_each(c.said) AS m")]

    def members(self, table: str) -> Mapping[str, list[str]]:
        """The columns of a table that are members of objects in another: {name: [that column, key]}."""
        return self._members.get(self.base(table), {})

    def cell(self, table: str, column: str) -> str:
        """A column in SQL."""
        if column not in self.members(table):
            return quoted(column)
        name, key = self.members(table)[column]
        if key in MOVES:  # the whole of the text says it too
            return quoted(name)
        path = "'$.\"" + key.replace("'", "''") + "\"'"
        return f"CASE WHEN json_valid({quoted(name)}) THEN json_extract({quoted(name)}, {path}) END"

    def lists(self, table: str) -> list[str]:
        """The columns of a table that lie in another: lists and claims."""
        return [*self._lists.get(self.base(table), ()), *self._claims.get(self.base(table), ())]

    def beside(self, table: str) -> list[str]:
        """The tables of the database from which cells of the rows of a table come."""
        kinds, found = (self._lookups, self._lists, self._claims), [self.base(table)]
        for name in found:
            others = [place[0] for places in kinds for place in places.get(name, {}).values()]
            found += [other for other in dict.fromkeys(others) if other not in found]
        return found[1:]

    def row(self, table: str, cells: Cells) -> Cells:
        """A row as it is read: ids in the place of keys, with its lists."""
        base = self.base(table)
        for name, (column, key) in self.members(table).items():
            said = (object_in(cells[column]) or {}).get(key)
            if said is None or (isinstance(said, (str, int, float)) and not isinstance(said, bool)):
                cells[name] = said
            else:
                cells[name] = jsonio.dumps(said)
        for column, place in self._lookups.get(base, {}).items():
            cells[column] = self._looked_up(place).get(str(cells[column]), cells[column])
        for name, (*place, own) in self._lists.get(base, {}).items():
            cells[name] = "\n".join(self._lines(tuple(place)).get(str(cells[own]), ())) or None
        for name, (*place, own) in self._claims.get(base, {}).items():
            cells[name] = self._held(tuple(place)).get(str(cells[own]))
        return cells

    def is_void(self, table: str, row: Mapping[str, object]) -> bool:
        """Whether a row is marked as deleted."""
        column, (stays, *words) = self._void.get(self.base(table), ""), self._kept.get(self.base(table), ("",))
        return bool(column) and is_marked(row[column]) and not (words and str(row[stays]) in words)

    def there(self, table: str) -> list[str]:
        """The condition in SQL of rows that are not marked as deleted, [] where none is."""
        void, (stays, *words) = quoted(self._void.get(self.base(table), "")), self._kept.get(self.base(table), ("",))
        there = f"{void} IS NULL OR lower(trim({void})) IN ({', '.join(map(literal, _THERE))})"
        there += f" OR CAST({quoted(stays)} AS TEXT) IN ({', '.join(map(literal, words))})" if words else ""
        return [f"({there})"] if self.base(table) in self._void else []

    def is_live(self, table: str, row: Mapping[str, object]) -> bool:
        """Whether neither a row nor the task that it is about is marked as deleted."""
        return not self.is_void(table, row) and not self.is_gone(table, row)

    def is_gone(self, table: str, row: Mapping[str, object]) -> bool:
        """Whether the task that a row is about is marked as deleted."""
        return any(str(row[column]).endswith(GONE) for column in self._lookups.get(self.base(table), ()))

    def take_mark(self, table: str, row: Cells, column: str) -> bool:
        """Whether the task that a column of the row names is marked as deleted; then its bare id stands there."""
        if column not in self._lookups.get(self.base(table), ()) or not str(row[column]).endswith(GONE):
            return False
        row[column] = str(row[column]).removesuffix(GONE)
        return True

    def gone(self, table: str) -> list[str]:
        """What the rows of a table name by its key and is marked as deleted there."""
        places = self._lookups.get(self.base(table), {}).values()
        told = [self._looked_up(place) for place in places if place[0] in self._void]
        return sorted(key for said in told for key, value in said.items() if str(value).endswith(GONE))

    def keys(self, table: str, column: str, value: str) -> list[str]:
        """What stands in a column of the database where it is read as `value`."""
        place = self._lookups.get(self.base(table), {}).get(column)
        if place is None:
            return [value]
        return [key for key, said in self._looked_up(place).items() if said == value]

    def _looked_up(self, place: list[str]) -> dict[str, str | int | float | None]:
        other, key, column = place
        name = ("lookup", *place)
        if name not in self._said:
            there = " AND ".join(self.there(other)) or "1"
            rows = self._ask(f"SELECT {quoted(key)}, {quoted(column)}, {there} FROM {quoted(other)}")
            self._said[name] = {
                str(plain(own)): plain(said) if is_there else f"{plain(said)}{GONE}" for own, said, is_there in rows
            }
        return self._said[name]

    def _lines(self, place: tuple[str, ...]) -> dict[str, list[str]]:
        other, key, text, order, kinds, kind = place
        if place not in self._told:
            wanted = [*([f"{quoted(kinds)} = {literal(kind)}"] if kinds else []), *self.there(other)]
            where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
            by = f" ORDER BY {quoted(order)}" if order else ""
            found: dict[str, list[str]] = {}
            for own, line in self._ask(f"SELECT {quoted(key)}, {quoted(text)} FROM {quoted(other)}{where}{by}"):
                found.setdefault(str(plain(own)), []).append(str(plain(line)))
            self._told[place] = found
        return self._told[place]

    def _held(self, place: tuple[str, ...]) -> dict[str, Cell]:
        other, key, column, order, end, word = place
        if ("claim", *place) not in self._said:
            said_before = ", ".join(map(literal, [word.lower()] if word else _THERE))
            open_ones = [f"lower(trim(ifnull({quoted(end)}, ''))) IN ({said_before})"] if end else []
            where = f" WHERE {' AND '.join(wanted)}" if (wanted := [*open_ones, *self.there(other)]) else ""
            asked = f"SELECT {quoted(key)}, {quoted(column)} FROM {quoted(other)}{where} ORDER BY {quoted(order)}"
            said = self._looked_up(named) if (named := self._lookups.get(other, {}).get(column)) else {}
            rows = ((str(plain(own)), plain(cell)) for own, cell in self._ask(asked))
            self._said["claim", *place] = {own: said.get(str(cell), cell) for own, cell in rows}
        return self._said["claim", *place]
