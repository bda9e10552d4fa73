Looking recorded evidence up again: for evidence-verify, evidence-bundle, output-report and trusted-run.

-- name: lane_of
SELECT role FROM task_state WHERE task_id = :task_id

-- name: artifacts
SELECT e.id, e.task_id, s.role AS lane, e.command_text, e.result, e.artifact_path, e.artifact_type, e.artifact_sha256,
  e.artifact_size, e.branch, e.commit_sha, e.created_at
FROM task_evidence e JOIN task_state s ON s.task_id = e.task_id
WHERE e.withdrawn_at IS NULL AND COALESCE(e.artifact_path, '') <> '' AND (:task_id = '' OR e.task_id = :task_id)
ORDER BY e.task_id, e.id

-- name: of_manifest
SELECT id FROM task_evidence
WHERE task_id = :task_id AND artifact_type = :artifact_type AND artifact_sha256 = :sha256 AND withdrawn_at IS NULL
ORDER BY id LIMIT 1

-- name: delivered
SELECT e.id, e.task_id, s.role AS lane, d.kind AS task_kind, e.command_text, e.result, e.artifact_path,
  e.artifact_type, e.artifact_sha256, e.commit_sha, e.created_at
FROM task_evidence e JOIN task_state s ON s.task_id = e.task_id JOIN task_definitions d ON d.id = e.task_id
WHERE e.withdrawn_at IS NULL AND e.result IN ('pass', 'partial') AND (:lane = '' OR s.role = :lane)
  AND (:since = '' OR e.created_at >= :since) AND (:until = '' OR e.created_at < :until)
ORDER BY s.role, e.task_id, e.id

-- name: finished
SELECT s.task_id, s.role AS lane, d.kind AS task_kind, s.status, s.completed_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.terminal = 1 AND (:lane = '' OR s.role = :lane)
  AND (:since = '' OR COALESCE(s.completed_at, s.status_since) >= :since)
  AND (:until = '' OR COALESCE(s.completed_at, s.status_since) < :until)
ORDER BY s.role, s.task_id
