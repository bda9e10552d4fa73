"""Steps 1 to 5 of the schema: definitions, state, records, the ledger, attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.store.sqlite.columns import steps, text, whole

if TYPE_CHECKING:
    from sqlite_utils import Database


@steps()
def m001_definitions(db: Database) -> None:
    """Tasks as the queue file (or queue-add) defines them; nothing here changes when work is done."""
    db.create_table(
        "task_definitions",
        text("id", "source")
        | whole("position")
        | text("parent_id", "kind", "title", "role", "notes", "acceptance_checks")
        | whole("priority", "sequence")
        | text("profile", "owning_domain", "owning_layer", "source_paths", "target_paths", "review_domains")
        | text("risk_level", "migration_type", "tags", "extra", "content_hash")
        | text("created_at", "created_by", "updated_at", "left_file_at", "archived_at"),
        pk="id",
        not_null=["source", "title", "role", "content_hash", "created_at", "updated_at"],
        strict=True,
    )
    db.table("task_definitions").create_index(["parent_id"])
    db.create_table(
        "task_dependencies",
        text("task_id", "depends_on") | whole("position"),
        pk=("task_id", "depends_on"),
        foreign_keys=[("task_id", "task_definitions", "id")],
        strict=True,
    )
    db.table("task_dependencies").create_index(["depends_on"])
    # Archived queue files answer "is this dependency done?"; their tasks are never claimed.
    db.create_table(
        "archived_tasks",
        text("task_id", "title", "role", "status") | whole("terminal") | text("commit_sha", "completed_at", "source"),
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
        text("task_id", "status")
        | whole("terminal", "ready", "open_blockers")
        | text("role")
        | whole("sort_priority", "sort_sequence")
        | text("owner", "claimant", "branch", "claimed_at", "lease_expires_at", "completed_at", "commit_sha")
        | whole("review_required")
        | text("review_status", "reviewer", "reviewed_at", "review_note")
        | whole("version", "fence")
        | text("status_since", "updated_at"),
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
        whole("id")
        | text("task_id", "from_status", "to_status", "from_owner", "to_owner", "from_branch", "to_branch")
        | text("from_commit_sha", "to_commit_sha", "claimant", "command_source", "actor", "reason", "at"),
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
    tables: dict[str, tuple[dict[str, type], list[str]]] = {
        "task_evidence": (
            text("task_id")
            | whole("handoff_id")
            | text("pack_id", "environment")  # the regression pack whose run this was, and where it ran
            | text("command_text", "result", "artifact_path", "artifact_type", "artifact_sha256")
            | whole("artifact_size", "duration_seconds")
            | text("notes", "branch", "commit_sha")
            | whole("tree_dirty")
            | text("producer", "recorded_by", "created_at", "withdrawn_at"),
            ["task_id", "command_text", "result", "producer", "recorded_by", "created_at"],
        ),
        "task_handoffs": (
            text("task_id", "from_role", "to_role", "owner", "branch", "commit_sha", "commands", "results")
            | text("changed_files", "risks", "blockers", "next_step", "payload", "recorded_by", "created_at")
            | text("acknowledged_at", "acknowledged_by", "acknowledged_note", "withdrawn_at"),
            ["task_id", "recorded_by", "created_at"],
        ),
        "task_reviews": (
            text("task_id", "reviewer_role", "reviewer", "verdict", "reviewed_commit_sha", "base_commit_sha")
            | text("route_reason", "notes", "recorded_by", "created_at", "withdrawn_at"),
            ["task_id", "reviewer_role", "reviewer", "verdict", "recorded_by", "created_at"],
        ),
        "review_requests": (
            text("task_id", "role", "layer", "rules", "paths", "commit_sha", "base_commit_sha")
            | whole("answered_by")  # the review that satisfied the request before it was opened
            | text("requested_by", "created_at", "superseded_at", "withdrawn_at"),
            ["task_id", "role", "rules", "requested_by", "created_at"],
        ),
    }
    for name, (columns, required) in tables.items():
        db.create_table(name, whole("id") | columns, pk="id", foreign_keys=state, not_null=required, strict=True)
        db.table(name).create_index(["task_id", "id"])


@steps()
def m004_ledger(db: Database) -> None:
    """The append-only ledger, the answers of named requests, and what was read from which file."""
    db.create_table(
        "events",
        whole("id")
        | text("at", "actor", "session_id", "tool", "task_id", "kind", "payload", "request_id")
        | whole("reverts")
        | text("previous_hash", "hash"),
        pk="id",
        not_null=["at", "actor", "tool", "task_id", "kind", "payload", "previous_hash", "hash"],
        strict=True,
    )
    db.table("events").create_index(["task_id", "id"])
    db.table("events").create_index(["actor", "id"])
    db.execute("CREATE INDEX idx_events_reverts ON events (reverts) WHERE reverts IS NOT NULL")
    db.create_table(
        "requests",
        text("request_id", "tool", "fingerprint", "response", "created_at"),
        pk="request_id",
        not_null=["tool", "fingerprint", "response", "created_at"],
        strict=True,
    )
    db.create_table(
        "queue_sources",
        text("path", "kind")
        | whole("mtime_ns", "size")
        | text("sha256")
        | whole("valid")
        | text("faults", "header")
        | whole("task_count")
        | text("imported_at"),
        pk="path",
        not_null=["kind", "mtime_ns", "size", "valid", "task_count"],
        strict=True,
    )
    db.create_table("meta", text("key", "value"), pk="key", not_null=["value"], strict=True)


@steps()
def m005_attachments(db: Database) -> None:
    """What is attached to durable work and may be replaced: sessions, watchers, checkpoints, lane worktrees.

    A session or watcher names its task without a foreign key: it may outlive the task, and reconcile reports that.
    """
    db.create_table(
        "sessions",
        text("id", "role", "lane", "worktree_path", "branch", "session_backend", "provider", "session_name", "task_id")
        | text("external_id", "external_state")  # the provider's own thread or run, and what it last said of itself
        | whole("pid")
        | text("pid_started_at", "host")
        | text("terminal")  # which terminal server holds the pane: a pane's number is unique only there
        | text("tmux_pane", "transcript_path", "command", "status", "started_at", "last_heartbeat_at", "ended_at")
        | whole("exit_code")
        | text("end_reason", "registered_by", "updated_at"),
        pk="id",
        not_null=["role", "session_backend", "status", "started_at", "registered_by", "updated_at"],
        strict=True,
    )
    db.table("sessions").create_index(["role", "ended_at"])
    db.table("sessions").create_index(["task_id"])
    db.create_table(
        "checkpoints",
        whole("id")
        | text("subject_kind", "subject_id", "state", "owner", "target_close_by", "summary", "artifact_path")
        | text("session_id", "recorded_by", "created_at", "withdrawn_at"),
        pk="id",
        not_null=["subject_kind", "subject_id", "state", "summary", "recorded_by", "created_at"],
        strict=True,
    )
    db.table("checkpoints").create_index(["subject_kind", "subject_id", "id"])
    db.create_table(
        "watchers",
        text("id", "task_id", "role", "owner", "process", "command", "success_condition", "failure_condition")
        | text("allowed_fixes", "must_not_touch", "escalation_rules", "expected_duration", "poll_interval")
        | text("close_condition", "evidence_required", "status", "result", "failure_class")
        | text("artifact_path", "artifact_sha256")
        | whole("artifact_size", "duration_seconds", "exit_code", "attempts", "evidence_id", "pid")
        | text("pid_started_at", "host", "notes", "started_at", "last_news_at", "finished_at", "recorded_by"),
        pk="id",
        not_null=["task_id", "status", "started_at", "recorded_by"],
        strict=True,
    )
    db.table("watchers").create_index(["status", "started_at"])
    db.table("watchers").create_index(["task_id"])
    db.create_table(
        "lane_worktrees",
        text("path", "role", "branch", "created_at", "created_by", "removed_at"),
        pk="path",
        not_null=["role", "created_at", "created_by"],
        strict=True,
    )
