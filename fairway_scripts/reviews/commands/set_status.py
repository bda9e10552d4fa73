"""queue-set-status."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.answer import answer, pairs, say, warn
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.statuses import set_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueSetStatus


def run(args: QueueSetStatus) -> int:
    """Move a task and print where it is now."""
    required(args, "TASK_ID", "STATUS")
    for name in ("owner", "branch"):
        clean_name(getattr(args, name), name.upper())
    project = open_project(args)
    moved = set_status(project, args)
    for warning in moved["warnings"]:
        warn(warning)
    if moved["commit_source"] not in ("", "given"):
        say(f"no COMMIT was given: {(moved['commit_sha'] or '')[:12]} is taken ({moved['commit_source']})")
    lines = [f"{moved['task_id']}: {moved['from_status']} -> {moved['status']}"]
    lines += pairs(moved, "lane", "owner", "branch", "commit_sha", "completed_at", "fence")
    answer(args, moved, lines)
    return OK
