"""The output report as Markdown: numbers and rows only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.calls.artifact import markdown_table

if TYPE_CHECKING:
    from fairway_scripts.utilities.utility_shapes import OutputReport

_DELIVERED = (
    ("output", "output"),
    ("lane", "lane"),
    ("task_id", "task"),
    ("evidence_id", "evidence"),
    ("result", "result"),
    ("by", "counted by"),
    ("artifact_path", "artifact"),
    ("commit", "commit"),
)


def report_lines(report: OutputReport) -> list[str]:
    """The lines of a report that `output.output_report` made."""
    span = f"since {report['since'] or 'the beginning'}, until {report['until'] or 'now'}"
    lines = ["# Output report", "", f"lane: {report['lane'] or 'all'}  ", span, "", "## Delivered, by lane", ""]
    lines += _numbers(report)
    lines += ["", "## Records", ""]
    rows = [{**row, "commit": (row["commit_sha"] or "")[:12]} for row in report["delivered"]]
    lines += markdown_table(rows, _DELIVERED) if rows else ["none"]
    lines += ["", "## Finished without evidence of their output", ""]
    columns = (("task_id", "task"), ("lane", "lane"), ("task_kind", "kind"), ("output", "output"))
    missing = [{**row, "output": row["output"] or "of any kind"} for row in report["undelivered"]]
    lines += markdown_table(missing, (*columns, ("completed_at", "finished"))) if missing else ["none"]
    return lines


def _numbers(report: OutputReport) -> list[str]:
    """A line a kind of output, a column a lane: records (tasks)."""
    lanes = list(dict.fromkeys(row["lane"] for row in report["counts"]))
    by_output: dict[str, dict[str, str]] = {name: {"output": name} for name in report["outputs"]}
    for row in report["counts"]:
        told = f"{row['records']} ({row['tasks']})" if row["records"] else "0"
        by_output[row["output"]][f"lane {row['lane']}"] = told
    columns = [("output", "output: records (tasks)"), *((f"lane {lane}", lane) for lane in lanes)]
    return markdown_table(list(by_output.values()), columns)
