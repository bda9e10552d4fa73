"""Tables that hold a part of what the rows of another are: lines, values by their names, what was known later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_values import plain_name
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.claims_beside import task_of
from fairway_scripts.cutover.mapping.mapping_rules import common_prefix, kind_called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Signs
    from fairway_scripts.store.legacy_types import Places, TableFacts

_ALLOWED = re.compile(r"\b(\w+)[\"`\]]?\s+IN\s*\(([^)]*)\)", re.IGNORECASE)
#: What a column is called that names what stands beside it, and what stands there.
_NAMES = {"name", "key", "attr", "attribute", "field", "prop", "property", "k", "metakey", "attrname", "fieldname"}
_VALUES = {"value", "val", "v", "content", "text", "data", "metavalue", "attrvalue", "fieldvalue"}
_MOST_NAMES = 40


def declared(sql: str, column: str) -> set[str]:
    """Return the values that a table's declaration allows in a column: `CHECK(kind IN ('review', 'evidence'))`."""
    named = next((found[2] for found in _ALLOWED.finditer(sql) if found[1] == column), "")
    return set(re.findall(r"'([^']*)'", named))


def lists_beside(
    tables: Mapping[str, TableFacts],
    looked: Mapping[str, Mapping[str, Signs]],
    lookups: Places,
    values: Callable[[str, str], Iterable[str]],
) -> dict[str, dict[str, list[str]]]:
    """Tables that hold nothing but lines of the rows of another: {that other: {name of the list: where it lies}}.

    So are names and values of tasks: the lines of a name are its one value.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for table, columns in looked.items():
        if found_there := _attributes(table, tables, looked, values):
            found.setdefault(found_there[0], {}).update(found_there[1])
            continue
        refs = tables[table].get("refs", {})
        if len(refs) != 1 or any(signs.has(sign.TASK) for signs in columns.values()) or lookups.get(table):
            continue
        [(key, (target, own))] = refs.items()
        order, kinds, texts = _roles(tables[table], columns, key)
        if target not in looked or not own or len(texts) != 1 or len(kinds) > 1 or len(order) > 2:
            continue
        place = [table, key, texts[0], order[-1] if order else ""]
        given = [(value, [*place, column, value, own]) for column, values in kinds for value in values]
        for name, entry in given or [(texts[0], [*place, "", "", own])]:
            if name not in tables[target]["columns"]:
                found.setdefault(target, {})[name] = entry
    return found


def _roles(
    facts: TableFacts, columns: Mapping[str, Signs], key: str
) -> tuple[list[str], list[tuple[str, list[str]]], list[str]]:
    """Return the columns of a table of lines by what they say: the order, kinds of lines with their names, texts."""
    order: list[str] = []
    kinds: list[tuple[str, list[str]]] = []
    texts: list[str] = []
    for column, signs in columns.items():
        if column == key or not signs.filled:
            continue
        allowed = declared(str(facts.get("sql", "")), column)
        if signs.has(sign.SMALL, sign.WHOLE):
            order.append(column)
        elif allowed or (column in facts["pk"] and signs.has(sign.NAME)):
            kinds.append((column, sorted(signs.values | allowed)))
        else:
            texts.append(column)
    return order or [column for column in facts["pk"] if column != key], kinds, texts


def _attributes(
    table: str,
    tables: Mapping[str, TableFacts],
    looked: Mapping[str, Mapping[str, Signs]],
    values: Callable[[str, str], Iterable[str]],
) -> tuple[str, dict[str, list[str]]] | None:
    """Return the table of tasks of which a table holds values by their names, and where each of them lies."""
    columns = looked[table]
    names = [name for name in columns if plain_name(name) in _NAMES and columns[name].has(sign.NAME)]
    texts = [name for name in columns if plain_name(name) in _VALUES]
    target, key, own = task_of(table, tables, looked)
    rows = tables[table].get("rows", ())
    if not (len(names) == len(texts) == 1 and target and key not in (*names, *texts)):
        return None
    named = sorted({*values(table, names[0])})
    if len(named) > _MOST_NAMES or len({(str(row[key]), str(row[names[0]])) for row in rows}) < len(rows):
        return None
    place = [table, key, texts[0], "", names[0]]
    taken = {plain_name(name) for name in tables[target]["columns"]}
    titles = {name: f"{table}.{name}" if plain_name(name) in taken else name for name in named}
    return target, {titles[name]: [*place, name, own] for name in named}


def halves_beside(
    tables: Mapping[str, TableFacts], looked: Mapping[str, Mapping[str, Signs]], lookups: Places, read: Iterable[str]
) -> Places:
    """Return the columns that a table gives the records that its key refers to, as `claims_beside` does.

    Tables of `read` have their place already.
    """
    found: dict[str, dict[str, list[str]]] = {}
    prefix = common_prefix(looked)
    for table, columns in looked.items():
        is_record = any(signs.has(sign.TASK, sign.MOVE) for signs in columns.values()) or kind_called(table, prefix)
        for key, (target, own) in tables[table].get("refs", {}).items() if table not in read and not is_record else ():
            theirs = looked.get(target, {})
            named = [*theirs.values(), *(looked[place[0]][place[2]] for place in lookups.get(target, {}).values())]
            of_tasks = any(signs.has(sign.TASK) for signs in named)
            if key not in columns or not (own in theirs and of_tasks and target != table and columns[key].unique):
                continue
            if tables[table]["pk"] not in ([key], []):
                continue
            for column in [name for name in columns if name != key and columns[name].filled]:
                title = f"{table}.{column}" if column in theirs else column
                found.setdefault(target, {})[title] = [table, key, column, key, "", "", own]
    return found
