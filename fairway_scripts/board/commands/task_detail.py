"""queue-task-detail."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.board.task_page import task_page
from fairway_scripts.calls.answer import answer
from fairway_scripts.calls.options import required
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.task_detail import task_detail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueTaskDetail


def run(args: QueueTaskDetail) -> int:
    """Print everything about a task."""
    required(args, "TASK_ID")
    project = open_project(args)
    sign_of_life(project)
    detail = task_detail(project, args.task_id, everything=args.everything)
    answer(args, detail, [] if args.json else task_page(detail, clock.now(), everything=args.everything))
    return OK
