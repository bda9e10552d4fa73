"""The readiness report as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.calls.artifact import markdown_table, remedies

if TYPE_CHECKING:
    from fairway_scripts.reviews.judged_shapes import GuardStanding
    from fairway_scripts.reviews.reports.report_shapes import DatedReadiness

_GATES = (
    *(("name", "gate"), ("mode", "mode"), ("evidence_type", "evidence"), ("task_count", "tasks")),
    *(("satisfied_count", "satisfied"), ("missing_count", "missing"), ("status", "status")),
)
_MISSING = (
    *(("name", "gate"), ("mode", "mode"), ("task_id", "task"), ("lane", "lane"), ("status", "status")),
    *(("reasons", "why"), ("matching_evidence_count", "counted")),
)


def readiness_lines(report: DatedReadiness) -> list[str]:
    """The lines of the report: the verdict, one row a gate, then who misses what, and which record satisfies what."""
    found = [(f"{entry['profile']}/{entry['gate']}", entry) for entry in report["gate_evaluations"]]
    lines = ["# Readiness", "", f"ready: {'true' if report['ok'] else 'false'}"]
    lines.append(f"profile: {report['profile'] or 'all'}")
    lines += [f"at: {report['at']}"] if report["at"] else []
    lines += [f"task_count: {report['task_count']}", f"blocking_missing: {report['blocking_missing']}"]
    lines.append(f"advisory_missing: {report['advisory_missing']}")
    if not found:
        return [*lines, "", "No workstream profile has a gate."]
    lines += ["", "## Gates", "", *markdown_table([{**gate, "name": name} for name, gate in found], _GATES)]
    missing = [(name, gate["mode"], gap) for name, gate in found for gap in gate["missing"]]
    if missing:
        cells = [
            {**gap, "name": name, "mode": mode, "reasons": "; ".join(gap["reasons"])} for name, mode, gap in missing
        ]
        lines += ["", "## Missing", "", *markdown_table(cells, _MISSING)]
        hidden = sum(gate["missing_count"] - len(gate["missing"]) for _name, gate in found)
        lines += ["", f"{hidden} more are not shown (GAP_LIMIT)."] if hidden else []
        lines += ["", *remedies(gap["fix"] for _name, _mode, gap in missing)]
    satisfied = [{**row, "name": name} for name, gate in found for row in gate["satisfied"]]
    if satisfied:
        columns = (("name", "gate"), ("task_id", "task"), ("evidence", "evidence"), ("against", "against it since"))
        lines += ["", "## Satisfied", "", *markdown_table(satisfied, columns)]
    graduation = [
        _graduation(name, gate["mode"], standing) for name, gate in found if (standing := gate.get("graduation"))
    ]
    if graduation:
        columns = (("name", "gate"), ("mode", "mode"), ("runs", "clean runs in a row"), ("said", "graduation"))
        lines += ["", "## Guards", "", *markdown_table(graduation, columns)]
    return lines


def _graduation(name: str, mode: str, standing: GuardStanding) -> dict[str, object]:
    said = "the criteria hold" if standing["holds"] else "; ".join(standing["reasons"])
    return {"name": name, "mode": mode, "runs": standing["runs"], "said": said}
