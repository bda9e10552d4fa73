"""Steps from 14 of the schema, the newest ones. A new step comes last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.store.sqlite import steps_views  # noqa: F401 - its step comes first in the list
from fairway_scripts.store.sqlite.columns import steps, text, whole

if TYPE_CHECKING:
    from sqlite_utils import Database


@steps()
def m014_tracker_links(db: Database) -> None:
    """Links are append-only: `withdrawn_at` ends one, and its row stays.

    `base` is what both sides were when they last agreed (JSON), `content_hash` the digest of their side of it, `etag`
    and `watermark` what the tracker said then. `comment_id` and `comment_hash` are our comment as it was last known to
    stand there; `pending_hash` and `pending_at` one that was about to be sent and whose outcome nobody has seen yet.
    """
    db.create_table(
        "tracker_links",
        whole("id")
        | text("task_id", "uid", "tracker", "kind", "host", "issue", "remote_id", "url", "base", "content_hash")
        | text("etag", "watermark", "comment_id", "comment_hash", "pending_hash", "pending_at")
        | text("recorded_by", "created_at", "withdrawn_at"),
        pk="id",
        foreign_keys=[("task_id", "task_state", "task_id")],
        not_null=[
            *("task_id", "uid", "tracker", "kind", "host", "issue", "remote_id", "url", "base", "content_hash"),
            *("recorded_by", "created_at"),
        ],
        strict=True,
    )
    db.table("tracker_links").create_index(["task_id", "id"])


@steps()
def m015_push_intents(db: Database) -> None:
    """Why a task's branch may stand on a remote. Append-only: `withdrawn_at` ends a row, and it stays."""
    db.create_table(
        "push_intents",
        whole("id") | text("task_id", "remote", "branch", "reason", "recorded_by", "created_at", "withdrawn_at"),
        pk="id",
        foreign_keys=[("task_id", "task_state", "task_id")],
        not_null=["task_id", "remote", "branch", "reason", "recorded_by", "created_at"],
        strict=True,
    )
    db.table("push_intents").create_index(["task_id", "id"])


@steps()
def m016_claims_by_lease(db: Database) -> None:
    """Every change asks which leases of its caller are due, which hardly any is: their end joins the index."""
    db.execute("DROP INDEX idx_task_state_claimant")
    db.execute(
        "CREATE INDEX idx_task_state_claimant ON task_state (claimant, COALESCE(lease_expires_at, ''))"
        " WHERE claimant IS NOT NULL"
    )
