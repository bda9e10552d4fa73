"""Opening a project with its definitions up to date: the store is brought in step with the queue file."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project import older_scripts
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.project.project import is_born
from fairway_scripts.queue.freshness import is_due, known_source, mention, status_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.project.project import Project


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
    status = status_of(project.queue.path)
    if status is None:
        _do_without_file(project)
        return
    if not is_due(project, status):
        return
    from fairway_scripts.queue.definitions import bring_in

    outcome = bring_in(project)
    if outcome["faults"]:
        if not _has_tasks(project):
            from fairway_scripts.project.queue_faults import broken_file

            raise broken_file(project, outcome["faults"])
        mention(project, len(outcome["faults"]))
    elif outcome["added"] or outcome["changed"] or outcome["left"]:
        counts = ", ".join(f"{outcome[key]} {key}" for key in ("added", "changed", "left") if outcome[key])
        project.notes.append(f"read {project.show(project.queue.path)}: {counts}")


def _do_without_file(project: Project) -> None:
    if is_born(project.store):
        if project.queue.path and known_source(project) is not None:
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
