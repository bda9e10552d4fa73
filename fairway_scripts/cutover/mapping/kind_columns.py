"""The columns by whose words the rows of a table are told apart: kinds of records, and states, results and verdicts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.mapping.mapping_rules import common_prefix, kind_called
from fairway_scripts.cutover.mapping.state_words import FAMILIES_OF
from fairway_scripts.cutover.mapping.table_shapes import kinds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fairway_scripts.cutover.mapping.mapping_shapes import NewMapping, Watched
    from fairway_scripts.store.legacy_types import TableFacts

    Values = Callable[[str, str], Iterable[str]]

#: What the name of a column ends with that says what kind of record a row is.
_KIND = {"kind", "type", "category", "class"}
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: A column with more different words tells no rows apart.
_MOST_WORDS = 40
#: Kinds of rows that are tasks: what kind of task one is, is another thing.
_TASKS = ("state", "archive")


def columns_of_kinds(
    tables: Mapping[str, TableFacts], found: NewMapping, values: Values, before: Watched, whole: Iterable[str]
) -> tuple[dict[str, str], dict[str, tuple[str, list[str], str]]]:
    """Return what is to be known of columns of kinds beside what their words say by themselves.

    `tables` are those of the database, `found` is the mapping of them, `before` what was `watched` in the mapping
    before it, `whole` the tables that the profile names. Returns {table: column} of tables that hold records of one of
    our kinds so far, and {table: [column, words, kind]} of words that came up since and mean none of ours, where a
    table was taken for a kind by its columns and cells alone.
    """
    read_as = {entry["table"]: (kind, [*entry["columns"].values()]) for kind, entry in found["kinds"].items()}
    typed, prefix = found.get("shape", {}).get("types", {}), common_prefix(tables)
    split: dict[str, str] = {}
    held: dict[str, tuple[str, list[str], str]] = {}
    for table, column in _kind_columns(tables):
        kind, placed = read_as.get(table, ("", []))
        if kind in _TASKS or column in placed or table in {*split, *held, *typed, *whole}:
            continue
        words = [word for word in values(table, column) if word.strip()]
        kinds = kinds_of(words)
        unknown = {*words} - {word for known in kinds.values() for word in known}
        is_called = bool(kind_called(table, prefix))
        if len(kinds) == 1 and (kind in kinds or not (unknown or is_called)):
            split[table] = column
        seen = before.get(table, {}).get(column, [])
        if kind and not kinds and not is_called and any(word.strip() for word in seen) and unknown - {*seen}:
            held[table] = (column, sorted(unknown - {*seen}), kind)
    return split, held


def keep_kinds(found: NewMapping, before: NewMapping) -> None:
    """Let tables stay what they were `before`: words that came up since do not unmake them, and that is told."""
    now = {entry["table"]: kind for kind, entry in found["kinds"].items()}
    for kind, entry in before["kinds"].items():
        table, other = entry["table"], now.get(entry["table"], "")
        is_other = bool(other) and other not in before["kinds"]
        if kind in found["kinds"] or not (is_other or table in found["tables"]):
            continue
        found["kinds"].pop(other, None)
        found["kinds"][kind] = entry
        found["missing"] = [name for name in found["missing"] if name != kind] + [other] * is_other
        found["tables"] = [name for name in found["tables"] if name != table]
        found["unplaced"] = [place for place in found["unplaced"] if place["table"] != table]
        found["unplaced"] += [place for place in before["unplaced"] if place["table"] == table]
        found["numbers"] = [place for place in found["numbers"] if place[0] != table]
        found["numbers"] += [place for place in before["numbers"] if place[0] == table]
        for family, words in before["words"].items():
            found["words"][family] = {**words, **found["words"].get(family, {})}
        message = f"it was found to be {kind}, and what came in since speaks against it"
        decide = f'[legacy_db.{kind}] table = "{table}"'
        found["problems"].append({"table": table, "column": "", "message": message, "decide": decide})


def watched(tables: Mapping[str, TableFacts], found: NewMapping, values: Values) -> Watched:
    """Return the columns whose words tell rows apart, with all of them: another one makes the mapping be found anew."""
    shape = found.get("shape", {})
    named = [*_kind_columns(tables)]
    for kind, columns in FAMILIES_OF.items():
        if entry := found["kinds"].get(kind):
            part = shape.get("parts", {}).get(entry["table"])
            table = part[0] if part else entry["table"]
            named += [(table, entry["columns"][ours]) for ours in columns if ours in entry["columns"]]
    named += [
        (place[0], place[4]) for places in shape.get("claims", {}).values() for place in places.values() if place[5]
    ]
    named += [
        (place[0], place[4]) for places in shape.get("lists", {}).values() for place in places.values() if place[4]
    ]
    beside = [shape.get("lists", {}), shape.get("claims", {})]
    named = [place for place in dict.fromkeys(named) if not any(place[1] in each.get(place[0], ()) for each in beside)]
    found_words: Watched = {}
    for table, column in named:
        words = [*values(table, column)]
        if len(words) <= _MOST_WORDS:
            found_words.setdefault(table, {})[column] = words
    for table, (column, words) in shape.get("types", {}).items():
        found_words.setdefault(table, {})[column] = words
    return found_words


def _kind_columns(tables: Mapping[str, TableFacts]) -> Iterator[tuple[str, str]]:
    for table, facts in tables.items():
        for column in facts["columns"]:
            if {part.lower() for part in _PARTS.findall(column)[-1:]} & _KIND:
                yield table, column
