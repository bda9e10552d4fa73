"""What the statements of the store take and give, read from their SQL and from the tables of a new store.

Types follow from the columns that a statement names: what may be empty there, or comes over a LEFT JOIN, may be None,
unless the statement asks for rows in which it is not. An expression that nothing here knows is refused with its
statement, so that the next one is either written in these words or teaches them.
"""

from __future__ import annotations

import re
import sqlite3
from typing import NamedTuple

from fairway_scripts.store.sqlite.new_tables import statements as table_statements
from fairway_scripts.store.statements import every_name, statement

_TOKEN = re.compile(
    r"'(?:[^']|'')*'|:\w+|[A-Za-z_]\w*(?:\.(?:[A-Za-z_]\w*|\*))?|\d+(?:\.\d+)?|<>|<=|>=|==|\|\||[^\s\w]"
)
_COMPARING = ("=", "<>", "<", ">", "<=", ">=", "IN", "LIKE", "BETWEEN", "IS", "GLOB")
#: What joins expressions, the loosest first, and what comes of it.
_OPERATIONS = ((("OR", "AND"), "int"), (_COMPARING, "int"), (("||",), "str"), (("+", "-", "*", "/"), "int"))
_CLAUSES = ("WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "WINDOW", "OFFSET", "RETURNING")
_TEXTS = ("substr", "lower", "upper", "replace", "trim", "group_concat", "ltrim", "rtrim", "string_agg", "json_extract")
_AGGREGATES = ("count", "max", "min", "sum")
_NUMBERS = ("length", "instr", "row_number", "abs", "round", "rank", "dense_rank")


class Column(NamedTuple):
    """The type of a value ("" where nothing says which), and whether it may be None."""

    kind: str
    null: bool

    @property
    def text(self) -> str:
        """The type as it is written."""
        return (self.kind or "Value") + (" | None" if self.null else "")


Columns = dict[str, Column]
NOTHING = Column("", null=True)


def read_tables() -> dict[str, Columns]:
    """The columns of every table and view of a new store."""
    connection = sqlite3.connect(":memory:")
    for text in [*table_statements(), *(text for text in map(statement, every_name()) if text.startswith("CREATE"))]:
        connection.execute(text)
    masters = ("sqlite_master", "sqlite_temp_master")
    asked = [connection.execute(f"SELECT name FROM {master} WHERE type <> 'index'") for master in masters]
    names = [name for rows in asked for (name,) in rows]
    return {name: _columns(connection, name) for name in (*names, *masters)}


def _columns(connection: sqlite3.Connection, table: str) -> Columns:
    kinds = {"TEXT": "str", "INTEGER": "int", "REAL": "float"}
    rows = connection.execute(f"PRAGMA table_info({table})")
    return {name: Column(kinds.get(kind, ""), not filled and not key) for _at, name, kind, filled, _usual, key in rows}


def tokens_of(text: str) -> list[str]:
    """The words of a statement."""
    return _TOKEN.findall(re.sub(r"--[^\n]*", "", text))


def depths(tokens: list[str]) -> list[int]:
    """How many brackets are open at each token; a bracket counts as what is in it."""
    found, depth = [], 0
    for token in tokens:
        depth += token == "("
        found.append(depth)
        depth -= token == ")"
    return found


def split(tokens: list[str], *words: str) -> list[list[str]]:
    """The parts between words that stand outside of brackets."""
    parts: list[list[str]] = [[]]
    for token, depth in zip(tokens, depths(tokens), strict=True):
        if depth == 0 and token.upper() in words:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def until(tokens: list[str], *words: str) -> tuple[list[str], list[str]]:
    """What stands before the first of the words outside of brackets, and the rest from it on."""
    at = next(
        (
            at
            for at, (token, depth) in enumerate(zip(tokens, depths(tokens), strict=True))
            if depth == 0 and token.upper() in words
        ),
        len(tokens),
    )
    return tokens[:at], tokens[at:]


def _inside(tokens: list[str]) -> int:
    """Where the bracket that opens at the first token is closed."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        if depth == 0:
            return at
    raise ValueError(f"a bracket stays open: {' '.join(tokens)}")


def merged(columns: list[Column]) -> Column:
    """A value that is one of these."""
    kinds = dict.fromkeys(kind for column in columns if column.kind for kind in column.kind.split(" | "))
    return Column(" | ".join(kinds), any(column.null for column in columns))


def is_one_row(tokens: list[str]) -> bool:
    """Whether a SELECT always gives one row: it counts, or it reads no table."""
    tokens = until(tokens, "SELECT")[1]
    if len(split(tokens, "UNION")) > 1 or len(split(tokens, "GROUP")) > 1:
        return False
    items, rest = until(tokens, "FROM")
    return _counts(_outer(items)) or not rest


def _counts(tokens: list[str]) -> bool:
    """Whether there is an aggregate; `max` and `min` of several values are none."""
    calls = (at for at, token in enumerate(tokens[:-1]) if token in _AGGREGATES and tokens[at + 1] == "(")
    return any(len(split(tokens[at + 2 : at + 1 + _inside(tokens[at + 1 :])], ",")) == 1 for at in calls)


def _outer(tokens: list[str]) -> list[str]:
    """The tokens that are in no inner SELECT."""
    found: list[str] = []
    while tokens:
        if tokens[0] == "(" and tokens[1].upper() == "SELECT":
            tokens = tokens[_inside(tokens) :]
        else:
            found.append(tokens[0].lower())
        tokens = tokens[1:]
    return found


class Query:
    """A SELECT with the tables that it reads, and perhaps those around it."""

    def __init__(self, tables: dict[str, Columns], outer: dict[str, Columns] | None = None) -> None:
        self.tables = tables
        self.scope: dict[str, Columns] = dict(outer or {})
        self.own: list[str] = []
        self.grouped = False

    def columns(self, tokens: list[str]) -> Columns:
        """The columns of a SELECT (WITH, UNION and all) in order."""
        if tokens[0].upper() == "WITH":
            return self._with(tokens[1:])
        arms = [arm[1:] if arm[0].upper() == "ALL" else arm for arm in split(tokens, "UNION", "EXCEPT", "INTERSECT")]
        found = [Query(self.tables, self.scope).arm(arm) for arm in arms]
        types = [merged([column for _name, column in place]) for place in zip(*found, strict=True)]
        return dict(zip([name for name, _column in found[0]], types, strict=True))

    def _with(self, tokens: list[str]) -> Columns:
        tokens = tokens[1:] if tokens[0].upper() == "RECURSIVE" else tokens
        name, tokens = tokens[0], tokens[1:]
        named: list[str] = []
        if tokens[0] == "(":
            end = _inside(tokens)
            named, tokens = [token for token in tokens[1:end] if token != ","], tokens[end + 1 :]
        body = tokens[1:]
        while body[0].upper() in ("NOT", "MATERIALIZED"):
            body = body[1:]
        end = _inside(body)
        # the first arm says what the later ones may read, and all of them what there is in the end
        for told in (split(body[1:end], "UNION")[0], body[1:end]):
            found = self.columns(told)
            self.tables = {**self.tables, name: dict(zip(named or found, found.values(), strict=True))}
        rest = body[end + 1 :]
        return self._with(rest[1:]) if rest[0] == "," else self.columns(rest)

    def arm(self, tokens: list[str]) -> list[tuple[str, Column]]:
        """The columns of one SELECT, which in a UNION may have a name twice."""
        tokens = tokens[2:] if tokens[1].upper() == "DISTINCT" else tokens[1:]
        items, rest = until(tokens, "FROM", *_CLAUSES)
        self.grouped = "GROUP" in map(str.upper, until(rest, "GROUP")[1][:1])
        source, rest = until(rest[1:], *_CLAUSES) if rest[:1] and rest[0].upper() == "FROM" else ([], rest)
        self._read_from(source)
        if rest[:1] and rest[0].upper() == "WHERE":
            self._asked(until(rest[1:], *_CLAUSES)[0])
        return [column for item in split(items, ",") for column in self._item(item).items()]

    def _read_from(self, tokens: list[str]) -> None:
        """The tables of FROM; what comes over a LEFT JOIN may be None."""
        before: list[str] = []
        while tokens:
            part, tokens = until(tokens, "JOIN", ",")
            kind = [word.upper() for word in before[-1:]]
            table, asked = until(part, "ON", "LEFT", "INNER", "CROSS")
            self._source(table, null="LEFT" in kind)
            condition, before = until(asked[1:], "LEFT", "INNER", "CROSS") if asked[:1] == ["ON"] else ([], asked)
            if condition and "LEFT" not in kind:
                self._asked(condition)
            tokens = tokens[1:]

    def _source(self, tokens: list[str], *, null: bool) -> None:
        if tokens[0] == "(":
            end = _inside(tokens)
            found, rest = Query(self.tables, self.scope).columns(tokens[1:end]), tokens[end + 1 :]
        elif tokens[1:2] == ["("]:  # json_each(...) and the like
            end = _inside(tokens[1:]) + 1
            found, rest = {"value": Column("", null=False), "key": NOTHING}, tokens[end + 1 :]
        else:
            found, rest = self.tables[tokens[0]], tokens[1:]
        rest = rest[1:] if rest and rest[0].upper() == "AS" else rest
        name = rest[0] if rest else tokens[0]
        self.scope[name] = {key: Column(kind, nullable or null) for key, (kind, nullable) in found.items()}
        self.own.append(name)

    def _asked(self, tokens: list[str]) -> None:
        """A column that a row must have to be given is not None: it is compared with something."""
        if len(split(tokens, "OR")) > 1:
            return
        for part in split(tokens, "AND"):
            place = self._place(part[0]) if part else None
            if place is None or len(part) < 3 or part[1].upper() not in _COMPARING:
                continue
            if part[1].upper() == "IS" and part[2].upper() != "NOT":
                continue
            if part[1].upper() == "IS" and part[3:4] != ["NULL"]:
                continue
            table, name = place
            self.scope[table] = {**self.scope[table], name: self.scope[table][name]._replace(null=False)}

    def _place(self, word: str) -> tuple[str, str] | None:
        """The table and the column that a word means."""
        table, dot, name = word.partition(".")
        if dot:
            return (table, name) if name in self.scope.get(table, {}) else None
        for known in [*self.own, *self.scope]:
            if word in self.scope[known]:
                return known, word
        return None

    def _item(self, tokens: list[str]) -> Columns:
        if tokens == ["*"]:
            return {name: column for table in self.own for name, column in self.scope[table].items()}
        if tokens[0].endswith(".*"):
            return dict(self.scope[tokens[0][:-2]])
        value, named = until(tokens, "AS")
        name = named[1] if named else tokens[-1].partition(".")[2] or tokens[-1] if len(tokens) == 1 else ""
        return {name or " ".join(tokens): self.typed(value)}

    def typed(self, tokens: list[str]) -> Column:
        """The type of an expression; raises ValueError for one that is not known."""
        first = tokens[0].upper()
        if tokens[0] == "(" and _inside(tokens) == len(tokens) - 1:
            return self._bracket(tokens[1:-1])
        if first == "CASE":
            return self._case(tokens[1:-1])
        if first in ("NOT", "EXISTS"):
            return Column("int", null=False)
        for words, kind in _OPERATIONS:
            parts = split(tokens, *words)
            if len(parts) > 1:
                known = [self.typed(part) for part in parts if part and part[0].upper() not in ("NOT", "NULL")]
                return Column(kind, any(column.null for column in known) and "IS" not in map(str.upper, tokens))
        return self._single(tokens)

    def _bracket(self, tokens: list[str]) -> Column:
        if tokens[0].upper() not in ("SELECT", "WITH"):
            return merged([self.typed(part) for part in split(tokens, ",")])
        query = Query(self.tables, self.scope)
        (found,) = query.columns(tokens).values()
        counted = tokens[1].lower() == "count" or (tokens[1].upper() == "COALESCE" and not found.null)
        return found._replace(null=not counted)

    def _case(self, tokens: list[str]) -> Column:
        results: list[Column] = []
        for part in split(tokens, "WHEN")[1:]:
            result, otherwise = until(until(part, "THEN")[1][1:], "ELSE")
            results += [self.typed(result)] + ([self.typed(otherwise[1:])] if otherwise else [])
        return merged(results if "ELSE" in map(str.upper, tokens) else [*results, NOTHING])

    def _single(self, tokens: list[str]) -> Column:
        word = tokens[0]
        if len(tokens) == 1:
            if word[0] == "'":
                return Column("str", null=False)
            if word[0] == ":" or word.upper() == "NULL":
                return NOTHING
            if word.replace(".", "").isdigit():
                return Column("float" if "." in word else "int", null=False)
            place = self._place(word)
            if place is None:
                raise ValueError(f"no table has {word}")
            return self.scope[place[0]][place[1]]
        if tokens[1] == "(":
            end = _inside(tokens[1:]) + 1
            return self._called(word.lower(), tokens[2:end])
        raise ValueError(f"what is {' '.join(tokens)}?")

    def _called(self, name: str, inner: list[str]) -> Column:
        if name == "cast":
            value, kind = until(inner, "AS")
            kinds = {"INTEGER": "int", "TEXT": "str", "REAL": "float", "BIGINT": "int"}
            return Column(kinds[kind[1].upper()], self.typed(value).null)
        if name in ("count", *_NUMBERS) and (name == "count" or not inner):
            return Column("int", null=False)
        given = [self.typed(part[1:] if part[0].upper() == "DISTINCT" else part) for part in split(inner, ",")]
        null = any(column.null for column in given)
        if name in ("coalesce", "ifnull"):
            return merged(given)._replace(null=all(column.null for column in given))
        if name in ("min", "max", "sum"):
            alone = len(given) == 1 and not self.grouped
            return merged(given)._replace(null=alone or null)
        if name in ("nullif", "lag", "lead"):
            return given[0]._replace(null=True)
        if name in _TEXTS:
            return Column("str", null or name == "json_extract" or (name == "group_concat" and not self.grouped))
        if name in _NUMBERS:
            return Column("int", null)
        raise ValueError(f"what does {name} give?")


class Values:
    """The values that a statement asks for, each with its type."""

    def __init__(self, tables: dict[str, Columns], tokens: list[str]) -> None:
        self.tables = tables
        self.tokens = tokens
        self.found: dict[str, list[Column]] = {}
        #: what is written to a column that is never empty
        self.filled: set[str] = set()
        self.nullable: set[str] = set()
        named = [at for at, token in enumerate(tokens) if token in tables]
        self.aliases = {tokens[at + 1]: tokens[at] for at in named if at + 1 < len(tokens)}
        self.read = {tokens[at] for at in named}

    def columns(self) -> Columns:
        """Each value with its type, in the order of their names."""
        self._inserted()
        self._set()
        for at, token in enumerate(self.tokens):
            if token[0] == ":":
                self.found.setdefault(token[1:], [])
                self._compared(at, token[1:])
        return {name: self._settled(name, self.found[name]) for name in sorted(self.found)}

    def _settled(self, name: str, seen: list[Column]) -> Column:
        kind = merged(seen).kind
        return Column(kind, bool(kind) and name in self.nullable and name not in self.filled)

    def _put(self, place: Column, expression: list[str]) -> None:
        """A column is filled with an expression."""
        if len(expression) == 1 and expression[0][0] == ":":
            name = expression[0][1:]
            self.found.setdefault(name, []).append(place)
            (self.nullable if place.null else self.filled).add(name)

    def _inserted(self) -> None:
        if self.tokens[0].upper() != "INSERT":
            return
        at = self.tokens.index("INTO")
        columns, rest = self.tables[self.tokens[at + 1]], self.tokens[at + 2 :]
        end = _inside(rest)
        names, rest = [name for name in rest[1:end] if name != ","], rest[end + 1 :]
        given = rest[2 : _inside(rest[1:]) + 1] if rest[0].upper() == "VALUES" else until(rest[1:], "FROM", "WHERE")[0]
        for name, expression in zip(names, split(given, ","), strict=True):
            self._put(columns[name], expression)

    def _set(self) -> None:
        if self.tokens[0].upper() != "UPDATE":
            return
        columns, rest = self.tables[self.tokens[1]], until(self.tokens, "SET")[1][1:]
        for part in split(until(rest, "FROM", "WHERE")[0], ","):
            if part[1] == "=":
                self._put(columns[part[0]], part[2:])

    def _compared(self, at: int, name: str) -> None:
        """What stands beside a value says what it is."""
        before, after = self.tokens[max(at - 2, 0) : at], self.tokens[at + 1 : at + 3]
        word = before[-1].upper() if before else ""
        if word in ("LIMIT", "OFFSET"):
            self.found[name].append(Column("int", null=False))
        elif word == "LIKE" or before == ["json_each", "("]:
            self.found[name].append(Column("str", null=False))
        elif word == "IS" or after[:1] == ["IS"] or before == ["COALESCE", "("]:
            self.nullable.add(name)
        if len(before) == 2 and word in _COMPARING:
            self._beside(name, before[0])
        if len(after) == 2 and after[0].upper() in _COMPARING:
            self._beside(name, after[1])
        if before == ["COALESCE", "("] and len(after) == 2:
            self._beside(name, after[1])

    def _beside(self, name: str, word: str) -> None:
        if word[0] == "'":
            self.found[name].append(Column("str", null=False))
        elif word.isdigit():
            self.found[name].append(Column("int", null=False))
        elif column := self._column(word):
            self.found[name].append(column)

    def _column(self, word: str) -> Column | None:
        table, dot, name = word.rpartition(".")
        table = self.aliases.get(table, table)
        if dot:
            return self.tables.get(table, {}).get(name)
        known = [self.tables[table][word] for table in sorted(self.read) if word in self.tables[table]]
        return merged(known) if known else None
