"""session-status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, suggest
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project
from fairway_scripts.sessions.sessions import session_status

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionStatus

COLUMNS = ("session_id", "lane", "status", "process", "task_id", "backend", "provider", "last_heartbeat_at")


def run(args: SessionStatus) -> int:
    """Print the live sessions, or all of them; a process that is gone shows as `dead`."""
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    found = session_status(project, lane=lane, task_id=args.task_id, everything=args.everything)
    answer(args, found, table(found["sessions"], COLUMNS, form=args.format))
    if not found["sessions"]:
        say("no session" if args.everything else "no live session (ALL=1 lists those that have ended)")
    dead = [row["session_id"] for row in found["sessions"] if row["process"] == "dead" and row["ended_at"] is None]
    if dead:
        say(f"{', '.join(dead)}: the process is gone: {suggest('session-reconcile')}")
    sign_of_life(project)
    return OK
