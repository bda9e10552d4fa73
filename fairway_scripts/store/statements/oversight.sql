What people who oversee the work ask of the records: who vouched for what, what was forced, one event and those beside it.

-- name: waivers
SELECT w.id, w.task_id, s.role AS lane, w.subject, w.needed, w.granted, w.owner, w.reason, w.commit_sha, w.expires_at,
  w.created_at, s.status
FROM waivers w JOIN task_state s ON s.task_id = w.task_id
WHERE w.withdrawn_at IS NULL AND (:role = '' OR s.role = :role)
ORDER BY w.id DESC

-- name: approvals
SELECT a.id, a.task_id, s.role AS lane, a.command_class, a.approved_by, a.reason, a.commit_sha, a.expires_at,
  a.recorded_by, a.created_at
FROM execution_approvals a JOIN task_state s ON s.task_id = a.task_id
WHERE a.withdrawn_at IS NULL AND (:role = '' OR s.role = :role)
ORDER BY a.id DESC

-- name: forced
SELECT e.id, e.at, e.actor, e.kind, e.task_id, s.role AS lane, e.payload, e.reverts
FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id
WHERE e.payload LIKE :pattern AND (:role = '' OR s.role = :role)
ORDER BY e.id DESC
LIMIT :limit

-- name: vouchers
SELECT s.role AS lane, e.producer, CASE WHEN e.run_by IS NULL THEN 'no' ELSE 'yes' END AS ran, e.result,
  count(*) AS records
FROM task_evidence e JOIN task_state s ON s.task_id = e.task_id
WHERE e.withdrawn_at IS NULL AND (:role = '' OR s.role = :role)
GROUP BY s.role, e.producer, CASE WHEN e.run_by IS NULL THEN 'no' ELSE 'yes' END, e.result
ORDER BY s.role, e.producer, e.result

-- name: finished
SELECT s.task_id, s.role, s.owner, s.claimant, s.completed_at, s.commit_sha, s.review_status
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.terminal = 1 AND d.archived_at IS NULL AND (:role = '' OR s.role = :role)
ORDER BY s.completed_at DESC, s.task_id
LIMIT :limit

-- name: failed_deployments
SELECT e.id, e.task_id, s.role AS lane, e.command_text, e.notes, e.artifact_path, e.commit_sha, e.created_at
FROM task_evidence e JOIN task_state s ON s.task_id = e.task_id
WHERE e.artifact_type = 'deploy-packet' AND e.result <> 'pass' AND e.withdrawn_at IS NULL
  AND (:role = '' OR s.role = :role)
  AND NOT EXISTS (SELECT 1 FROM task_evidence l WHERE l.task_id = e.task_id AND l.artifact_type = 'deploy-packet'
    AND l.id > e.id AND l.withdrawn_at IS NULL)
ORDER BY e.id DESC

-- name: artifact
SELECT id, task_id, artifact_path, artifact_sha256, branch, commit_sha FROM task_evidence WHERE id = :evidence_id

-- name: event
SELECT e.id, e.at, e.actor, e.session_id, e.tool, e.task_id, e.kind, e.payload, e.request_id, e.reverts,
  e.previous_hash, e.hash, e.store_hash, e.row_images,
  (SELECT max(r.id) FROM events r WHERE r.task_id = e.task_id AND r.reverts = e.id) AS reverted_by,
  (SELECT max(b.id) FROM events b WHERE b.task_id = e.task_id AND b.id < e.id) AS before_in_task,
  (SELECT min(a.id) FROM events a WHERE a.task_id = e.task_id AND a.id > e.id) AS after_in_task,
  (SELECT max(b.id) FROM events b WHERE b.id < e.id) AS before_in_store,
  (SELECT min(a.id) FROM events a WHERE a.id > e.id) AS after_in_store
FROM events e WHERE e.id = :event_id

-- name: newest
SELECT id FROM events WHERE kind NOT IN ('rows_written', 'ledger_baseline') ORDER BY id DESC LIMIT 1

-- name: events_after
SELECT e.id, e.at, e.actor, e.kind, e.task_id, s.role AS lane
FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id
WHERE e.id > :after AND e.kind NOT IN ('rows_written', 'ledger_baseline')
ORDER BY e.id
LIMIT :limit

-- name: moves
SELECT substr(h.at, 1, 10) AS day, COALESCE(h.from_status, '') AS from_status, h.to_status, count(*) AS moves
FROM task_state_history h JOIN task_state s ON s.task_id = h.task_id
WHERE COALESCE(h.from_status, '') <> h.to_status AND (:role = '' OR s.role = :role)
GROUP BY substr(h.at, 1, 10), COALESCE(h.from_status, ''), h.to_status
ORDER BY 1

-- name: block_reasons
SELECT s.task_id, (SELECT h.reason FROM task_state_history h WHERE h.task_id = s.task_id AND h.to_status = s.status
  ORDER BY h.id DESC LIMIT 1) AS reason
FROM task_state s WHERE s.status = :blocked AND (:role = '' OR s.role = :role)
