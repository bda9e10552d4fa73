"""queue-release."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.releases import release

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueRelease


def run(args: QueueRelease) -> int:
    """Give a task back and print its status."""
    required(args, "TASK_ID")
    project = open_project(args)
    released = release(project, args)
    answer(args, released, [f"released {released['task_id']}", *pairs(released, "lane", "status", "fence")])
    return OK
