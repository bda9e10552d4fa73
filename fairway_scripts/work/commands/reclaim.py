"""queue-reclaim."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.releases import reclaim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueReclaim


def run(args: QueueReclaim) -> int:
    """Take a task back and print its status."""
    required(args, "TASK_ID")
    project = open_project(args)
    reclaimed = reclaim(project, args)
    answer(args, reclaimed, [f"reclaimed {reclaimed['task_id']}", *pairs(reclaimed, "lane", "status", "fence")])
    return OK
