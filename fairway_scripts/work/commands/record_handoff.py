"""queue-record-handoff."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.records import record_handoff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueRecordHandoff


def run(args: QueueRecordHandoff) -> int:
    """Record a handoff (at least owner, branch, commit, commands, results, changed files: GPUaaS) and print it."""
    required(args, "TASK_ID", "OWNER", "BRANCH", "COMMIT", "COMMANDS", "RESULTS", "CHANGED_FILES")
    for name in ("owner", "branch", "to_role"):
        clean_name(getattr(args, name), name.upper())
    project = open_project(args)
    recorded = record_handoff(project, args)
    lines = [f"recorded handoff {recorded['handoff_id']} for {recorded['task_id']}"]
    lines += pairs(recorded, "from_role", "to_role", "owner", "branch", "commit_sha", "commands", "results")
    lines += pairs(recorded, "changed_files", "risks", "blockers", "next_step")
    answer(args, recorded, lines)
    return OK
