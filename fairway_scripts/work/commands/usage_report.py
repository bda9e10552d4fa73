"""usage-report."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.base.since import since_time
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.calls.columns import columns
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.usage import usage_report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.calls.tool_calls import UsageReport
    from fairway_scripts.work.work_shapes import Sum
    from fairway_scripts.work.work_shapes import UsageReport as Report

_SUMS = ("records", "tokens_in", "tokens_out", "minutes", "cost")
_TITLES = {"lane": "by lane", "task_id": "by task", "utility": "by utility", "model": "by model"}


def run(args: UsageReport) -> int:
    """Print sums by lane, task, utility and model."""
    since = since_time(args.since, clock.now())
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    report = usage_report(project, lane=lane, task_id=args.task_id, since=since)
    answer(args, report, _lines(report, args.format))
    if not report["records"]:
        say("nothing was recorded")
    if report["unmeasured"]:
        say(f"{report['unmeasured']} claimed task(s) have no record: what they cost is not known")
    sign_of_life(project)
    return OK


def _lines(report: Report, form: str) -> list[str]:
    """The total, then each group; `tsv` and `ids` give the tasks alone."""
    if form in ("ids", "tsv"):
        rows = [{**row, "cost": _cost(row)} for row in report["by_task_id"]]
        return table(rows, ("task_id", *_SUMS), form=form)
    if not report["records"]:
        return []
    lines = ["total: " + "  ".join(_cells(report["total"]))]
    groups = (report["by_lane"], report["by_task_id"], report["by_utility"], report["by_model"])
    for (name, title), sums in zip(_TITLES.items(), groups, strict=True):
        names = [str(row.get(name, "")) for row in sums]
        if len(sums) > 1 or any(names):
            lines += [f"{title}:", *columns([[key or "-", *_cells(row)] for key, row in zip(names, sums, strict=True)])]
    return lines


def _cells(row: Sum) -> list[str]:
    told: Mapping[str, object] = {**row, "cost": _cost(row)}
    return [f"{name}={'-' if told[name] in (None, '') else told[name]}" for name in _SUMS]


def _cost(row: Sum) -> str:
    return "+".join(f"{value}{name}" for name, value in row["cost"].items()) or "-"
