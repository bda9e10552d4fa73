"""What waits for a lane: reviews that it was asked, and handoffs that nobody has acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest
from fairway_scripts.board.health_rules import pending_reviews
from fairway_scripts.project.work_place import reading_line
from fairway_scripts.reviews.open_reviews import open_reviews

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import Inbox
    from fairway_scripts.project.project import Project


def lane_inbox(project: Project, lane: str = "") -> Inbox:
    """`{requests, handoffs}` of open work, the oldest first; of every lane when none is named.

    A request has id, task_id, lane (who is asked), review_domain, shape, commit_sha, requested_by, created_at,
    task_lane, status, title and `command`, which checks the work out; a handoff id, task_id, from_role, to_role, owner,
    branch, commit_sha, next_step, created_at, task_lane, status, title and `command`, which acknowledges it.
    """
    with project.store.read() as tx:
        requests, handoffs = tx.all("inbox.requests", lane=lane), tx.all("inbox.handoffs", lane=lane)
        asked = open_reviews(tx, project.settings) if requests else None
    pending = {row["id"] for row in pending_reviews(asked["requests"], asked["verdicts"])} if asked else set()
    return {
        "requests": [
            {**row, "command": reading_line(project, row["lane"], row["task_id"])}
            for row in requests
            if row["id"] in pending
        ],
        "handoffs": [
            {**row, "command": suggest("queue-ack-handoff", TASK_ID=row["task_id"], HANDOFF_ID=str(row["id"]))}
            for row in handoffs
        ],
    }
