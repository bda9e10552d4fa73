"""queue-list."""

from __future__ import annotations

from fairway_scripts.errors import OK
from fairway_scripts.operations.lane_choice import listed_lane
from fairway_scripts.operations.leases import sign_of_life
from fairway_scripts.operations.project import open_project
from fairway_scripts.operations.reports import list_tasks
from fairway_scripts.options import number
from fairway_scripts.render.answer import answer, say, say_all, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = ("id", "lane", "status", "owner", "priority", "title")


def run(args: Any) -> int:
    """Print the tasks that match, with a note when there are more or none."""
    limit = number(args, "LIMIT")
    project = open_project(args)
    say_all(project.notes)
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
