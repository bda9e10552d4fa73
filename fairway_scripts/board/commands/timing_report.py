"""queue-timing-report."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.base.since import since_time
from fairway_scripts.board.timing import timing_report
from fairway_scripts.board.timing_rules import MEASURES
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.calls.columns import columns
from fairway_scripts.calls.options import number
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import LaneTiming, TaskTiming, TimingReport
    from fairway_scripts.calls.tool_calls import QueueTimingReport

_NAMES = tuple(name.removesuffix("_seconds") for name in MEASURES)


def run(args: QueueTimingReport) -> int:
    """Print times by lane and by task, with a note about what is not known."""
    limit, now = number(args, "LIMIT"), clock.now()
    since = since_time(args.since, now)
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    report = timing_report(project, now=now, lane=lane, task_id=args.task_id, since=since, limit=limit)
    answer(args, report, _lines(report, args.format))
    if len(report["by_task"]) < report["total"]:
        say(f"{len(report['by_task'])} of {report['total']} tasks shown")
    if report["not_measured"]:
        why = "they were never claimed, or were first seen when they were done"
        say(f"{report['not_measured']} task(s) have no known times: {why}")
    sign_of_life(project)
    return OK


def _lines(report: TimingReport, form: str) -> list[str]:
    """Lanes, then tasks; `tsv` and `ids` give the tasks alone, `tsv` with times in seconds."""
    if form in ("ids", "tsv"):
        return table(report["by_task"], ("id", "lane", "status", *MEASURES), form=form)
    lines = ["by lane (median / total):"]
    lines += columns([[row["lane"], f"tasks={row['tasks']}", *_lane_cells(row)] for row in report["by_lane"]])
    lines.append("by task:")
    lines += columns([[row["id"], row["status"], *_task_cells(row)] for row in report["by_task"]])
    for row in report["by_task"]:
        lines += [f"unknown: {row['id']}: {what}" for what in row["unknown"]]
    return lines


def _lane_cells(row: LaneTiming) -> list[str]:
    spreads = zip(_NAMES, (row["wait"], row["cycle"], row["blocked"], row["review"], row["evidence"]), strict=True)
    return [f"{name}={_span(each['median_seconds'])}/{_span(each['total_seconds'])}" for name, each in spreads]


def _task_cells(row: TaskTiming) -> list[str]:
    return [f"{name}={_span(row[measure])}" for name, measure in zip(_NAMES, MEASURES, strict=True)]


def _span(seconds: float | None) -> str:
    return "-" if seconds is None else clock.span_text(seconds)
