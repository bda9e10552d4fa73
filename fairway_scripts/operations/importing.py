"""Importing a queue file because somebody asked for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts.errors import FairwayError
from fairway_scripts.operations.definitions import import_definitions, preview_import
from fairway_scripts.operations.freshness import broken_file
from fairway_scripts.operations.project import create_store, is_born
from fairway_scripts.operations.validation import queue_path
from fairway_scripts.store.copying import scratch

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project


def import_queue(project: Project, *, dry_run: bool) -> dict[str, Any]:
    """Bring the store's definitions in step with the queue file, making the store when there is none.

    With `dry_run` nothing is changed and no store is made. Returns `{path, tasks, added, changed, left, archived,
    warnings, dry_run}`: counts but for the path. Raises FairwayError `invalid_queue` with every fault, and then
    nothing was imported; `not_found`, `usage` (no queue file), and the errors of the store.
    """
    path = queue_path(project)
    if not os.path.exists(path):  # before a store is made for it
        raise FairwayError(
            "not_found",
            f"no queue file at {project.show(path)} ({project.queue.found})",
            "make queue-import QUEUE_FILE=path/to/queue.yaml",
            path=path,
        )
    if dry_run:
        if not is_born(project.store):
            project.store = scratch()
        outcome = preview_import(project)
    else:
        create_store(project)
        outcome = import_definitions(project)
    faults = outcome.pop("faults")
    if faults:
        raise broken_file(project, faults)
    return {**outcome, "dry_run": dry_run}
