"""Step 13 of the schema: views that answer what people ask a store, for sqlite-utils, Datasette and psql.

They are SQL that both engines take, and no tool reads them: a view may be joined, filtered and forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.store.sqlite import steps_ledger  # noqa: F401 - its steps come first in the list
from fairway_scripts.store.sqlite.columns import steps

if TYPE_CHECKING:
    from sqlite_utils import Database

_VIEWS = {
    # every task with its state
    "v_tasks": """SELECT s.task_id, d.title, s.role AS lane, s.status, s.owner, s.claimant, s.branch, s.commit_sha,
  d.kind, d.priority, d.parent_id, s.ready, s.open_blockers, s.review_status, s.status_since, s.completed_at,
  d.left_file_at, d.archived_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id""",
    # who approved what, on which commit, and how much evidence of that commit had passed
    "v_approvals": """SELECT v.id AS review_id, v.task_id, d.title, s.role AS lane, v.reviewer_role, v.reviewer,
  v.review_domain, v.reviewed_commit_sha, v.base_commit_sha, v.created_at, v.recorded_by, v.notes, v.waiver_id,
  (SELECT count(*) FROM task_evidence e WHERE e.task_id = v.task_id AND e.commit_sha = v.reviewed_commit_sha
    AND e.result = 'pass' AND e.withdrawn_at IS NULL AND e.created_at <= v.created_at) AS passed_evidence
FROM task_reviews v JOIN task_state s ON s.task_id = v.task_id JOIN task_definitions d ON d.id = v.task_id
WHERE v.verdict = 'approved' AND v.withdrawn_at IS NULL""",
    # what was run, by whom, on which commit, and what came of it
    "v_evidence": """SELECT e.id AS evidence_id, e.task_id, s.role AS lane, e.command_text, e.result, e.commit_sha,
  e.branch, e.tree_dirty, e.producer, e.run_by, e.signed_off_by, e.artifact_path, e.artifact_sha256, e.pack_id,
  e.environment, e.duration_seconds, e.notes, e.recorded_by, e.created_at
FROM task_evidence e JOIN task_state s ON s.task_id = e.task_id
WHERE e.withdrawn_at IS NULL""",
    # reviews that somebody was asked for and nobody has answered
    "v_open_reviews": """SELECT q.id AS request_id, q.task_id, d.title, s.role AS lane, q.role AS reviewer_role,
  q.review_domain, q.shape, q.layer, q.rules, q.commit_sha, q.requested_by, q.created_at
FROM review_requests q JOIN task_state s ON s.task_id = q.task_id JOIN task_definitions d ON d.id = q.task_id
WHERE q.withdrawn_at IS NULL AND q.superseded_at IS NULL AND q.answered_by IS NULL AND s.terminal = 0
  AND NOT EXISTS (SELECT 1 FROM task_reviews v WHERE v.task_id = q.task_id AND v.reviewer_role = q.role
    AND COALESCE(v.review_domain, '') IN ('', COALESCE(q.review_domain, ''))
    AND v.withdrawn_at IS NULL AND v.created_at >= q.created_at)""",
    # every change: who, with which tool, to which task, and whether it was taken back
    "v_activity": """SELECT e.id AS event_id, e.at, e.actor, e.session_id, e.tool, e.task_id, e.kind, e.payload,
  e.request_id, e.reverts,
  (SELECT max(r.id) FROM events r WHERE r.task_id = e.task_id AND r.reverts = e.id) AS reverted_by
FROM events e WHERE e.kind NOT IN ('rows_written', 'ledger_baseline')""",
}


@steps()
def m013_views(db: Database) -> None:
    """Views of tasks, approvals, evidence, open reviews and activity; no row is stored in them."""
    for name, question in _VIEWS.items():
        db.execute(f"CREATE VIEW {name} AS\n{question}")
