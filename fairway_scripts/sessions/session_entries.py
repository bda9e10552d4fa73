"""The entries of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fairway_scripts.store.rows import SessionRow, SessionUpdate

#: Every entry of a session with what it holds when nothing was said; who adds it sets its times.
EMPTY: SessionRow = {
    "session_id": "",
    "lane": "",
    "lane_label": None,
    "worktree_path": None,
    "branch": None,
    "backend": "",
    "provider": None,
    "session_name": None,
    "task_id": None,
    "external_id": None,
    "external_state": None,
    "pid": None,
    "pid_started_at": None,
    "host": None,
    "terminal": None,
    "tmux_pane": None,
    "transcript_path": None,
    "command": None,
    "status": "running",
    "started_at": "",
    "last_heartbeat_at": None,
    "ended_at": None,
    "exit_code": None,
    "end_reason": None,
    "registered_by": "",
    "updated_at": "",
}


def update_of(row: SessionRow, at: str) -> SessionUpdate:
    """What of a session may be written anew, at the time `at`."""
    return {
        "session_id": row["session_id"],
        "lane": row["lane"],
        "lane_label": row["lane_label"],
        "worktree_path": row["worktree_path"],
        "branch": row["branch"],
        "backend": row["backend"],
        "provider": row["provider"],
        "session_name": row["session_name"],
        "task_id": row["task_id"],
        "external_id": row["external_id"],
        "external_state": row["external_state"],
        "pid": row["pid"],
        "pid_started_at": row["pid_started_at"],
        "host": row["host"],
        "terminal": row["terminal"],
        "tmux_pane": row["tmux_pane"],
        "transcript_path": row["transcript_path"],
        "command": row["command"],
        "status": row["status"],
        "last_heartbeat_at": row["last_heartbeat_at"],
        "ended_at": row["ended_at"],
        "exit_code": row["exit_code"],
        "end_reason": row["end_reason"],
        "updated_at": at,
    }
