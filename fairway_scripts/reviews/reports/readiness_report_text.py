"""The readiness report as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.calls.artifact import markdown_table, remedies

if TYPE_CHECKING:
    from collections.abc import Iterator

_GATES = (
    *(("name", "gate"), ("mode", "mode"), ("evidence_type", "evidence"), ("task_count", "tasks")),
    *(("satisfied_count", "satisfied"), ("missing_count", "missing"), ("status", "status")),
)
_MISSING = (
    *(("name", "gate"), ("mode", "mode"), ("task_id", "task"), ("lane", "lane"), ("status", "status")),
    *(("reasons", "why"), ("matching_evidence_count", "counted")),
)


def readiness_lines(report: dict[str, Any]) -> list[str]:
    """The lines of the report: the verdict, one row a gate, then who misses what, and which record satisfies what."""
    gates = [{**entry, "name": f"{entry['profile']}/{entry['gate']}"} for entry in report["gate_evaluations"]]
    lines = ["# Readiness", "", f"ready: {'true' if report['ok'] else 'false'}"]
    lines.append(f"profile: {report['profile'] or 'all'}")
    lines += [f"at: {report['at']}"] if report["at"] else []
    lines += [f"{name}: {report[name]}" for name in ("task_count", "blocking_missing", "advisory_missing")]
    if not gates:
        return [*lines, "", "No workstream profile has a gate."]
    lines += ["", "## Gates", "", *markdown_table(gates, _GATES)]
    missing = [{**gap, "name": gate["name"], "mode": gate["mode"]} for gate in gates for gap in gate["missing"]]
    if missing:
        cells = [{**row, "reasons": "; ".join(row["reasons"])} for row in missing]
        lines += ["", "## Missing", "", *markdown_table(cells, _MISSING)]
        hidden = sum(gate["missing_count"] - len(gate["missing"]) for gate in gates)
        lines += ["", f"{hidden} more are not shown (GAP_LIMIT)."] if hidden else []
        lines += ["", *remedies(row["fix"] for row in missing)]
    satisfied = list(_satisfied(gates))
    if satisfied:
        columns = (("name", "gate"), ("task_id", "task"), ("evidence", "evidence"), ("against", "against it since"))
        lines += ["", "## Satisfied", "", *markdown_table(satisfied, columns)]
    graduation = [_graduation(gate) for gate in gates if gate["graduation"]]
    if graduation:
        columns = (("name", "gate"), ("mode", "mode"), ("runs", "clean runs in a row"), ("said", "graduation"))
        lines += ["", "## Guards", "", *markdown_table(graduation, columns)]
    return lines


def _satisfied(gates: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for gate in gates:
        yield from ({**row, "name": gate["name"]} for row in gate["satisfied"])


def _graduation(gate: dict[str, Any]) -> dict[str, Any]:
    standing = gate["graduation"]
    said = "the criteria hold" if standing["holds"] else "; ".join(standing["reasons"])
    return {"name": gate["name"], "mode": gate["mode"], "runs": standing["runs"], "said": said}
