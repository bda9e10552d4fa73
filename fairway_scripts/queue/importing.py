"""Importing a queue file because somebody asked for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.presence import is_there
from fairway_scripts.base.progress import doing
from fairway_scripts.project.places import usual_store
from fairway_scripts.project.project import is_born, queue_path
from fairway_scripts.project.queue_faults import broken_file
from fairway_scripts.queue.archives import imported_already

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from fairway_scripts.calls.tool_calls import QueueImport
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.queue_shapes import Imported, Outcome

    #: what an import tells
    Told = TypeVar("Told", bound=Mapping[str, object])


def once(project: Project, args: QueueImport, bring_in: Callable[[], Told]) -> Told:
    """What `bring_in` gives; of a call that is repeated with its REQUEST_ID, what it gave the first time.

    Raises what `bring_in` raises.
    """
    if args.dry_run or not args.request_id:
        return bring_in()
    from fairway_scripts.project.changes import Change, repeated_answer

    known: Told | None = repeated_answer(project, args) if is_born(project.store) else None
    if known is not None:
        return known
    told = bring_in()
    with Change(project, args) as change:
        before: Told | None = change.repeated()
        return change.finish(told) if before is None else before


def import_queue(project: Project, *, dry_run: bool) -> Imported:
    """Bring the store's definitions in step with the queue file, making the store when there is none.

    With `dry_run` nothing is changed and no store is made. Returns `{path, tasks, added, changed, left, archived,
    warnings, unchanged, dry_run}`: counts but for the path; `unchanged` says that nothing had to be read. Raises
    FairwayError `invalid_queue` with every fault, and then nothing was imported; `not_found`, `usage` (no queue
    file), and the errors of the store.
    """
    path = queue_path(project)
    if not is_there(path):  # before a store is made for it
        raise FairwayError(
            "not_found",
            f"no queue file at {project.show(path)} ({project.queue.found})",
            suggest("queue-import", QUEUE_FILE=None),
            path=path,
        )
    if not dry_run and is_born(project.store) and imported_already(project):
        return _nothing_new(project)
    if shared := shared_with_the_project(project):
        project.notes.append(shared)
    outcome = _read(project, dry_run=dry_run)
    if outcome["faults"]:
        raise broken_file(project, outcome["faults"])
    return {
        "path": outcome["path"],
        "tasks": outcome["tasks"],
        "archived": outcome["archived"],
        "added": outcome["added"],
        "changed": outcome["changed"],
        "left": outcome["left"],
        "warnings": outcome["warnings"],
        "unchanged": False,
        "dry_run": dry_run,
    }


def shared_with_the_project(project: Project) -> str:
    """What to say where a call's configuration is not the project's own and yet uses its store; "" elsewhere."""
    if not project.own_config or os.path.realpath(project.store_place.path) != os.path.realpath(usual_store(project)):
        return ""
    own, named = project.show(project.own_config), project.show(project.config.path)
    return (
        f"{named} shares the store of {own}: tasks, claims and lanes are one; "
        f"fairway.db_path in {named} gives it a store of its own"
    )


def _read(project: Project, *, dry_run: bool) -> Outcome:
    from fairway_scripts.queue.definitions import bring_in, preview_import

    doing(f"reading {project.show(project.queue.path)}")
    if not dry_run:
        return bring_in(project)
    if not is_born(project.store):
        from fairway_scripts.store.sqlite.connection import scratch

        project.store = scratch()
    return preview_import(project)


def _nothing_new(project: Project) -> Imported:
    """The answer for a file that was imported before and is still the same."""
    with project.store.read() as tx:
        known = tx.one("sources.source", path=project.queue.path)
    return {
        "path": project.show(project.queue.path),
        "tasks": known["task_count"] or 0 if known else 0,
        "added": 0,
        "changed": 0,
        "left": 0,
        "archived": 0,
        "warnings": 0,
        "unchanged": True,
        "dry_run": False,
    }
