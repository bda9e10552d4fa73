"""Steps 6 to 8 of the schema: the cut-over, review shapes with what goes with them, and the bar of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.store.sqlite import steps_queue  # noqa: F401 - its steps come first in the list
from fairway_scripts.store.sqlite.columns import steps, text, whole

if TYPE_CHECKING:
    from sqlite_utils import Database


@steps()
def m006_cutover(db: Database) -> None:
    """The cut-over: an engine for each lane, which legacy row became which of ours, what is owed to the legacy side.

    Engine changes are also events; the row holds the engine of now. A legacy row is named by its table and key, so
    that reading the old state again adds nothing twice.
    """
    db.create_table(
        "lane_engines",
        text("role", "engine", "since", "set_by", "reason", "cut_over_at"),
        pk="role",
        not_null=["engine", "since", "set_by"],
        strict=True,
    )
    db.create_table(
        "legacy_rows",
        text("legacy_table", "legacy_key", "task_id", "own_table", "own_key", "direction", "content_hash", "at"),
        pk=("legacy_table", "legacy_key"),
        not_null=["own_table", "direction", "content_hash", "at"],
        strict=True,
    )
    db.table("legacy_rows").create_index(["own_table", "own_key"])
    db.table("legacy_rows").create_index(["task_id"])
    db.create_table(
        "write_backs",
        whole("id")
        | text("task_id", "role", "kind", "payload", "state", "created_at", "last_tried_at", "last_error", "done_at")
        | text("next_try_at", "keys_before")  # the legacy side's rows of the task when the first try began
        | whole("attempts", "event_id"),
        pk="id",
        not_null=["task_id", "role", "kind", "payload", "state", "created_at", "attempts"],
        strict=True,
    )
    db.execute("CREATE INDEX idx_write_backs_open ON write_backs (id) WHERE state IN ('pending', 'failed')")
    db.create_table(
        "parity_observations",
        whole("id")
        | text("call_id", "at", "role", "operation", "task_id", "verdict", "note", "differences")
        | text("legacy_result", "own_result", "replay")
        | whole("legacy_ms", "own_ms"),
        pk="id",
        not_null=["call_id", "at", "role", "operation", "verdict", "differences", "legacy_result", "own_result"],
        strict=True,
    )
    db.table("parity_observations").create_index(["call_id"], unique=True)
    db.table("parity_observations").create_index(["role", "operation", "id"])


@steps()
def m007_review_shapes(db: Database) -> None:
    """Review shapes, waivers of them, approvals to execute, guards that graduate, and sign-off as a column."""
    db.table("task_evidence").add_column("signed_off_by", str)
    for name in ("gate", "guard_mode"):  # a guard's report: the gate as PROFILE/GATE, and how the guard ran
        db.table("task_evidence").add_column(name, str)
    for name in ("findings_count", "false_positives"):
        db.table("task_evidence").add_column(name, int)
    db.table("task_reviews").add_column("findings_count", int)
    db.table("task_reviews").add_column("duration_seconds", int)
    db.table("review_requests").add_column("shape", str)
    state = [("task_id", "task_state", "task_id")]
    tables: dict[str, tuple[dict[str, type], list[str]]] = {
        "waivers": (
            # rules: the reasons (a JSON list) that were known; the commits: the change that it was given for
            text("task_id", "subject", "needed", "granted", "rules", "reason", "owner", "commit_sha")
            | text("base_commit_sha", "recorded_by", "created_at", "withdrawn_at"),
            ["task_id", "subject", "needed", "granted", "rules", "reason", "owner", "recorded_by", "created_at"],
        ),
        "execution_approvals": (
            text("task_id", "command_class", "approved_by", "reason", "commit_sha", "expires_at")
            | text("recorded_by", "created_at", "withdrawn_at"),
            ["task_id", "command_class", "approved_by", "recorded_by", "created_at"],
        ),
    }
    for name, (columns, required) in tables.items():
        db.create_table(name, whole("id") | columns, pk="id", foreign_keys=state, not_null=required, strict=True)
        db.table(name).create_index(["task_id", "id"])
    db.create_table(
        "guard_modes",
        whole("id") | text("profile", "gate", "mode", "reason", "evidence", "recorded_by", "created_at"),
        pk="id",
        not_null=["profile", "gate", "mode", "reason", "recorded_by", "created_at"],
        strict=True,
    )


@steps()
def m008_review_bar(db: Database) -> None:
    """The bar of a review: verdicts and requests for one review domain, waivers that end and that somebody approves.

    `waiver_id` of a review names the waiver that it is about: such a verdict says nothing about the change.
    """
    for table in ("task_reviews", "review_requests"):
        db.table(table).add_column("review_domain", str)
    db.table("task_reviews").add_column("waiver_id", int)
    db.table("waivers").add_column("expires_at", str)
