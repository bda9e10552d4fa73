"""Steps 9 to 12 of the schema: one chain over the whole ledger with its head, rows in events, and what came after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.store.sqlite import steps_cutover  # noqa: F401 - its steps come first in the list
from fairway_scripts.store.sqlite.columns import steps, text, whole

if TYPE_CHECKING:
    from sqlite_utils import Database


@steps()
def m009_ledger_head(db: Database) -> None:
    """Events hold the rows that were written with them and are chained over the whole store; the head of that chain.

    What is in an older store is taken in when all steps are applied: `ledger_baseline.begin`.
    """
    db.table("events").add_column("row_images", str)
    db.table("events").add_column("store_hash", str)
    db.create_table(
        "ledger_head",
        whole("id", "event_id", "events") | text("hash"),
        pk="id",
        not_null=["event_id", "events", "hash"],
        strict=True,
    )


@steps()
def m010_run_by(db: Database) -> None:
    """Evidence names the tool of ours that ran the command and saw how it ended; a typed record has none."""
    db.table("task_evidence").add_column("run_by", str)


@steps()
def m011_approved_programs(db: Database) -> None:
    """An approval to execute holds the programs of its class and the search path (JSON) as they were then."""
    db.table("execution_approvals").add_column("programs", str)


@steps()
def m012_failures_and_spawns(db: Database) -> None:
    """Health, preflight and tick ask each time for failures that no task follows up: few rows of two large tables."""
    db.execute(
        "CREATE INDEX idx_task_evidence_failed ON task_evidence (created_at, id) "
        "WHERE result = 'fail' AND withdrawn_at IS NULL"
    )
    db.execute("CREATE INDEX idx_events_spawned ON events (task_id) WHERE tool = 'queue-spawn'")
