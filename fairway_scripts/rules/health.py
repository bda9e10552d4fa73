"""What has been waiting too long, judged from rows and thresholds."""

from __future__ import annotations

from typing import Any

from fairway_scripts import clock
from fairway_scripts.errors import suggest
from fairway_scripts.rules.gates import APPROVED, latest_verdicts
from fairway_scripts.rules.proof_lines import reading_asked
from fairway_scripts.rules.reviews import answers

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
    """The open requests that the asked lane has not answered since, by approval or by objection."""
    latest = _latest(verdicts)
    return [row for row in requests if not _is_answered(row, latest.get((row["task_id"], row["role"])))]


def stale_reviews(verdicts: list[Row], tips: dict[str, str]) -> list[Row]:
    """The approvals that count for their lane but name another commit than the branch tip of their task.

    `tips` maps a task to the tip; tasks whose tip is not known are left out.
    """
    return [
        row
        for (task_id, _lane), row in _latest(verdicts).items()
        if row["verdict"] == APPROVED and tips.get(task_id) and row["reviewed_commit_sha"] != tips[task_id]
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


def _latest(verdicts: list[Row]) -> dict[tuple[str, str], Row]:
    by_task: dict[str, list[Row]] = {}
    for row in verdicts:
        by_task.setdefault(row["task_id"], []).append(row)
    return {(task_id, lane): row for task_id, rows in by_task.items() for lane, row in latest_verdicts(rows).items()}


def _is_answered(request: Row, verdict: Row | None) -> bool:
    if verdict is None:
        return False
    objects = verdict["verdict"] != APPROVED and verdict["created_at"] >= request["created_at"]
    return objects or answers(request, verdict)
