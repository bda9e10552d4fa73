What the older scripts are to be told of lanes that have moved, and which of their rows came of it.

-- name: add
INSERT INTO write_backs (task_id, role, kind, payload, state, created_at, attempts, event_id)
VALUES (:task_id, :role, :kind, :payload, 'pending', :at, 0, :event_id)

-- name: open
SELECT * FROM write_backs WHERE state IN ('pending', 'failed') ORDER BY event_id NULLS FIRST, id

-- name: debts
SELECT * FROM write_backs WHERE state = 'debt' ORDER BY event_id NULLS FIRST, id

-- name: untried
SELECT count(*) FROM write_backs w WHERE w.role = :role AND w.state = 'pending' AND w.attempts = 0
  AND NOT EXISTS (SELECT 1 FROM write_backs e WHERE e.task_id = w.task_id AND e.state IN ('failed', 'debt'))

-- name: owing_tasks
SELECT DISTINCT task_id FROM write_backs WHERE state IN ('pending', 'failed', 'debt')

-- name: start
UPDATE write_backs SET attempts = attempts + 1, last_tried_at = :at, next_try_at = NULL,
  keys_before = COALESCE(keys_before, :keys_before)
WHERE id = :id

-- name: tries
SELECT attempts FROM write_backs WHERE id = :id

-- name: fail
UPDATE write_backs SET state = 'failed', last_error = :error, next_try_at = :next_try_at WHERE id = :id

-- name: close
UPDATE write_backs SET state = :state, done_at = :at, last_error = :remark WHERE id = :id

-- name: give_up
UPDATE write_backs SET state = 'given_up', done_at = :at WHERE state IN ('pending', 'failed', 'debt')

-- name: unseen
SELECT id, task_id, payload, keys_before FROM write_backs
WHERE kind = 'state' AND state = 'done' AND keys_before IS NOT NULL AND keys_before NOT LIKE '%"history"%'
ORDER BY id

-- name: note_keys
UPDATE write_backs SET keys_before = :keys WHERE id = :id

-- name: list_row
INSERT INTO legacy_rows (legacy_table, legacy_key, task_id, own_table, own_key, direction, content_hash, at)
VALUES (:legacy_table, :legacy_key, :task_id, :own_table, NULL, 'out', :content_hash, :at)
ON CONFLICT (legacy_table, legacy_key) DO NOTHING

-- name: path
SELECT h.task_id, h.to_status AS status, h.to_owner AS owner, h.to_branch AS branch, h.to_commit_sha AS commit_sha,
  h.reason, s.role
FROM task_state_history h JOIN task_state s ON s.task_id = h.task_id
JOIN task_definitions d ON d.id = h.task_id
WHERE s.role = :role AND h.at >= :since AND d.archived_at IS NULL
  AND h.command_source <> 'legacy' AND h.from_status <> h.to_status
ORDER BY h.task_id, h.id

-- name: last_event
SELECT max(id) FROM events WHERE task_id = :task_id

-- name: event
SELECT id, actor, payload, hash FROM events WHERE id = :event_id

-- name: summary
SELECT role, sum(CASE WHEN state IN ('pending', 'failed') THEN 1 ELSE 0 END) AS waiting,
  sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed,
  sum(CASE WHEN state = 'debt' THEN 1 ELSE 0 END) AS debts, min(created_at) AS since
FROM write_backs WHERE state IN ('pending', 'failed', 'debt') GROUP BY role ORDER BY role

-- name: evidence_since
SELECT e.* FROM task_evidence e JOIN task_state s ON s.task_id = e.task_id
WHERE s.role = :role AND e.created_at >= :since ORDER BY e.id

-- name: handoffs_since
SELECT h.* FROM task_handoffs h JOIN task_state s ON s.task_id = h.task_id
WHERE s.role = :role AND h.created_at >= :since ORDER BY h.id

-- name: reviews_since
SELECT r.* FROM task_reviews r JOIN task_state s ON s.task_id = r.task_id
WHERE s.role = :role AND r.created_at >= :since ORDER BY r.id

-- name: failures
SELECT task_id, role, kind, last_error, attempts, next_try_at, created_at FROM write_backs
WHERE state IN ('failed', 'debt') ORDER BY event_id NULLS FIRST, id
