What happened, in order, for those who are to be told.

-- name: after
SELECT e.id, e.at, e.actor, e.session_id, e.kind, e.task_id, e.payload, e.reverts, e.hash, s.role AS lane, d.title
FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id LEFT JOIN task_definitions d ON d.id = e.task_id
WHERE e.id > :after AND e.kind NOT IN ('rows_written', 'ledger_baseline')
ORDER BY e.id
LIMIT :limit

-- name: newest
SELECT coalesce(max(id), 0) FROM events

-- name: has_kind
SELECT count(*) FROM (SELECT 1 FROM events WHERE kind = :kind LIMIT 1) AS found

-- name: open_handoffs
SELECT h.id AS handoff_id, h.task_id, h.to_role, h.created_at,
  (SELECT max(e.id) FROM events e WHERE e.task_id = h.task_id AND e.kind = 'handoff_recorded' AND e.at = h.created_at)
    AS event_id
FROM task_handoffs h JOIN task_state s ON s.task_id = h.task_id
WHERE h.acknowledged_at IS NULL AND h.withdrawn_at IS NULL AND s.terminal = 0
ORDER BY h.id
