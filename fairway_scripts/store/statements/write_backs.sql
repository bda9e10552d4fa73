What is owed to the legacy side, and which of its rows are ours.

-- name: add
INSERT INTO write_backs (task_id, role, kind, payload, state, created_at, attempts, event_id)
VALUES (:task_id, :role, :kind, :payload, 'pending', :at, 0, :event_id)

-- name: open
SELECT * FROM write_backs WHERE state IN ('pending', 'failed') ORDER BY event_id, id

-- name: start
UPDATE write_backs SET attempts = attempts + 1, last_tried_at = :at, next_try_at = NULL,
  keys_before = COALESCE(keys_before, :keys_before)
WHERE id = :id

-- name: tries
SELECT attempts FROM write_backs WHERE id = :id

-- name: fail
UPDATE write_backs SET state = 'failed', last_error = :error, next_try_at = :next_try_at WHERE id = :id

-- name: finish
UPDATE write_backs SET state = 'done', done_at = :at, last_error = :remark WHERE id = :id

-- name: give_up
UPDATE write_backs SET state = 'given_up', done_at = :at
WHERE state IN ('pending', 'failed') AND (role = :role OR :role = '')

-- name: close
UPDATE write_backs SET state = 'given_up', done_at = :at, last_error = :remark WHERE id = :id

-- name: list_row
INSERT INTO legacy_rows (legacy_table, legacy_key, task_id, own_table, own_key, direction, content_hash, at)
VALUES (:legacy_table, :legacy_key, :task_id, :own_table, :own_key, 'out', :content_hash, :at)
ON CONFLICT (legacy_table, legacy_key) DO NOTHING

-- name: listed_keys
SELECT legacy_table, legacy_key FROM legacy_rows WHERE task_id = :task_id

-- name: owed_events
SELECT event_id FROM write_backs WHERE task_id = :task_id AND state <> 'given_up'

-- name: lane_tasks
SELECT s.task_id FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.role = :role AND d.archived_at IS NULL ORDER BY s.task_id

-- name: events_since
SELECT id, kind, actor, payload FROM events WHERE task_id = :task_id AND at >= :since ORDER BY id

-- name: last_event_of_lane
SELECT max(e.id) FROM events e JOIN task_state s ON s.task_id = e.task_id WHERE s.role = :role

-- name: event
SELECT id, actor, payload FROM events WHERE id = :event_id

-- name: evidence
SELECT * FROM task_evidence WHERE id = :row_id

-- name: handoff
SELECT * FROM task_handoffs WHERE id = :row_id

-- name: review
SELECT * FROM task_reviews WHERE id = :row_id

-- name: summary
SELECT role, count(*) AS waiting, sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed, min(created_at) AS since
FROM write_backs WHERE state IN ('pending', 'failed') GROUP BY role ORDER BY role

-- name: records_since
SELECT 'task_evidence' AS own_table, id, task_id FROM task_evidence
WHERE task_id = :task_id AND created_at >= :since AND withdrawn_at IS NULL
UNION ALL
SELECT 'task_handoffs', id, task_id FROM task_handoffs
WHERE task_id = :task_id AND created_at >= :since AND withdrawn_at IS NULL
UNION ALL
SELECT 'task_reviews', id, task_id FROM task_reviews
WHERE task_id = :task_id AND created_at >= :since AND withdrawn_at IS NULL

-- name: listed_own
SELECT own_table, own_key FROM legacy_rows WHERE task_id = :task_id AND own_key IS NOT NULL

-- name: failures
SELECT task_id, role, kind, last_error, attempts, next_try_at, created_at FROM write_backs
WHERE state = 'failed' ORDER BY event_id, id
