Looking at a store and at the copies that both sides of a comparison work on.

-- name: live_claims
SELECT task_id AS name, claimant AS who FROM task_state WHERE claimant IS NOT NULL AND lease_expires_at > :now

-- name: open_sessions
SELECT id, pid, pid_started_at, host FROM sessions WHERE ended_at IS NULL

-- name: tasks
SELECT s.task_id, s.role, s.ready, s.terminal FROM task_state AS s ORDER BY s.task_id
