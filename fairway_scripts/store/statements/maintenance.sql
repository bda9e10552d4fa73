What undo, prune-stale, verify and the YAML export ask and change.

-- name: last_change
SELECT * FROM events e
WHERE e.actor = :actor AND (:task_id = '' OR e.task_id = :task_id) AND e.kind <> 'undone'
  AND substr(e.kind, 1, 8) NOT IN ('session_', 'tracker_')
  AND (e.task_id <> '' OR e.kind = 'pruned' OR (e.kind = 'queue_imported' AND e.tool = 'queue-import'))
  AND NOT EXISTS (SELECT 1 FROM events u WHERE u.reverts = e.id)
ORDER BY e.id DESC LIMIT 1

-- name: later_change
SELECT * FROM events e
WHERE e.task_id = :task_id AND e.id > :event_id AND e.kind <> 'undone' AND substr(e.kind, 1, 8) <> 'tracker_'
  AND NOT EXISTS (SELECT 1 FROM events u WHERE u.reverts = e.id)
ORDER BY e.id LIMIT 1

-- name: built_on
SELECT s.task_id AS id, s.role AS lane, s.status, s.claimant
FROM task_dependencies t JOIN task_state s ON s.task_id = t.task_id
WHERE t.depends_on = :task_id AND s.status <> :initial AND s.status_since >= :since
ORDER BY s.task_id

-- name: withdraw_task_evidence
UPDATE task_evidence SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL

-- name: withdraw_task_handoffs
UPDATE task_handoffs SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL

-- name: withdraw_task_reviews
UPDATE task_reviews SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL

-- name: withdraw_review_requests
UPDATE review_requests SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL

-- name: withdraw_checkpoints
UPDATE checkpoints SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL

-- name: withdraw_execution_approvals
UPDATE execution_approvals SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL

-- name: withdraw_push_intents
UPDATE push_intents SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL

-- name: withdraw_waivers
UPDATE waivers SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL

-- name: revive_request
UPDATE review_requests SET superseded_at = NULL WHERE id = :row_id

-- name: open_handoff_again
UPDATE task_handoffs SET acknowledged_at = NULL, acknowledged_by = NULL, acknowledged_note = NULL WHERE id = :row_id

-- name: left_tasks
SELECT d.id, d.archived_at, s.status, s.terminal, s.owner, s.claimant,
  CASE WHEN s.version = 1 AND s.fence = 0
      AND (SELECT count(*) FROM task_state_history h WHERE h.task_id = d.id) = 1
      AND NOT EXISTS (SELECT 1 FROM events e WHERE e.task_id = d.id)
      AND NOT EXISTS (SELECT 1 FROM task_evidence r WHERE r.task_id = d.id)
      AND NOT EXISTS (SELECT 1 FROM task_handoffs r WHERE r.task_id = d.id)
      AND NOT EXISTS (SELECT 1 FROM task_reviews r WHERE r.task_id = d.id)
      AND NOT EXISTS (SELECT 1 FROM review_requests r WHERE r.task_id = d.id)
      AND NOT EXISTS (SELECT 1 FROM sessions r WHERE r.task_id = d.id)
      AND NOT EXISTS (SELECT 1 FROM watchers r WHERE r.task_id = d.id)
      AND NOT EXISTS (SELECT 1 FROM checkpoints r WHERE r.subject_kind = 'task' AND r.subject_id = d.id)
    THEN 1 ELSE 0 END AS untouched
FROM task_definitions d LEFT JOIN task_state s ON s.task_id = d.id
WHERE d.left_file_at IS NOT NULL
ORDER BY d.id

-- name: named_by_others
SELECT t.depends_on AS id, t.task_id AS by_id
FROM task_dependencies t JOIN task_definitions d ON d.id = t.depends_on
WHERE d.left_file_at IS NOT NULL
UNION
SELECT d.id AS id, c.id AS by_id
FROM task_definitions c JOIN task_definitions d ON d.id = c.parent_id
WHERE d.left_file_at IS NOT NULL

-- name: delete_history
DELETE FROM task_state_history WHERE task_id = :task_id

-- name: delete_state
DELETE FROM task_state WHERE task_id = :task_id

-- name: delete_dependencies
DELETE FROM task_dependencies WHERE task_id = :task_id

-- name: delete_definition
DELETE FROM task_definitions WHERE id = :task_id

-- name: archive_definition
UPDATE task_definitions SET archived_at = :at WHERE id = :task_id AND archived_at IS NULL

-- name: event_chains
SELECT * FROM events ORDER BY task_id, id

-- name: states_by_task
SELECT * FROM task_state ORDER BY task_id

-- name: tasks_without_state
SELECT d.id FROM task_definitions d LEFT JOIN task_state s ON s.task_id = d.id WHERE s.task_id IS NULL ORDER BY d.id

-- name: states_off_history
SELECT s.task_id, s.status, s.owner, s.branch, s.commit_sha, h.id AS history_id, h.to_status, h.to_owner, h.to_branch,
  h.to_commit_sha
FROM task_state s
LEFT JOIN (SELECT task_id, max(id) AS id FROM task_state_history GROUP BY task_id) latest ON latest.task_id = s.task_id
LEFT JOIN task_state_history h ON h.id = latest.id
WHERE h.id IS NULL OR h.to_status <> s.status OR COALESCE(h.to_owner, '') <> COALESCE(s.owner, '')
  OR COALESCE(h.to_branch, '') <> COALESCE(s.branch, '') OR COALESCE(h.to_commit_sha, '') <> COALESCE(s.commit_sha, '')
ORDER BY s.task_id

-- name: broken_history
SELECT id, task_id, from_status, before_status FROM (
  SELECT id, task_id, from_status, from_owner, from_branch, from_commit_sha,
    lag(to_status) OVER w AS before_status, lag(to_owner) OVER w AS before_owner,
    lag(to_branch) OVER w AS before_branch, lag(to_commit_sha) OVER w AS before_commit
  FROM task_state_history
  WINDOW w AS (PARTITION BY task_id ORDER BY id)
) steps
WHERE COALESCE(from_status, '') <> COALESCE(before_status, '') OR COALESCE(from_owner, '') <> COALESCE(before_owner, '')
  OR COALESCE(from_branch, '') <> COALESCE(before_branch, '')
  OR COALESCE(from_commit_sha, '') <> COALESCE(before_commit, '')
ORDER BY id

-- name: wrong_order
SELECT s.task_id, s.role, d.role AS lane, s.sort_priority, COALESCE(d.priority, :priority) AS priority,
  s.sort_sequence, COALESCE(d.sequence, d.position, 0) AS sequence
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.role <> d.role OR s.sort_priority IS NULL OR s.sort_sequence IS NULL
  OR s.sort_priority <> COALESCE(d.priority, :priority) OR s.sort_sequence <> COALESCE(d.sequence, d.position, 0)
ORDER BY s.task_id

-- name: wrong_readiness
SELECT * FROM (
  SELECT s.task_id, s.open_blockers, s.ready, count(t.depends_on) AS blockers,
    CASE WHEN s.status = :initial AND count(t.depends_on) = 0 AND d.left_file_at IS NULL THEN 1 ELSE 0 END AS claimable
  FROM task_state s JOIN task_definitions d ON d.id = s.task_id
  LEFT JOIN (
    SELECT l.task_id, l.depends_on FROM task_dependencies l
    LEFT JOIN task_state n ON n.task_id = l.depends_on
    LEFT JOIN archived_tasks a ON a.task_id = l.depends_on
    WHERE COALESCE(n.terminal, a.terminal, 0) = 0
  ) t ON t.task_id = s.task_id
  GROUP BY s.task_id, s.open_blockers, s.ready, s.status, d.left_file_at
) counted
WHERE open_blockers <> blockers OR ready <> claimable
ORDER BY task_id

-- name: terminal_by_status
SELECT status, terminal, min(task_id) AS task_id, count(*) AS tasks FROM task_state GROUP BY status, terminal ORDER BY status

-- name: wrong_claims
SELECT task_id, status, claimant, version, fence FROM task_state
WHERE version < 1 OR fence < 0 OR (claimant IS NOT NULL AND terminal = 1)
ORDER BY task_id

-- name: wrong_reverts
SELECT u.id, u.task_id, u.reverts FROM events u LEFT JOIN events e ON e.id = u.reverts
WHERE u.reverts IS NOT NULL AND (e.id IS NULL OR e.task_id <> u.task_id OR e.id >= u.id)
ORDER BY u.id

-- name: request_responses
SELECT request_id AS name, response AS text FROM requests ORDER BY request_id

-- name: event_count
SELECT count(*) FROM events

-- name: task_count
SELECT count(*) FROM task_state

-- name: newest_source
SELECT header FROM queue_sources WHERE kind = 'active' ORDER BY imported_at DESC NULLS LAST, path LIMIT 1

-- name: export_tasks
SELECT d.*, s.status, s.owner, s.branch, s.completed_at, s.commit_sha
FROM task_definitions d JOIN task_state s ON s.task_id = d.id
ORDER BY d.source, d.position NULLS FIRST, d.id

-- name: all_dependencies
SELECT task_id, depends_on FROM task_dependencies ORDER BY task_id, position NULLS FIRST, depends_on

-- name: tasks_in_force
SELECT id FROM task_definitions WHERE left_file_at IS NULL

-- name: rows_of
SELECT (SELECT count(*) FROM task_state_history WHERE task_id = :task_id) AS history,
  (SELECT count(*) FROM task_dependencies WHERE task_id = :task_id) AS dependencies,
  (SELECT count(*) FROM task_state WHERE task_id = :task_id) AS state,
  (SELECT count(*) FROM task_definitions WHERE id = :task_id) AS definitions
