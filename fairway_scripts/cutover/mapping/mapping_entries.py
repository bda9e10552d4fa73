"""What was found out about an old database, as plain data: tables and columns with a place, and those without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.cutover.mapping.cell_signs import cells_of
from fairway_scripts.cutover.mapping.column_look import keys_of
from fairway_scripts.store.legacy_shapes import NO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fairway_scripts.cutover.bridge.legacy_tables import Kind
    from fairway_scripts.cutover.mapping.mapping_rules import Draft
    from fairway_scripts.cutover.mapping.mapping_shapes import Unplaced
    from fairway_scripts.store.legacy_types import MappedTable


def entry_of(draft: Draft, kind: Kind) -> MappedTable:
    """Return the table of a kind and its columns, as `find_mapping` gives them."""
    table = draft.tables[draft.chosen[kind.name]]
    key = list(table.facts["pk"])
    types = {column: str(given).upper() for column, given in table.facts["columns"].items()}
    columns = draft.columns[kind.name]
    is_last = table.name in draft.shape.get("latest", {})
    if (is_last or table.facts.get("sql") == "") and kind.name in ("state", "archive"):  # they have no key of their own
        key = [columns["task_id"]]
    only_keys = keys_of(table).intersection([*key, *(table.facts["pk"] if is_last else ())])
    used = {*columns.values(), *only_keys, *(column for name, column in draft.understood if name == table.name)}
    entry: MappedTable = {
        "table": table.name,
        "why": draft.why[kind.name],
        "key": key,
        "increasing": not key or (len(key) == 1 and types.get(key[0], "") == "INTEGER"),
        "columns": {column.name: columns[column.name] for column in kind.columns if column.name in columns},
        "reasons": draft.reasons[kind.name],
        "unused": [column for column in table.facts["columns"] if column not in used],
    }
    if void := draft.shape.get("void", {}).get(draft.base(table.name), ""):
        entry["void"] = void
    return entry


def waiting(draft: Draft, kinds: Mapping[str, MappedTable]) -> dict[str, list[str]]:
    """Return the columns of which nothing can be told before they hold something: {table: [columns]}."""
    placed = {(entry["table"], column) for entry in kinds.values() for column in entry["columns"].values()}
    found = {
        name: [column for column, signs in table.signs.items() if not signs.filled and (name, column) not in placed]
        for name, table in draft.tables.items()
    }
    return {name: columns for name, columns in found.items() if columns}


def unplaced(draft: Draft, kinds: Mapping[str, MappedTable], others: Iterable[str]) -> list[Unplaced]:
    """List what holds something and has no place, and is not to be ignored."""
    ignored = draft.ignored
    found: list[Unplaced] = []
    for entry in kinds.values():
        table = draft.tables[entry["table"]]
        for column in entry["unused"]:
            filled = sum(str(cell).strip().lower() not in NO for cell in cells_of(table.rows, column))
            filled = filled and table.facts.get("filled", {}).get(column, filled)
            if filled and not {f"{name}.{column}" for name in (table.name, draft.base(table.name))} & ignored:
                found.append({"table": table.name, "column": column, "rows": filled})
    claims = [place for places in draft.shape.get("claims", {}).values() for place in places.values()]
    for name in dict.fromkeys(place[0] for place in claims):
        read = {column for place in claims if place[0] == name for column in place[1:5]}
        for column, signs in draft.tables[name].signs.items():
            is_ignored = f"{name}.{column}" in ignored
            if signs.filled and not is_ignored and column not in {*read, *draft.tables[name].facts["pk"]}:
                found.append({"table": name, "column": column, "rows": signs.filled})
    for name in others:
        count = draft.tables[name].facts.get("count", len(draft.tables[name].rows))
        if count:
            found.append({"table": name, "column": "", "rows": count})
    return found
