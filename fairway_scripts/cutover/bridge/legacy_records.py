"""Taking in the records of the old database: handoffs, evidence, reviews, sessions and track checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.cutover.bridge.legacy_requests import answer_requests, named_row, take_in_requests
from fairway_scripts.cutover.bridge.legacy_rows import own_row

if TYPE_CHECKING:
    from fairway_scripts.cutover.bridge.legacy_scope import Scope

    Row = dict[str, Any]

#: Handoffs come before the evidence that names them.
OF_TASKS = ("handoffs", "evidence", "reviews", "requests")


def take_in_records(scope: Scope) -> None:
    """Add the records that are new and follow those that changed; each keeps its time and who made it."""
    for kind in OF_TASKS:
        if kind in scope.kinds:
            _of_tasks(scope, kind)
    if "sessions" in scope.kinds:
        _sessions(scope)
    if "checkpoints" in scope.kinds:
        _checkpoints(scope)


def _of_tasks(scope: Scope, kind: str) -> None:
    entry, tally = scope.kinds[kind], scope.tallies[kind]
    for key, row, content, known in scope.rows(kind):
        task_id = str(row[entry["columns"]["task_id"]] or "")
        why = scope.why_not(task_id)
        if why:
            tally.leave(why, f"{key} ({task_id})")
            continue
        if kind == "requests":
            take_in_requests(scope, key, row, content, task_id, known)
            continue
        own, remarks = own_row(kind, entry["columns"], row, scope.states[task_id]["role"], scope.context)
        if kind == "evidence":
            own["handoff_id"] = named_row(scope, "handoffs", own["handoff_id"], task_id)
        for remark in remarks:
            tally.remark(remark, key)
        add: Any = f"legacy.add_{kind}"
        change: Any = f"legacy.change_{kind}"
        if known is None:
            own_key = scope.tx.insert(add, task_id=task_id, **own)
            if kind == "reviews":
                answer_requests(scope, task_id, own_key, own)
        else:
            own_key = int(known["own_key"])
            changed = {"own_key": own_key, "task_id": task_id, **own}
            if not scope.tx.run(change, **changed):
                tally.leave("it belongs to another task now", f"{key} ({task_id})")
                continue
        scope.placed(kind, key, content, task_id, str(own_key), known=known is not None)


def _sessions(scope: Scope) -> None:
    entry, tally = scope.kinds["sessions"], scope.tallies["sessions"]
    for key, row, content, known in scope.rows("sessions"):
        task_id = str(row[entry["columns"]["task_id"]] or "") if "task_id" in entry["columns"] else ""
        lane = scope.states[task_id]["role"] if task_id in scope.states else ""
        try:
            own, remarks = own_row("sessions", entry["columns"], row, lane, scope.context)
        except ValueError as problem:
            tally.leave(str(problem), key)
            continue
        why = scope.why_not_lane(own["role"])
        if known is None and scope.tx.value("legacy.session_exists", id=own["id"]):
            why = why or "a session of that id is here already"
        if why:
            tally.leave(why, key)
            continue
        for remark in remarks:
            tally.remark(remark, key)
        scope.tx.run("legacy.add_sessions" if known is None else "legacy.change_sessions", **own)
        scope.placed("sessions", key, content, "", own["id"], known=known is not None)


def _checkpoints(scope: Scope) -> None:
    """A track's checkpoint that changed is news, not a correction: it becomes another checkpoint of ours."""
    entry, tally = scope.kinds["checkpoints"], scope.tallies["checkpoints"]
    kind = "task" if entry["columns"]["subject_id"].lower().startswith("task") else "track"
    for key, row, content, known in scope.rows("checkpoints"):
        try:
            own, remarks = own_row("checkpoints", entry["columns"], row, "", scope.context)
        except ValueError as problem:
            tally.leave(str(problem), key)
            continue
        why = scope.why_not(own["subject_id"]) if kind == "task" else ""
        if why:
            tally.leave(why, f"{key} ({own['subject_id']})")
            continue
        for remark in remarks:
            tally.remark(remark, key)
        own_key = scope.tx.insert("legacy.add_checkpoints", subject_kind=kind, **own)
        scope.placed("checkpoints", key, content, "", str(own_key), known=known is not None)
