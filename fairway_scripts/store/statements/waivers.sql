Waivers: what was let go of a requirement, by whom and why. What queue-undo withdrew does not count.

-- name: of_task
SELECT * FROM waivers WHERE task_id = :task_id AND (:withdrawn = 1 OR withdrawn_at IS NULL) ORDER BY id

-- name: of_subject
SELECT * FROM waivers
WHERE task_id = :task_id AND subject = :subject AND withdrawn_at IS NULL ORDER BY id

-- name: waiver
SELECT * FROM waivers WHERE id = :waiver_id AND task_id = :task_id AND withdrawn_at IS NULL

-- name: latest
SELECT * FROM waivers
WHERE task_id = :task_id AND subject = :subject AND withdrawn_at IS NULL ORDER BY id DESC LIMIT 1

-- name: add
INSERT INTO waivers (task_id, subject, needed, granted, rules, reason, owner, commit_sha, base_commit_sha, expires_at,
  recorded_by, created_at)
VALUES (:task_id, :subject, :needed, :granted, :rules, :reason, :owner, :commit_sha, :base_commit_sha, :expires_at,
  :recorded_by, :created_at)

-- name: last_routed
SELECT commit_sha, base_commit_sha FROM review_requests
WHERE task_id = :task_id AND superseded_at IS NULL AND withdrawn_at IS NULL AND commit_sha IS NOT NULL
ORDER BY id DESC LIMIT 1

-- name: since
SELECT w.*, s.role AS lane FROM waivers w JOIN task_state s ON s.task_id = w.task_id
WHERE w.subject = :subject AND w.withdrawn_at IS NULL AND w.created_at >= :since
ORDER BY w.id

-- name: requests
SELECT q.*, s.role AS lane FROM review_requests q JOIN task_state s ON s.task_id = q.task_id
WHERE q.withdrawn_at IS NULL AND (:role = '' OR q.role = :role)
ORDER BY q.id

-- name: verdicts
SELECT v.* FROM task_reviews v
WHERE v.withdrawn_at IS NULL AND v.waiver_id IS NULL AND (:role = '' OR v.reviewer_role = :role)
ORDER BY v.id
