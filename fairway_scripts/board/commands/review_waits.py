"""review-waits."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.board.review_waits import review_waits
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.project.lane_choice import listed_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ReviewWaits

_COLUMNS = ("task_id", "waiting_lane", "lane", "what", "waited", "session_id")


def run(args: ReviewWaits) -> int:
    """Print who waits for whom, each with the line that wakes the one who is waited for."""
    project = open_project(args)
    waits = review_waits(project, lane=listed_lane(project, args), now=clock.now())
    shown = [{**row, "waited": clock.span_text(row["waited_seconds"])} for row in waits]
    lines = table(shown, _COLUMNS, form=args.format)
    if args.format == "text":
        lines = [part for line, row in zip(lines, waits, strict=True) for part in (line, f"    {row['command']}")]
    answer(args, {"waits": waits}, lines)
    if not waits:
        say("nobody waits for a review")
    sign_of_life(project)
    return OK
