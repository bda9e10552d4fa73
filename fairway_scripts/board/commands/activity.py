"""queue-activity."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.base.since import since_time
from fairway_scripts.board.reports import activity
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.calls.options import number
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import ReportedEvent
    from fairway_scripts.calls.tool_calls import QueueActivity

COLUMNS = ("at", "actor", "kind", "task_id", "summary")
USUAL_LIMIT = 50


def run(args: QueueActivity) -> int:
    """Print the newest events, with a note when there are more or none."""
    limit = number(args, "LIMIT")
    since = since_time(args.since, clock.now())
    project = open_project(args)
    found = activity(
        project,
        task_id=args.task_id,
        lane=known_lane(project, args.role) if args.role else "",
        since=since,
        limit=USUAL_LIMIT if limit is None else limit,
    )
    answer(args, found, _lines(found["events"], args.format))
    if len(found["events"]) < found["total"]:
        say(f"{len(found['events'])} of {found['total']} shown; LIMIT={found['total']} shows all")
    elif not found["events"]:
        say("nothing happened that matches")
    sign_of_life(project)
    return OK


def _lines(events: list[ReportedEvent], form: str) -> list[str]:
    if form == "ids":
        return [str(event["id"]) for event in events]
    return table(events, COLUMNS, form=form)
