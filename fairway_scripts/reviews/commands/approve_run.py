"""queue-approve-run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.approvals import approve_run, withdraw_approvals

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueApproveRun


def run(args: QueueApproveRun) -> int:
    """Record an approval to execute, or take approvals back."""
    if args.withdraw:
        required(args, "TASK_ID")
        project = open_project(args)
        gone = withdraw_approvals(project, args)
        ids = ", ".join(str(row_id) for row_id in gone["withdrawn"])
        answer(args, gone, [f"withdrew approval {ids} of {gone['task_id']}"])
        return OK
    required(args, "TASK_ID", "COMMAND_CLASS", "APPROVED_BY", "REASON")
    project = open_project(args)
    row = approve_run(project, args)
    first = f"approved {row['command_class']} commands for {row['task_id']} (approval {row['approval_id']})"
    answer(args, row, [first, *pairs(row, "approved_by", "reason", "commit_sha", "expires_at", "recorded_by")])
    return OK
