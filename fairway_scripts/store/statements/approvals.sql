Approvals to execute: who allowed which class of commands for a task.

-- name: add
INSERT INTO execution_approvals (task_id, command_class, approved_by, reason, commit_sha, expires_at, recorded_by,
  created_at, programs)
VALUES (:task_id, :command_class, :approved_by, :reason, :commit_sha, :expires_at, :recorded_by, :created_at, :programs)

-- name: open
SELECT * FROM execution_approvals
WHERE task_id = :task_id AND (:command_class = '' OR command_class = :command_class) AND withdrawn_at IS NULL
ORDER BY id DESC

-- name: withdraw
UPDATE execution_approvals SET withdrawn_at = :at WHERE id = :row_id AND withdrawn_at IS NULL
