"""Opening a project with its definitions up to date: the store is brought in step with the queue file.

Whether it is in step costs a `stat` a call.
"""

from __future__ import annotations

import os

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project import older_scripts
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.project.project import CLONE, OWN, SCRATCH, is_born
from fairway_scripts.store.stored_json import stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import QueueSource


def open_project(args: Call) -> Project:
    """The project that a call means, its store open and its definitions up to date.

    Raises FairwayError: `not_found` when neither a store nor a queue file is there, `invalid_config`,
    `invalid_queue` (a first import that fails), and the errors of the store.
    """
    project = open_as_it_is(args)
    refresh(project)
    return project


def refresh(project: Project) -> None:
    """Bring the store in step with the queue file, then with the old scripts where those still answer a lane.

    Raises what `refresh_definitions` raises.
    """
    refresh_definitions(project)
    older_scripts.bring_in(project)


def refresh_definitions(project: Project) -> None:
    """Import the queue file when it has changed since it was last read; note on `project.notes` what was wrong.

    A file that does not validate changes nothing, and what was imported before stays in force. Raises
    FairwayError `not_found` when there is neither a store nor a queue file, `invalid_queue` when the very first
    import fails.
    """
    status = _status_of(project.queue.path)
    if status is None:
        _do_without_file(project)
        return
    if not _is_due(project, status):
        return
    from fairway_scripts.queue.definitions import bring_in

    outcome = bring_in(project)
    if outcome["faults"]:
        if not _has_tasks(project):
            from fairway_scripts.project.queue_faults import broken_file

            raise broken_file(project, outcome["faults"])
        _mention(project, len(outcome["faults"]))
    elif outcome["added"] or outcome["changed"] or outcome["left"]:
        counts = ", ".join(f"{outcome[key]} {key}" for key in ("added", "changed", "left") if outcome[key])
        project.notes.append(f"read {project.show(project.queue.path)}: {counts}")


def _do_without_file(project: Project) -> None:
    if is_born(project.store):
        if project.queue.path and _known_source(project) is not None:
            project.notes.append(
                f"{project.show(project.queue.path)} is gone; what was read from it last stays in force"
            )
        return
    if _may_begin(project):
        from fairway_scripts.queue.taking_over import create_store

        create_store(project)
        return
    place = project.show(project.queue.path) if project.queue.path else project.queue.found
    raise FairwayError(
        "not_found",
        f"there is no queue here: no store at {project.store_place.path} and no queue file ({place})",
        suggest("fairway-init"),
    )


def _may_begin(project: Project) -> bool:
    """Whether the call is one that changes the store, in a place that is meant for one: it may then make it."""
    return project.may_begin and (project.repository is not None or bool(project.config.path))


def _has_tasks(project: Project) -> bool:
    with project.store.read() as tx:
        return bool(tx.value("tasks.lanes"))


def _is_due(project: Project, status: os.stat_result) -> bool:
    """Whether the queue file, whose status this is, has to be read; notes what was wrong with it where it has not."""
    known = _known_source(project) if is_born(project.store) else None
    if project.relation not in (OWN, SCRATCH) and not _may_define(project, known, status):
        return False
    if known is not None and (known["mtime_ns"], known["size"]) == (status.st_mtime_ns, status.st_size):
        _mention_faults(project, known)
        return False
    if is_born(project.store) and project.store.read_only:
        project.notes.append(f"{project.show(project.queue.path)} has changed, but the store cannot be written")
        return False
    if known is not None and _is_as_read(project, known, status):
        _remember_time(project, status)
        _mention_faults(project, known)
        return False
    return True


def _may_define(project: Project, known: QueueSource | None, status: os.stat_result) -> bool:
    """Whether the queue file of a caller counts whose store this is not; notes that it does not."""
    from fairway_scripts.project.ownership import checkout_of, may_define

    if known is not None and (known["mtime_ns"], known["size"]) == (status.st_mtime_ns, status.st_size):
        return True  # it did, and has not changed since
    if may_define(project):
        return True
    if project.relation == CLONE:
        project.notes.append(
            f"this is another clone: the definitions in force are those of {checkout_of(project) or project.store.path}"
        )
    return False


def _is_as_read(project: Project, known: QueueSource, status: os.stat_result) -> bool:
    """Whether the file has the content that was imported, and all of it is still in force."""
    if known["size"] != status.st_size or known["sha256"] != digest.of_file(project.queue.path):
        return False
    from fairway_scripts.queue.sources import is_in_force

    return is_in_force(project, known)


def _status_of(path: str) -> os.stat_result | None:
    try:
        return os.stat(path) if path else None
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path}: {problem.strerror}") from problem


def _known_source(project: Project) -> QueueSource | None:
    found: list[QueueSource] = project.store.looked_up(
        "sources.sources"
    )  # there are few, and which one is meant is known late
    return next((row for row in found if row["path"] == project.queue.path), None)


def _remember_time(project: Project, status: os.stat_result) -> None:
    """Keep the time of a file that is as it was; who finds the store locked leaves that to the next command."""
    from fairway_scripts.queue.sources import settled_mtime

    mtime_ns = settled_mtime(status)
    if not mtime_ns:
        return
    try:
        with project.store.write(repeatable=True) as tx:
            tx.run("sources.touch_source", path=project.queue.path, mtime_ns=mtime_ns)
    except FairwayError as refusal:
        if refusal.word != "store_busy":
            raise


def _mention_faults(project: Project, known: QueueSource) -> None:
    if not known["valid"]:
        _mention(project, len(stored(known["faults"], list, "faults")))


def _mention(project: Project, count: int) -> None:
    project.notes.append(
        f"{project.show(project.queue.path)} has {count} fault(s), so its last good definitions are in force: "
        + suggest("queue-validate")
    )
