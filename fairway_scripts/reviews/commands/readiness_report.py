"""readiness-report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.calls.options import number
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.gates.profile_gates_rules import BLOCKING
from fairway_scripts.reviews.reports.readiness_report import readiness_report
from fairway_scripts.reviews.reports.readiness_report_text import readiness_lines
from fairway_scripts.work.utility_call import counted_from, finish

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ReadinessReport
    from fairway_scripts.reviews.reports.report_shapes import DatedReadiness

_GAPS = 5


def run(args: ReadinessReport) -> int:
    """Print how the gates stand; the exit code says whether a blocking one is missing."""
    limit = number(args, "GAP_LIMIT")
    now = counted_from(args.at, args.tool)
    project = open_project(args)
    found = readiness_report(project, profile=args.profile, now=now, gap_limit=_GAPS if limit is None else limit)
    report: DatedReadiness = {**found, "at": now if args.at else ""}
    result = "pass" if report["ok"] else "fail"
    lines = readiness_lines(report)
    title = "readiness of the workstream profiles"
    return finish(args, report, lines, result=result, title=title, project=project, refusal=_refusal(report))


def _refusal(report: DatedReadiness) -> FairwayError | None:
    if report["ok"]:
        return None
    gates = [gate for gate in report["gate_evaluations"] if gate["mode"] == BLOCKING and gate["missing_count"]]
    names = [f"{gate['profile']}/{gate['gate']}" for gate in gates]
    gaps = [gap["fix"] for gate in gates for gap in gate["missing"]]
    return FairwayError(
        "gates_missing",
        f"{report['blocking_missing']} task(s) miss a blocking gate: {', '.join(names)}",
        gaps[0] if gaps else suggest("readiness-report", GAP_LIMIT="100"),
        gates=names,
    )
