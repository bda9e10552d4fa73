"""The requests and the verdicts of all open work at once, for what lists, counts and advises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.reviews.given_verdicts import READ, by_task, given_verdicts
from fairway_scripts.work.review_verdicts import standing_verdicts
from fairway_scripts.work.verdicts import review_status

if TYPE_CHECKING:
    from typing import TypedDict

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import ReviewRequest
    from fairway_scripts.work.work_shapes import Verdict

    class OpenReviews(TypedDict):
        """The open requests, the verdicts that count, and what the review of a task is without what does not."""

        requests: list[ReviewRequest]
        verdicts: list[Verdict]
        status: dict[str, str]


def open_reviews(tx: Transaction, settings: Settings) -> OpenReviews:
    """`{requests, verdicts, status}` of open tasks, the oldest first.

    A verdict of a task above that answered a request stands under the task that was asked (`inherited_from`). Approvals
    of one's own work are left out; `status` has the review status of each task that has one, by its id, which is not
    the one that is stored.
    """
    requests = tx.all("reports.open_requests")
    reviews = by_task(tx.all("reports.open_verdicts"))
    approved = tx.all("reports.open_approved")
    tx.foresee(*((name, {"task_id": state["task_id"]}) for state in approved for name in READ))
    asked: dict[str, list[ReviewRequest]] = {}
    for request in requests:
        asked.setdefault(request["task_id"], []).append(request)
    found: list[Verdict] = []
    status: dict[str, str] = {}
    states = {state["task_id"]: state for state in approved}
    for task_id in dict.fromkeys((*reviews, *states)):
        rows = reviews.get(task_id, [])
        if task_id not in states:
            found += standing_verdicts(rows, settings)
            continue
        given = given_verdicts(tx, states[task_id], rows, asked.get(task_id, []), settings)
        found += [{**row, "task_id": task_id} for row in given["verdicts"]]
        if given["own"]:
            status[task_id] = review_status(asked.get(task_id, []), given["verdicts"])
    return {"requests": requests, "verdicts": found, "status": status}
