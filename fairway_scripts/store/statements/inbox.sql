What waits for one lane, or with lane '' for anybody.

-- name: requests
SELECT q.id, q.task_id, q.role AS lane, q.review_domain, q.shape, q.commit_sha, q.requested_by, q.created_at,
  s.role AS task_lane, s.status, d.title
FROM review_requests q JOIN task_state s ON s.task_id = q.task_id JOIN task_definitions d ON d.id = q.task_id
WHERE q.superseded_at IS NULL AND q.withdrawn_at IS NULL AND s.terminal = 0
  AND d.archived_at IS NULL AND (:lane = '' OR q.role = :lane)
ORDER BY q.created_at, q.id

-- name: handoffs
SELECT h.id, h.task_id, h.from_role, h.to_role, h.owner, h.branch, h.commit_sha, h.next_step, h.created_at,
  s.role AS task_lane, s.status, d.title
FROM task_handoffs h JOIN task_state s ON s.task_id = h.task_id JOIN task_definitions d ON d.id = h.task_id
WHERE h.acknowledged_at IS NULL AND h.withdrawn_at IS NULL AND s.terminal = 0 AND d.archived_at IS NULL
  AND (:lane = '' OR h.to_role = :lane OR s.role = :lane)
ORDER BY h.created_at, h.id
