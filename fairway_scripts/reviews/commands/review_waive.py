"""review-waive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, suggest
from fairway_scripts.calls.answer import answer, pairs, shown
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.routes.review_shape import reason_text
from fairway_scripts.reviews.waivers import waive_review

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ReviewWaive


def run(args: ReviewWaive) -> int:
    """Record a waiver and print what it lets go, who still has to review, and what to run next."""
    required(args, "TASK_ID", "OWNER")
    project = open_project(args)
    waived = waive_review(project, args)
    commit = (waived["commit_sha"] or "")[:12]
    what = f"{waived['needed']} -> {waived['granted']}"
    lines = [f"waived the review of {waived['task_id']} at {commit}: {what} (waiver {waived['waiver_id']})"]
    lines += pairs(waived, "owner", "reason", "expires_at", "reviewers")
    lines += [f"because: {shown(reason_text(reason))}" for reason in waived["shape_reasons"]]
    if not waived["counts"]:
        about = {"TASK_ID": waived["task_id"], "COMMIT": commit, "WAIVER": str(waived["waiver_id"])}
        approve = suggest("queue-record-review", **about, REVIEWER_ROLE=None, REVIEWER=None, STATUS=None)
        lines.append(f"this is a real exit: the waiver counts once another lane has approved it: {approve}")
    lines.append(f"next: {suggest('queue-route-review', TASK_ID=waived['task_id'], REF=commit)}")
    answer(args, waived, lines)
    return OK
