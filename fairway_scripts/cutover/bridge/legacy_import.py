"""Taking over the state of the scripts that were there before, from their database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts import __version__
from fairway_scripts.base import digest, jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.bridge.legacy_records import take_in_records
from fairway_scripts.cutover.bridge.legacy_scope import Scope
from fairway_scripts.cutover.bridge.legacy_strays import take_back_strays
from fairway_scripts.cutover.bridge.legacy_tables import KIND
from fairway_scripts.cutover.bridge.legacy_tasks import take_in_tasks
from fairway_scripts.cutover.door.engines import PROFILE, legacy_db_path
from fairway_scripts.cutover.mapping.cell_signs import Known
from fairway_scripts.cutover.mapping.mapping_draft import write_draft
from fairway_scripts.cutover.mapping.mapping_rules import find_mapping
from fairway_scripts.cutover.mapping.table_shapes import NONE_OF_THESE, find_shape, part_of
from fairway_scripts.cutover.names_in_calls import names_in_calls
from fairway_scripts.cutover.scan.profile_file import read_profile
from fairway_scripts.project.project import is_born
from fairway_scripts.queue.importing import import_queue
from fairway_scripts.store.legacy_source import open_legacy
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.legacy_source import LegacySource

    Row = dict[str, Any]

#: What an import tells of the mapping beside its tables.
_TOLD = ("tables", "missing", "words", "problems", "unplaced", "shape")
#: The entry of `meta` that keeps the mapping of the database that was read last.
MAPPING_KEY = "legacy_mapping"
#: Another number makes every store find its mapping anew, for what was remembered was found in another way.
_FOUND_BY = 4


def draft_mapping(project: Project, path: str) -> Row:
    """Write what the old database at `path` seems to hold into the host's profile, and take nothing in.

    Returns what a dry run of `import_legacy` gives, with `profile` (its path) and `added` (the tables written there).
    """
    outcome = import_legacy(project, path, dry_run=True)
    added = write_draft(os.path.join(project.root, PROFILE), outcome["mapping"])
    return {**outcome, "profile": PROFILE, "added": added}


def import_legacy(project: Project, path: str, *, dry_run: bool) -> Row:
    """Import the queue file, then state and records of the old database at `path`: the latter all or nothing.

    Nothing is written to the old database. What was taken in before is known and left alone, so that a second run adds
    nothing. With `dry_run` all of it happens in a private copy of the store. Returns `{database, queue, dry_run,
    mapping, tables, new, changed, known, left, tasks}`: `queue` is what `import_queue` gives, `mapping` what
    `find_mapping` found, `tables` one entry for each old table that was read (`{kind, table, rows, new, changed,
    known, left, not_placed, remarks}`), `tasks` the tasks that changed. Raises FairwayError: `not_found`,
    `invalid_document` (no SQLite database, or none of a queue), `verify_failed` (the counts do not
    agree; nothing was taken in), `invalid_config` (the profile), and the errors of both databases.
    """
    path = _place(project, path)
    with open_legacy(path) as source:
        source.schema_version()  # a file that cannot be read is refused before anything is made
    if dry_run:
        _work_on_a_copy(project)
    queue = import_queue(project, dry_run=False)
    with project.store.write() as tx, open_legacy(path) as source:
        tx.run("legacy.forget_removed")  # of tasks that were pruned and are new again
        scope = Scope(project, tx, source, mapping_of(project, tx, source), mirror=False)
        tasks = take_in(scope)
        _reconcile(scope)
    tables = [tally.as_json() for tally in scope.tallies.values()]
    return {
        "database": project.show(path),
        "queue": {**queue, "dry_run": dry_run},
        "dry_run": dry_run,
        "mapping": {"kinds": scope.kinds, **{name: scope.mapping[name] for name in _TOLD if name in scope.mapping}},
        "tables": tables,
        **{name: sum(entry[name] for entry in tables) for name in ("new", "changed", "known", "left")},
        "tasks": sorted(tasks),
    }


def _place(project: Project, given: str) -> str:
    """The absolute path; in a lane's worktree, where `.git` is a file, `.git/` means the shared git directory."""
    if given.startswith(".git/") and not os.path.exists(given) and project.repository is not None:
        return os.path.join(project.repository.common_dir, given.removeprefix(".git/"))
    return os.path.abspath(given)


def take_in(scope: Scope) -> list[str]:
    """Records first, because the state of a task may follow from them; the tasks that changed."""
    take_in_records(scope)
    if scope.full:
        take_back_strays(scope)
    return take_in_tasks(scope)


def mapping_of(project: Project, tx: Transaction, source: LegacySource) -> Row:
    """The mapping of an old database: the remembered one while neither its tables nor the host's hints changed.

    Raises FairwayError `invalid_document` when there is no state of tasks in it, `invalid_config`
    for a profile that cannot be read.
    """
    hints, spoken = _hints(project)
    known = _known(project, tx)
    settings = digest.of_text(jsonio.dumps([hints, spoken, known.lanes, known.statuses]))[:16]
    mark = f"{source.path} {source.schema_version()} {settings} {__version__} {_FOUND_BY}"
    remembered = tx.value("sources.meta", key=MAPPING_KEY)
    mapping: Row = stored(remembered, dict, "meta, legacy mapping")
    source.take_shape(mapping.get("shape", {}))
    if mapping.get("mark") != mark or _says_more(mapping, source):
        source.take_shape({})
        tables = source.tables()
        if shape := find_shape(tables, known, tuple(hints.get("ignore", ())), source.values):
            source.take_shape(shape)
            tables = source.tables()
        rest = _of_no_kind(shape, source)
        tables = {name: facts for name, facts in tables.items() if rest.get(name) != 0}
        found = find_mapping(tables, hints, known, spoken, shape)
        told = {"shape": shape, "rest": rest} if shape else {}
        heard = source.filled(found["waiting"])
        mapping = {**found, "mark": mark, "rows": source.rows_roughly(), "heard": heard, **told}
        tx.run("sources.set_meta", key=MAPPING_KEY, value=jsonio.dumps(mapping))
    if "state" not in mapping["kinds"]:
        raise FairwayError(
            "invalid_document",
            f"{project.show(source.path)} has no table that is the state of tasks{_what_it_has(mapping)}",
            f"say which table it is in {PROFILE}: [legacy_db.state], with table and columns",
            problems=mapping["problems"],
        )
    return mapping


#: What a lane lives on: data of these in the old database has a place here before the lane is moved.
_NEEDED = ("state", "evidence", "handoffs", "reviews")


def data_without_a_place(project: Project) -> list[str]:
    """Tables and columns of the old database that hold data of a lane's work and have no place here, a line each.

    Raises FairwayError as `mapping_of` and for a database that cannot be read.
    """
    with open_legacy(legacy_db_path(project)) as source, project.store.write(repeatable=True) as tx:
        mapping = mapping_of(project, tx, source)
    kinds = mapping["kinds"]
    tables = {kinds[kind]["table"] for kind in (*_NEEDED, "archive", "requests") if kind in kinds}
    lines = [f"no table is known to hold the {kind}" for kind in _NEEDED if kind not in kinds]
    lines += [
        f"{place['table']}.{place['column']} has no place here: {place['rows']} value(s)"
        for place in mapping["unplaced"]
        if place["table"] in tables
    ]
    unsaid = [
        problem for problem in mapping["problems"] if problem["table"] in tables and "words." in problem["decide"]
    ]
    return lines + [f"{problem['table']}.{problem['column']}: {problem['message']}" for problem in unsaid]


def _says_more(mapping: Row, source: LegacySource) -> bool:
    """Whether the cells may say more by now: new numbers, a column first used, twice the rows of what was not sure.

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
        or any(
            source.has_others(table, column, dict.fromkeys(values))
            for table, (column, values) in mapping.get("shape", {}).get("types", {}).items()
        )
        or _of_no_kind(mapping.get("shape", {}), source) != mapping.get("rest", {})
        or (bool(mapping["problems"]) and source.rows_roughly() != mapping["rows"])
    )


def _of_no_kind(shape: Row, source: LegacySource) -> dict[str, int]:
    """How many rows of each table of several kinds say none that has a part."""
    rest = [part_of(table, NONE_OF_THESE) for table in shape.get("types", {})]
    return {part: source.count({"table": part}) for part in rest}


def _known(project: Project, tx: Transaction) -> Known:
    """What the project knows that helps to tell what cells hold."""
    settings = project.settings
    statuses = list(settings["states"]["allowed"])
    first = settings_of.initial_status(settings)
    return Known(
        frozenset(tx.column("legacy.task_ids")),
        tuple(settings_of.lanes(settings)),
        (first, *(status for status in statuses if status != first)),
        tuple(status for status in statuses if settings_of.is_terminal(settings, status)),
    )


def _what_it_has(mapping: Row) -> str:
    told = [f"{entry['table']}: {entry['message']}" for entry in mapping["problems"]]
    return f"; {'; '.join(told)}" if told else f"; its tables: {', '.join(mapping['tables']) or 'none'}"


def _hints(project: Project) -> tuple[Row, dict[str, dict[str, str]]]:
    """The host's `[legacy_db]`, {} without one, and what its calls name the values."""
    path = os.path.join(project.root, PROFILE)
    if not os.path.isfile(path):
        return {}, {}
    profile = read_profile(path)
    return profile["legacy_db"], names_in_calls(profile["scripts"])


def _work_on_a_copy(project: Project) -> None:
    from fairway_scripts.store.sqlite.connection import scratch

    project.store = project.store.copy_to_sandbox() if is_born(project.store) else scratch()


def _reconcile(scope: Scope) -> None:
    """Raise FairwayError `verify_failed` unless each row of each old table is accounted for, counted anew."""
    wrong = []
    for kind, entry in scope.kinds.items():
        tally = scope.tallies[kind]
        told = tally.new + tally.changed + tally.known + tally.left
        there = scope.source.count(entry)
        if there != told:
            wrong.append(f"{tally.table} has {there} rows, {told} are accounted for")
        kept = scope.tx.value("legacy.rows_in", legacy_table=tally.table, own_table=KIND[kind].own_table)
        here = tally.new + tally.changed + tally.known
        if kept < here:
            wrong.append(f"of {here} rows of {tally.table} that were taken in, {kept} are noted as rows of ours")
    shapes = scope.source.shapes
    for table in dict.fromkeys(map(shapes.base, shapes.parts)):
        there = scope.source.count({"table": table})
        told = sum(scope.source.count({"table": part}) for part in shapes.parts if shapes.base(part) == table)
        if there != told:
            wrong.append(f"{table} has {there} rows, its parts have {told}")
    if wrong:
        raise FairwayError(
            "verify_failed",
            f"the counts do not agree, so nothing was taken in: {'; '.join(wrong)}",
            "run the command again; if it stays so, report it with the JSON of a dry run",
            tables=[tally.as_json() for tally in scope.tallies.values()],
        )
