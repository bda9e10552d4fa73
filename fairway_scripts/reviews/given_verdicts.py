"""The verdicts that count as far as rows tell: nobody's own work, with those of tasks above that answered a request."""

from __future__ import annotations

from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.own_approvals import own_approvals
from fairway_scripts.work.review_verdicts import standing_verdicts
from fairway_scripts.work.verdicts import review_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypedDict

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Review, ReviewRequest, Waiver
    from fairway_scripts.work.work_shapes import Holding, Verdict

    class Given(TypedDict):
        """What was said of a task: the verdicts that count, and what does not, by its id, with the reason."""

        verdicts: list[Verdict]
        own: dict[int, str]
        own_waivers: dict[int, str]


#: What is read of a task for its verdicts, by its identifier.
READ = ("tasks.past_holders", "records.producers", "records.traces", "records.reviews_above")


def given_verdicts(
    tx: Transaction,
    state: Holding,
    reviews: Sequence[Review],
    requests: Iterable[ReviewRequest],
    settings: Settings,
    waivers: Sequence[Waiver] = (),
) -> Given:
    """The verdicts of a task that count, and its approvals and waivers that do not, see `own_approvals`.

    `reviews`, `requests` (the open ones) and `waivers` are those of the task, without withdrawn ones.
    """
    above = by_task(tx.all("records.reviews_above", task_id=state["task_id"]))
    own, own_waivers = own_approvals(tx, state, reviews, above, waivers)
    verdicts = standing_verdicts([row for row in reviews if row["id"] not in own], settings)
    others = {name: [row for row in rows if row["id"] not in own] for name, rows in above.items()}
    return {
        "verdicts": [*verdicts, *answers_from_above(others, requests, settings)],
        "own": own,
        "own_waivers": own_waivers,
    }


def status_given(given: Given, requests: Iterable[ReviewRequest], stored_status: str | None) -> str | None:
    """The review status of a task: the stored one, unless that counts what turned out to be of own work."""
    return review_status(requests, given["verdicts"]) if given["own"] else stored_status


def others_verdicts(tx: Transaction, state: Holding, settings: Settings) -> list[Verdict]:
    """The verdicts on a task itself that stand and are nobody's of their own work."""
    reviews = tx.all("records.reviews", task_id=state["task_id"])
    own, _waivers = own_approvals(tx, state, reviews, {}, [])
    return standing_verdicts([row for row in reviews if row["id"] not in own], settings)


def lighter_for_nothing(payload: str | None, waivers: Iterable[Waiver], own: Mapping[int, str]) -> str:
    """Why a review that was routed under a waiver of its shape is routed again: that one is of own work; "" else.

    `payload` is that of the last routing, None without one; `waivers` and `own` as in `given_verdicts`.
    """
    number: int | None = stored(payload, dict, "payload").get("waiver_id") if payload else None
    if number is None or number not in own:
        return ""
    subjects = {row["id"]: row["subject"] for row in waivers}
    if any(row > number and what == subjects[number] and row not in own for row, what in subjects.items()):
        return ""
    return f"its review is asked for under waiver {number}, which does not count: {own[number]}"


def answers_from_above(
    above: Mapping[str, Iterable[Review]], requests: Iterable[ReviewRequest], settings: Settings
) -> list[Verdict]:
    """The verdicts on tasks above (by their ids) that stand and answered one of the requests when it was opened."""
    answering = {row["answered_by"] for row in requests}
    return [
        {**row, "inherited_from": row["task_id"]}
        for rows in above.values()
        for row in standing_verdicts(rows, settings)
        if row["id"] in answering
    ]


def by_task(rows: Iterable[Review]) -> dict[str, list[Review]]:
    """Reviews by the id of their task."""
    found: dict[str, list[Review]] = {}
    for row in rows:
        found.setdefault(row["task_id"], []).append(row)
    return found
