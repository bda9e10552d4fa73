"""Taking over the state of the scripts that were there before, from their database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

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
    from fairway_scripts.cutover.mapping.mapping_shapes import DraftedMapping, LegacyImport, Problem, ToldMapping
    from fairway_scripts.project.project import Project


def draft_mapping(project: Project, path: str) -> DraftedMapping:
    """Write what the old database at `path` seems to hold into the host's profile, and take nothing in.

    Returns what a dry run of `import_legacy` gives, with `profile` (its path) and `added` (the tables written there).
    """
    outcome = import_legacy(project, path, dry_run=True)
    added = write_draft(os.path.join(project.root, PROFILE), outcome["mapping"])
    return {**outcome, "profile": PROFILE, "added": added}


def import_legacy(project: Project, path: str, *, dry_run: bool) -> LegacyImport:
    """Import the queue file, then state and records of the old database at `path`: the latter all or nothing.

    Nothing is written to the old database. What was taken in before is known and left alone, so that a second run adds
    nothing. With `dry_run` all of it happens in a private copy of the store. Of what it returns, `queue` is what
    `import_queue` gives, `mapping` what `find_mapping` found, `tables` one entry for each old table that was read,
    `tasks` the tasks that changed. Raises FairwayError: `not_found`,
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
    found = scope.mapping
    mapping: ToldMapping = {
        "kinds": scope.kinds,
        "tables": found["tables"],
        "missing": found["missing"],
        "words": found["words"],
        "problems": [*found["problems"], *_not_looked_into(path, found["missing"])],
        "unplaced": found["unplaced"],
    }
    if "shape" in found:
        mapping["shape"] = found["shape"]
    return {
        "database": project.show(path),
        "queue": {**queue, "dry_run": dry_run},
        "dry_run": dry_run,
        "mapping": mapping,
        "tables": tables,
        "new": sum(entry["new"] for entry in tables),
        "changed": sum(entry["changed"] for entry in tables),
        "known": sum(entry["known"] for entry in tables),
        "left": sum(entry["left"] for entry in tables),
        "tasks": sorted(tasks),
    }


def _not_looked_into(path: str, missing: list[str]) -> list[Problem]:
    """List the other databases and files of records in the same folder, where something was not found in this one."""
    if not missing:
        return []
    kinds = {"another database": databases_beside(path), "a file of records": records_beside(path)}
    message = "in the same folder, of which nothing is read: it may hold what was not found"
    return [
        {"table": name, "column": "", "message": f"is {kind} {message}", "decide": ""}
        for kind, names in kinds.items()
        for name in names
    ]


def _place(project: Project, given: str) -> str:
    """Return the whole path; in a lane's worktree, where `.git` is a file, `.git/` means the shared git directory."""
    if given.startswith(".git/") and not os.path.exists(given) and project.repository is not None:
        return os.path.join(project.repository.common_dir, given.removeprefix(".git/"))
    return os.path.abspath(given)


def take_in(scope: Scope) -> list[str]:
    """Take in records first, because the state of a task may follow from them; return the tasks that changed."""
    take_in_records(scope)
    if scope.full:
        take_back_strays(scope)
    return take_in_tasks(scope)


#: What a lane lives on: data of these in the old database has a place here before the lane is moved.
_NEEDED = ("state", "evidence", "handoffs", "reviews")


def data_without_a_place(project: Project) -> list[str]:
    """List tables and columns of the old database that hold data of a lane's work and have no place here, a line each.

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
        placed = tally.new + tally.changed + tally.known + tally.left
        there = scope.source.count(entry["table"])
        if there != placed:
            wrong.append(f"{tally.table} has {there} rows, {placed} are accounted for")
        kept = scope.tx.value("legacy.rows_in", legacy_table=tally.table, own_table=KIND[kind].own_table)
        here = tally.new + tally.changed + tally.known
        if kept < here:
            wrong.append(f"of {here} rows of {tally.table} that were taken in, {kept} are noted as rows of ours")
    shapes = scope.source.shapes
    for table in dict.fromkeys(map(shapes.base, shapes.parts)):
        there = scope.source.count(table)
        in_parts = sum(scope.source.count(part) for part in shapes.parts if shapes.base(part) == table)
        if there != in_parts:
            wrong.append(f"{table} has {there} rows, its parts have {in_parts}")
    if wrong:
        raise FairwayError(
            "verify_failed",
            f"the counts do not agree, so nothing was taken in: {'; '.join(wrong)}",
            "run the command again; if it stays so, report it with the JSON of a dry run",
            tables=[tally.as_json() for tally in scope.tallies.values()],
        )
