"""record-guard-report."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import number, required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.gates.finding_list import count_findings
from fairway_scripts.reviews.gates.guards import record_guard_report

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import RecordGuardReport


def run(args: RecordGuardReport) -> int:
    """Record a guard's run and print what it stands for."""
    required(args, "TASK_ID", "PROFILE", "GATE", "GUARD_MODE", "COMMAND_TEXT")
    duration = number(args, "DURATION_SECONDS")
    wrong = number(args, "FALSE_POSITIVES") or 0
    findings = _findings(args)
    project = open_project(args)
    recorded = record_guard_report(project, args, findings=findings, false_positives=wrong, duration=duration)
    lines = [f"recorded evidence {recorded['evidence_id']} for {recorded['task_id']}: {recorded['result']}"]
    lines += pairs(recorded, "gate", "guard_mode", "findings_count", "false_positives", "command_text", "commit_sha")
    lines += pairs(recorded, "tree_dirty", "artifact_path", "artifact_sha256", "producer", "signed_off_by")
    answer(args, recorded, lines)
    return OK


def _findings(args: RecordGuardReport) -> int | None:
    """FINDINGS as a number: it names one, or a file of them, which then is also the artifact."""
    given = args.findings.strip()
    if not given or (given.isascii() and given.isdigit()):
        return number(args, "FINDINGS")
    path = os.path.abspath(given)
    args.artifact_path = args.artifact_path or path
    return count_findings(path)
