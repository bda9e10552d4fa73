"""The report on reviews as Markdown."""

from __future__ import annotations

from typing import Any

from fairway_scripts.base import clock
from fairway_scripts.calls.artifact import markdown_table

_NUMBERS = (
    *(("asked", "asked"), ("done", "done"), ("open", "open"), ("replaced", "replaced"), ("covered", "covered")),
    *(("found", "found something"), ("nothing", "found nothing"), ("unknown", "not known")),
)
_TIMES = (("waited", "waited, median / total"), ("spent", "spent, median / total"))
_ROW = ("nothing_found_in_a_row", "nothing found in a row")
_BY_SHAPE = (
    *(("shape", "shape"), ("changes", "changes"), ("lanes_asked", "lanes asked (median)")),
    *(*_NUMBERS, _ROW, *_TIMES, ("waivers", "waivers")),
)
_BY_LANE = (("shape", "shape"), ("lane", "lane"), *_NUMBERS, _ROW, *_TIMES)


def review_report_lines(report: dict[str, Any]) -> list[str]:
    """The lines of the report: one table by shape, one by shape and lane, and the waivers."""
    lines = ["# Reviews", ""]
    lines += [f"lane: {report['lane'] or 'all'}", f"since: {report['since'] or 'the beginning'}", ""]
    if not report["by_shape"]:
        lines += ["No review was asked.", ""]
    else:
        lines += ["## By shape", "", *markdown_table([_cells(row) for row in report["by_shape"]], _BY_SHAPE), ""]
    if report["by_lane"]:
        rows = [_cells(row) for row in report["by_lane"]]
        lines += ["## By shape and lane", "", *markdown_table(rows, _BY_LANE), ""]
    if report["waivers"]:
        rows = [{**row, "commit_sha": row["commit_sha"][:12]} for row in report["waivers"]]
        names = ("created_at", "task_id", "lane", "commit_sha", "needed", "granted", "owner", "reason", "rules")
        lines += ["## Waivers", "", *markdown_table(rows, [(name, name.replace("_", " ")) for name in names]), ""]
    if report["unasked"]:
        lines += [f"{report['unasked']} verdict(s) came from lanes that were not asked.", ""]
    return lines


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    shown = {name: f"{row[name]:g}" for name in ("lanes_asked",) if row.get(name) is not None}
    return {**row, **{name: _spread(row[name], row["done"]) for name, _heading in _TIMES}, **shown}


def _spread(spread: dict[str, Any], done: int) -> str:
    """Median and total; of how many reviews, when it is not known of all that are done."""
    if not spread["count"]:
        return "-"
    text = f"{clock.span_text(spread['median_seconds'])} / {clock.span_text(spread['total_seconds'])}"
    return text if spread["count"] == done else f"{text} ({spread['count']} of {done})"
