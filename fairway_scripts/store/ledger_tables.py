"""Which tables the ledger holds, row by row, and which of their columns may change without an event.

Every statement that changes a row of one of `KEYS` gives the row back (`RETURNING *`), and the transaction puts it,
as it is then, into its event. queue-verify compares the rows of all these tables with the newest one that an event
holds. A table of the schema that is neither here nor in `OUTSIDE` fails a test, as does a statement that is marked
`[derived]` and sets another column than the ones below.
"""

from __future__ import annotations

#: Table -> the columns of its primary key.
KEYS: dict[str, tuple[str, ...]] = {
    "meta": ("key",),
    "queue_sources": ("path",),
    "archived_tasks": ("task_id",),
    "task_definitions": ("id",),
    "task_dependencies": ("task_id", "depends_on"),
    "task_state": ("task_id",),
    "task_state_history": ("id",),
    "task_handoffs": ("id",),
    "task_evidence": ("id",),
    "task_reviews": ("id",),
    "review_requests": ("id",),
    "sessions": ("id",),
    "checkpoints": ("id",),
    "watchers": ("id",),
    "lane_worktrees": ("path",),
    "lane_engines": ("role",),
    "legacy_rows": ("legacy_table", "legacy_key"),
    "write_backs": ("id",),
    "parity_observations": ("id",),
    "waivers": ("id",),
    "execution_approvals": ("id",),
    "guard_modes": ("id",),
    "tracker_links": ("id",),
    "push_intents": ("id",),
    "requests": ("request_id",),
}

#: The ledger itself: every column is covered by the hashes of the events and the head.
OUTSIDE = ("events", "ledger_head")

#: Columns that follow from others; queue-verify recomputes them.
DERIVED: dict[str, tuple[str, ...]] = {
    "task_state": ("terminal", "ready", "open_blockers", "role", "sort_priority", "sort_sequence"),
}

#: Signs of life: they move forward without an event, so only a step back, or nothing where something was, is found.
LIFE_SIGNS: dict[str, tuple[str, ...]] = {
    "task_state": ("lease_expires_at",),
    "sessions": ("last_heartbeat_at",),
    "watchers": ("last_news_at",),
}

#: Marks of what was read from elsewhere; a wrong one has it read again, and queue-verify compares the file.
MARKS: dict[str, tuple[str, ...]] = {
    "queue_sources": ("mtime_ns",),
    "tracker_links": ("etag", "watermark"),
}

#: Rows of `meta` that are such marks, and where a store was moved to, which its copy does not have.
MARK_KEYS = ("legacy_mark", "moved_to")
