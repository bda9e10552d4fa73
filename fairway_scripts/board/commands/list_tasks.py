"""queue-list."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.board.reports import list_tasks
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.calls.options import number
from fairway_scripts.project.lane_choice import listed_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueList

COLUMNS = ("id", "lane", "status", "owner", "priority", "title")


def run(args: QueueList) -> int:
    """Print the tasks that match, with a note when there are more or none."""
    limit = number(args, "LIMIT")
    project = open_project(args)
    found = list_tasks(
        project,
        lane=listed_lane(project, args, several=True),
        status=args.status,
        owner=args.owner,
        inside=args.inside,
        limit=limit,
        archived=args.everything,
    )
    answer(args, found, table(found["tasks"], COLUMNS, form=args.format))
    if len(found["tasks"]) < found["total"]:
        say(f"{len(found['tasks'])} of {found['total']} shown")
    elif not found["tasks"]:
        say("no task matches" if args.everything else "no task matches (archived ones: ALL=1)")
    sign_of_life(project)
    return OK
