"""What has been waiting too long, judged from rows and thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest
from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.proof_lines import reading_asked
from fairway_scripts.work.review_verdicts import asked_domains, concerns
from fairway_scripts.work.verdicts import answers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.store.rows import ReportsInStatus, ReportsUnderReview, ReviewRequest
    from fairway_scripts.work.work_shapes import Verdict


_Row = TypeVar("_Row", bound="Mapping[str, object]")


def older_than(rows: list[_Row], column: str, seconds: float, now: str) -> list[_Row]:
    """The rows whose time in `column` lies more than `seconds` before `now`."""
    return [row for row in rows if row[column] and age(str(row[column]), now) > seconds]


def age(stamp: str, now: str) -> float:
    """The seconds from `stamp` to `now`; 0 for a time that a queue file gave as free text."""
    try:
        return clock.elapsed(stamp, now)
    except ValueError:
        return 0.0


def claims_over_lease(claims: list[ReportsInStatus], now: str) -> list[ReportsInStatus]:
    """The claims whose lease has run out."""
    return [row for row in claims if row["claimant"] and row["lease_expires_at"] and row["lease_expires_at"] < now]


def unrouted_reviews(tasks: list[ReportsUnderReview], requests: list[ReviewRequest]) -> list[ReportsUnderReview]:
    """The tasks (`{id, review_required, review_status}`) that need a review, lack it, and have nobody asked for it."""
    asked = {row["task_id"] for row in requests}
    return [
        row for row in tasks if row["review_required"] and row["review_status"] != APPROVED and row["id"] not in asked
    ]


def pending_reviews(requests: list[ReviewRequest], verdicts: list[Verdict]) -> list[ReviewRequest]:
    """The open requests that nobody who may has answered since, by approval or by objection.

    `verdicts` are those that stand, of all tasks (`review_verdicts.standing_verdicts`).
    """
    spoken: dict[str, list[Verdict]] = {}
    for row in verdicts:
        spoken.setdefault(row["task_id"], []).append(row)
    return [row for row in requests if not _is_answered(row, spoken.get(row["task_id"], []))]


def stale_reviews(verdicts: list[Verdict], tips: dict[str, str]) -> list[Verdict]:
    """The approvals that count for their lane but name another commit than the branch tip of their task.

    `tips` maps a task to the tip; tasks whose tip is not known are left out.
    """
    return [
        row
        for row in verdicts
        if row["verdict"] == APPROVED
        and tips.get(row["task_id"])
        and row["reviewed_commit_sha"] != tips[row["task_id"]]
        and not row.get("inherited_from")
    ]


def mending_line(key: str, task: str, tip: str, reviewer: str) -> str:
    """The line that mends one finding of the category `key`; a verdict is asked of the lane that reads."""
    if key == "in_progress":
        return ""
    if key == "over_lease":
        return suggest("queue-reclaim", TASK_ID=task, REASON=None)
    if key in ("blocked_over_24h", "stale_in_progress"):
        return suggest("queue-task-detail", TASK_ID=task)
    if key.startswith("unacknowledged_handoffs"):
        return suggest("queue-ack-handoff", TASK_ID=task)
    if key == "unrouted_reviews":
        return suggest("queue-route-review", TASK_ID=task, REF=tip or None)
    return reading_asked([reviewer], tip or "it")


def _is_answered(request: ReviewRequest, verdicts: list[Verdict]) -> bool:
    own = [row for row in verdicts if concerns(row, request["role"], asked_domains(request))]
    objects = any(row["verdict"] != APPROVED and row["created_at"] >= request["created_at"] for row in own)
    return objects or any(answers(request, row) for row in own)
