"""output-report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.since import since_time
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.queue.opening import open_project
from fairway_scripts.utilities.output import output_report
from fairway_scripts.utilities.output_report import report_lines
from fairway_scripts.work.utility_call import counted_from, finish

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import OutputReport


def run(args: OutputReport) -> int:
    """Show what was delivered of each kind of output."""
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    now = counted_from(args.at, args.tool)
    since, until = since_time(args.since, now), since_time(args.until, now)
    report = output_report(project, lane=lane, since=since, until=until)
    return finish(args, report, report_lines(report), title="what was delivered", project=project)
