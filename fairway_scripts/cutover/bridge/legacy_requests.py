"""Taking in the reviews that the old database asks for.

One row may ask several lanes, and need not say who answered.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.cutover.bridge.legacy_rows import own_row
from fairway_scripts.cutover.bridge.legacy_scope import DELETED
from fairway_scripts.cutover.mapping.cell_signs import words_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.cutover.bridge.legacy_known import KnownRow
    from fairway_scripts.cutover.bridge.legacy_scope import Scope
    from fairway_scripts.store.legacy_types import Cells
    from fairway_scripts.store.rows import Review


class GivenReview(NamedTuple):
    """A review of ours by its number, its lane and its time."""

    number: int
    role: str
    at: str


def given_reviews(rows: Iterable[Review]) -> list[GivenReview]:
    """Return the reviews that were not taken back."""
    return [
        GivenReview(row["id"], row["reviewer_role"], row["created_at"]) for row in rows if row["verdict"] != DELETED
    ]


class Answers:
    """Reviews of one task, asked for the first of them that answers a request."""

    def __init__(self, reviews: Iterable[GivenReview]) -> None:
        self.ids: set[int] = set()
        #: lane -> the latest time of its reviews up to each, and their numbers
        self._of: dict[str, tuple[list[str], list[int]]] = {}
        for review in reviews:
            times, ids = self._of.setdefault(review.role, ([], []))
            times.append(max([review.at, *times[-1:]]))
            ids.append(review.number)
            self.ids.add(review.number)

    def first(self, role: str, since: str) -> int | None:
        """Return the number of the first review of a lane that is not older than `since`."""
        times, ids = self._of.get(role, ([], []))
        place = bisect_left(times, since)
        return ids[place] if place < len(ids) else None


def take_in_requests(scope: Scope, key: str, row: Cells, content: str, task_id: str, known: KnownRow | None) -> None:
    """Take in what one row asks for: a request of ours for each lane; what is no lane is named."""
    entry, tally = scope.kinds["requests"], scope.tallies["requests"]
    lanes: list[Cells] = []
    wrong: list[str] = []
    for asked in words_in(str(row[entry["columns"]["role"]] or "")) or [""]:
        try:
            one = {**row, entry["columns"]["role"]: asked}
            own, remarks = own_row("requests", entry["columns"], one, scope.states[task_id]["role"], scope.context)
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
            own_key = scope.add("requests", {**own, "task_id": task_id})
        else:
            own_key = int(before.own_key)
            scope.change("requests", {**own, "own_key": own_key, "task_id": task_id})
        scope.placed("requests", name, content, task_id, str(own_key), known=before is not None, further=bool(place))


def settle_requests(scope: Scope) -> None:
    """Reviews that came in answer what their lanes were asked before, where the old rows do not name their answers.

    What a review answered is open again once it was taken back, unless its lane gave a later one.
    """
    tx, names_answers = scope.tx, _has_answers(scope)
    for task_id in dict.fromkeys([*scope.reviewed, *scope.taken_back]):
        if task_id in scope.taken_back:
            tx.run("legacy.reopen_requests", task_id=task_id)
        unanswered = [] if names_answers else tx.all("legacy.unanswered", task_id=task_id)
        if unanswered:
            is_news = task_id not in scope.taken_back
            reviews = tx.all("records.reviews", task_id=task_id) if not is_news else []
            answers = Answers(scope.reviewed[task_id] if is_news else given_reviews(reviews))
            for request in unanswered:
                if (number := answers.first(request["role"], request["created_at"])) is not None:
                    tx.run("legacy.answer_request", id=request["id"], review_id=number)
    scope.reviewed, scope.taken_back = {}, set()


def named_row(scope: Scope, kind: str, number: str, task_id: str) -> int | None:
    """Return our record for the old one that a row names by its number."""
    if not number or kind not in scope.kinds:
        return None
    table = scope.kinds[kind]["table"]
    own_key = scope.tx.value("legacy.row_of_number", legacy_table=table, number=number, task_id=task_id)
    return int(own_key) if own_key else None


def _answer(scope: Scope, own: Cells, task_id: str) -> int | None:
    if task_id not in scope.answers:  # every review is here by now
        scope.answers[task_id] = Answers(given_reviews(scope.tx.all("records.reviews", task_id=task_id)))
    answers = scope.answers[task_id]
    if _has_answers(scope):
        named = named_row(scope, "reviews", str(own["answered_by"] or ""), task_id)
        return named if named in answers.ids else None
    return answers.first(str(own["role"]), str(own["created_at"]))


def _has_answers(scope: Scope) -> bool:
    return "requests" in scope.kinds and "answered_by" in scope.kinds["requests"]["columns"]
