"""queue-record-review."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.answer import answer, pairs, warn
from fairway_scripts.calls.options import number, required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.reviews import record_review

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueRecordReview


def run(args: QueueRecordReview) -> int:
    """Record a verdict and print what it is bound to and what the task still waits for."""
    required(args, "TASK_ID", "REVIEWER_ROLE", "STATUS", "COMMIT")
    for name in ("reviewer_role", "reviewer"):
        clean_name(getattr(args, name), name.upper())
    findings, duration = number(args, "FINDINGS_COUNT"), number(args, "DURATION_SECONDS")
    project = open_project(args)
    recorded = record_review(project, args, findings=findings, duration=duration)
    for warning in recorded["warnings"]:
        warn(warning)
    lines = [f"recorded review {recorded['review_id']} of {recorded['task_id']}: {recorded['verdict']}"]
    lines += pairs(
        recorded,
        "reviewer_role",
        "review_domain",
        "waiver_id",
        "reviewer",
        "reviewed_commit_sha",
        "base_commit_sha",
        "notes",
    )
    lines += pairs(recorded, "findings_count", "duration_seconds")
    lines += pairs(recorded, "review_status", "waits_for")
    answer(args, recorded, lines)
    return OK
