"""What has to be known of an old database before its tables can be told apart: the shape in which they are to be read.

Which rows are marked as deleted, which columns name a task by a key of its own table, which table holds several kinds
of records, and whose lists or claims lie in a table of their own (`store.legacy_shapes` reads accordingly). Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fairway_scripts.cutover.bridge.legacy_values import plain_name, plain_word
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.asked_in_place import asked_in_place
from fairway_scripts.cutover.mapping.cell_signs import FAMILIES, in_family, signs_of
from fairway_scripts.cutover.mapping.claims_beside import claims_beside
from fairway_scripts.cutover.mapping.deleted_rows import marks_of_deleted
from fairway_scripts.cutover.mapping.mapping_rules import common_prefix, kind_called
from fairway_scripts.cutover.mapping.tables_beside import declared, halves_beside, lists_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Known, Signs
    from fairway_scripts.store.legacy_types import Part, PartRule, Shape, TableFacts

#: What a table of several kinds of records calls them, in plain words.
_KINDS = {
    "evidence": ("evidence", "proof"),
    "handoffs": ("handoff", "hand_off", "handover"),
    "reviews": ("review", "verdict"),
    "requests": ("review_request", "request", "review_requested"),
    "history": ("transition", "status_change", "state_change"),
    "checkpoints": ("checkpoint",),
    "sessions": ("session",),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_FEWEST_KINDS, _MOST_KINDS, _MOST_WORDS, _MOST_NAMED, _MOST_COLUMNS = 2, 12, 40, 200, 12
#: What is no name of a row, though no other row has the same.
_NO_NAMES = (sign.TIME, sign.LIST, sign.MOVE, sign.COMMIT, sign.BRANCH, sign.PATH, sign.SMALL, sign.WHOLE)
#: The part of a table whose rows say no kind that has a part.
NONE_OF_THESE = "none of these"
#: The part of a table whose rows say none of the words that came up later and mean none of our kinds.
OTHERS = "all other"
#: What the name of a table may have behind the name by which a column refers to it.
_ENDS = ("", "s", "es", "kind", "kinds", "type", "types", "name", "names", "code", "codes")


def find_shape(
    tables: Mapping[str, TableFacts],
    known: Known,
    ignore: tuple[str, ...],
    values: Callable[[str, str], Iterable[str]],
    split: Mapping[str, str] | None = None,
    held: Mapping[str, tuple[str, list[str], str]] | None = None,
    asked: Mapping[str, PartRule] | None = None,
    whole: Collection[str] = (),
) -> Shape:
    """Find the shape of a database whose tables are as `LegacySource.tables` gives them; {} for one that needs none.

    `values` gives what all cells of a column say, by its table and its name; `split` and `held` are what
    `columns_of_kinds` found out, `asked` says of tables how their rows asked for reviews before, `whole` are those that
    the profile names. Beside what `legacy_shapes` reads the shape holds `kinds` {kind: part}, `types` {table: [column,
    [its values]]}, and `held`.
    """
    looked = {
        name: {column: signs_of(facts.get("rows", ()), column, known) for column in facts["columns"]}
        for name, facts in tables.items()
        if name not in ignore and not name.startswith("sqlite_")
    }
    tables = _with_references(tables, looked)
    lookups = _lookups(tables, looked, known)
    parting = {name: columns for name, columns in looked.items() if name not in whole}
    types, parts, kinds = _parts(tables, parting, values, split or {})
    still_held = {table: entry for table, entry in (held or {}).items() if table not in types}
    for table, (column, words, kind) in still_held.items():
        types[table] = (column, [*values(table, column)])
        parts |= {part_of(table, word): (table, column, word) for word in words}
        parts[part_of(table, OTHERS)] = (table, column, words)
        kinds.setdefault(kind, part_of(table, OTHERS))
    parted = {part[0] for part in parts.values()}
    asking = asked_in_place(looked, lookups, parted, asked or {}, known)
    parts |= asking
    kinds |= dict(zip(("reviews", "requests"), asking, strict=False))
    void, kept = marks_of_deleted(tables, looked, known, values)
    lists, claims = lists_beside(tables, looked, lookups, values), claims_beside(tables, looked, lookups)
    read = {place[0] for places in (*lists.values(), *claims.values()) for place in places.values()}
    for table, halves in halves_beside(tables, looked, lookups, read).items():
        claims[table] = {**halves, **claims.get(table, {})}
    shape: Shape = {
        "void": void,
        "kept": kept,
        "lookups": lookups,
        "types": types,
        "parts": parts,
        "kinds": kinds,
        "held": still_held,
        "lists": lists,
        "claims": claims,
    }
    return cast("Shape", {name: found for name, found in shape.items() if found})


def _with_references(
    tables: Mapping[str, TableFacts], looked: Mapping[str, Mapping[str, Signs]]
) -> dict[str, TableFacts]:
    """Return the tables with undeclared references too: `phase_id` to `phases`, where each cell is a key there."""
    prefix = common_prefix(looked)
    named = {plain_name(name.removeprefix(prefix)): name for name in looked if len(tables[name]["pk"]) == 1}
    found: dict[str, TableFacts] = {}
    for table, facts in tables.items():
        refs = dict(facts.get("refs", {}))
        for column, signs in looked.get(table, {}).items():
            target = _table_named_by(column, named)
            if not target or target == table or column in refs or [column] == facts["pk"]:
                continue
            (key,) = tables[target]["pk"]
            if signs.filled and signs.values <= looked[target][key].values:
                refs[column] = [target, key]
        found[table] = {**facts, "refs": refs}
    return found


def _table_named_by(column: str, named: Mapping[str, str]) -> str:
    """Return the table that a column is called after: `phaseId` is about `phases`; "" for none."""
    name = plain_name(column)
    if not name.endswith("id"):
        return ""
    return next((named[name[:-2] + end] for end in _ENDS if name[:-2] + end in named), "")


def _lookups(
    tables: Mapping[str, TableFacts], looked: Mapping[str, Mapping[str, Signs]], known: Known
) -> dict[str, dict[str, list[str]]]:
    """Columns that name a row of a table of tasks, or of a table of words, by its key: what stands there instead."""
    found: dict[str, dict[str, list[str]]] = {}
    for table in looked:
        for column, reference in tables[table].get("refs", {}).items():
            target, key = reference
            if target not in looked or target == table or key not in looked[target]:
                continue
            name = _naming_column({**tables[target], "pk": [key]}, looked, target, known)
            is_unique = bool(name) and looked[target][key].unique and looked[target][name].has(sign.TASK)
            if name and (tables[target]["pk"] == [key] or is_unique):
                found.setdefault(table, {})[column] = [target, key, name]
    _likedeclared(tables, looked, found, known)
    return found


def _likedeclared(
    tables: Mapping[str, TableFacts],
    looked: Mapping[str, Mapping[str, Signs]],
    found: dict[str, dict[str, list[str]]],
    known: Known,
) -> None:
    """Add columns of whose reference the declaration says nothing: `task_id`, or what another is called (`toStateId`).

    Every cell has to be a key of the table that is meant.
    """
    places = {plain_name(column): place for columns in found.values() for column, place in columns.items()}
    for name, facts in tables.items():
        naming = _naming_column(facts, looked, name, known) if name in looked and len(facts["pk"]) == 1 else ""
        if naming and looked[name][naming].has(sign.TASK):
            places.setdefault("taskid", [name, facts["pk"][0], naming])
    for table, columns in looked.items():
        for column, signs in columns.items():
            if column in tables[table].get("refs", {}) or column in tables[table]["pk"] or signs.has(sign.TASK):
                continue
            place = next((place for name, place in places.items() if plain_name(column).endswith(name)), None)
            keys = looked[place[0]][place[1]].values if place else frozenset()
            if place and place[0] != table and signs.filled and signs.values <= keys:
                found.setdefault(table, {})[column] = place


def _naming_column(facts: TableFacts, looked: Mapping[str, Mapping[str, Signs]], table: str, known: Known) -> str:
    """Return the column that says which task, word or person a row is; "" where its key does, or nothing."""
    (key,), columns = facts["pk"], looked[table]
    if columns[key].has(sign.TASK):
        return ""
    refs = facts.get("refs", {})
    tasks = [name for name, signs in columns.items() if signs.has(sign.TASK) and signs.full and name not in refs]
    if tasks:
        return tasks[0] if len(tasks) == 1 else ""
    is_record = any(signs.has(sign.TASK) for other, _key in refs.values() for signs in looked.get(other, {}).values())
    if len(columns) > _MOST_COLUMNS or columns[key].rows > _MOST_NAMED or is_record:
        return ""
    unique = [name for name, signs in columns.items() if name not in {key, *refs} and signs.unique]
    texts = [name for name in unique if columns[name].has(sign.NAME)]
    texts += [name for name in unique if name not in texts and not columns[name].has(*_NO_NAMES)]
    whole = [name for name in texts if any(in_family(family, columns[name].values, known) for family in FAMILIES)]
    if len(whole) == 1 and columns[key].has(sign.SMALL):
        return ""  # the numbers themselves are read as these words
    return (whole or texts or [""])[0]


def _parts(
    tables: Mapping[str, TableFacts],
    looked: Mapping[str, Mapping[str, Signs]],
    values: Callable[[str, str], Iterable[str]],
    split: Mapping[str, str],
) -> tuple[dict[str, tuple[str, list[str]]], dict[str, Part], dict[str, str]]:
    """Tables in which a column says what kind of record a row is: {table: [column, values]}, parts, kinds.

    Every row is in one part: where a cell says nothing, or more than a few words, in that of none of these. `split`
    names columns of which it is known, though they tell but one kind. Where each kind that is told has a table that is
    called so, this one only says when something was written there.
    """
    prefix = common_prefix(tables)
    called = {kind_called(name, prefix) for name in looked}
    types: dict[str, tuple[str, list[str]]] = {}
    parts: dict[str, Part] = {}
    kinds: dict[str, list[str]] = {}
    for table, columns in looked.items():
        for column, signs in columns.items():
            is_given = split.get(table) == column
            if table in types or not (is_given or (table not in split and _may_be_kinds(signs))):
                continue
            seen = sorted(signs.values | declared(str(tables[table].get("sql", "")), column))
            if not is_given and not kinds_of(seen):
                continue
            others = sorted({*values(table, column)} - {*seen}, key=lambda value: (not kinds_of([value]), value))
            found_kinds = kinds_of([*seen, *others]).keys()
            if len(found_kinds) < (1 if is_given else _FEWEST_KINDS) or (not is_given and found_kinds <= called):
                continue
            named = [*seen, *[value for value in others if value.strip() and value.isprintable()][:_MOST_WORDS]]
            named = [value for value in named if value != NONE_OF_THESE]
            types[table] = (column, [*seen, *others])
            parts |= {part_of(table, value): (table, column, value) for value in named}
            parts[part_of(table, NONE_OF_THESE)] = (table, column, named)
            for kind, words in {**kinds_of(others), **kinds_of(seen)}.items():
                kinds.setdefault(kind, []).extend(part_of(table, value) for value in words if value in named)
    return types, parts, {kind: names[0] for kind, names in kinds.items() if len(names) == 1}


def _may_be_kinds(signs: Signs) -> bool:
    """Tell whether a column holds few words, and says something but in a few rows."""
    return signs.has(sign.NAME) and len(signs.values) <= _MOST_KINDS and signs.filled * 10 >= signs.rows * 9


def part_of(table: str, value: str) -> str:
    """Return the name of the rows of a table that are of one kind."""
    return f"{table}[{value}]"


def kinds_of(values: Iterable[str]) -> dict[str, list[str]]:
    """Return which of our kinds of records are meant, each with the words for it."""
    found: dict[str, list[str]] = {}
    for value in values:
        if plain_word(value) in _KIND_OF:
            found.setdefault(_KIND_OF[plain_word(value)], []).append(value)
    return found
