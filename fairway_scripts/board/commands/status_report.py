"""queue-status-report."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.board.reports import status_report
from fairway_scripts.calls.answer import answer
from fairway_scripts.calls.columns import columns
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import StatusReport
    from fairway_scripts.calls.tool_calls import QueueStatusReport


def run(args: QueueStatusReport) -> int:
    """Print how many tasks are in which status, in all and by lane."""
    project = open_project(args)
    report = status_report(project, known_lane(project, args.role) if args.role else "")
    answer(args, report, _lines(report, args.format))
    sign_of_life(project)
    return OK


def _lines(report: StatusReport, form: str) -> list[str]:
    """Columns for people; `tsv` gives one row a lane and status: lane, status, count."""
    if form == "tsv":
        return [
            f"{lane}\t{status}\t{count}"
            for lane, counts in report["by_lane"].items()
            for status, count in counts.items()
        ]
    lines = [f"total: {report['total']}", f"ready: {report['ready']}"]
    if report["archived"]:
        lines.append(f"archived: {report['archived']}")
    lines += ["by status:", *columns([[status, str(count)] for status, count in report["by_status"].items()])]
    lanes = [
        [lane, *(f"{status}={count}" for status, count in counts.items()), f"ready={report['ready_by_lane'][lane]}"]
        for lane, counts in report["by_lane"].items()
    ]
    return [*lines, "by lane:", *columns(lanes)]
