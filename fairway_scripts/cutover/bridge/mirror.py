"""Keeping the tasks of lanes that the old scripts still answer as the old database has them.

It costs one query and two `stat` calls as long as nobody wrote to that database.
"""

from __future__ import annotations

import os
import time

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.project.places import NAMED_STORES
from fairway_scripts.project.project import OWN, SCRATCH, is_born
from fairway_scripts.store.stored_json import stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.cutover.cutover_shapes import MirrorMark, Refreshed
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.legacy_snapshot import Snapshot
    from fairway_scripts.store.rows import LegacyMirroredLanes

MARK_KEY = "legacy_mark"
#: A file that was written within this time may be written again without its time telling.
SETTLING_NS = 50_000_000
#: How long to wait (seconds) for a writer of the old database before going on with what was read last.
PATIENCE = 2.0


def refresh_from_legacy(project: Project, snapshot: Snapshot | None = None, *, left_out: str = "") -> Refreshed | None:
    """Take in what the old scripts did since the last time, for lanes whose engine is `legacy` or `shadow`.

    With `snapshot` the database is read as it was when that was taken, unless a newer state was read already; the
    task `left_out` is not touched then (in a copy of the store that nobody keeps).

    Returns None when there is nothing to do (no such lane, nothing written, a call that is our side of a comparison
    on a copy of the store). A database that cannot be read is told on
    `project.notes`, and what was read last stays in force.
    """
    if not is_born(project.store) or is_candidate(project) or project.relation not in (OWN, SCRATCH):
        return None
    with project.store.read() as tx:
        known = tx.one("legacy.mirrored_lanes")
    if known is None or not known["lanes"]:
        return None
    from fairway_scripts.cutover.door.engines import legacy_db_path
    from fairway_scripts.store.legacy_mark import mark_of

    path = legacy_db_path(project)
    mark = mark_of(path)
    remembered: MirrorMark = stored(known["mark"], dict, "mark")
    basis = _basis(path, known)
    if snapshot is None and mark and (remembered.get("mark"), remembered.get("basis")) == (mark, basis):
        return None
    if snapshot is None and not mark:
        if remembered:
            project.notes.append(f"{project.show(path)} is gone; what was read from it last stays in force")
        if os.path.isdir(os.path.dirname(path)):  # what looks there loads what reads old databases
            from fairway_scripts.cutover.bridge.legacy_side import unread_databases

            others = unread_databases(project)
            project.notes += [others] if others else []
        return None
    if project.store.read_only:
        project.notes.append(f"{project.show(path)} has changed, but the store cannot be written")
        return None
    return _read(project, path, snapshot, left_out)


def is_candidate(project: Project) -> bool:
    """Tell whether this call is our side of a comparison, on a copy of the store from before the old scripts acted."""
    return os.environ.get("FAIRWAY_ENGINE") == "fairway" and project.store_place.found in NAMED_STORES


def _basis(path: str, known: LegacyMirroredLanes) -> str:
    """Return what else decides about what is read: engines, definitions, what the older side is owed, the database."""
    return f"{path} {known['engines_since']} {known['definitions_since']} {known['owing']}"


def _read(project: Project, path: str, snapshot: Snapshot | None, left_out: str) -> Refreshed | None:
    """Read the old database inside one write transaction, so that an older view never follows a newer one."""
    from fairway_scripts.cutover.bridge.legacy_import import take_in
    from fairway_scripts.cutover.bridge.legacy_mapping import mapping_of
    from fairway_scripts.cutover.bridge.legacy_scope import Scope
    from fairway_scripts.store.legacy_mark import content_ns, last_written_ns, mark_of
    from fairway_scripts.store.legacy_snapshot import open_snapshot
    from fairway_scripts.store.legacy_source import open_legacy

    try:
        with project.store.write(repeatable=True) as tx:
            known = tx.one("legacy.mirrored_lanes")
            if known is None:
                return None
            remembered: MirrorMark = stored(known["mark"], dict, "mark")
            mark, basis = mark_of(path), _basis(path, known)
            if snapshot is None and (remembered.get("mark"), remembered.get("basis")) == (mark, basis):
                return None  # another process did it while this one waited
            if snapshot is not None and remembered.get("read_ns", 0) >= snapshot.taken_ns:
                return None
            settled = time.time_ns() - last_written_ns(path) > SETTLING_NS
            since = remembered.get("marks", {}) if remembered.get("basis") == basis else {}
            if not since:
                tx.run("legacy.forget_removed")  # of tasks that were pruned and are new again
            with open_snapshot(snapshot) if snapshot else open_legacy(path, patience=PATIENCE) as source:
                read_ns = snapshot.taken_ns if snapshot else time.time_ns()
                written_ns = snapshot.written_ns if snapshot else content_ns(path)
                mapping = mapping_of(project, tx, source)
                scope = Scope(project, tx, source, mapping, mirror=True, since=since, left_out=left_out)
                tasks = take_in(scope)
                marks = scope.marks()
            known_state = mark if settled and snapshot is None else ""
            new_mark: MirrorMark = {
                "mark": known_state,
                "basis": basis,
                "marks": marks,
                "read_ns": read_ns,
                "written_ns": written_ns,
            }
            tx.run("sources.set_meta", key=MARK_KEY, value=jsonio.dumps(new_mark))
    except FairwayError as problem:  # whoever only asks gets an answer
        project.notes.append(f"{problem.message}; what was read from the old scripts last stays in force")
        return None
    tallies = scope.tallies.values()
    return {
        "database": project.show(path),
        "tasks": sorted(tasks),
        "new": sum(tally.new for tally in tallies),
        "changed": sum(tally.changed for tally in tallies),
        "left": sum(tally.left for tally in tallies),
    }
