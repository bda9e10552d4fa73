"""queue-ready."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say, shown, table
from fairway_scripts.calls.options import number
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.project.older_scripts import tell_left_overs
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.readiness import explain, ready, why_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.calls.tool_calls import QueueReady
    from fairway_scripts.project.project import Project
    from fairway_scripts.project.watching import Seen
    from fairway_scripts.work.work_shapes import Ready

COLUMNS = ("id", "lane", "priority", "title")


def run(args: QueueReady) -> int:
    """Print the ready tasks; without ROLE those of every lane, grouped by lane. With WATCH, again at every change."""
    if args.watch:
        from fairway_scripts.project.watching import watch

        return watch(args, lambda: _seen(args))
    project, found, remark = _look(args)
    answer(args, found, _lines(args, found))
    if remark:
        say(remark)
    sign_of_life(project)
    return OK


def _look(args: QueueReady) -> tuple[Project, Ready, str]:
    """The open project, what is ready, and a remark on what is not shown, "" where that is nothing."""
    limit, priority = number(args, "LIMIT"), number(args, "PRIORITY")
    project = open_project(args)
    tell_left_overs(project)
    lane = ""
    if args.role or args.mine:
        from fairway_scripts.project.lane_choice import listed_lane

        lane = listed_lane(project, args)
    found = ready(project, lane, limit=limit, priority=priority, inside=args.inside)
    if args.explain:
        found["waiting"] = explain(project, lane)
    remark = ""
    if not found["tasks"]:
        remark = f"nothing below {args.inside} is ready" if args.inside else why_empty(project, lane)
    elif len(found["tasks"]) < found["total"]:
        remark = f"{len(found['tasks'])} of {found['total']} shown"
    return project, found, remark


def _lines(args: QueueReady, found: Ready) -> list[str]:
    lines = table(found["tasks"], COLUMNS, form=args.format)
    if args.explain and args.format == "text":
        lines += [f"{task['id']}: {task['reason']}" for task in found["waiting"]]
    return lines


def _seen(args: QueueReady) -> Seen:
    """One look for WATCH, which is no sign of life: a terminal that nobody sits at keeps no claim."""
    from fairway_scripts.project.watching import Seen

    project, found, remark = _look(args)
    rows: list[Mapping[str, object]] = [*found["tasks"]]
    entries = {str(row["id"]): "  ".join(shown(row[name]) for name in COLUMNS) for row in rows}
    if args.format in ("ids", "tsv"):
        entries = dict(zip(entries, table(found["tasks"], COLUMNS, form=args.format), strict=True))
    return Seen(project, found, [*_lines(args, found), *([remark] if remark else [])], entries)
