"""The schema, as numbered steps that are applied in order and never edited after a release.

`SCHEMA_VERSION` is written to `PRAGMA user_version`, so that a command knows with one read whether a step is due;
only then is this module (and sqlite-utils, which is slow to import) loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlite_utils.migrations import Migrations

from fairway_scripts.store.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

steps = Migrations("fairway")


def database(connection: sqlite3.Connection) -> Database:
    """A sqlite-utils view of an open connection, without third-party plugins (they cost 20 ms to look for)."""
    from sqlite_utils import Database

    return Database(connection, execute_plugins=False, strict=True)


def pending(connection: sqlite3.Connection) -> list[str]:
    """The names of the steps that are due, oldest first."""
    return [step.name for step in steps.pending(database(connection))]


def apply(connection: sqlite3.Connection) -> None:
    """Apply every due step; the caller holds the write lock (BEGIN IMMEDIATE), or two processes would race."""
    steps.apply(database(connection))
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION:d}")


def apply_until(connection: sqlite3.Connection, version: int) -> None:
    """Give an empty database the tables of schema `version`, an older one or the newest."""
    steps.apply(database(connection), stop_before=pending(connection)[version : version + 1])
    connection.execute(f"PRAGMA user_version = {version:d}")


def _text(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, str)


def _whole(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, int)


@steps()
def m001_definitions(db: Database) -> None:
    """Tasks as the queue file (or queue-add) defines them; nothing here changes when work is done."""
    db.create_table(
        "task_definitions",
        _text("id", "source")
        | _whole("position")
        | _text("parent_id", "kind", "title", "role", "notes", "acceptance_checks")
        | _whole("priority", "sequence")
        | _text("profile", "owning_domain", "owning_layer", "source_paths", "target_paths", "review_domains")
        | _text("risk_level", "migration_type", "tags", "extra", "content_hash")
        | _text("created_at", "created_by", "updated_at", "left_file_at", "archived_at"),
        pk="id",
        not_null=["source", "title", "role", "content_hash", "created_at", "updated_at"],
        strict=True,
    )
    db.table("task_definitions").create_index(["parent_id"])
    db.create_table(
        "task_dependencies",
        _text("task_id", "depends_on") | _whole("position"),
        pk=("task_id", "depends_on"),
        foreign_keys=[("task_id", "task_definitions", "id")],
        strict=True,
    )
    db.table("task_dependencies").create_index(["depends_on"])
    # Archived queue files answer "is this dependency done?"; their tasks are never claimed.
    db.create_table(
        "archived_tasks",
        _text("task_id", "title", "role", "status")
        | _whole("terminal")
        | _text("commit_sha", "completed_at", "source"),
        pk="task_id",
        not_null=["status", "terminal", "source"],
        strict=True,
    )


@steps()
def m002_state(db: Database) -> None:
    """What has become of a task. `terminal`, `ready`, `open_blockers` and the three order columns are derived.

    They are kept beside the state so that one index answers "what is ready"; queue-verify recomputes them.
    """
    db.create_table(
        "task_state",
        _text("task_id", "status")
        | _whole("terminal", "ready", "open_blockers")
        | _text("role")
        | _whole("sort_priority", "sort_sequence")
        | _text("owner", "claimant", "branch", "claimed_at", "lease_expires_at", "completed_at", "commit_sha")
        | _whole("review_required")
        | _text("review_status", "reviewer", "reviewed_at", "review_note")
        | _whole("version", "fence")
        | _text("status_since", "updated_at"),
        pk="task_id",
        foreign_keys=[("task_id", "task_definitions", "id")],
        not_null=[
            "status",
            "terminal",
            "ready",
            "open_blockers",
            "role",
            "version",
            "fence",
            "status_since",
            "updated_at",
        ],
        strict=True,
    )
    db.execute(
        "CREATE INDEX idx_task_state_ready ON task_state (role, sort_priority, sort_sequence, task_id) WHERE ready = 1"
    )
    db.execute("CREATE INDEX idx_task_state_claimant ON task_state (claimant) WHERE claimant IS NOT NULL")
    db.table("task_state").create_index(["status", "role"])
    db.create_table(
        "task_state_history",
        _whole("id")
        | _text("task_id", "from_status", "to_status", "from_owner", "to_owner", "from_branch", "to_branch")
        | _text("from_commit_sha", "to_commit_sha", "claimant", "command_source", "actor", "reason", "at"),
        pk="id",
        foreign_keys=[("task_id", "task_state", "task_id")],
        not_null=["task_id", "to_status", "actor", "at"],
        strict=True,
    )
    db.table("task_state_history").create_index(["task_id", "id"])


@steps()
def m003_records(db: Database) -> None:
    """Evidence, handoffs, reviews and review requests: append-only; `withdrawn_at` is set by queue-undo."""
    state = [("task_id", "task_state", "task_id")]
    tables: dict[str, tuple[dict[str, Any], list[str]]] = {
        "task_evidence": (
            _text("task_id")
            | _whole("handoff_id")
            | _text("pack_id", "environment")  # the regression pack whose run this was, and where it ran
            | _text("command_text", "result", "artifact_path", "artifact_type", "artifact_sha256")
            | _whole("artifact_size", "duration_seconds")
            | _text("notes", "branch", "commit_sha")
            | _whole("tree_dirty")
            | _text("producer", "recorded_by", "created_at", "withdrawn_at"),
            ["task_id", "command_text", "result", "producer", "recorded_by", "created_at"],
        ),
        "task_handoffs": (
            _text("task_id", "from_role", "to_role", "owner", "branch", "commit_sha", "commands", "results")
            | _text("changed_files", "risks", "blockers", "next_step", "payload", "recorded_by", "created_at")
            | _text("acknowledged_at", "acknowledged_by", "acknowledged_note", "withdrawn_at"),
            ["task_id", "recorded_by", "created_at"],
        ),
        "task_reviews": (
            _text("task_id", "reviewer_role", "reviewer", "verdict", "reviewed_commit_sha", "base_commit_sha")
            | _text("route_reason", "notes", "recorded_by", "created_at", "withdrawn_at"),
            ["task_id", "reviewer_role", "reviewer", "verdict", "recorded_by", "created_at"],
        ),
        "review_requests": (
            _text("task_id", "role", "layer", "rules", "paths", "commit_sha", "base_commit_sha")
            | _whole("answered_by")  # the review that satisfied the request before it was opened
            | _text("requested_by", "created_at", "superseded_at", "withdrawn_at"),
            ["task_id", "role", "rules", "requested_by", "created_at"],
        ),
    }
    for name, (columns, required) in tables.items():
        db.create_table(name, _whole("id") | columns, pk="id", foreign_keys=state, not_null=required, strict=True)
        db.table(name).create_index(["task_id", "id"])


@steps()
def m004_ledger(db: Database) -> None:
    """The append-only ledger, the answers of named requests, and what was read from which file."""
    db.create_table(
        "events",
        _whole("id")
        | _text("at", "actor", "session_id", "tool", "task_id", "kind", "payload", "request_id")
        | _whole("reverts")
        | _text("previous_hash", "hash"),
        pk="id",
        not_null=["at", "actor", "tool", "task_id", "kind", "payload", "previous_hash", "hash"],
        strict=True,
    )
    db.table("events").create_index(["task_id", "id"])
    db.table("events").create_index(["actor", "id"])
    db.execute("CREATE INDEX idx_events_reverts ON events (reverts) WHERE reverts IS NOT NULL")
    db.create_table(
        "requests",
        _text("request_id", "tool", "fingerprint", "response", "created_at"),
        pk="request_id",
        not_null=["tool", "fingerprint", "response", "created_at"],
        strict=True,
    )
    db.create_table(
        "queue_sources",
        _text("path", "kind")
        | _whole("mtime_ns", "size")
        | _text("sha256")
        | _whole("valid")
        | _text("faults", "header")
        | _whole("task_count")
        | _text("imported_at"),
        pk="path",
        not_null=["kind", "mtime_ns", "size", "valid", "task_count"],
        strict=True,
    )
    db.create_table("meta", _text("key", "value"), pk="key", not_null=["value"], strict=True)


@steps()
def m005_attachments(db: Database) -> None:
    """What is attached to durable work and may be replaced: sessions, watchers, checkpoints, lane worktrees.

    A session or watcher names its task without a foreign key: it may outlive the task, and reconcile reports that.
    """
    db.create_table(
        "sessions",
        _text("id", "role", "lane", "worktree_path", "branch", "session_backend", "provider", "session_name", "task_id")
        | _text("external_id", "external_state")  # the provider's own thread or run, and what it last said of itself
        | _whole("pid")
        | _text("pid_started_at", "host")
        | _text("terminal")  # which terminal server holds the pane: a pane's number is unique only there
        | _text("tmux_pane", "transcript_path", "command", "status", "started_at", "last_heartbeat_at", "ended_at")
        | _whole("exit_code")
        | _text("end_reason", "registered_by", "updated_at"),
        pk="id",
        not_null=["role", "session_backend", "status", "started_at", "registered_by", "updated_at"],
        strict=True,
    )
    db.table("sessions").create_index(["role", "ended_at"])
    db.table("sessions").create_index(["task_id"])
    db.create_table(
        "checkpoints",
        _whole("id")
        | _text("subject_kind", "subject_id", "state", "owner", "target_close_by", "summary", "artifact_path")
        | _text("session_id", "recorded_by", "created_at", "withdrawn_at"),
        pk="id",
        not_null=["subject_kind", "subject_id", "state", "summary", "recorded_by", "created_at"],
        strict=True,
    )
    db.table("checkpoints").create_index(["subject_kind", "subject_id", "id"])
    db.create_table(
        "watchers",
        _text("id", "task_id", "role", "owner", "process", "command", "success_condition", "failure_condition")
        | _text("allowed_fixes", "must_not_touch", "escalation_rules", "expected_duration", "poll_interval")
        | _text("close_condition", "evidence_required", "status", "result", "failure_class")
        | _text("artifact_path", "artifact_sha256")
        | _whole("artifact_size", "duration_seconds", "exit_code", "attempts", "evidence_id", "pid")
        | _text("pid_started_at", "host", "notes", "started_at", "last_news_at", "finished_at", "recorded_by"),
        pk="id",
        not_null=["task_id", "status", "started_at", "recorded_by"],
        strict=True,
    )
    db.table("watchers").create_index(["status", "started_at"])
    db.table("watchers").create_index(["task_id"])
    db.create_table(
        "lane_worktrees",
        _text("path", "role", "branch", "created_at", "created_by", "removed_at"),
        pk="path",
        not_null=["role", "created_at", "created_by"],
        strict=True,
    )
