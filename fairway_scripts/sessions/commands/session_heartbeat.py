"""session-heartbeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.queue.opening import open_project
from fairway_scripts.sessions.sessions import heartbeat

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionHeartbeat


def run(args: SessionHeartbeat) -> int:
    """Record a sign of life and print the session's state."""
    project = open_project(args)
    beat = heartbeat(project, args)
    verb = "runs again" if beat["revived"] else "is still there"
    lines = [f"session {beat['session_id']} {verb}", *pairs(beat, "lane", "task_id", "status", "last_heartbeat_at")]
    answer(args, beat, lines)
    return OK
