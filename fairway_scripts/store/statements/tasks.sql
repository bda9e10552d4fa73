What is asked and changed about tasks and their state.

-- name: ready_all
SELECT s.task_id AS id, s.role AS lane, d.priority, d.sequence, d.kind, d.title, s.status
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.ready = 1 AND s.sort_priority <= :priority
ORDER BY s.role, s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id
LIMIT :limit

-- name: ready_lane
SELECT s.task_id AS id, s.role AS lane, d.priority, d.sequence, d.kind, d.title, s.status
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.ready = 1 AND s.role = :role AND s.sort_priority <= :priority
ORDER BY s.role, s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id
LIMIT :limit

-- name: ready_inside
WITH RECURSIVE below (id) AS (
  SELECT id FROM task_definitions WHERE parent_id = :inside
  UNION
  SELECT d.id FROM task_definitions d JOIN below b ON d.parent_id = b.id
)
SELECT s.task_id AS id, s.role AS lane, d.priority, d.sequence, d.kind, d.title, s.status
FROM below b JOIN task_state s ON s.task_id = b.id JOIN task_definitions d ON d.id = s.task_id
WHERE s.ready = 1 AND (:role = '' OR s.role = :role) AND s.sort_priority <= :priority
ORDER BY s.role, s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id
LIMIT :limit

-- name: ready_count
SELECT count(*) FROM task_state s WHERE s.ready = 1 AND (:role = '' OR s.role = :role) AND s.sort_priority <= :priority

-- name: waiting
SELECT s.task_id AS id, s.role AS lane, d.priority, d.title, s.status, s.open_blockers, d.left_file_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.status = :initial AND s.ready = 0 AND d.archived_at IS NULL AND (:role = '' OR s.role = :role)
ORDER BY s.role, s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id
LIMIT :limit

-- name: next_ready
SELECT s.*, d.title, d.kind, d.priority, d.parent_id, d.source, d.left_file_at, d.archived_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.ready = 1 AND s.role = :role
ORDER BY s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id
LIMIT 1

-- name: state
SELECT s.*, d.title, d.kind, d.priority, d.parent_id, d.source, d.left_file_at, d.archived_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.task_id = :task_id

-- name: definition
SELECT * FROM task_definitions WHERE id = :task_id

-- name: dependencies
SELECT t.depends_on AS id, COALESCE(s.status, a.status, 'unknown') AS status,
  COALESCE(s.terminal, a.terminal, 0) AS terminal, COALESCE(s.role, a.role, '') AS lane, COALESCE(s.owner, '') AS owner,
  CASE WHEN s.task_id IS NULL AND a.task_id IS NOT NULL THEN 1 ELSE 0 END AS archived
FROM task_dependencies t
LEFT JOIN task_state s ON s.task_id = t.depends_on
LEFT JOIN archived_tasks a ON a.task_id = t.depends_on
WHERE t.task_id = :task_id
ORDER BY t.position NULLS FIRST, t.depends_on

-- name: open_dependencies
SELECT t.task_id, t.depends_on AS id, COALESCE(s.status, a.status, 'unknown') AS status, COALESCE(s.role, a.role, '') AS lane
FROM task_dependencies t
JOIN task_state w ON w.task_id = t.task_id
LEFT JOIN task_state s ON s.task_id = t.depends_on
LEFT JOIN archived_tasks a ON a.task_id = t.depends_on
WHERE w.status = :initial AND COALESCE(s.terminal, a.terminal, 0) = 0
ORDER BY t.task_id, t.position NULLS FIRST, t.depends_on

-- name: open_dependencies_of_first
SELECT t.task_id, t.depends_on AS id, COALESCE(s.status, a.status, 'unknown') AS status, COALESCE(s.role, a.role, '') AS lane
FROM (
  SELECT w.task_id
  FROM task_state w JOIN task_definitions d ON d.id = w.task_id
  WHERE w.status = :initial AND w.ready = 0 AND d.archived_at IS NULL AND (:role = '' OR w.role = :role)
  ORDER BY w.role, w.sort_priority NULLS FIRST, w.sort_sequence NULLS FIRST, w.task_id
  LIMIT :limit
) first
JOIN task_dependencies t ON t.task_id = first.task_id
LEFT JOIN task_state s ON s.task_id = t.depends_on
LEFT JOIN archived_tasks a ON a.task_id = t.depends_on
WHERE COALESCE(s.terminal, a.terminal, 0) = 0
ORDER BY t.task_id, t.position NULLS FIRST, t.depends_on

-- name: dependents
SELECT s.task_id AS id, s.role AS lane, s.status
FROM task_dependencies t JOIN task_state s ON s.task_id = t.task_id
WHERE t.depends_on = :task_id
ORDER BY s.task_id

-- name: children
SELECT s.task_id AS id, s.role AS lane, s.status, d.title
FROM task_definitions d JOIN task_state s ON s.task_id = d.id
WHERE d.parent_id = :task_id
ORDER BY s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id

-- name: open_below
WITH RECURSIVE below (id) AS (
  SELECT id FROM task_definitions WHERE parent_id = :task_id
  UNION
  SELECT d.id FROM task_definitions d JOIN below b ON d.parent_id = b.id
)
SELECT s.task_id AS id, s.status
FROM below b JOIN task_state s ON s.task_id = b.id JOIN task_definitions d ON d.id = b.id
WHERE s.terminal = 0 AND d.left_file_at IS NULL AND s.task_id <> :task_id
ORDER BY s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id

-- name: update_state
UPDATE task_state SET ready = CASE WHEN status = :status THEN ready ELSE 0 END,
  status = :status, terminal = :terminal, owner = :owner, claimant = :claimant, branch = :branch,
  claimed_at = :claimed_at, lease_expires_at = :lease_expires_at, completed_at = :completed_at, commit_sha = :commit_sha,
  review_required = :review_required, review_status = :review_status, reviewer = :reviewer, reviewed_at = :reviewed_at,
  review_note = :review_note, fence = :fence, status_since = :status_since, updated_at = :updated_at,
  version = version + 1
WHERE task_id = :task_id AND version = :version

-- name: refresh_task [derived]
UPDATE task_state SET
  open_blockers = (
    SELECT count(*) FROM task_dependencies t
    LEFT JOIN task_state s ON s.task_id = t.depends_on
    LEFT JOIN archived_tasks a ON a.task_id = t.depends_on
    WHERE t.task_id = task_state.task_id AND COALESCE(s.terminal, a.terminal, 0) = 0),
  ready = CASE WHEN status = :initial
      AND EXISTS (SELECT 1 FROM task_definitions d WHERE d.id = task_state.task_id AND d.left_file_at IS NULL)
      AND NOT EXISTS (
        SELECT 1 FROM task_dependencies t
        LEFT JOIN task_state s ON s.task_id = t.depends_on
        LEFT JOIN archived_tasks a ON a.task_id = t.depends_on
        WHERE t.task_id = task_state.task_id AND COALESCE(s.terminal, a.terminal, 0) = 0)
    THEN 1 ELSE 0 END
WHERE task_id IN (SELECT :task_id UNION SELECT task_id FROM task_dependencies WHERE depends_on = :task_id)

-- name: refresh_blockers_everywhere [derived]
UPDATE task_state SET open_blockers = (
  SELECT count(*) FROM task_dependencies t
  LEFT JOIN task_state s ON s.task_id = t.depends_on
  LEFT JOIN archived_tasks a ON a.task_id = t.depends_on
  WHERE t.task_id = task_state.task_id AND COALESCE(s.terminal, a.terminal, 0) = 0)
WHERE open_blockers <> 0 OR task_id IN (SELECT task_id FROM task_dependencies)

-- name: refresh_ready_everywhere [derived]
UPDATE task_state SET ready = 1 - ready
WHERE ready <> CASE WHEN status = :initial AND open_blockers = 0
  AND EXISTS (SELECT 1 FROM task_definitions d WHERE d.id = task_state.task_id AND d.left_file_at IS NULL)
  THEN 1 ELSE 0 END

-- name: past_holders
SELECT DISTINCT claimant, to_owner AS owner FROM task_state_history
WHERE task_id = :task_id AND (claimant IS NOT NULL OR COALESCE(to_owner, '') <> '')

-- name: add_history
INSERT INTO task_state_history (task_id, from_status, to_status, from_owner, to_owner, from_branch, to_branch,
  from_commit_sha, to_commit_sha, claimant, command_source, actor, reason, at)
VALUES (:task_id, :from_status, :to_status, :from_owner, :to_owner, :from_branch, :to_branch,
  :from_commit_sha, :to_commit_sha, :claimant, :command_source, :actor, :reason, :at)

-- name: claims_of
SELECT task_id, role, lease_expires_at FROM task_state
WHERE (claimant = :actor OR claimant = :session) AND COALESCE(lease_expires_at, '') < :before

-- name: held
SELECT role, lease_expires_at FROM task_state WHERE task_id = :task_id AND claimant IS NOT NULL

-- name: renew_lease [derived]
UPDATE task_state SET lease_expires_at = :lease_expires_at
WHERE task_id = :task_id AND claimant IS NOT NULL AND (lease_expires_at IS NULL OR lease_expires_at < :lease_expires_at)

-- name: similar_ids
SELECT id FROM task_definitions WHERE id LIKE :pattern ORDER BY id LIMIT 5

-- name: same_id_without_case
SELECT id FROM task_definitions WHERE upper(id) = upper(:task_id) LIMIT 1

-- name: lanes
SELECT DISTINCT role FROM task_state ORDER BY role

-- name: cutting_over
SELECT 1 FROM lane_engines LIMIT 1

-- name: owed
SELECT 1 FROM write_backs WHERE state IN ('pending', 'failed') LIMIT 1

-- name: acceptance
SELECT acceptance_checks FROM task_definitions WHERE id = :task_id
