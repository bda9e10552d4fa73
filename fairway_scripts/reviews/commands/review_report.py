"""review-report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.since import since_time
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.reports.review_report import review_report
from fairway_scripts.reviews.reports.review_report_text import review_report_lines
from fairway_scripts.work.utility_call import finish

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ReviewReport
    from fairway_scripts.reviews.reports.report_shapes import DatedReview


def run(args: ReviewReport) -> int:
    """Print the numbers by shape and lane, and every waiver."""
    since = since_time(args.since, clock.now())
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    report: DatedReview = {**review_report(project, lane=lane, since=since), "since": args.since}
    code = finish(args, report, review_report_lines(report), title="reviews by shape and lane", project=project)
    sign_of_life(project)
    return code
