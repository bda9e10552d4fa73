"""What hot commands must know of the schema without loading the migrations."""

from __future__ import annotations

#: `PRAGMA user_version` of a store that this version reads and writes: the number of migration steps,
#: which `make tables` writes.
SCHEMA_VERSION = 16

#: The views of the store, which hold no rows.
VIEWS = ("v_tasks", "v_approvals", "v_evidence", "v_open_reviews", "v_activity")

#: Every table of the store, parents before children: the order of a snapshot and of a restore.
TABLES = (
    "meta",
    "queue_sources",
    "archived_tasks",
    "task_definitions",
    "task_dependencies",
    "task_state",
    "task_state_history",
    "task_handoffs",
    "task_evidence",
    "task_reviews",
    "review_requests",
    "sessions",
    "checkpoints",
    "watchers",
    "lane_worktrees",
    "lane_engines",
    "legacy_rows",
    "write_backs",
    "parity_observations",
    "waivers",
    "execution_approvals",
    "guard_modes",
    "tracker_links",
    "push_intents",
    "events",
    "ledger_head",
    "requests",
)
