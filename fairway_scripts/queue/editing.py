"""Adding tasks to the store and changing them there.

The store owns the definition of a task that was added here, until queue-export writes it into the queue file. The
definition of a task that the queue file holds is never changed here: two owners would overwrite each other.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.identity import is_claim, same_name
from fairway_scripts.base.patterns.line_patterns import compile_pattern
from fairway_scripts.project.changes import Change, find_definition, find_state, repeated_answer
from fairway_scripts.queue import editing_rules as rules
from fairway_scripts.queue.definition_tables import STORE, DefinitionWriter
from fairway_scripts.queue.files.queue_file import read_queue_file
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.calls.tool_calls import QueueAdd, QueueUpdate
    from fairway_scripts.formats.text_tree import Node
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.definitions_rules import TaskRecord
    from fairway_scripts.queue.queue_shapes import ChangedTask, Definition, Described, Given, TaskTold
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Task


def add_task(project: Project, args: QueueAdd, fields: Given) -> TaskTold:
    """Add the task TASK_ID with the given `fields` (as `editing_rules.VARIABLES` names them) in the initial status.

    Without TASK_ID it gets the next free id of its lane. Returns the task: task_id, lane, status, ready, source, every
    field, `warnings`. Raises FairwayError `usage`, `not_found` (lane, parent, dependency), `already_exists`, `cycle`.
    """
    with Change(project, args) as change:
        repeated: TaskTold | None = change.repeated()
        if repeated is not None:
            return repeated
        return change.finish(put_new(change, args.task_id, fields, {}))


def put_new(change: Change, task_id: str, fields: Given, payload: Mapping[str, object]) -> TaskTold:
    """Add a task inside an open change; `payload` is what else its event keeps. Returns and raises as `add_task`."""
    project, tx = change.project, change.tx
    task_id = task_id or _free_id(project, tx, fields["role"])
    _refuse_taken(tx, task_id)
    record = rules.complete(task_id, fields, settings_of.initial_status(project.settings), {})
    warnings = rules.check(record, project.settings)
    _check_neighbours(tx, task_id, fields.get("parent_id", ""), fields.get("dependencies", []))
    record.position = tx.value("hierarchy.next_position")
    DefinitionWriter(project, tx, project.settings, change.at).put_store_task(record, new=True)
    told = {"title": record.fields["title"], "fields": _filled(fields), **payload, "warnings": warnings}
    change.record("task_added", task_id, told)
    return _answer(tx, task_id, warnings)


def update_task(project: Project, args: QueueUpdate, fields: Given) -> ChangedTask:
    """Change the given `fields` of a task that the store owns; everything else, its state too, stays as it is.

    Returns the task as `add_task` does, with `changed`: field -> [before, after]; empty when nothing differs, and
    then nothing is recorded. Raises FairwayError `usage`, `not_found`, `file_owned` (the queue file holds it),
    `self_review` (less would be asked of work that the caller holds or held),
    `cycle`, `fence_outdated`.
    """
    if not fields:
        raise FairwayError(
            "usage", "nothing to change was given", suggest("queue-update", TASK_ID=args.task_id, TITLE=None)
        )
    repeated: ChangedTask | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    with project.store.read() as tx:
        state = find_state(tx, args.task_id)
    if state["source"] != STORE:
        raise owned_by_file(project, state)
    with Change(project, args) as change:
        known: ChangedTask | None = change.repeated()
        if known is not None:
            return known
        state = change.state(args.task_id)
        if state["source"] != STORE:
            raise owned_by_file(project, state)
        changed, warnings = put_changed(change, state, fields)
        told: ChangedTask = {**_answer(change.tx, args.task_id, warnings), "changed": changed}
        return change.finish(told)


def put_changed(change: Change, state: Task, fields: Given) -> tuple[dict[str, list[object]], list[str]]:
    """Change `fields` of a task that the store owns inside an open change: what was changed, and warnings.

    Raises as `update_task`, and then nothing was written.
    """
    known, extra, position = definition(change.tx, state["task_id"])
    before: Mapping[str, object] = known
    changed = {name: [before[name], value] for name, value in fields.items() if before[name] != value}
    _refuse_own_bar(change, state, rules.loosened(known, {**known, **fields}, change.project.settings))
    record = rules.complete(state["task_id"], {**known, **fields}, state["status"], extra)
    return changed, _change(change, state, record, changed, position)


def _refuse_own_bar(change: Change, state: Task, loosened: list[str]) -> None:
    """Nobody lowers what is asked of work of their own: neither who holds or held its claim, nor that session."""
    who, task_id, tx = change.project.identity, state["task_id"], change.tx
    if not loosened:
        return
    names = [state["claimant"], *(row["claimant"] for row in tx.all("tasks.past_holders", task_id=task_id))]
    own = who.named and any(same_name(name, who.actor) for name in names)
    deeds = tx.all("records.work_of_session", task_id=task_id, session=who.session) if who.session else ()
    if own or any(is_claim(row["kind"], row["actor"], names) for row in deeds):
        fields = ", ".join(loosened)
        raise FairwayError(
            "self_review",
            f"{fields} of {task_id} cannot be changed by {who.actor}, who holds or held its claim: less would be asked",
            "somebody else changes it",
            task_id=task_id,
        )


def _change(change: Change, state: Task, record: TaskRecord, changed: Mapping[str, object], position: int) -> list[str]:
    if not changed:
        return []
    task_id, tx, settings = state["task_id"], change.tx, change.project.settings
    record.fields["kind"] = record.fields["kind"] or settings["task_kinds"]["default"]
    warnings = rules.check(record, settings, changed=changed)
    parent = record.fields["parent_id"] if "parent_id" in changed else ""
    _check_neighbours(tx, task_id, parent, record.fields["dependencies"] if "dependencies" in changed else [])
    writer = DefinitionWriter(change.project, tx, settings, change.at)
    record.position = position
    writer.put_store_task(record, new=False)
    if "role" in changed and state["claimant"]:
        warnings.append(f"{task_id} is claimed by {state['claimant']}, who keeps it in lane {record.fields['role']}")
    told = {"fields_changed": sorted(changed), "fields": changed, "warnings": warnings}
    change.record("task_updated", task_id, told)
    return warnings


def definition(tx: Transaction, task_id: str) -> tuple[Definition, dict[str, Node], int]:
    """The definition of a task as fields, its unknown fields, and its position; raises FairwayError `not_found`."""
    find_state(tx, task_id)
    row = find_definition(tx, task_id)
    fields: Definition = {
        "title": row["title"],
        "role": row["role"],
        "kind": row["kind"] or "",
        "parent_id": row["parent_id"] or "",
        "notes": row["notes"] or "",
        "profile": row["profile"] or "",
        "owning_domain": row["owning_domain"] or "",
        "owning_layer": row["owning_layer"] or "",
        "risk_level": row["risk_level"] or "",
        "migration_type": row["migration_type"] or "",
        "priority": row["priority"],
        "sequence": row["sequence"],
        "acceptance_checks": stored(row["acceptance_checks"], list, "acceptance_checks"),
        "source_paths": stored(row["source_paths"], list, "source_paths"),
        "target_paths": stored(row["target_paths"], list, "target_paths"),
        "review_domains": stored(row["review_domains"], list, "review_domains"),
        "tags": stored(row["tags"], list, "tags"),
        "dependencies": tx.column("hierarchy.needs", task_id=task_id),
    }
    extra = stored(row["extra"], dict, "extra")
    if "lane" in extra:
        fields["lane"] = extra.pop("lane")
    return fields, extra, int(row["position"] or 0)


def owned_by_file(project: Project, state: Task) -> FairwayError:
    """The refusal to change a task that a queue file defines: it names the line to edit."""
    task_id, source = state["task_id"], state["source"]
    if state["left_file_at"]:
        return FairwayError(
            "file_owned",
            f"{task_id} came from {source} and is no longer in it; the queue file owns its definition",
            f"put {task_id} back into {source}; the next command reads it",
            task_id=task_id,
            path=source,
            line=0,
        )
    line = 0
    if project.show(project.queue.path) == source and os.path.exists(project.queue.path):
        document = read_queue_file(project.queue.path, source, project.settings["queue"]["max_bytes"])
        line = next((record.line for record in document.tasks if record.fields["id"] == task_id), 0)
    place = f"{source}:{line}" if line else source
    return FairwayError(
        "file_owned",
        f"{task_id} is defined in {place}: the queue file owns its definition, so it is changed there",
        f"change it in {place}; the next command reads it",
        task_id=task_id,
        path=source,
        line=line,
    )


def _free_id(project: Project, tx: Transaction, lane: str) -> str:
    """The next free id of a lane; raises FairwayError `usage` when the id pattern of the project takes none."""
    written = project.settings["fairway"]["task_id_pattern"]
    pattern = compile_pattern(written, ignore_case=False)
    known = tx.column("sources.known_ids")
    for start in rules.id_starts(lane):
        task_id = rules.next_id(start, known)
        if pattern.search(task_id):
            return task_id
    message = f"TASK_ID is required: task_id_pattern {written!r} takes no id that could be made here"
    raise FairwayError("usage", message, suggest("queue-add", TASK_ID=None, ROLE=lane, TITLE=None))


def _refuse_taken(tx: Transaction, task_id: str) -> None:
    known = tx.one("tasks.definition", task_id=task_id)
    archive = tx.value("hierarchy.archive_of", task_id=task_id)
    if known is None and archive is None:
        return
    where = archive if known is None else known["source"]
    raise FairwayError(
        "already_exists",
        f"there is a task {task_id} already, in {'the store' if where == STORE else where}",
        suggest("queue-task-detail", TASK_ID=task_id),
        task_id=task_id,
    )


def _check_neighbours(tx: Transaction, task_id: str, parent: str, needs: list[str]) -> None:
    """Refuse a parent or dependency that does not exist, or that would close a cycle."""
    for named in [*([parent] if parent else []), *needs]:
        if not tx.value("hierarchy.is_known", task_id=named):
            find_state(tx, named)
    if parent:
        above = tx.column("hierarchy.ancestors", task_id=parent)
        rules.refuse_cycle(task_id, above[: above.index(task_id) + 1] if task_id in above else [], "parent")
    for needed in needs:
        edges: dict[str, list[str]] = {}
        for row in tx.all("hierarchy.needed_edges", task_id=needed):
            edges.setdefault(row["task_id"], []).append(row["depends_on"])
        rules.refuse_cycle(task_id, rules.closing_path(edges, needed, task_id), "dependency")


def _filled(fields: Given) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def _answer(tx: Transaction, task_id: str, warnings: list[str]) -> TaskTold:
    known, _extra, _position = definition(tx, task_id)
    state = find_state(tx, task_id)
    kept = {name: value for name, value in known.items() if name not in ("role", "lane")}
    return {
        **cast("Described", kept),
        "task_id": task_id,
        "lane": state["role"],
        "status": state["status"],
        "ready": bool(state["ready"]),
        "source": state["source"],
        "warnings": warnings,
    }
