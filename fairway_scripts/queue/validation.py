"""Every fault of a queue file, whether or not there is a store or a repository around it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.faults import ERROR, NOTE, WARNING
from fairway_scripts.base.presence import is_there
from fairway_scripts.project.opening import open_to_look
from fairway_scripts.project.project import queue_path
from fairway_scripts.project.queue_faults import told
from fairway_scripts.queue.archives import read_archives
from fairway_scripts.queue.definitions import check_document, settings_for
from fairway_scripts.queue.files.queue_file import read_queue_file
from fairway_scripts.queue.validation_rules import MINIMAL, STRICT

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.queue_shapes import Validated


def validate_queue(project: Project, profile: str) -> Validated:
    """Check the queue file of the project and change nothing; a store is looked at for known ids when there is one.

    `profile` is `minimal`, `strict`, or "" for the configured one. Returns `{path, profile, ok, tasks, errors,
    warnings, notes, faults}`: counts, and every finding in the order of its line (see `Fault`, with its `text`).
    Raises FairwayError: `usage` (another profile, no queue file), `not_found`, `file_unavailable`.
    """
    profile = profile or project.settings["queue"]["profile"]
    if profile not in (MINIMAL, STRICT):
        raise FairwayError(
            "usage", f"PROFILE {profile!r} is none of {MINIMAL}, {STRICT}", suggest("queue-validate", PROFILE="strict")
        )
    path = queue_path(project)
    document = read_queue_file(path, project.show(path), project.settings["queue"]["max_bytes"])
    settings = settings_for(project, document)
    known = _known_ids(project)
    for _name, records in read_archives(project, settings):
        known.update(record.fields["id"] for record in records)
    faults = check_document(document, settings, known - {""}, profile)
    errors, warnings, notes = (sum(fault.severity == word for fault in faults) for word in (ERROR, WARNING, NOTE))
    return {
        "path": project.show(path),
        "profile": profile,
        "ok": not errors,
        "tasks": len(document.tasks),
        "errors": errors,
        "warnings": warnings,
        "notes": notes,
        "faults": told(faults),
    }


def _known_ids(project: Project) -> set[str]:
    """The ids that the store knows; none when there is no store. One that cannot be used is noted."""
    path = project.store_place.path
    if not is_there(path):
        return set()
    try:
        with contextlib.closing(open_to_look(project)) as store, store.read() as tx:
            return set(tx.column("sources.known_ids"))
    except FairwayError as problem:
        project.notes.append(f"dependencies are looked up without the store: {problem.message}")
        return set()
