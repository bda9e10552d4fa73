"""evidence-verify."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.calls.artifact import markdown_table
from fairway_scripts.project.opening import locate
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.evidence_check import BAD, STATUSES, verify_evidence, verify_manifest
from fairway_scripts.work.utility_call import finish

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import EvidenceVerify
    from fairway_scripts.runs.run_shapes import CheckedArtifact

_COLUMNS = (
    ("status", "status"),
    ("path", "artifact"),
    ("task_id", "task"),
    ("evidence_id", "evidence"),
    ("where", "found in"),
    ("sha", "recorded sha256"),
)


def run(args: EvidenceVerify) -> int:
    """Hash artifacts again; 0 when none has changed, 1 when one has or cannot be found or read."""
    if [bool(args.task_id), bool(args.manifest), args.everything].count(True) != 1:
        raise FairwayError(
            "usage",
            "name what to check: TASK_ID, MANIFEST or ALL, and only one of them",
            suggest("evidence-verify", ALL=True),
        )
    project = locate(args) if args.manifest else open_project(args)
    rows = verify_manifest(project, args.manifest) if args.manifest else verify_evidence(project, args.task_id)
    counts = {status: sum(row["status"] == status for row in rows) for status in STATUSES}
    bad = [row for row in rows if row["status"] in BAD]
    about = args.task_id or (os.path.basename(args.manifest) if args.manifest else "all tasks")
    told = ", ".join(f"{number} {status}" for status, number in counts.items() if number) or "nothing to check"
    lines = [f"# Evidence of {about}", "", told, ""]
    shown = [{**row, "sha": (row["sha256"] or "")[:12]} for row in rows]
    lines += markdown_table(shown, _COLUMNS) if rows else []
    for row in bad:
        if row["found_sha256"]:
            lines += ["", f"{row['path']}: recorded {row['sha256']}, found {row['found_sha256']}"]
    return finish(
        args,
        {"checked": about, "counts": counts, "artifacts": rows},
        lines,
        result="fail" if bad else "pass",
        title=told,
        project=None if args.manifest else project,
        refusal=_refusal(bad, len(rows)) if bad else None,
    )


def _refusal(bad: list[CheckedArtifact], total: int) -> FairwayError:
    named = ", ".join(f"{row['path']} ({row['status']})" for row in bad[:5])
    more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
    return FairwayError(
        "evidence_changed",
        f"{len(bad)} of {total} artifacts are not what was recorded: {named}{more}",
        "restore the artifact, or run the command again and record what it gives then",
    )
