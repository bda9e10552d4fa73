"""fairway-tracker link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.trackers.commands.telling import finding_lines, refuse_findings, services
from fairway_scripts.trackers.linking import link
from fairway_scripts.trackers.opening import chosen_tracker

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayTrackerLink


def run(args: FairwayTrackerLink) -> int:
    """Link a task to an issue that can be seen."""
    required(args, "TASK_ID", "ISSUE")
    project = open_project(args)
    tracker = chosen_tracker(project, args)
    with services(project, args) as service:
        made = link(project, args, tracker, service(tracker["name"]))
    line = f"linked {made['task_id']} to {made['tracker']} {made['issue']}  {made['url']}"
    answer(args, made, [line, *finding_lines(made["findings"])])
    refuse_findings(made["findings"])
    return OK
