"""Adding a task beside the one that is being worked on, with what that one hands down."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from fairway_scripts.base.errors import FairwayError, suggest, suggest_again
from fairway_scripts.project.changes import Change
from fairway_scripts.project.lane_choice import lane_here
from fairway_scripts.queue import editing_rules as rules
from fairway_scripts.queue.editing import definition, put_new
from fairway_scripts.sessions.sessions import live_sessions

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueSpawn
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.queue_shapes import Definition, Given, Spawned
    from fairway_scripts.store.contract import Transaction

TASK_VARIABLE = "FAIRWAY_TASK_ID"


def spawn_task(project: Project, args: QueueSpawn, fields: Given, place: str) -> Spawned:
    """Add the task TASK_ID as `place` (child, sibling, root, or "" with PARENT) of the current task.

    The current task is FROM_TASK, else FAIRWAY_TASK_ID, the task of the session FAIRWAY_SESSION_ID, or the one that
    the live sessions of the caller's lane work on. Lane, priority and metadata come from it (from PARENT when
    there is none) where `fields` does not name them. Returns what `add_task` does, and `spawned_from`, `found`,
    `place`. Raises FairwayError `usage`, `not_found`, `already_exists`, `cycle`.
    """
    with Change(project, args) as change:
        repeated: Spawned | None = change.repeated()
        if repeated is not None:
            return repeated
        tx, parent = change.tx, fields.get("parent_id", "")
        origin, found = current_task(project, tx, args.from_task, needed=not parent and place != "root")
        model = definition(tx, origin or parent)[0] if origin or parent else None
        taken = {name: value for name, value in model.items() if name in rules.INHERITED} if model else {}
        fields = {**cast("Given", taken), **fields}
        if place == "child":
            fields["parent_id"] = origin
        elif place == "sibling" and model:
            fields["parent_id"] = model["parent_id"]
        if not fields.get("role"):
            raise FairwayError(
                "usage", "the lane is required: there is no task to take it from", suggest_again(args, TO_ROLE=None)
            )
        warnings = _leaf_warning(origin, model) if model and place == "child" and not args.force else []
        facts = {"spawned_from": origin, "place": place or "parent"}
        added = put_new(change, args.task_id, fields, {**facts, "forced": bool(args.force)})
        added["warnings"] = [*warnings, *added["warnings"]]
        told: Spawned = {**added, "spawned_from": origin, "place": place or "parent", "found": found}
        return change.finish(told)


def _leaf_warning(origin: str, model: Definition) -> list[str]:
    if model["kind"] not in rules.LEAF_KINDS:
        return []
    return [f"{origin} is a {model['kind']}, which is not meant to have children (a sibling: PLACE=sibling)"]


def current_task(project: Project, tx: Transaction, given: str, *, needed: bool) -> tuple[str, str]:
    """The task that the caller works on and how it was found; ("", "") when nothing tells and none is `needed`.

    Raises FairwayError `usage` when nothing tells and one is.
    """
    for task_id, found in ((given, "FROM_TASK"), (os.environ.get(TASK_VARIABLE, ""), TASK_VARIABLE)):
        if task_id:
            return task_id, found
    session = tx.one("sessions.session", session_id=project.identity.session) if project.identity.session else None
    if session is not None and session["task_id"]:
        return session["task_id"], f"the session {project.identity.session}"
    lane, _how = lane_here(project)
    tasks = sorted({row["task_id"] for row in live_sessions(tx, lane) if row["task_id"]}) if lane else []
    if len(tasks) == 1:
        return tasks[0], f"the live session of {lane}"
    if not needed:
        return "", ""
    if tasks:
        why = f"the live sessions of {lane} work on {', '.join(tasks)}"
    else:
        why = f"{TASK_VARIABLE} is not set and no live session {f'of {lane} ' if lane else ''}names a task"
    raise FairwayError(
        "usage",
        f"which task it comes from is not known: {why}",
        suggest("queue-spawn", TASK_ID=None, TITLE=None, FROM_TASK=None),
    )
