"""queue-ready."""

from __future__ import annotations

from fairway_scripts.errors import OK
from fairway_scripts.operations.leases import sign_of_life
from fairway_scripts.operations.left_overs import deliver_left_overs
from fairway_scripts.operations.project import open_project
from fairway_scripts.operations.readiness import explain, ready, why_empty
from fairway_scripts.options import number
from fairway_scripts.render.answer import answer, say, say_all, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = ("id", "lane", "priority", "title")


def run(args: Any) -> int:
    """Print the ready tasks; without ROLE those of every lane, grouped by lane."""
    limit, priority = number(args, "LIMIT"), number(args, "PRIORITY")
    project = open_project(args)
    deliver_left_overs(project)
    say_all(project.notes)
    lane = ""
    if args.role or args.mine:
        from fairway_scripts.operations.lane_choice import listed_lane

        lane = listed_lane(project, args)
    found = ready(project, lane, limit=limit, priority=priority, inside=args.inside)
    if args.explain:
        found["waiting"] = explain(project, lane)
    lines = table(found["tasks"], COLUMNS, form=args.format)
    if args.explain and args.format == "text":
        lines += [f"{task['id']}: {task['reason']}" for task in found["waiting"]]
    answer(args, found, lines)
    if not found["tasks"]:
        say(f"nothing below {args.inside} is ready" if args.inside else why_empty(project, lane))
    elif len(found["tasks"]) < found["total"]:
        say(f"{len(found['tasks'])} of {found['total']} shown")
    sign_of_life(project)
    return OK
