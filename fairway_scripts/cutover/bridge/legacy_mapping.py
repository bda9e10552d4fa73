"""The mapping of an old database: found once, remembered, and found anew when its rows say more than they did."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from fairway_scripts import __version__
from fairway_scripts.base import digest, jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.bridge.legacy import problem_line
from fairway_scripts.cutover.door.engines import PROFILE
from fairway_scripts.cutover.mapping.cell_signs import Known
from fairway_scripts.cutover.mapping.kind_columns import columns_of_kinds, keep_kinds, watched
from fairway_scripts.cutover.mapping.mapping_rules import find_mapping
from fairway_scripts.cutover.mapping.object_members import find_members, has_other_members
from fairway_scripts.cutover.mapping.states_elsewhere import LAST, states_elsewhere
from fairway_scripts.cutover.mapping.table_shapes import NONE_OF_THESE, find_shape, part_of
from fairway_scripts.cutover.names_in_calls import names_in_calls
from fairway_scripts.cutover.scan.profile_file import read_profile
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.cutover.cutover_shapes import DatabaseHints, KindHint
    from fairway_scripts.cutover.mapping.mapping_shapes import FoundMapping, NewMapping
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.legacy_reading import LegacySource
    from fairway_scripts.store.legacy_types import Shape

    Spoken = dict[str, dict[str, str]]

#: The entry of `meta` that keeps the mapping of the database that was read last.
MAPPING_KEY = "legacy_mapping"
#: Another number makes every store find its mapping anew, for what was remembered was found in another way.
_FOUND_BY = 14


def mapping_of(project: Project, tx: Transaction, source: LegacySource) -> FoundMapping:
    """Return the mapping of an old database: the remembered one while neither its tables nor the host's hints changed.

    Raises FairwayError `invalid_document` when there is no state of tasks in it, `invalid_config`
    for a profile that cannot be read.
    """
    hints, spoken = _hints(project)
    known = _known(project)
    settings = digest.of_text(jsonio.dumps([hints, spoken, known.lanes, known.statuses]))[:16]
    mark = f"{source.path} {source.schema_version()} {settings} {__version__} {_FOUND_BY}"
    remembered = tx.value("sources.meta", key=MAPPING_KEY)
    mapping: FoundMapping | None = stored(remembered, dict, "meta, legacy mapping") or None
    source.take_shape(mapping.get("shape", {}) if mapping else {})
    if mapping is None or mapping["mark"] != mark or _has_news(mapping, source):
        before = mapping if mapping and mapping["mark"].startswith(f"{source.path} ") else None
        known = known._replace(tasks=frozenset(tx.column("legacy.task_ids")))
        found = _find_states_too(
            source, hints, known, spoken, before, is_same=before is not None and before["mark"] == mark
        )
        heard, unanswered = source.filled(found["waiting"]), _has_unanswered(found, source)
        mapping = {**found, "mark": mark, "rows": source.rows_roughly(), "heard": heard, "unanswered": unanswered}
        tx.run("sources.set_meta", key=MAPPING_KEY, value=jsonio.dumps(mapping))
    if "state" not in mapping["kinds"]:
        raise FairwayError(
            "invalid_document",
            f"{project.show(source.path)} has no table that is the state of tasks{_what_it_has(mapping, source)}",
            f"say which table it is in {PROFILE}: [legacy_db.state], with table and columns",
            problems=mapping["problems"],
        )
    return mapping


def _find_states_too(
    source: LegacySource,
    hints: DatabaseHints,
    known: Known,
    spoken: Spoken,
    before: FoundMapping | None,
    *,
    is_same: bool,
) -> NewMapping:
    """Find the mapping; where no table is the state of tasks, the one view or log that says it takes its place."""
    given: KindHint = hints.get("state", {})
    is_log = given.get("table", "").endswith(LAST)
    others = cast("DatabaseHints", {name: hint for name, hint in hints.items() if name != "state" or not is_log})
    source.latest = {}
    found = _find(source, others, known, spoken, before, is_same=is_same)
    if "state" in found["kinds"] or (given and not is_log):
        return found
    source.views = source.shapes.views()
    places = states_elsewhere(source.tables(), source.views, known)
    if len(places) != 1:
        found["problems"] += [
            {"table": place.table, "column": "", "message": f"may be the state: {place.why}", "decide": ""}
            for place in places
        ]
        return found
    [place] = places
    columns = {"task_id": place.task, "status": place.status, **given.get("columns", {})}
    more: DatabaseHints = {**others, "state": {"table": place.table, "columns": columns}}
    if place.order:
        log = place.table.removesuffix(LAST)
        source.latest = {place.table: [log, place.task, place.order]}
        if "history" not in {*hints, *found["kinds"]}:
            more["history"] = {"table": log, "columns": {"to_status": place.status}}
    found = _find(source, more, known, spoken, before, is_same=is_same)
    found["kinds"]["state"]["why"] = place.why
    return found


def _find(
    source: LegacySource,
    hints: DatabaseHints,
    known: Known,
    spoken: Spoken,
    before: FoundMapping | None,
    *,
    is_same: bool,
) -> NewMapping:
    """Find the mapping, with the shape in which the tables are read and the words that tell their rows apart.

    What was found `before` (of `is_same` tables, by the same hints) counts where words came up since: a row that says
    such a word is not taken for what the others are.
    """
    sections = [entry for entry in hints.values() if isinstance(entry, dict)]
    source.views = [str(entry.get("table", "")) for entry in sections]
    source.members = {}
    source.take_shape({})
    source.members = find_members(source.tables(), source.shapes.keys_in, known)
    source.take_shape({})
    tables, ignore = source.tables(), tuple(hints.get("ignore", ()))
    whole = {str(entry["table"]) for entry in sections if "table" in entry}
    old, seen = (before.get("shape", {}), before.get("watched", {})) if before else ({}, {})
    held = {table: entry for table, entry in old.get("held", {}).items() if table not in whole and table in tables}
    types = {table: column for table, (column, _words) in old.get("types", {}).items() if is_same}
    split = {table: column for table, column in types.items() if table not in {*held, *whole}}
    asking = [place for name, place in old.get("parts", {}).items() if name.endswith("[open]")]
    asked = {place[0]: place[2] for place in asking if place[0] not in {*whole, *old.get("types", {})}}
    for table, (column, words, kind) in held.items():
        since = {*source.values(table, column)} - {*seen.get(table, {}).get(column, ())}
        held[table] = (column, sorted({*words, *since}), kind)
    shape = find_shape(tables, known, ignore, source.values, split, held, asked, whole)
    found = _read(source, hints, known, spoken, shape)
    more = columns_of_kinds(tables, found, source.values, seen, whole)
    if any(more):
        split, held = split | more[0], held | more[1]
        source.take_shape({})
        shape = find_shape(tables, known, ignore, source.values, split, held, asked, whole)
        found = _read(source, hints, known, spoken, shape)
    if before and is_same:
        keep_kinds(found, before)
    return {**found, "watched": watched(tables, found, source.values)}


def _read(source: LegacySource, hints: DatabaseHints, known: Known, spoken: Spoken, shape: Shape) -> NewMapping:
    """Return the mapping of the tables as they are read in a shape."""
    if source.members:
        shape["members"] = source.members
    if source.latest:
        shape["latest"] = source.latest
    source.take_shape(shape)
    rest = _of_no_kind(shape, source)
    tables = {name: facts for name, facts in source.tables().items() if rest.get(name) != 0}
    found = find_mapping(tables, hints, known, spoken, shape)
    return {**found, "shape": shape, "rest": rest} if shape else found


def _has_news(mapping: FoundMapping, source: LegacySource) -> bool:
    """Tell whether the cells may say more by now: new words, a column first used, twice the rows of what was not sure.

    A column that says something only in rows that are not looked at is `heard`: it says more when it does in others.
    """
    heard = mapping.get("heard", {})
    quiet = {
        table: [name for name in columns if name not in heard.get(table, {})]
        for table, columns in mapping["waiting"].items()
    }
    return (
        source.says_something(quiet)
        or source.filled({table: list(columns) for table, columns in heard.items()}) != heard
        or any(
            source.has_others(table, column, mapping["words"].get(family, {}))
            for table, column, family in mapping["numbers"]
        )
        or source.says_others(mapping["watched"])
        or has_other_members(mapping.get("shape", {}).get("members", {}), source)
        or _of_no_kind(mapping.get("shape", {}), source) != mapping.get("rest", {})
        or _has_unanswered(mapping, source) > mapping.get("unanswered", False)
        or (bool(mapping["problems"]) and source.rows_roughly() != mapping["rows"])
    )


def _has_unanswered(mapping: NewMapping, source: LegacySource) -> bool:
    """Tell whether a row of the reviews says no verdict: it may ask for one, as none did before."""
    reviews = mapping["kinds"].get("reviews")
    verdict = reviews["columns"].get("verdict") if reviews else None
    return source.is_silent(reviews["table"], verdict) if reviews and verdict else False


def _of_no_kind(shape: Shape, source: LegacySource) -> dict[str, int]:
    """Return how many rows of each table of several kinds say none that has a part."""
    rest = [part_of(table, NONE_OF_THESE) for table in shape.get("types", {})]
    return {part: source.count(part) for part in rest if part in shape.get("parts", {})}


def _known(project: Project) -> Known:
    """Return what the project knows that helps to tell what cells hold, but for its tasks."""
    settings = project.settings
    statuses = list(settings["states"]["allowed"])
    first = settings_of.initial_status(settings)
    return Known(
        frozenset(),
        tuple(settings_of.lanes(settings)),
        (first, *(status for status in statuses if status != first)),
        tuple(status for status in statuses if settings_of.is_terminal(settings, status)),
    )


def _what_it_has(mapping: FoundMapping, source: LegacySource) -> str:
    found = [problem_line(problem) for problem in mapping["problems"]]
    found = found or [f"its tables: {', '.join(mapping['tables']) or 'none'}"]
    there = source.shapes.views()
    return "; ".join(["", *found, *([f"a view may be named as well: {', '.join(there)}"] if there else [])])


def _hints(project: Project) -> tuple[DatabaseHints, dict[str, dict[str, str]]]:
    """Return the host's `[legacy_db]`, {} without one, and what its calls name the values."""
    path = os.path.join(project.root, PROFILE)
    if not os.path.isfile(path):
        return {}, {}
    profile = read_profile(path)
    return profile["legacy_db"], names_in_calls(profile["scripts"])
