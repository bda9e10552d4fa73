"""Which column of a table is which of ours by its name, unless its cells speak against it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_values import plain_name
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.column_values import contradicts, supports

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fairway_scripts.cutover.bridge.legacy_tables import Column, Kind
    from fairway_scripts.cutover.mapping.mapping_rules import Draft, Table

#: Words in names that say nothing by themselves.
_EMPTY_PARTS = {"at", "by", "id", "key", "time", "ts", "text", "user"}
_BARE = {"key", "name", "text"}
_OF_TIMES = {"at", "on", "ms", "millis", "time", "ts", "epoch", "date"}
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def columns_by_name(draft: Draft, kind: Kind, table: Table, *, say: bool) -> dict[str, str]:
    """Match columns with ours by their names. A column serves once; whole names come before parts."""
    found: dict[str, str] = {}
    theirs = _by_name(draft, table)
    hints = draft.section(kind.name).get("columns", {})
    for ours, given in hints.items():
        if given in table.facts["columns"]:
            found[ours] = given
        elif given and say:
            draft.problem(table.name, str(given), "the profile names it, but it is not there")
    depth = max(len(column.tiers) for column in kind.columns)
    for tier in range(depth):
        for column in kind.columns:
            if column.name in found or column.name in hints or tier >= len(column.tiers):
                continue
            equals = [name for name in _called(column, tier, table, theirs) if name not in found.values()]
            against = [name for name in equals if _speaks_against(column, table, name)]
            if against and say and not table.signs[against[0]].has(sign.TASK):
                what = ", ".join(sorted(table.signs[against[0]].found))
                draft.problem(table.name, against[0], f"is called like {column.name}, but its cells are: {what}")
            equals = [name for name in equals if name not in against]
            if len(equals) == 1:
                found[column.name] = equals[0]
            elif equals and say:
                draft.problem(
                    table.name,
                    equals[0],
                    f"could be {column.name}, and so could {', '.join(equals[1:])}",
                    f'[legacy_db.{kind.name}] columns = {{ {column.name} = "{equals[0]}" }}',
                )
    _by_calls(draft, kind, table, found, say=say)
    _by_parts(kind, table, found, hints)
    return {column.name: found[column.name] for column in kind.columns if column.name in found}


def _by_name(draft: Draft, table: Table) -> dict[str, str]:
    """Return the columns by their plain names, and where no other is called so by their bare ones."""
    theirs = {plain_name(column): column for column in table.facts["columns"]}
    for column in [*theirs.values()]:
        empty = _BARE | {"id"} if column in draft.looked_up(table.name) else _BARE
        theirs.setdefault(bare_name(column, empty), column)
    return theirs


def bare_name(column: str, empty: Collection[str]) -> str:
    """Drop a last word that says nothing: `taskKey` is `task`; `stateId` is `state` where it says a word."""
    parts = _PARTS.findall(column)
    telling = parts[:-1] if len(parts) > 1 and parts[-1].lower() in empty else parts
    return plain_name("".join(telling))


def _called(column: Column, tier: int, table: Table, theirs: Mapping[str, str]) -> list[str]:
    """Return the columns that are called as this tier of names says; of a time also `finishedMs` for `finished_at`."""
    equals = [theirs[plain_name(word)] for word in column.tiers[tier] if plain_name(word) in theirs]
    if column.kind == "time" and not equals:
        words = {bare_name(word, _OF_TIMES) for word in column.tiers[tier]}
        equals = [name for name in table.facts["columns"] if bare_name(name, _OF_TIMES) in words]
    return list(dict.fromkeys(equals))


def _speaks_against(column: Column, table: Table, name: str) -> bool:
    """Tell whether the cells contradict the name; of the task's id also when another column holds the tasks."""
    tasks = [other for other, signs in table.signs.items() if signs.has(sign.TASK) and signs.full]
    no_task = column.name == "task_id" and bool(tasks) and name not in tasks and bool(table.signs[name].filled)
    return no_task or contradicts(column, table.signs[name])


def _by_calls(draft: Draft, kind: Kind, table: Table, found: dict[str, str], *, say: bool) -> None:
    """Add a column that is called as the host's own calls name the value, unless its cells speak against it.

    Without `say` it is about which table is which, and that such a name does not tell.
    """
    hints = draft.section(kind.name).get("columns", {})
    spoken = draft.spoken.get(kind.name, {}) if say else {}
    for column in kind.columns:
        named = [name for name in table.facts["columns"] if spoken.get(plain_name(name)) == column.name]
        fitting = [name for name in named if name not in found.values() and not contradicts(column, table.signs[name])]
        if len(fitting) == 1 and column.name not in found and column.name not in hints:
            found[column.name] = fitting[0]


def _by_parts(kind: Kind, table: Table, found: dict[str, str], hints: Mapping[str, str]) -> None:
    """Add a column with a known name as one of its words, where its cells speak for it and nothing else fits."""
    wanted: dict[str, set[str]] = {}
    for column in kind.columns:
        if column.name in found or column.name in hints:
            continue
        names = {plain_name(word) for tier in column.tiers[:2] for word in tier}
        for theirs in table.facts["columns"]:
            parts = {part.lower() for part in _PARTS.findall(theirs)} - _EMPTY_PARTS
            if theirs not in found.values() and parts & names and supports(column.name, table.signs[theirs]):
                wanted.setdefault(column.name, set()).add(theirs)
    for ours, fitting in wanted.items():
        rivals = [name for name, others in wanted.items() if name != ours and others & fitting]
        if len(fitting) == 1 and not rivals:
            found[ours] = next(iter(fitting))
