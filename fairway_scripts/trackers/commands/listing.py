"""fairway-tracker and fairway-tracker list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project
from fairway_scripts.trackers.linking import links

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayTracker, FairwayTrackerList

_SHOWN = ("task_id", "status", "tracker", "issue", "comment", "url")


def run(args: FairwayTracker | FairwayTrackerList) -> int:
    """List the links of tasks to issues; nothing is asked of a tracker."""
    project = open_project(args)
    tracker = args.tracker.strip()
    found = links(project, task_id=args.task_id, tracker=tracker, everything=args.everything)
    rows = [{**row, "comment": row["comment_id"] or ("unknown" if row["pending_since"] else "")} for row in found]
    answer(args, {"links": found}, table(rows, _SHOWN, form=args.format))
    if not found:
        say("no task is linked to an issue")
    sign_of_life(project)
    return OK
