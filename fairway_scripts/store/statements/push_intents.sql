What branches on a remote are for.

-- name: add
INSERT INTO push_intents (task_id, remote, branch, reason, recorded_by, created_at)
VALUES (:task_id, :remote, :branch, :reason, :recorded_by, :created_at)

-- name: of_branch
SELECT * FROM push_intents
WHERE task_id = :task_id AND remote = :remote AND (:branch = '' OR branch = :branch) AND withdrawn_at IS NULL
ORDER BY id

-- name: open
SELECT p.id AS intent_id, p.task_id, p.remote, p.branch, p.reason, p.recorded_by, p.created_at, s.role AS lane,
  s.status, s.terminal
FROM push_intents p JOIN task_state s ON s.task_id = p.task_id
WHERE p.withdrawn_at IS NULL AND (:lane = '' OR s.role = :lane)
ORDER BY p.id

-- name: withdraw
UPDATE push_intents SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL

-- name: task_branches
SELECT branch, task_id, role AS lane, status, terminal FROM task_state
WHERE branch IS NOT NULL AND branch <> '' AND (:lane = '' OR role = :lane)
ORDER BY terminal, task_id

-- name: sessions_of_finished
SELECT v.id AS session_id, v.role AS lane, v.task_id, v.provider, v.host FROM sessions v
JOIN task_state s ON s.task_id = v.task_id
WHERE v.ended_at IS NULL AND s.terminal = 1 AND (:lane = '' OR s.role = :lane)
ORDER BY v.id
