What was seen and not decided. Archived tasks are left out.

-- name: failed_ci
SELECT s.task_id AS id, s.role AS lane, e.id AS evidence_id, e.command_text, e.artifact_path, e.created_at
FROM task_evidence e JOIN task_state s ON s.task_id = e.task_id JOIN task_definitions d ON d.id = e.task_id
WHERE e.result = 'fail' AND e.withdrawn_at IS NULL AND d.archived_at IS NULL
  AND (lower(replace(coalesce(e.artifact_type, ''), '_', '-'))
      IN ('ci-pipeline', 'ci-packet', 'deploy-validation', 'deploy-packet')
    OR EXISTS (SELECT 1 FROM watchers w WHERE w.task_id = e.task_id AND w.evidence_id = e.id))
  AND (:role = '' OR s.role = :role)
  AND NOT EXISTS (SELECT 1 FROM task_evidence p WHERE p.task_id = e.task_id AND p.id > e.id AND p.result = 'pass'
    AND p.withdrawn_at IS NULL
    AND (p.command_text = e.command_text OR coalesce(p.artifact_type, '') = coalesce(e.artifact_type, '-')))
  AND NOT EXISTS (SELECT 1 FROM task_definitions f WHERE f.parent_id = e.task_id AND f.created_at >= e.created_at)
  AND NOT EXISTS (SELECT 1 FROM task_dependencies n JOIN task_definitions f ON f.id = n.task_id
    WHERE n.depends_on = e.task_id AND f.created_at >= e.created_at)
  AND NOT EXISTS (SELECT 1 FROM task_dependencies n JOIN task_definitions f ON f.id = n.depends_on
    WHERE n.task_id = e.task_id AND f.created_at >= e.created_at)
  AND NOT EXISTS (SELECT 1 FROM task_definitions f JOIN events v ON v.task_id = f.id
    WHERE v.tool = 'queue-spawn' AND f.created_at >= e.created_at AND v.payload LIKE '%"spawned_from":"' || e.task_id || '"%')
ORDER BY e.created_at, e.id

-- name: parents_without_roll_up
SELECT s.task_id AS id, s.role AS lane, s.status_since, count(c.id) AS children,
  sum(CASE WHEN cs.terminal = 1 THEN 1 ELSE 0 END) AS finished
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
JOIN task_definitions c ON c.parent_id = s.task_id JOIN task_state cs ON cs.task_id = c.id
WHERE s.status = :claimed AND d.archived_at IS NULL AND (:role = '' OR s.role = :role)
  AND NOT EXISTS (SELECT 1 FROM task_evidence e WHERE e.task_id = s.task_id AND e.withdrawn_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM checkpoints k
    WHERE k.subject_kind = 'task' AND k.subject_id = s.task_id AND k.withdrawn_at IS NULL)
GROUP BY s.task_id, s.role, s.status_since
ORDER BY s.status_since, s.task_id

-- name: monitors
SELECT w.id AS watch_id, w.task_id AS id, s.role AS lane, w.process, w.expected_duration, w.pid, w.pid_started_at, w.host,
  w.started_at AS created_at
FROM watchers w JOIN task_state s ON s.task_id = w.task_id JOIN task_definitions d ON d.id = w.task_id
WHERE w.status = 'active' AND s.terminal = 0 AND d.archived_at IS NULL AND (:role = '' OR s.role = :role)
  AND (coalesce(w.command, '') = '' OR coalesce(w.poll_interval, '') = '')
  AND NOT EXISTS (SELECT 1 FROM sessions x WHERE x.task_id = w.task_id AND x.ended_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM checkpoints k WHERE k.subject_kind = 'task' AND k.subject_id = w.task_id
    AND k.withdrawn_at IS NULL AND k.created_at >= w.started_at)
ORDER BY w.started_at, w.id

-- name: undecided
SELECT s.task_id AS id, s.role AS lane, e.id AS evidence_id, e.result, e.created_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
JOIN task_evidence e ON e.id = (SELECT max(n.id) FROM task_evidence n
  WHERE n.task_id = s.task_id AND n.withdrawn_at IS NULL)
WHERE s.status = :claimed AND d.archived_at IS NULL AND (:role = '' OR s.role = :role)
  AND e.created_at > s.status_since
  AND NOT EXISTS (SELECT 1 FROM task_handoffs h
    WHERE h.task_id = s.task_id AND h.withdrawn_at IS NULL AND h.created_at >= e.created_at)
  AND NOT EXISTS (SELECT 1 FROM task_reviews v
    WHERE v.task_id = s.task_id AND v.withdrawn_at IS NULL AND v.created_at >= e.created_at)
  AND NOT EXISTS (SELECT 1 FROM checkpoints k WHERE k.subject_kind = 'task' AND k.subject_id = s.task_id
    AND k.withdrawn_at IS NULL AND k.created_at >= e.created_at)
ORDER BY e.created_at, s.task_id
