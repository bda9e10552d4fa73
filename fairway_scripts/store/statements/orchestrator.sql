What the coordinator looks at. Archived tasks are left out.

-- name: active
SELECT s.task_id, s.role AS lane, s.status, s.owner, s.claimant, s.branch, s.commit_sha, s.claimed_at, s.status_since,
  d.title, d.priority,
  CASE WHEN COALESCE(d.review_domains, '[]') <> '[]' OR COALESCE(d.risk_level, '') <> '' OR COALESCE(d.profile, '') <> ''
    THEN 1 ELSE 0 END AS declares,
  (SELECT h.reason FROM task_state_history h WHERE h.task_id = s.task_id AND h.to_status = s.status
    ORDER BY h.id DESC LIMIT 1) AS reason
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.status IN (:claimed, :blocked) AND s.terminal = 0 AND d.archived_at IS NULL
ORDER BY s.status_since, s.task_id

-- name: ready_first
SELECT r.task_id, r.lane, r.title, r.priority
FROM (
  SELECT s.task_id, s.role AS lane, d.title, d.priority,
    row_number() OVER (PARTITION BY s.role ORDER BY s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id) AS place
  FROM task_state s JOIN task_definitions d ON d.id = s.task_id WHERE s.ready = 1
) r
WHERE r.place <= :places
ORDER BY r.lane, r.place

-- name: waiting
SELECT s.role AS lane, count(*) AS tasks
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.status = :initial AND s.open_blockers > 0 AND d.archived_at IS NULL
GROUP BY s.role ORDER BY s.role

-- name: last_handoffs
SELECT h.id AS handoff_id, h.task_id, s.role AS lane, h.owner, h.to_role, h.branch, h.commit_sha, h.created_at,
  h.acknowledged_at,
  (SELECT count(*) FROM task_evidence e
    WHERE e.task_id = h.task_id AND e.result = 'pass' AND e.withdrawn_at IS NULL) AS passes
FROM task_handoffs h
JOIN (SELECT max(id) AS id FROM task_handoffs WHERE withdrawn_at IS NULL GROUP BY task_id) newest ON newest.id = h.id
JOIN task_state s ON s.task_id = h.task_id
JOIN task_definitions d ON d.id = h.task_id
WHERE s.terminal = 0 AND d.archived_at IS NULL
ORDER BY h.task_id

-- name: routings
SELECT e.task_id, e.payload
FROM events e JOIN task_state s ON s.task_id = e.task_id
WHERE e.kind = 'review_routed' AND s.terminal = 0
  AND NOT EXISTS (SELECT 1 FROM events r WHERE r.task_id = e.task_id AND r.reverts = e.id)
ORDER BY e.id

-- name: task_lanes
SELECT s.task_id, s.role AS lane FROM task_state s
WHERE s.terminal = 0 AND (s.task_id IN (SELECT task_id FROM watchers) OR s.task_id IN (SELECT task_id FROM review_requests))

-- name: cursor
SELECT coalesce(max(id), 0) FROM events

-- name: events_since
SELECT e.id, e.at, e.actor, e.kind, e.task_id, e.payload, e.reverts, s.role AS lane
FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id
WHERE e.id > :after AND (:since = '' OR e.at >= :since) AND e.kind NOT IN ('rows_written', 'ledger_baseline')
ORDER BY e.id
