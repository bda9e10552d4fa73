Checkpoints, watchers and runs of regression packs.

-- name: checkpoints
SELECT c.*, s.status AS task_status, d.title AS title, d.role AS role,
  CASE WHEN c.subject_kind = 'task' AND (s.task_id IS NULL OR s.terminal = 1 OR d.archived_at IS NOT NULL)
    THEN 1 ELSE 0 END AS subject_over
FROM checkpoints c
LEFT JOIN task_state s ON c.subject_kind = 'task' AND s.task_id = c.subject_id
LEFT JOIN task_definitions d ON d.id = s.task_id
WHERE c.withdrawn_at IS NULL AND (:subject_kind = '' OR (c.subject_kind = :subject_kind AND c.subject_id = :subject_id))
ORDER BY c.id

-- name: current_checkpoints
SELECT c.*, s.status AS task_status, d.title AS title, d.role AS role,
  CASE WHEN c.subject_kind = 'task' AND (s.task_id IS NULL OR s.terminal = 1 OR d.archived_at IS NOT NULL)
    THEN 1 ELSE 0 END AS subject_over
FROM checkpoints c
JOIN (SELECT max(id) AS id FROM checkpoints WHERE withdrawn_at IS NULL GROUP BY subject_kind, subject_id) newest
  ON newest.id = c.id
LEFT JOIN task_state s ON c.subject_kind = 'task' AND s.task_id = c.subject_id
LEFT JOIN task_definitions d ON d.id = s.task_id
ORDER BY c.id

-- name: add_checkpoint
INSERT INTO checkpoints (subject_kind, subject_id, state, owner, target_close_by, summary, artifact_path, session_id,
  recorded_by, created_at)
VALUES (:subject_kind, :subject_id, :state, :owner, :target_close_by, :summary, :artifact_path, :session_id,
  :recorded_by, :created_at)

-- name: watcher
SELECT * FROM watchers WHERE id = :watch_id

-- name: watchers
SELECT w.*, s.status AS task_status, d.title AS title,
  CASE WHEN s.task_id IS NULL OR s.terminal = 1 OR d.archived_at IS NOT NULL THEN 1 ELSE 0 END AS task_over,
  (SELECT max(e.created_at) FROM task_evidence e
    WHERE e.task_id = w.task_id AND e.withdrawn_at IS NULL AND e.created_at >= w.started_at) AS evidence_at,
  (SELECT max(c.created_at) FROM checkpoints c WHERE c.subject_kind = 'task' AND c.subject_id = w.task_id
    AND c.withdrawn_at IS NULL AND c.created_at >= w.started_at) AS checkpoint_at
FROM watchers w
LEFT JOIN task_state s ON s.task_id = w.task_id
LEFT JOIN task_definitions d ON d.id = w.task_id
WHERE (:task_id = '' OR w.task_id = :task_id) AND (:role = '' OR w.role = :role)
  AND (:everything = 1 OR w.status <> 'done')
ORDER BY w.started_at, w.id

-- name: later_passes
SELECT task_id, coalesce(process, '') AS process, coalesce(command, '') AS command, max(started_at) AS started_at
FROM watchers WHERE status = 'done' AND result = 'pass'
GROUP BY task_id, coalesce(process, ''), coalesce(command, '')

-- name: add_watcher
INSERT INTO watchers (id, task_id, role, owner, process, command, success_condition, failure_condition, allowed_fixes,
  must_not_touch, escalation_rules, expected_duration, poll_interval, close_condition, evidence_required, status, pid,
  pid_started_at, host, notes, started_at, last_news_at, recorded_by)
VALUES (:id, :task_id, :role, :owner, :process, :command, :success_condition, :failure_condition, :allowed_fixes,
  :must_not_touch, :escalation_rules, :expected_duration, :poll_interval, :close_condition, :evidence_required,
  :status, :pid, :pid_started_at, :host, :notes, :started_at, :last_news_at, :recorded_by)

-- name: finish_watcher
UPDATE watchers SET status = :status, result = :result, failure_class = :failure_class, artifact_path = :artifact_path,
  artifact_sha256 = :artifact_sha256, artifact_size = :artifact_size, duration_seconds = :duration_seconds,
  exit_code = :exit_code, attempts = :attempts, evidence_id = :evidence_id, notes = :notes, last_news_at = :at,
  finished_at = :at
WHERE id = :watch_id AND status = 'active'

-- name: watcher_news [derived]
UPDATE watchers SET last_news_at = :at WHERE id = :watch_id AND status = 'active'

-- name: earlier_results
SELECT result FROM task_evidence
WHERE task_id = :task_id AND command_text = :command_text AND commit_sha = :commit_sha AND tree_dirty = 0
  AND withdrawn_at IS NULL
ORDER BY id

-- name: pack_runs
SELECT id, pack_id, environment, result, commit_sha, tree_dirty, artifact_path, recorded_by, created_at
FROM task_evidence WHERE task_id = :task_id AND pack_id IS NOT NULL AND withdrawn_at IS NULL ORDER BY id

-- name: pack_hints
SELECT source_paths, target_paths, tags, extra FROM task_definitions WHERE id = :task_id
