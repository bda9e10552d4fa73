What the reports ask. Tasks that were archived count nowhere but where a statement says so.

-- name: list
SELECT s.task_id AS id, s.role AS lane, s.status, s.owner, s.claimant, s.branch, d.priority, d.kind, d.title,
  s.commit_sha, s.status_since, s.updated_at, s.ready, s.open_blockers, d.parent_id, d.left_file_at, d.archived_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE (:role = '' OR ',' || :role || ',' LIKE '%,' || s.role || ',%')
  AND (:status = '' OR ',' || :status || ',' LIKE '%,' || s.status || ',%') AND (:owner = '' OR s.owner = :owner)
  AND (:archived = 1 OR d.archived_at IS NULL)
ORDER BY s.role, s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id
LIMIT :limit

-- name: list_inside
WITH RECURSIVE below (id) AS (
  SELECT id FROM task_definitions WHERE parent_id = :inside
  UNION
  SELECT d.id FROM task_definitions d JOIN below b ON d.parent_id = b.id
)
SELECT s.task_id AS id, s.role AS lane, s.status, s.owner, s.claimant, s.branch, d.priority, d.kind, d.title,
  s.commit_sha, s.status_since, s.updated_at, s.ready, s.open_blockers, d.parent_id, d.left_file_at, d.archived_at
FROM below b JOIN task_state s ON s.task_id = b.id JOIN task_definitions d ON d.id = s.task_id
WHERE (:role = '' OR ',' || :role || ',' LIKE '%,' || s.role || ',%')
  AND (:status = '' OR ',' || :status || ',' LIKE '%,' || s.status || ',%') AND (:owner = '' OR s.owner = :owner)
  AND (:archived = 1 OR d.archived_at IS NULL)
ORDER BY s.role, s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id
LIMIT :limit

-- name: list_count
SELECT count(*) FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE (:role = '' OR ',' || :role || ',' LIKE '%,' || s.role || ',%')
  AND (:status = '' OR ',' || :status || ',' LIKE '%,' || s.status || ',%') AND (:owner = '' OR s.owner = :owner)
  AND (:archived = 1 OR d.archived_at IS NULL)

-- name: list_inside_count
WITH RECURSIVE below (id) AS (
  SELECT id FROM task_definitions WHERE parent_id = :inside
  UNION
  SELECT d.id FROM task_definitions d JOIN below b ON d.parent_id = b.id
)
SELECT count(*) FROM below b JOIN task_state s ON s.task_id = b.id JOIN task_definitions d ON d.id = s.task_id
WHERE (:role = '' OR ',' || :role || ',' LIKE '%,' || s.role || ',%')
  AND (:status = '' OR ',' || :status || ',' LIKE '%,' || s.status || ',%') AND (:owner = '' OR s.owner = :owner)
  AND (:archived = 1 OR d.archived_at IS NULL)

-- name: counts
SELECT s.role AS lane, s.status, count(*) AS tasks
FROM task_state s
WHERE (:role = '' OR s.role = :role)
GROUP BY s.role, s.status
ORDER BY s.role, s.status

-- name: ready_counts
SELECT s.role AS lane, count(*) AS tasks FROM task_state s
WHERE s.ready = 1 AND (:role = '' OR s.role = :role)
GROUP BY s.role ORDER BY s.role

-- name: archived_counts
SELECT d.role AS defined, s.role AS lane, s.status, count(*) AS tasks, coalesce(sum(s.ready), 0) AS ready
FROM task_definitions d LEFT JOIN task_state s ON s.task_id = d.id
WHERE d.archived_at IS NOT NULL
GROUP BY d.role, s.role, s.status ORDER BY d.role, s.role, s.status

-- name: in_status
SELECT s.task_id AS id, s.role AS lane, s.owner, s.claimant, s.claimed_at, s.lease_expires_at, s.status_since
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.status = :status AND (:role = '' OR s.role = :role) AND d.archived_at IS NULL
ORDER BY s.status_since, s.task_id

-- name: open_handoffs
SELECT h.id AS handoff_id, h.task_id AS id, s.role AS lane, h.to_role, h.owner, h.created_at
FROM task_handoffs h JOIN task_state s ON s.task_id = h.task_id JOIN task_definitions d ON d.id = h.task_id
WHERE h.acknowledged_at IS NULL AND h.withdrawn_at IS NULL AND s.terminal = 0 AND d.archived_at IS NULL
  AND (:role = '' OR s.role = :role OR h.to_role = :role)
ORDER BY h.created_at, h.id

-- name: under_review
SELECT s.task_id AS id, s.role AS lane, s.branch, s.review_required, s.review_status, s.updated_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.terminal = 0 AND d.archived_at IS NULL AND (s.review_required = 1
  OR EXISTS (SELECT 1 FROM review_requests q WHERE q.task_id = s.task_id AND q.withdrawn_at IS NULL))
ORDER BY s.task_id

-- name: open_requests
SELECT q.*
FROM review_requests q JOIN task_state s ON s.task_id = q.task_id
WHERE q.superseded_at IS NULL AND q.withdrawn_at IS NULL AND s.terminal = 0
ORDER BY q.created_at, q.id

-- name: open_verdicts
SELECT v.*
FROM task_reviews v JOIN task_state s ON s.task_id = v.task_id
WHERE v.withdrawn_at IS NULL AND s.terminal = 0
ORDER BY v.id

-- name: open_approved
SELECT s.task_id, s.role, s.owner, s.claimant FROM task_state s
WHERE s.terminal = 0 AND (EXISTS (SELECT 1 FROM task_reviews v
    WHERE v.task_id = s.task_id AND v.verdict = 'approved' AND v.withdrawn_at IS NULL)
  OR EXISTS (SELECT 1 FROM review_requests q WHERE q.task_id = s.task_id AND q.answered_by IS NOT NULL
    AND q.superseded_at IS NULL AND q.withdrawn_at IS NULL))
ORDER BY s.task_id

-- name: timed_tasks
SELECT s.task_id AS id, s.role AS lane, d.title, s.status, s.terminal
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE (:role = '' OR s.role = :role) AND (:task_id = '' OR s.task_id = :task_id)
  AND (:task_id <> '' OR d.archived_at IS NULL)
ORDER BY s.task_id

-- name: transitions
SELECT h.task_id, h.from_status, h.to_status, h.command_source, h.at
FROM task_state_history h JOIN task_state s ON s.task_id = h.task_id
WHERE (:role = '' OR s.role = :role) AND (:task_id = '' OR h.task_id = :task_id)
ORDER BY h.task_id, h.id

-- name: evidence_times
SELECT e.task_id, e.duration_seconds, e.created_at
FROM task_evidence e JOIN task_state s ON s.task_id = e.task_id
WHERE e.withdrawn_at IS NULL AND (:role = '' OR s.role = :role) AND (:task_id = '' OR e.task_id = :task_id)
ORDER BY e.task_id, e.id

-- name: request_times
SELECT q.*
FROM review_requests q JOIN task_state s ON s.task_id = q.task_id
WHERE q.withdrawn_at IS NULL AND (:role = '' OR s.role = :role) AND (:task_id = '' OR q.task_id = :task_id)
ORDER BY q.task_id, q.id

-- name: verdict_times
SELECT v.*
FROM task_reviews v JOIN task_state s ON s.task_id = v.task_id
WHERE v.withdrawn_at IS NULL AND (:role = '' OR s.role = :role) AND (:task_id = '' OR v.task_id = :task_id)
ORDER BY v.task_id, v.id

-- name: events
SELECT e.id, e.at, e.actor, e.session_id, e.tool, e.task_id, e.kind, e.payload, e.request_id, e.reverts,
  (SELECT max(r.id) FROM events r WHERE r.task_id = e.task_id AND r.reverts = e.id) AS reverted_by
FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id
WHERE (:task_id = '' OR e.task_id = :task_id) AND (:role = '' OR s.role = :role) AND (:since = '' OR e.at >= :since)
  AND e.kind NOT IN ('rows_written', 'ledger_baseline')
ORDER BY e.id DESC
LIMIT :limit

-- name: event_count
SELECT count(*) FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id
WHERE (:task_id = '' OR e.task_id = :task_id) AND (:role = '' OR s.role = :role) AND (:since = '' OR e.at >= :since)
  AND e.kind NOT IN ('rows_written', 'ledger_baseline')

-- name: git_tasks
SELECT s.task_id AS id, s.role AS lane, s.status, s.owner, s.branch, s.commit_sha, s.claimed_at, s.review_status,
  CASE WHEN s.claimed_at IS NOT NULL THEN
    (SELECT max(e.created_at) FROM task_evidence e WHERE e.task_id = s.task_id) END AS evidence_at,
  CASE WHEN s.claimed_at IS NOT NULL THEN
    (SELECT max(h.created_at) FROM task_handoffs h WHERE h.task_id = s.task_id) END AS handoff_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE d.archived_at IS NULL AND (s.status = :claimed OR s.terminal = 1)
ORDER BY s.task_id

-- name: git_counts
SELECT s.role AS lane, count(*) AS tasks
FROM task_state s JOIN task_definitions d ON d.id = s.task_id WHERE d.archived_at IS NULL GROUP BY s.role

-- name: every_id
SELECT task_id FROM task_state UNION SELECT task_id FROM archived_tasks

-- name: archived_task
SELECT task_id, title, role, status, commit_sha, completed_at, source FROM archived_tasks WHERE task_id = :task_id

-- name: history
SELECT id, from_status, to_status, from_owner, to_owner, from_branch, to_branch, from_commit_sha, to_commit_sha,
  claimant, command_source, actor, reason, at
FROM task_state_history WHERE task_id = :task_id ORDER BY id

-- name: evidence
SELECT * FROM task_evidence WHERE task_id = :task_id AND (:withdrawn = 1 OR withdrawn_at IS NULL) ORDER BY id

-- name: handoffs
SELECT * FROM task_handoffs WHERE task_id = :task_id AND (:withdrawn = 1 OR withdrawn_at IS NULL) ORDER BY id

-- name: reviews
SELECT * FROM task_reviews WHERE task_id = :task_id AND (:withdrawn = 1 OR withdrawn_at IS NULL) ORDER BY id

-- name: requests
SELECT * FROM review_requests
WHERE task_id = :task_id AND (:withdrawn = 1 OR (withdrawn_at IS NULL AND superseded_at IS NULL)) ORDER BY id

-- name: attachments
SELECT 'sessions' AS part, id, role AS who, status AS state, session_backend AS kind, provider AS about,
  transcript_path AS path, started_at, last_heartbeat_at AS news_at, ended_at, end_reason AS note, started_at AS place
FROM sessions WHERE task_id = :task_id
UNION ALL
SELECT 'checkpoints', CAST(id AS TEXT), owner, state, '', target_close_by, artifact_path, created_at, NULL, withdrawn_at,
  summary, created_at
FROM checkpoints WHERE subject_kind = 'task' AND subject_id = :task_id AND (:withdrawn = 1 OR withdrawn_at IS NULL)
UNION ALL
SELECT 'watchers', id, owner, status, process, result, artifact_path, started_at, last_news_at, finished_at, notes,
  started_at
FROM watchers WHERE task_id = :task_id
ORDER BY 1, 12, 2

-- name: tracker_links
SELECT id AS link_id, tracker, kind, issue, url, comment_id, recorded_by, created_at, withdrawn_at FROM tracker_links
WHERE task_id = :task_id AND (:withdrawn = 1 OR withdrawn_at IS NULL) ORDER BY id

-- name: last_routing
SELECT e.payload FROM events e WHERE e.task_id = :task_id AND e.kind = 'review_routed'
  AND NOT EXISTS (SELECT 1 FROM events r WHERE r.task_id = e.task_id AND r.reverts = e.id)
ORDER BY e.id DESC LIMIT 1

-- name: quick_check
PRAGMA quick_check(5)

-- name: journal_mode
PRAGMA journal_mode

-- name: schema_version
PRAGMA user_version

-- name: task_count
SELECT count(*) FROM task_definitions WHERE archived_at IS NULL

-- name: derived_mismatches
SELECT s.task_id FROM task_state s JOIN task_definitions d ON d.id = s.task_id
LEFT JOIN (
  SELECT t.task_id, count(*) AS blockers FROM task_dependencies t
  LEFT JOIN task_state n ON n.task_id = t.depends_on
  LEFT JOIN archived_tasks a ON a.task_id = t.depends_on
  WHERE COALESCE(n.terminal, a.terminal, 0) = 0
  GROUP BY t.task_id
) w ON w.task_id = s.task_id
WHERE s.open_blockers <> COALESCE(w.blockers, 0)
  OR s.ready <> CASE WHEN s.status = :initial AND COALESCE(w.blockers, 0) = 0 AND d.left_file_at IS NULL THEN 1 ELSE 0 END
  OR s.role <> d.role
ORDER BY s.task_id

-- name: lanes_with_work
SELECT role AS lane, count(*) AS tasks FROM task_state WHERE terminal = 0 GROUP BY role ORDER BY role
