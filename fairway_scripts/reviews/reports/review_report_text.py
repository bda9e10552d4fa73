"""The report on reviews as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.calls.artifact import markdown_table

if TYPE_CHECKING:
    from fairway_scripts.reviews.reports.report_shapes import DatedReview, OfLane, OfShape
    from fairway_scripts.reviews.reports.review_report_rules import Spread

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


def review_report_lines(report: DatedReview) -> list[str]:
    """The lines of the report: one table by shape, one by shape and lane, and the waivers."""
    lines = ["# Reviews", ""]
    lines += [f"lane: {report['lane'] or 'all'}", f"since: {report['since'] or 'the beginning'}", ""]
    if not report["by_shape"]:
        lines += ["No review was asked.", ""]
    else:
        lines += ["## By shape", "", *markdown_table([_cells(row) for row in report["by_shape"]], _BY_SHAPE), ""]
    if report["by_lane"]:
        lines += ["## By shape and lane", "", *markdown_table([_cells(row) for row in report["by_lane"]], _BY_LANE), ""]
    if report["waivers"]:
        rows = [{**row, "commit_sha": (row["commit_sha"] or "")[:12]} for row in report["waivers"]]
        names = ("created_at", "task_id", "lane", "commit_sha", "needed", "granted", "owner", "reason", "rules")
        lines += ["## Waivers", "", *markdown_table(rows, [(name, name.replace("_", " ")) for name in names]), ""]
    if report["unasked"]:
        lines += [f"{report['unasked']} verdict(s) came from lanes that were not asked.", ""]
    return lines


def _cells(row: OfShape | OfLane) -> dict[str, object]:
    lanes = row.get("lanes_asked")
    shown = {"lanes_asked": f"{lanes:g}"} if isinstance(lanes, float) else {}
    times = {"waited": _spread(row["waited"], row["done"]), "spent": _spread(row["spent"], row["done"])}
    return {**row, **times, **shown}


def _spread(spread: Spread, done: int) -> str:
    """Median and total; of how many reviews, when it is not known of all that are done."""
    median, total = spread["median_seconds"], spread["total_seconds"]
    if median is None or total is None:
        return "-"
    text = f"{clock.span_text(median)} / {clock.span_text(total)}"
    return text if spread["count"] == done else f"{text} ({spread['count']} of {done})"
