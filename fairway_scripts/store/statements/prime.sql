What a session that begins has to know. Archived tasks are left out.

-- name: work
SELECT s.task_id, s.role AS lane, s.status, s.owner, s.claimant, s.fence, s.lease_expires_at, d.title,
  (SELECT h.reason FROM task_state_history h WHERE h.task_id = s.task_id AND h.to_status = s.status
    ORDER BY h.id DESC LIMIT 1) AS reason,
  CASE WHEN s.claimant = :actor THEN 1 ELSE 0 END AS mine
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.status IN (:claimed, :blocked) AND s.terminal = 0 AND d.archived_at IS NULL
  AND (s.role = :lane OR s.claimant = :actor)
ORDER BY mine DESC, CASE WHEN s.status = :claimed THEN 0 ELSE 1 END, s.status_since, s.task_id

-- name: asked
SELECT r.id, r.task_id, r.commit_sha, r.review_domain, d.title
FROM review_requests r JOIN task_state s ON s.task_id = r.task_id JOIN task_definitions d ON d.id = r.task_id
WHERE r.role = :lane AND r.superseded_at IS NULL AND r.withdrawn_at IS NULL AND s.terminal = 0
ORDER BY r.created_at, r.id

-- name: told
SELECT h.id AS handoff_id, h.task_id, h.owner, d.title
FROM task_handoffs h JOIN task_state s ON s.task_id = h.task_id JOIN task_definitions d ON d.id = h.task_id
WHERE h.to_role = :lane AND h.acknowledged_at IS NULL AND h.withdrawn_at IS NULL AND s.terminal = 0
ORDER BY h.created_at, h.id

-- name: ready_by_lane
SELECT s.role AS lane, count(*) AS tasks FROM task_state s WHERE s.ready = 1 GROUP BY s.role ORDER BY s.role
