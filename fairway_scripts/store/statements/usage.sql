What work has cost, as sessions have recorded it: an event each, and nowhere else.

-- name: records
SELECT e.id, e.at, e.actor, e.session_id, e.task_id, e.payload, s.role AS task_lane, s.terminal, d.title
FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id LEFT JOIN task_definitions d ON d.id = e.task_id
WHERE e.kind = 'usage_recorded' AND (:since = '' OR e.at >= :since)
ORDER BY e.id

-- name: record
SELECT e.id FROM events e WHERE e.id = :id AND e.kind = 'usage_recorded'

-- name: unmeasured
SELECT count(*) FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.claimed_at IS NOT NULL AND d.archived_at IS NULL AND (:role = '' OR s.role = :role)
  AND (:since = '' OR s.updated_at >= :since)
  AND NOT EXISTS (SELECT 1 FROM events e WHERE e.task_id = s.task_id AND e.kind = 'usage_recorded')
