"""A watcher as it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fairway_scripts.runs.run_shapes import ShownWatcher
    from fairway_scripts.store.rows import Watcher


def watcher_row(row: Watcher) -> ShownWatcher:
    """A watcher as it is shown: watch_id, task_id, lane, what it was told, status, how it ended, process, times."""
    return {
        "watch_id": row["id"],
        "task_id": row["task_id"],
        "lane": row["role"],
        "owner": row["owner"] or "",
        "process": row["process"] or "",
        "command": row["command"] or "",
        "success_condition": row["success_condition"] or "",
        "failure_condition": row["failure_condition"] or "",
        "allowed_fixes": row["allowed_fixes"] or "",
        "must_not_touch": row["must_not_touch"] or "",
        "escalation_rules": row["escalation_rules"] or "",
        "expected_duration": row["expected_duration"] or "",
        "poll_interval": row["poll_interval"] or "",
        "close_condition": row["close_condition"] or "",
        "evidence_required": row["evidence_required"] or "",
        "status": row["status"],
        "result": row["result"],
        "failure_class": row["failure_class"] or "",
        "artifact_path": row["artifact_path"],
        "artifact_sha256": row["artifact_sha256"],
        "artifact_size": row["artifact_size"],
        "duration_seconds": row["duration_seconds"],
        "exit_code": row["exit_code"],
        "attempts": row["attempts"],
        "evidence_id": row["evidence_id"],
        "pid": row["pid"],
        "host": row["host"],
        "started_at": row["started_at"],
        "last_news_at": row["last_news_at"],
        "finished_at": row["finished_at"],
        "notes": row["notes"] or "",
        "recorded_by": row["recorded_by"],
    }
