Profile gates: the modes that guards were graduated to, what guards reported, and what a release has of each task.

-- name: modes
SELECT id, profile, gate, mode, recorded_by FROM guard_modes ORDER BY id

-- name: graduated_in
SELECT e.session_id, e.payload FROM events e
WHERE e.task_id = '' AND e.kind = 'guard_graduated' AND e.session_id IS NOT NULL ORDER BY e.id

-- name: taken_in
SELECT DISTINCT e.task_id FROM events e JOIN task_state s ON s.task_id = e.task_id
WHERE e.session_id = :session AND e.kind IN ('claimed', 'status_set') AND s.terminal = 0 ORDER BY e.task_id

-- name: add_mode
INSERT INTO guard_modes (profile, gate, mode, reason, evidence, recorded_by, created_at)
VALUES (:profile, :gate, :mode, :reason, :evidence, :recorded_by, :created_at)

-- name: runs
SELECT id, task_id, result, commit_sha, tree_dirty, guard_mode, findings_count, false_positives, recorded_by, created_at
FROM task_evidence WHERE gate = :gate AND withdrawn_at IS NULL ORDER BY id

-- name: tasks
SELECT d.id AS task_id, d.title, d.kind, d.profile, s.role AS lane, s.status, s.terminal, s.branch, s.commit_sha
FROM task_definitions d JOIN task_state s ON s.task_id = d.id
WHERE d.archived_at IS NULL AND d.left_file_at IS NULL
ORDER BY s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, d.id

-- name: evidence
SELECT * FROM task_evidence WHERE withdrawn_at IS NULL ORDER BY id

-- name: holders
SELECT DISTINCT task_id, claimant, to_owner AS owner FROM task_state_history
WHERE claimant IS NOT NULL OR COALESCE(to_owner, '') <> ''

-- name: profile_of
SELECT kind, profile FROM task_definitions WHERE id = :task_id

-- name: all_tasks
SELECT d.id AS task_id, d.title, d.kind, d.profile, d.risk_level, d.tags, d.extra, d.parent_id, d.acceptance_checks,
  s.role AS lane, s.status, s.terminal, s.commit_sha
FROM task_definitions d JOIN task_state s ON s.task_id = d.id
ORDER BY d.id

-- name: blocked
SELECT s.task_id, s.role AS lane, d.title, d.parent_id,
  (SELECT h.reason FROM task_state_history h WHERE h.task_id = s.task_id AND h.to_status = 'blocked'
   ORDER BY h.id DESC LIMIT 1) AS reason
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE s.status = 'blocked' AND d.archived_at IS NULL AND d.left_file_at IS NULL
ORDER BY s.task_id

-- name: dependencies
SELECT task_id, depends_on FROM task_dependencies ORDER BY task_id, position NULLS FIRST, depends_on
