"""Taking in the reviews that the old database asks for.

One row may ask several lanes, and need not say who answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.cutover.bridge.legacy_rows import own_row
from fairway_scripts.cutover.bridge.legacy_scope import DELETED
from fairway_scripts.cutover.mapping.cell_signs import words_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.cutover.bridge.legacy_scope import Scope

    Row = dict[str, Any]


def take_in_requests(scope: Scope, key: str, row: Row, content: str, task_id: str, known: Row | None) -> None:
    """Take in what one row asks for: a request of ours for each lane; what is no lane is named."""
    entry, tally = scope.kinds["requests"], scope.tallies["requests"]
    lanes: list[Row] = []
    wrong: list[str] = []
    for asked in words_in(str(row[entry["columns"]["role"]] or "")) or [""]:
        try:
            told = {**row, entry["columns"]["role"]: asked}
            own, remarks = own_row("requests", entry["columns"], told, scope.states[task_id]["role"], scope.context)
        except ValueError as problem:
            wrong.append(str(problem))
        else:
            lanes.append(own)
            for remark in remarks:
                tally.remark(remark, key)
    if not lanes:
        raise ValueError("; ".join(wrong))
    for why in wrong:
        tally.remark(why, f"{key} ({task_id})")
    for place, own in enumerate(lanes):
        own["answered_by"] = _answer(scope, own, task_id)
        name = f"{key}+{own['role']}" if place else key
        before = scope.known_as("requests", name) if place else known
        if before is None:
            own_key = scope.tx.insert("legacy.add_requests", task_id=task_id, **own)
        else:
            own_key = int(before["own_key"])
            scope.tx.run("legacy.change_requests", own_key=own_key, task_id=task_id, **own)
        scope.placed("requests", name, content, task_id, str(own_key), known=before is not None, further=bool(place))


def answer_requests(scope: Scope, task_id: str, review_id: int, review: Mapping[str, Any]) -> None:
    """A review that came in answers what its lane was asked before, where the old rows do not name their answers."""
    if _says_answers(scope) or review["verdict"] == DELETED:
        return
    role, at = review["reviewer_role"], review["created_at"]
    scope.tx.run("legacy.answer_requests", task_id=task_id, role=role, review_id=review_id, at=at)


def take_back_answer(scope: Scope, task_id: str, review_id: int) -> None:
    """What a review answered is open again once it was taken back, unless its lane gave a later one."""
    scope.tx.run("legacy.reopen_requests", review_id=review_id)
    for review in scope.tx.all("records.reviews", task_id=task_id):
        answer_requests(scope, task_id, review["id"], review)


def named_row(scope: Scope, kind: str, number: str | None, task_id: str) -> int | None:
    """Our record for the old one that a row names by its number."""
    if not number or kind not in scope.kinds:
        return None
    table = scope.kinds[kind]["table"]
    own_key = scope.tx.value("legacy.row_of_number", legacy_table=table, number=number, task_id=task_id)
    return int(own_key) if own_key else None


def _answer(scope: Scope, own: Row, task_id: str) -> int | None:
    reviews = [row for row in scope.tx.all("records.reviews", task_id=task_id) if row["verdict"] != DELETED]
    if _says_answers(scope):
        named = named_row(scope, "reviews", own["answered_by"], task_id)
        return named if any(row["id"] == named for row in reviews) else None
    later = [row for row in reviews if row["reviewer_role"] == own["role"] and row["created_at"] >= own["created_at"]]
    return int(later[0]["id"]) if later else None


def _says_answers(scope: Scope) -> bool:
    return "answered_by" in scope.kinds.get("requests", {}).get("columns", {})
