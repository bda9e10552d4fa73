"""subagent-bridge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs, say
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.subagents import bridge

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SubagentBridge

ENTRIES = ("lane", "task_id", "session_id", "status", "track_id", "checkpoint_id", "handoff_id", "evidence_id")


def run(args: SubagentBridge) -> int:
    """Record what a sub-agent reports and print what it left on record."""
    required(args, "EXTERNAL_ID", "STATE")
    project = open_project(args)
    told = bridge(project, args)
    if told["repeated"]:
        say("recorded before: this was a heartbeat")
    answer(args, told, [f"sub-agent {told['external_id']}: {told['state']}", *pairs(told, *ENTRIES)])
    return OK
