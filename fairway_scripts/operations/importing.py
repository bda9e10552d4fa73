"""Importing a queue file because somebody asked for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.operations.archives import imported_already
from fairway_scripts.operations.freshness import broken_file
from fairway_scripts.operations.project import is_born, queue_path

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project


def import_queue(project: Project, *, dry_run: bool) -> dict[str, Any]:
    """Bring the store's definitions in step with the queue file, making the store when there is none.

    With `dry_run` nothing is changed and no store is made. Returns `{path, tasks, added, changed, left, archived,
    warnings, unchanged, dry_run}`: counts but for the path; `unchanged` says that nothing had to be read. Raises
    FairwayError `invalid_queue` with every fault, and then nothing was imported; `not_found`, `usage` (no queue
    file), and the errors of the store.
    """
    path = queue_path(project)
    if not os.path.exists(path):  # before a store is made for it
        raise FairwayError(
            "not_found",
            f"no queue file at {project.show(path)} ({project.queue.found})",
            suggest("queue-import", QUEUE_FILE="path/to/queue.yaml"),
            path=path,
        )
    if not dry_run and is_born(project.store) and imported_already(project):
        return _nothing_new(project)
    outcome = _read(project, dry_run=dry_run)
    faults = outcome.pop("faults")
    if faults:
        raise broken_file(project, faults)
    return {**outcome, "unchanged": False, "dry_run": dry_run}


def _read(project: Project, *, dry_run: bool) -> dict[str, Any]:
    from fairway_scripts.operations.definitions import bring_in, preview_import

    if not dry_run:
        return bring_in(project)
    if not is_born(project.store):
        from fairway_scripts.store.copying import scratch

        project.store = scratch()
    return preview_import(project)


def _nothing_new(project: Project) -> dict[str, Any]:
    """The answer for a file that was imported before and is still the same."""
    with project.store.read() as tx:
        known = tx.one("sources.source", path=project.queue.path) or {}
    counts = dict.fromkeys(("added", "changed", "left", "archived", "warnings"), 0)
    path = project.show(project.queue.path)
    return {"path": path, "tasks": known.get("task_count", 0), **counts, "unchanged": True, "dry_run": False}
