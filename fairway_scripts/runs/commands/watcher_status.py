"""watcher-status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.watchers import watcher_status

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import WatcherStatus

COLUMNS = ("watch_id", "task_id", "status", "result", "owner", "age", "stale", "about")


def run(args: WatcherStatus) -> int:
    """Print the watchers that are at work or blocked, the oldest first; with ALL the finished ones too."""
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    found = watcher_status(project, task_id=args.task_id, lane=lane, everything=args.everything)
    rows = [
        {**row, "age": clock.span_text(row["age_seconds"]), "about": row["process"] or row["command"]}
        for row in found["watchers"]
    ]
    answer(args, found, table(rows, COLUMNS, form=args.format))
    if not rows:
        say("no watcher" if args.everything else "no active or blocked watcher (ALL=1 shows the finished ones)")
    for row in rows:
        if row["stale"]:
            say(f"{row['watch_id']}: {row['stale']}; {row['fix']}")
    sign_of_life(project)
    return OK
