"""Importing the definitions of queue files into the store.

The queue file owns definitions, the store owns state. The state fields of a file (status, owner, branch, commit,
completed_at) seed a task once, when it is first seen; nothing ever overwrites state from a file after that.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.presence import is_there
from fairway_scripts.formats.text_tree import collector_paused
from fairway_scripts.project import settings_in_force
from fairway_scripts.project.ownership import refuse_definer
from fairway_scripts.project.project import SETTINGS_KEY, is_born
from fairway_scripts.project.queue_faults import told
from fairway_scripts.project.store_identity import refresh_identity
from fairway_scripts.queue.archives import read_archives, remember_archives
from fairway_scripts.queue.definition_tables import STORE, DefinitionWriter
from fairway_scripts.queue.definitions_rules import header_list
from fairway_scripts.queue.files.queue_file import read_queue_file
from fairway_scripts.queue.review_validation import review_faults
from fairway_scripts.queue.sources import settled_mtime
from fairway_scripts.queue.taking_over import create_store
from fairway_scripts.queue.validation_rules import validate
from fairway_scripts.store.contract import exact
from fairway_scripts.store.opening import make_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.base.faults import Fault
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.change_shapes import ToldFault
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.definitions_rules import TaskRecord
    from fairway_scripts.queue.files.queue_file import QueueFile
    from fairway_scripts.queue.queue_shapes import Outcome
    from fairway_scripts.store.contract import Store
    from fairway_scripts.store.rows import HierarchyNeedsOutsideTheFile, QueueSource


def import_definitions(project: Project, *, dry_run: bool = False) -> Outcome:
    """Read the queue file and its archives, validate them, and bring the store in step: all of it or nothing.

    Returns `{path, tasks, added, changed, left, seeded, archived, faults, warnings}`; `faults` (each with its
    `text`) is empty when the file was imported. Raises FairwayError `not_found` for a missing file.
    """
    with collector_paused():
        return _import(project, dry_run=dry_run)


def bring_in(project: Project) -> Outcome:
    """`import_definitions` into the store of the project, which is made when there is none yet.

    Raises FairwayError `store_foreign` when the caller's queue file does not define the tasks of the store.
    """
    if not is_born(project.store):
        return first_import(project)
    refuse_definer(project)
    return import_definitions(project)


def first_import(project: Project) -> Outcome:
    """`import_definitions` for a project without a store: makes it, with the definitions in it from the beginning."""
    outcomes: list[Outcome] = []

    def fill(store: Store) -> None:
        project.store = store
        outcomes.append(import_definitions(project))

    none_yet = project.store
    try:
        made = make_store(exact(project.store_place.path), fill)
    finally:
        project.store = none_yet
    create_store(project)
    # Where another process was first, or could not be kept from being first, its store is brought in step.
    return outcomes[0] if made else import_definitions(project)


def _import(project: Project, *, dry_run: bool) -> Outcome:
    path = project.queue.path
    status = os.stat(path) if is_there(path) else None
    document = read_queue_file(path, project.show(path), project.settings["queue"]["max_bytes"])
    settings = settings_for(project, document)
    archives = read_archives(project, settings)
    faults = _faults(project, document, settings, archives)
    errors = [fault for fault in faults if fault.severity == "error"]
    outcome: Outcome = {
        "path": project.show(path),
        "tasks": len(document.tasks),
        "added": 0,
        "changed": 0,
        "left": 0,
        "archived": sum(len(records) for _name, records in archives),
        "faults": told(errors),
        "warnings": sum(fault.severity == "warning" for fault in faults),
    }
    at = clock.now()
    source = _source_row(path, status, document, outcome["faults"], at)
    with project.store.write(repeatable=True) as tx:
        if not errors:
            writer = DefinitionWriter(project, tx, settings, at)
            if settings is not project.settings or not tx.value("sources.meta", key=SETTINGS_KEY):
                settings_in_force.store_settings(project, tx, settings)
            writer.put_archives(archives)
            counts = writer.put_tasks(document)
            outcome = {**outcome, **counts}
            writer.refresh(counts)
            remember_archives(project, tx, settings, at)
        if dry_run:
            raise _DryRun(outcome)
        tx.run("sources.set_source", **source)
        if not errors:
            refresh_identity(project, tx)
    project.settings = settings
    return outcome


class _DryRun(Exception):  # noqa: N818 - not an error: the way to leave a transaction without keeping it
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def preview_import(project: Project) -> Outcome:
    """What `import_definitions` would do, with nothing changed."""
    try:
        return import_definitions(project, dry_run=True)
    except _DryRun as preview:
        return preview.outcome


def settings_for(project: Project, document: QueueFile) -> Settings:
    """The configured settings; with none, the conventions for the lanes that the file names."""
    if project.config.path:
        return project.settings
    lanes = header_list(document.header, "roles")
    if not lanes:
        lanes = sorted({record.fields["role"] for record in document.tasks if record.fields.get("role")})
    if lanes == settings_of.lanes(project.settings):
        return project.settings
    return settings_in_force.assumed_settings(project, lanes)


def _faults(
    project: Project, document: QueueFile, settings: Settings, archives: list[tuple[str, list[TaskRecord]]]
) -> list[Fault]:
    with project.store.read() as tx:
        known = set(tx.column("sources.known_ids"))
        edges = {
            "dependencies": _grouped(tx.all("hierarchy.needs_outside_the_file", source=STORE)),
            "parent_id": _grouped(tx.all("hierarchy.parents_outside_the_file", source=STORE)),
        }
    known.update(record.fields["id"] for _name, records in archives for record in records if record.fields.get("id"))
    return check_document(document, settings, known, edges=edges)


def _grouped(rows: Sequence[HierarchyNeedsOutsideTheFile]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row["named"])
    return found


def check_document(
    document: QueueFile,
    settings: Settings,
    known_ids: set[str],
    profile: str = "",
    edges: dict[str, dict[str, list[str]]] | None = None,
) -> list[Fault]:
    """Every finding in a queue file that was read, in the order of its lines.

    `edges` is what tasks of the store that are not in the file depend on, and their parents: a cycle may lead
    through them.
    """
    faults = validate(
        document.tasks,
        known_ids=known_ids,
        lanes=settings_of.lanes(settings),
        statuses=settings["states"]["allowed"],
        terminal=settings["states"]["terminal"],
        kinds=settings["task_kinds"]["allowed"],
        priorities=[level["rank"] for level in settings["task_priorities"]["levels"]],
        id_pattern=settings["fairway"]["task_id_pattern"],
        profile=profile or settings["queue"]["profile"],
        header=document.header,
        path=document.path,
        required=settings["queue"]["required_fields"],
        edges=edges,
    )
    faults += review_faults(document.tasks, settings, document.path)
    return sorted([*document.faults, *faults], key=lambda fault: (fault.line, fault.field, fault.message))


def _source_row(
    path: str, status: os.stat_result | None, document: QueueFile, faults: list[ToldFault], at: str
) -> QueueSource:
    return {
        "path": path,
        "kind": "active",
        "mtime_ns": settled_mtime(status) if status else 0,
        "size": status.st_size if status else 0,
        "sha256": document.sha256,
        "valid": 0 if faults else 1,
        "faults": jsonio.dumps(faults),
        "header": jsonio.dumps(document.header),
        "task_count": len(document.tasks),
        "imported_at": at,
    }
