"""Step 15 of the schema: what branches on a remote are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.store.sqlite import steps_trackers  # noqa: F401 - its step comes first in the list
from fairway_scripts.store.sqlite.columns import steps, text, whole

if TYPE_CHECKING:
    from sqlite_utils import Database


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
