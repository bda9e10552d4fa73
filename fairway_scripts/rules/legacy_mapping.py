"""Finding out what an old queue database holds: which of its tables and columns are what.

A name that is known decides first, then the shape. Two candidates that are equally good are never chosen between:
both are named, and the host says which it is (`[legacy_db]` in its profile).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fairway_scripts.rules.legacy_tables import KIND, KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fairway_scripts.rules.legacy_tables import Column, Kind

    Table = Mapping[str, Any]
    Problem = dict[str, str]

#: What a table's name is worth besides one point a column: the first known name, another one, none.
_FIRST_NAME, _KNOWN_NAME = 100, 50
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]")


def find_mapping(tables: Mapping[str, Table], hints: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Which table of an old database is what, and which of its columns are which of ours.

    `tables` is `{name: {columns: {name: type}, pk: [names]}}`. `hints` is the host's `[legacy_db]`: for a kind
    (`state`, `history`, `evidence`, `handoffs`, `reviews`, `sessions`, `checkpoints`) `{table, columns: {ours:
    theirs}}`, where an empty `table` says that there is none; `ignore`: tables to leave out.

    Returns `{kinds: {kind: {table, key, increasing, columns: {ours: theirs}, unused: [theirs]}}, tables: [names of
    the tables that are none of these], missing: [kinds], problems: [{table, column, message}]}`. `key` lists the
    columns that tell a row from another ([]: its rowid), `increasing` says that new rows have greater whole keys.
    """
    given = dict(hints or {})
    problems: list[Problem] = []
    ignored = {str(name) for name in given.get("ignore", ())}
    free = {name: table for name, table in tables.items() if name not in ignored and not _is_internal(name)}
    chosen = _hinted(free, given, problems)
    for name, table in _by_shape({key: free[key] for key in free if key not in chosen.values()}, given, problems):
        chosen.setdefault(name, table)
    kinds: dict[str, Any] = {}
    for name, table in chosen.items():
        found = _place(KIND[name], table, free[table], _section(given, name).get("columns", {}), problems)
        if found is not None:
            kinds[name] = found
    used = {entry["table"] for entry in kinds.values()}
    return {
        "kinds": {kind.name: kinds[kind.name] for kind in KINDS if kind.name in kinds},
        "tables": sorted(name for name in tables if name not in used and not _is_internal(name)),
        "missing": [kind.name for kind in KINDS if kind.name not in kinds],
        "problems": problems,
    }


def _section(hints: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    entry = hints.get(kind)
    return entry if isinstance(entry, dict) else {}


def _hinted(free: Mapping[str, Table], hints: Mapping[str, Any], problems: list[Problem]) -> dict[str, str]:
    chosen = {}
    for kind in KINDS:
        table = _section(hints, kind.name).get("table")
        if table and table in free:
            chosen[kind.name] = str(table)
        elif table:
            message = f"the profile names it as {kind.name}, but there is no such table"
            problems.append({"table": str(table), "column": "", "message": message})
    for name in sorted(set(hints) - {kind.name for kind in KINDS} - {"ignore", "words"}):
        known = ", ".join(kind.name for kind in KINDS)
        message = f"the profile's [legacy_db] has an unknown entry {name}; known: {known}, ignore, words"
        problems.append({"table": "", "column": "", "message": message})
    return chosen


def _by_shape(
    free: Mapping[str, Table], hints: Mapping[str, Any], problems: list[Problem]
) -> Iterable[tuple[str, str]]:
    """The tables that are recognised, as (kind, table)."""
    claims: dict[str, list[tuple[int, str]]] = {}
    for name in sorted(free):
        scores = sorted(((_score(kind, name, free[name], hints), kind.name) for kind in KINDS), reverse=True)
        best = [kind for score, kind in scores if score and score == scores[0][0]]
        if len(best) == 1:
            claims.setdefault(best[0], []).append((scores[0][0], name))
        elif best:
            message = f"could be {' or '.join(sorted(best))}"
            problems.append({"table": name, "column": "", "message": message})
    for kind, entries in claims.items():
        if "table" in _section(hints, kind):
            continue
        top = max(score for score, _name in entries)
        tables = [name for score, name in entries if score == top]
        if len(tables) == 1:
            yield kind, tables[0]
            continue
        for name in tables:
            others = ", ".join(other for other in tables if other != name)
            problems.append({"table": name, "column": "", "message": f"could be {kind}, and so could {others}"})


def _score(kind: Kind, name: str, table: Table, hints: Mapping[str, Any]) -> int:
    """How well a table fits a kind, 0 when it does not."""
    columns, _problems = _columns(kind, name, table, _section(hints, kind.name).get("columns", {}))
    if any(needed not in columns for needed in kind.required):
        return 0
    if plain_name(name) == plain_name(kind.names[0]):
        return _FIRST_NAME + len(columns)
    if plain_name(name) in {plain_name(known) for known in kind.names}:
        return _KNOWN_NAME + len(columns)
    telling = sum(column in columns for column in kind.telling)
    return len(columns) if len(columns) >= kind.shape and telling >= min(2, len(kind.telling)) else 0


def _place(
    kind: Kind, name: str, table: Table, hints: Mapping[str, str], problems: list[Problem]
) -> dict[str, Any] | None:
    columns, found = _columns(kind, name, table, hints)
    problems += found
    lacking = [needed for needed in kind.required if needed not in columns]
    if lacking:
        message = f"it is {kind.name} by its name or the profile, but no column is its {' or its '.join(lacking)}"
        problems.append({"table": name, "column": "", "message": message})
        return None
    key = list(table["pk"])
    types = {column: str(given).upper() for column, given in table["columns"].items()}
    whole = not key or (len(key) == 1 and types.get(key[0], "") == "INTEGER")
    used = set(columns.values()) | set(key)
    return {
        "table": name,
        "key": key,
        "increasing": whole,
        "columns": columns,
        "unused": [column for column in table["columns"] if column not in used],
    }


def _columns(kind: Kind, name: str, table: Table, hints: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """Which column is which of ours. A column serves once: the columns that have it by their own name come first."""
    theirs = {plain_name(column): column for column in table["columns"]}
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for ours, given in hints.items():
        if given in table["columns"]:
            found[ours] = given
        elif given:
            message = "the profile names it, but it is not there"
            problems.append({"table": name, "column": str(given), "message": message})
    depth = max(len(column.tiers) for column in kind.columns)
    for tier in range(depth):
        for column in kind.columns:
            if column.name not in found and column.name not in hints and tier < len(column.tiers):
                _take(column, tier, theirs, found, problems, name)
    return {column.name: found[column.name] for column in kind.columns if column.name in found}, problems


def _take(
    column: Column, tier: int, theirs: Mapping[str, str], found: dict[str, str], problems: list[Problem], table: str
) -> None:
    equals = [theirs[plain_name(word)] for word in column.tiers[tier] if plain_name(word) in theirs]
    equals = [name for name in dict.fromkeys(equals) if name not in found.values()]
    if len(equals) == 1:
        found[column.name] = equals[0]
    elif equals and not any(problem["column"] == equals[0] for problem in problems):
        message = f"could be {column.name}, and so could {', '.join(equals[1:])}"
        problems.append({"table": table, "column": equals[0], "message": message})


def plain_name(name: str) -> str:
    """A name without case and punctuation: `taskId`, `task_id` and `TASK-ID` are one."""
    return _NOT_IN_NAMES.sub("", name.lower())


def _is_internal(name: str) -> bool:
    return name.startswith(("sqlite_", "_sqlite_migrations"))
