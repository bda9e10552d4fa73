"""Taking in the records of the old database: handoffs, evidence, reviews, requests, sessions and track checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.cutover.bridge.legacy_requests import named_row, settle_requests, take_in_requests
from fairway_scripts.cutover.bridge.legacy_rows import own_row
from fairway_scripts.cutover.bridge.legacy_scope import DELETED, OPENS
from fairway_scripts.work.gates import ACCEPTED_RESULT, APPROVED

if TYPE_CHECKING:
    from fairway_scripts.cutover.bridge.legacy_scope import Scope

    Row = dict[str, Any]


def take_in_records(scope: Scope) -> None:
    """Add the records that are new and follow those that changed; each keeps its time and who made it."""
    for kind, take_in in _TAKE_IN.items():
        for key, row, content, known in scope.rows(kind) if kind in scope.kinds else ():
            column = scope.kinds[kind]["columns"].get("subject_id" if kind == "checkpoints" else "task_id")
            about, tally = str(row[column] or "") if column else "", scope.tallies[kind]
            try:
                if kind == "requests":  # one row may be several of ours
                    _refuse(scope.why_not(about))
                    take_in_requests(scope, key, row, content, about, known)
                    continue
                own_key, remarks = take_in(scope, kind, row, about, known)
            except ValueError as why:
                tally.leave(str(why), f"{key} ({about})" if about and kind != "sessions" else key)
                continue
            for remark in remarks:
                tally.remark(remark, key)
            scope.placed(kind, key, content, about if take_in is _of_task else "", own_key, known=known is not None)
        if kind == "reviews":
            settle_requests(scope)


def _of_task(scope: Scope, kind: str, row: Row, task_id: str, known: Row | None) -> tuple[str, list[str]]:
    """Write one row; the key of ours and what there is to remark. Raises ValueError with why it is kept out."""
    _refuse(scope.why_not(task_id))
    state = scope.states[task_id]
    own, remarks = own_row(kind, scope.kinds[kind]["columns"], row, state["role"], scope.context)
    if kind == "evidence":
        own["handoff_id"] = named_row(scope, "handoffs", own["handoff_id"], task_id)
    if own.get(OPENS.get(kind, "")) in (APPROVED, ACCEPTED_RESULT) and scope.is_ours(task_id, state["version"]):
        raise ValueError("the task was changed here since, and it would open a gate")
    add: Any = f"legacy.add_{kind}"
    change: Any = f"legacy.change_{kind}"
    if known is None:
        own_key = scope.tx.insert(add, task_id=task_id, **own)
    elif not scope.tx.run(change, **{**own, "own_key": int(known["own_key"]), "task_id": task_id}):
        raise ValueError("it belongs to another task now")
    else:
        own_key = int(known["own_key"])
    if kind == "reviews" and own["verdict"] == DELETED:
        scope.taken_back.add(task_id)
    elif kind == "reviews":
        scope.reviewed.setdefault(task_id, []).append({**own, "id": own_key})
    return str(own_key), remarks


def _session(scope: Scope, kind: str, row: Row, task_id: str, known: Row | None) -> tuple[str, list[str]]:
    lane = scope.states[task_id]["role"] if task_id in scope.states else ""
    own, remarks = own_row(kind, scope.kinds[kind]["columns"], row, lane, scope.context)
    why = scope.why_not_lane(own["role"])
    if known is None and scope.tx.value("legacy.session_exists", id=own["id"]):
        why = why or "a session of that id is here already"
    _refuse(why)
    scope.tx.run("legacy.add_sessions" if known is None else "legacy.change_sessions", **own)
    return own["id"], remarks


def _checkpoint(scope: Scope, kind: str, row: Row, _subject: str, _known: Row | None) -> tuple[str, list[str]]:
    """A track's checkpoint that changed is news, not a correction: it becomes another checkpoint of ours."""
    columns = scope.kinds[kind]["columns"]
    own, remarks = own_row(kind, columns, row, "", scope.context)
    about = "task" if columns["subject_id"].lower().startswith("task") else "track"
    _refuse(scope.why_not(own["subject_id"]) if about == "task" else "")
    return str(scope.tx.insert("legacy.add_checkpoints", subject_kind=about, **own)), remarks


def _refuse(why: str) -> None:
    if why:
        raise ValueError(why)


#: Handoffs come before the evidence that names them, reviews before the requests that they answer.
_TAKE_IN = {
    **dict.fromkeys(("handoffs", "evidence", "reviews", "requests"), _of_task),
    "sessions": _session,
    "checkpoints": _checkpoint,
}
