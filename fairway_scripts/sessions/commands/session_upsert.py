"""session-upsert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import number
from fairway_scripts.queue.opening import open_project
from fairway_scripts.sessions.sessions import upsert_session

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionUpsert

ENTRIES = (
    *("lane", "lane_label", "task_id", "backend", "provider", "session_name", "worktree_path", "branch", "status"),
    *("pid", "host", "terminal", "tmux_pane", "external_id", "external_state", "transcript_path", "ended_at"),
    *("exit_code", "end_reason"),
)


def run(args: SessionUpsert) -> int:
    """Register or update a session and print it."""
    pid = number(args, "PID", least=1)
    project = open_project(args)
    session = upsert_session(project, args, pid=pid)
    verb = "registered" if session["created"] else "updated"
    answer(args, session, [f"{verb} session {session['session_id']}", *pairs(session, *ENTRIES)])
    return OK
