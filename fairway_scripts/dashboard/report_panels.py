"""The reports: how work flowed, how long it took, what was proved and delivered, each as a picture and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.since import since_time
from fairway_scripts.board import oversight
from fairway_scripts.board.timing import timing_report
from fairway_scripts.dashboard.charts import bars, stacked
from fairway_scripts.dashboard.panels import BEHIND, Column, Maker, Page, Panel, counted
from fairway_scripts.dashboard.work_panels import LANE, lane_of
from fairway_scripts.utilities.output import output_report
from fairway_scripts.work.usage import usage_report

if TYPE_CHECKING:
    from fairway_scripts.dashboard.dashboard_shapes import LaneProof
    from fairway_scripts.dashboard.panels import Query
    from fairway_scripts.project.project import Project

#: The most days of the flow that are drawn.
_DAYS = 60


def _flow(project: Project, query: Query) -> Panel:
    rows = oversight.flow(project, lane_of(project, query), days=_DAYS)
    names = [name for name in rows[-1] if name != "day"] if rows else []
    columns = (Column("day", "Day"), *(Column(name, name.replace("_", " "), "number") for name in names))
    panel = counted("flow", "Flow", columns, rows[::-1], empty="Nothing has moved yet.")
    about = "How many tasks were in which status at the end of each day on which one moved."
    return panel._replace(about=about, chart=stacked(rows, names, "day"), told=_many(len(rows), "day") if rows else "")


def _times(project: Project, query: Query) -> Panel:
    since = since_time(query.since, clock.now()) if query.since else ""
    found = timing_report(project, now=clock.now(), lane=lane_of(project, query), since=since, limit=0)
    rows = [
        {
            "lane": row["lane"],
            "finished": row["finished"],
            "seconds": row["cycle"]["median_seconds"],
            **{measure: _span(row[measure]["median_seconds"]) for measure in ("wait", "cycle", "review", "blocked")},
        }
        for row in found["by_lane"]
    ]
    columns = (
        *(LANE, Column("finished", "Finished", "number"), Column("wait", "Waited", "number")),
        *(
            Column("cycle", "Took", "number"),
            Column("review", "In review", "number"),
            Column("blocked", "Blocked", "number"),
        ),
    )
    about = "Medians by lane, from the first claim to the end; a review from when a lane was asked to its answer."
    panel = counted("times", "Times", columns, rows, about=about, empty="No time is known yet.")
    return panel._replace(chart=bars(rows, "lane", "seconds", "cycle"), told=_many(found["total"], "task"))


def _proof(project: Project, query: Query) -> Panel:
    lanes: dict[str, LaneProof] = {}
    for row in oversight.vouchers(project, lane_of(project, query)):
        lane = lanes.setdefault(row["lane"], {"lane": row["lane"], "records": 0, "passed": 0, "ran": 0})
        lane["records"] += row["records"]
        lane["passed"] += row["records"] if row["result"] == "pass" else 0
        lane["ran"] += row["records"] if row["ran"] == "yes" else 0
    shares = [(row, row["passed"] / row["records"]) for row in lanes.values()]
    rows = [{**row, "share": share, "rate": f"{share:.0%}"} for row, share in shares]
    columns = (
        *(LANE, Column("records", "Records", "number"), Column("passed", "Passed", "number")),
        *(Column("rate", "Pass rate", "number"), Column("ran", "Seen by a tool", "number")),
    )
    panel = counted("proof", "Evidence that passed, by lane", columns, rows, empty="No evidence is recorded.")
    records = sum(row["records"] for row in lanes.values())
    return panel._replace(chart=bars(rows, "lane", "share", "rate", whole=1), told=_many(records, "record"))


def _outputs(project: Project, query: Query) -> Panel:
    since = since_time(query.since, clock.now()) if query.since else ""
    found = output_report(project, lane=lane_of(project, query), since=since, until="")
    kinds: dict[str, int] = dict.fromkeys(found["outputs"], 0)
    for row in found["delivered"]:
        kinds[row["output"]] += 1
    rows = [{"output": name, "records": count} for name, count in kinds.items()]
    columns = (Column("output", "What"), Column("records", "Records", "number"))
    panel = counted("outputs", "What was delivered", columns, rows, empty="No kind of output is configured.")
    return panel._replace(chart=bars(rows, "output", "records", "records"), told=_many(sum(kinds.values()), "record"))


def _spent(project: Project, query: Query) -> Panel:
    since = since_time(query.since, clock.now()) if query.since else ""
    found = usage_report(project, lane=lane_of(project, query), task_id="", since=since)
    rows = [{**row, "spent": [f"{amount} {name}" for name, amount in row["cost"].items()]} for row in found["by_lane"]]
    columns = (
        *(LANE, Column("records", "Records", "number"), Column("tokens_in", "Tokens in", "number")),
        *(Column("tokens_out", "Tokens out", "number"), Column("minutes", "Minutes", "number")),
        Column("spent", "Cost"),
    )
    unknown = f"Of {_many(found['unmeasured'], 'claimed task')} nothing was recorded: what it cost is not known."
    panel = counted("spent", "What sessions spent", columns, rows, about=unknown if found["unmeasured"] else "")
    panel = panel._replace(empty="Nothing was recorded (usage-record), so what was spent is not known.")
    return panel._replace(told=_many(found["records"], "record") if rows else "not recorded")


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _span(seconds: float | None) -> str:
    return "" if seconds is None else clock.span_text(seconds)


REPORTS = Page(
    "/reports",
    "Reports",
    "How work flowed, how long it took, and what was proved.",
    ("lane", "since"),
    {
        "flow": Maker("Flow", _flow, BEHIND),
        "times": Maker("Times", _times, BEHIND),
        "proof": Maker("Evidence that passed, by lane", _proof, BEHIND),
        "outputs": Maker("What was delivered", _outputs, BEHIND),
        "spent": Maker("What sessions spent", _spent),
    },
)
