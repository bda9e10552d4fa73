"""What has been waiting too long, judged from rows and thresholds."""

from __future__ import annotations

from typing import Any

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest
from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.proof_lines import reading_asked
from fairway_scripts.work.review_verdicts import asked_domains, concerns
from fairway_scripts.work.verdicts import answers

Row = dict[str, Any]


def older_than(rows: list[Row], column: str, seconds: float, now: str) -> list[Row]:
    """The rows whose time in `column` lies more than `seconds` before `now`."""
    return [row for row in rows if row[column] and age(row[column], now) > seconds]


def age(stamp: str, now: str) -> float:
    """The seconds from `stamp` to `now`; 0 for a time that a queue file gave as free text."""
    try:
        return clock.elapsed(stamp, now)
    except ValueError:
        return 0.0


def claims_over_lease(claims: list[Row], now: str) -> list[Row]:
    """The claims whose lease has run out."""
    return [row for row in claims if row["claimant"] and row["lease_expires_at"] and row["lease_expires_at"] < now]


def unrouted_reviews(tasks: list[Row], requests: list[Row]) -> list[Row]:
    """The tasks (`{id, review_required, review_status}`) that need a review, lack it, and have nobody asked for it."""
    asked = {row["task_id"] for row in requests}
    return [
        row for row in tasks if row["review_required"] and row["review_status"] != APPROVED and row["id"] not in asked
    ]


def pending_reviews(requests: list[Row], verdicts: list[Row]) -> list[Row]:
    """The open requests that nobody who may has answered since, by approval or by objection.

    `verdicts` are those that stand, of all tasks (`review_verdicts.standing_verdicts`).
    """
    spoken: dict[str, list[Row]] = {}
    for row in verdicts:
        spoken.setdefault(row["task_id"], []).append(row)
    return [row for row in requests if not _is_answered(row, spoken.get(row["task_id"], []))]


def stale_reviews(verdicts: list[Row], tips: dict[str, str]) -> list[Row]:
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


def mending_line(key: str, row: Row) -> str:
    """The line that mends one finding of the category `key`; a verdict is asked of the lane that reads."""
    task = row["id"]
    if key == "over_lease":
        return suggest("queue-reclaim", TASK_ID=task, REASON=None)
    if key in ("blocked_over_24h", "stale_in_progress"):
        return suggest("queue-task-detail", TASK_ID=task)
    if key.startswith("unacknowledged_handoffs"):
        return suggest("queue-ack-handoff", TASK_ID=task)
    if key == "unrouted_reviews":
        return suggest("queue-route-review", TASK_ID=task, REF=row["tip"] or None)
    return reading_asked([row["reviewer_role"]], row["tip"] or "it")


def _is_answered(request: Row, verdicts: list[Row]) -> bool:
    own = [row for row in verdicts if concerns(row, request["role"], asked_domains(request))]
    objects = any(row["verdict"] != APPROVED and row["created_at"] >= request["created_at"] for row in own)
    return objects or any(answers(request, row) for row in own)
