What both sides did in shadow, and what the observer has to know of our side.

-- name: add
INSERT INTO parity_observations (call_id, at, role, operation, task_id, verdict, note, differences, legacy_result,
  own_result, replay, legacy_ms, own_ms)
VALUES (:call_id, :at, :role, :operation, :task_id, :verdict, :note, :differences, :legacy_result,
  :own_result, :replay, :legacy_ms, :own_ms)
ON CONFLICT (call_id) DO NOTHING

-- name: one
SELECT * FROM parity_observations WHERE call_id = :call_id

-- name: all
SELECT * FROM parity_observations WHERE at >= :since ORDER BY id

-- name: lanes
SELECT task_id, role FROM task_state

-- name: state
SELECT status, owner, branch, commit_sha, completed_at FROM task_state WHERE task_id = :task_id

-- name: records
SELECT 'evidence' AS kind, id, result AS word FROM task_evidence WHERE task_id = :task_id
UNION ALL SELECT 'handoff', id, '' FROM task_handoffs WHERE task_id = :task_id
UNION ALL SELECT 'review', id, reviewer_role || ' ' || verdict FROM task_reviews WHERE task_id = :task_id

-- name: forget_write_backs
DELETE FROM write_backs
