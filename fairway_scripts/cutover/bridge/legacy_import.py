"""Taking over the state of the scripts that were there before, from their database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.bridge.legacy_mapping import mapping_of
from fairway_scripts.cutover.bridge.legacy_records import take_in_records
from fairway_scripts.cutover.bridge.legacy_scope import Scope
from fairway_scripts.cutover.bridge.legacy_strays import take_back_strays
from fairway_scripts.cutover.bridge.legacy_tables import KIND
from fairway_scripts.cutover.bridge.legacy_tasks import take_in_tasks
from fairway_scripts.cutover.door.engines import PROFILE, legacy_db_path
from fairway_scripts.cutover.mapping.mapping_draft import write_draft
from fairway_scripts.project.project import is_born
from fairway_scripts.queue.importing import import_queue
from fairway_scripts.store.legacy_source import databases_beside, open_legacy, records_beside

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project

    Row = dict[str, Any]

#: What an import tells of the mapping beside its tables.
_TOLD = ("tables", "missing", "words", "problems", "unplaced", "shape")


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
    told = {name: scope.mapping[name] for name in _TOLD if name in scope.mapping}
    return {
        "database": project.show(path),
        "queue": {**queue, "dry_run": dry_run},
        "dry_run": dry_run,
        "mapping": {"kinds": scope.kinds, **told, "problems": [*told["problems"], *_not_looked_into(path, told)]},
        "tables": tables,
        **{name: sum(entry[name] for entry in tables) for name in ("new", "changed", "known", "left")},
        "tasks": sorted(tasks),
    }


def _not_looked_into(path: str, told: Row) -> list[Row]:
    """The other databases and files of records in the same folder, where something was not found in this one."""
    if not told["missing"]:
        return []
    kinds = {"another database": databases_beside(path), "a file of records": records_beside(path)}
    message = "in the same folder, of which nothing is read: it may hold what was not found"
    return [
        {"table": name, "column": "", "message": f"is {kind} {message}", "decide": ""}
        for kind, names in kinds.items()
        for name in names
    ]


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
