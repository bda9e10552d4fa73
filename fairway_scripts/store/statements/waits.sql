Who waits for whom in reviews. What the asked lane said since, if anything, decides.

-- name: reviews
SELECT q.task_id, d.title, s.role AS task_lane, s.owner, q.role AS lane, q.review_domain, q.commit_sha, q.created_at,
  (SELECT v.verdict FROM task_reviews v WHERE v.task_id = q.task_id AND v.reviewer_role = q.role
    AND v.withdrawn_at IS NULL AND (v.created_at >= q.created_at OR v.reviewed_commit_sha = q.commit_sha)
    AND (q.review_domain IS NULL OR v.review_domain IS NULL OR v.review_domain = q.review_domain)
    ORDER BY v.id DESC LIMIT 1) AS verdict,
  (SELECT v.created_at FROM task_reviews v WHERE v.task_id = q.task_id AND v.reviewer_role = q.role
    AND v.withdrawn_at IS NULL AND (v.created_at >= q.created_at OR v.reviewed_commit_sha = q.commit_sha)
    AND (q.review_domain IS NULL OR v.review_domain IS NULL OR v.review_domain = q.review_domain)
    ORDER BY v.id DESC LIMIT 1) AS spoke_at
FROM review_requests q JOIN task_state s ON s.task_id = q.task_id JOIN task_definitions d ON d.id = q.task_id
WHERE q.superseded_at IS NULL AND q.withdrawn_at IS NULL AND q.answered_by IS NULL AND s.terminal = 0
  AND d.archived_at IS NULL
ORDER BY q.created_at, q.id
