"""The columns of an old database whose cells are JSON objects: what they say under each key is a column of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_values import plain_name
from fairway_scripts.cutover.mapping.cell_signs import MOVE, SMALL, cells_of, signs_of
from fairway_scripts.store.legacy_shapes import MOVES, object_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Known
    from fairway_scripts.store.legacy_reading import LegacySource
    from fairway_scripts.store.legacy_types import Places, TableFacts

#: Objects with more keys than this are no records.
_MOST_KEYS = 40


def find_members(
    tables: Mapping[str, TableFacts], keys_in: Callable[[str, str], Iterable[str]], known: Known
) -> Places:
    """Find the columns whose cells are JSON objects, and in them a column for each key that no column is called.

    `keys_in` gives the keys of all objects of a column. A text that alone tells moves (`todo -> done`) is such an
    object of what it tells.
    """
    found: Places = {}
    for table, facts in tables.items():
        signs = {column: signs_of(facts.get("rows", ()), column, known) for column in facts["columns"]}
        told = {name for name in signs if signs[name].has("status", "maybe status", SMALL)}.difference(facts["pk"])
        moves = [name for name in signs if signs[name].has(MOVE)]
        if len(moves) == 1 and len(told) < len(MOVES):
            found[table] = {name: [moves[0], name] for name in MOVES if name not in signs}
        for column in facts["columns"]:
            cells = cells_of(facts.get("rows", ()), column)
            keys = keys_in(table, column) if cells and all(map(object_in, cells)) else ()
            names = {plain_name(name) for name in (*facts["columns"], *found.get(table, ()))}
            new = [key for key in keys if key and '"' not in key]
            if len(new) <= _MOST_KEYS and not {plain_name(key) for key in new} <= names:
                members = {f"{column}.{key}" if plain_name(key) in names else key: [column, key] for key in new}
                found.setdefault(table, {}).update(members)
    return found


def has_other_members(members: Places, source: LegacySource) -> bool:
    """Tell whether the objects of a database have keys that `members` does not know."""
    known: dict[tuple[str, str], set[str]] = {}
    for table, places in members.items():
        for column, key in places.values():
            known.setdefault((table, column), set()).add(key)
    return any({*source.shapes.keys_in(table, column)} - keys for (table, column), keys in known.items())
