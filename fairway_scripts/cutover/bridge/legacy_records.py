"""Taking in the records of the old database: handoffs, evidence, reviews, requests, sessions and track checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_requests import GivenReview, named_row, settle_requests, take_in_requests
from fairway_scripts.cutover.bridge.legacy_rows import own_row
from fairway_scripts.cutover.bridge.legacy_scope import DELETED, OPENS
from fairway_scripts.work.gates import ACCEPTED_RESULT, APPROVED

if TYPE_CHECKING:
    from fairway_scripts.cutover.bridge.legacy_known import KnownRow
    from fairway_scripts.cutover.bridge.legacy_scope import Scope
    from fairway_scripts.store.legacy_types import Cells


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


def _of_task(scope: Scope, kind: str, row: Cells, task_id: str, known: KnownRow | None) -> tuple[str, list[str]]:
    """Write one row; the key of ours and what there is to remark. Raises ValueError with why it is kept out."""
    _refuse(scope.why_not(task_id))
    state = scope.states[task_id]
    own, remarks = own_row(kind, scope.kinds[kind]["columns"], row, state["role"], scope.context)
    if kind == "evidence":
        own["handoff_id"] = named_row(scope, "handoffs", str(own["handoff_id"] or ""), task_id)
    if own.get(OPENS.get(kind, "")) in (APPROVED, ACCEPTED_RESULT) and scope.is_ours(task_id, state["version"]):
        raise ValueError("the task was changed here since, and it would open a gate")
    if known is None:
        own_key = scope.add(kind, {**own, "task_id": task_id})
    elif not scope.change(kind, {**own, "own_key": int(known.own_key), "task_id": task_id}):
        raise ValueError("it belongs to another task now")
    else:
        own_key = int(known.own_key)
    if kind == "reviews" and own["verdict"] == DELETED:
        scope.taken_back.add(task_id)
    elif kind == "reviews":
        review = GivenReview(own_key, str(own["reviewer_role"]), str(own["created_at"]))
        scope.reviewed.setdefault(task_id, []).append(review)
    return str(own_key), remarks


def _session(scope: Scope, kind: str, row: Cells, task_id: str, known: KnownRow | None) -> tuple[str, list[str]]:
    lane = scope.states[task_id]["role"] if task_id in scope.states else ""
    own, remarks = own_row(kind, scope.kinds[kind]["columns"], row, lane, scope.context)
    session_id, why = str(own["id"]), scope.why_not_lane(str(own["role"]))
    if known is None and scope.tx.value("legacy.session_exists", id=session_id):
        why = why or "a session of that id is here already"
    _refuse(why)
    (scope.put if known is None else scope.change)(kind, own)
    return session_id, remarks


def _checkpoint(scope: Scope, kind: str, row: Cells, _subject: str, _known: KnownRow | None) -> tuple[str, list[str]]:
    """Take in a changed checkpoint as another one: it is news of its track, not a correction."""
    columns = scope.kinds[kind]["columns"]
    own, remarks = own_row(kind, columns, row, "", scope.context)
    about = "task" if columns["subject_id"].lower().startswith("task") else "track"
    _refuse(scope.why_not(str(own["subject_id"])) if about == "task" else "")
    return str(scope.add(kind, {**own, "subject_kind": about})), remarks


def _refuse(why: str) -> None:
    if why:
        raise ValueError(why)


#: Handoffs come before the evidence that names them, reviews before the requests that they answer.
_TAKE_IN = {
    **dict.fromkeys(("handoffs", "evidence", "reviews", "requests"), _of_task),
    "sessions": _session,
    "checkpoints": _checkpoint,
}
