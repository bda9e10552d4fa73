Sessions: provider attachments to a lane. A session that has not ended has no ended_at.

-- name: session
SELECT id AS session_id, role AS lane, lane AS lane_label, worktree_path, branch, session_backend AS backend, provider,
  session_name, task_id, external_id, external_state, pid, pid_started_at, host, terminal, tmux_pane, transcript_path,
  command, status, started_at, last_heartbeat_at, ended_at, exit_code, end_reason, registered_by, updated_at
FROM sessions WHERE id = :session_id

-- name: list
SELECT id AS session_id, role AS lane, lane AS lane_label, worktree_path, branch, session_backend AS backend, provider,
  session_name, task_id, external_id, external_state, pid, pid_started_at, host, terminal, tmux_pane, transcript_path,
  command, status, started_at, last_heartbeat_at, ended_at, exit_code, end_reason, registered_by, updated_at
FROM sessions
WHERE (:everything = 1 OR ended_at IS NULL) AND (:lane = '' OR role = :lane) AND (:task_id = '' OR task_id = :task_id)
ORDER BY role, started_at DESC, id

-- name: of_external_id
SELECT id FROM sessions WHERE external_id = :external_id ORDER BY started_at DESC, id LIMIT 1

-- name: add
INSERT INTO sessions (id, role, lane, worktree_path, branch, session_backend, provider, session_name, task_id,
  external_id, external_state, pid, pid_started_at, host, terminal, tmux_pane, transcript_path, command, status,
  started_at, last_heartbeat_at, ended_at, exit_code, end_reason, registered_by, updated_at)
VALUES (:session_id, :lane, :lane_label, :worktree_path, :branch, :backend, :provider, :session_name, :task_id,
  :external_id, :external_state, :pid, :pid_started_at, :host, :terminal, :tmux_pane, :transcript_path, :command, :status,
  :started_at, :last_heartbeat_at, :ended_at, :exit_code, :end_reason, :registered_by, :updated_at)

-- name: update
UPDATE sessions SET role = :lane, lane = :lane_label, worktree_path = :worktree_path, branch = :branch,
  session_backend = :backend, provider = :provider, session_name = :session_name, task_id = :task_id,
  external_id = :external_id, external_state = :external_state, pid = :pid, pid_started_at = :pid_started_at,
  host = :host, terminal = :terminal, tmux_pane = :tmux_pane, transcript_path = :transcript_path, command = :command,
  status = :status, last_heartbeat_at = :last_heartbeat_at, ended_at = :ended_at, exit_code = :exit_code,
  end_reason = :end_reason, updated_at = :updated_at
WHERE id = :session_id

-- name: is_due
SELECT 1 FROM sessions
WHERE id = :session_id AND ended_at IS NULL AND (last_heartbeat_at IS NULL OR last_heartbeat_at < :before)

-- name: beat [derived]
UPDATE sessions SET last_heartbeat_at = :at
WHERE id = :session_id AND ended_at IS NULL AND (last_heartbeat_at IS NULL OR last_heartbeat_at < :before)

-- name: tasks_in_progress
SELECT s.task_id, s.role AS lane, s.owner, s.claimant, s.claimed_at, s.status_since,
  EXISTS (SELECT 1 FROM sessions x WHERE x.role = s.role) AS has_had_sessions
FROM task_state s WHERE s.status = :claimed ORDER BY s.role, s.task_id

-- name: tasks_of_live
SELECT x.id AS session_id, s.status, s.terminal
FROM sessions x JOIN task_state s ON s.task_id = x.task_id JOIN task_definitions d ON d.id = s.task_id
WHERE x.ended_at IS NULL AND d.archived_at IS NULL

-- name: mark_stale
UPDATE sessions SET status = 'stale', ended_at = :at, end_reason = :reason, updated_at = :at
WHERE id = :session_id AND ended_at IS NULL

-- name: in_worktree
SELECT id AS session_id, provider, session_backend AS backend, external_id, pid, pid_started_at, host, ended_at
FROM sessions
WHERE worktree_path = :worktree_path AND (ended_at IS NULL OR status = 'stale')
ORDER BY started_at DESC, id

-- name: ids
SELECT id FROM sessions
