Who waits for whom in reviews.

-- name: reviews
SELECT q.id, q.task_id, d.title, s.role AS task_lane, q.role AS lane, q.review_domain, q.commit_sha, q.created_at
FROM review_requests q JOIN task_state s ON s.task_id = q.task_id JOIN task_definitions d ON d.id = q.task_id
WHERE q.superseded_at IS NULL AND q.withdrawn_at IS NULL AND s.terminal = 0 AND d.archived_at IS NULL
ORDER BY q.created_at, q.id
