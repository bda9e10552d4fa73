"""queue-record-evidence."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import number, required
from fairway_scripts.catalog.tool import EVIDENCE
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.records import record_evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueRecordEvidence


def run(args: QueueRecordEvidence) -> int:
    """Record evidence and print what it is bound to."""
    required(args, "TASK_ID", "COMMAND_TEXT", "RESULT")
    clean_name(args.artifact_type, "ARTIFACT_TYPE")
    duration = number(args, "DURATION_SECONDS")
    project = open_project(args)
    recorded = record_evidence(project, args, args.artifact_type, duration=duration)
    lines = [f"recorded evidence {recorded['evidence_id']} for {recorded['task_id']}: {recorded['result']}"]
    lines += pairs(recorded, "command_text", "commit_sha", "branch", "tree_dirty", "artifact_path", "artifact_sha256")
    lines += pairs(recorded, "artifact_type", "duration_seconds", "producer", *map(str.lower, EVIDENCE))
    answer(args, recorded, lines)
    return OK
