"""session-end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs, say
from fairway_scripts.calls.options import number
from fairway_scripts.queue.opening import open_project
from fairway_scripts.sessions.sessions import end_session

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionEnd


def run(args: SessionEnd) -> int:
    """Record the end of a session and print it."""
    exit_code = number(args, "EXIT_CODE")
    project = open_project(args)
    ended = end_session(project, args, exit_code=exit_code)
    if ended["already"]:
        say(f"session {ended['session_id']} ended before; nothing was changed")
    if args.stop:
        say("what the session ran was asked to end" if ended["stopped"] else "nothing of this session runs here")
    lines = [f"session {ended['session_id']}: {ended['status']}"]
    lines += pairs(ended, "lane", "task_id", "ended_at", "exit_code", "end_reason")
    answer(args, ended, lines)
    return OK
