"""The entries of a session, and which arguments of session-upsert set one as it is."""

from __future__ import annotations

from typing import Any

#: Every entry of a session with what it holds when nothing was said.
EMPTY: dict[str, Any] = {
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
    "started_at": None,
    "last_heartbeat_at": None,
    "ended_at": None,
    "exit_code": None,
    "end_reason": None,
    "registered_by": None,
    "updated_at": None,
}
#: Arguments of session-upsert that are kept as they are, by the entry that they set.
PLAIN = {
    "lane": "lane_label",
    "provider": "provider",
    "session_name": "session_name",
    "external_id": "external_id",
    "tmux_pane": "tmux_pane",
    "branch": "branch",
}
