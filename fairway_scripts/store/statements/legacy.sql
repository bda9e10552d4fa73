What was taken in from the database of the scripts that were there before, and which row of theirs became which of ours.

-- name: mirrored_lanes
SELECT (SELECT count(*) FROM lane_engines WHERE engine <> 'fairway') AS lanes,
  (SELECT max(since) FROM lane_engines) AS engines_since,
  (SELECT max(imported_at) FROM queue_sources WHERE kind = 'active') AS definitions_since,
  (SELECT count(*) FROM write_backs WHERE state IN ('pending', 'failed', 'debt')) AS owing,
  (SELECT value FROM meta WHERE key = 'legacy_mark') AS mark

-- name: row
SELECT task_id, own_table, own_key, direction, content_hash FROM legacy_rows
WHERE legacy_table = :legacy_table AND legacy_key = :legacy_key

-- name: rows_of
SELECT legacy_key, task_id, own_table, own_key, direction, content_hash FROM legacy_rows
WHERE legacy_table = :legacy_table

-- name: put_row
INSERT INTO legacy_rows (legacy_table, legacy_key, task_id, own_table, own_key, direction, content_hash, at)
VALUES (:legacy_table, :legacy_key, :task_id, :own_table, :own_key, 'in', :content_hash, :at)
ON CONFLICT (legacy_table, legacy_key) DO UPDATE SET task_id = excluded.task_id, own_table = excluded.own_table,
  own_key = excluded.own_key, direction = excluded.direction, content_hash = excluded.content_hash, at = excluded.at

-- name: forget_row
DELETE FROM legacy_rows WHERE legacy_table = :legacy_table AND legacy_key = :legacy_key

-- name: note_row
INSERT INTO legacy_rows (legacy_table, legacy_key, task_id, own_table, own_key, direction, content_hash, at)
VALUES (:legacy_table, :legacy_key, :task_id, :own_table, :own_key, :direction, :content_hash, :at)

-- name: rows_in
SELECT count(*) FROM legacy_rows WHERE legacy_table = :legacy_table AND own_table = :own_table

-- name: forget_removed
DELETE FROM legacy_rows WHERE direction = 'in' AND EXISTS (
  SELECT 1 FROM task_definitions d WHERE d.id = legacy_rows.task_id AND d.created_at > legacy_rows.at)

-- name: task_ids
SELECT id FROM task_definitions UNION SELECT task_id FROM archived_tasks

-- name: row_of_number
SELECT own_key, at FROM legacy_rows
WHERE legacy_table = :legacy_table AND legacy_key = :number AND task_id = :task_id
UNION ALL SELECT own_key, at FROM legacy_rows
WHERE legacy_table = :legacy_table AND legacy_key >= :number || '|' AND legacy_key < :number || '}'
  AND task_id = :task_id
ORDER BY at DESC LIMIT 1

-- name: states
SELECT s.*, d.left_file_at FROM task_state s JOIN task_definitions d ON d.id = s.task_id

-- name: state
SELECT s.*, d.left_file_at FROM task_state s JOIN task_definitions d ON d.id = s.task_id WHERE s.task_id = :task_id

-- name: archived
SELECT task_id FROM archived_tasks

-- name: last_legacy_event
SELECT payload FROM events WHERE task_id = :task_id AND kind = 'legacy_imported' ORDER BY id DESC LIMIT 1

-- name: first_history
SELECT id, command_source FROM task_state_history WHERE task_id = :task_id ORDER BY id LIMIT 2

-- name: reasons
SELECT reason FROM task_state_history WHERE task_id = :task_id

-- name: reseed
UPDATE task_state_history SET to_status = :to_status, to_owner = :to_owner, to_branch = :to_branch,
  to_commit_sha = :to_commit_sha, claimant = :claimant, command_source = :command_source, actor = :actor,
  reason = :reason, at = :at
WHERE id = :id

-- name: add_evidence
INSERT INTO task_evidence (task_id, handoff_id, command_text, result, artifact_path, artifact_type, duration_seconds,
  notes, branch, commit_sha, tree_dirty, producer, pack_id, environment, recorded_by, created_at)
VALUES (:task_id, :handoff_id, :command_text, :result, :artifact_path, :artifact_type, :duration_seconds,
  :notes, :branch, :commit_sha, 0, 'claim', :pack_id, :environment, :recorded_by, :created_at)

-- name: change_evidence
UPDATE task_evidence SET handoff_id = :handoff_id, command_text = :command_text, result = :result,
  artifact_path = :artifact_path, artifact_type = :artifact_type, duration_seconds = :duration_seconds,
  notes = :notes, branch = :branch, commit_sha = :commit_sha, pack_id = :pack_id, environment = :environment,
  recorded_by = :recorded_by, created_at = :created_at
WHERE id = :own_key AND task_id = :task_id

-- name: add_handoffs
INSERT INTO task_handoffs (task_id, from_role, to_role, owner, branch, commit_sha, commands, results, changed_files,
  risks, blockers, next_step, payload, recorded_by, created_at, acknowledged_at, acknowledged_by, acknowledged_note)
VALUES (:task_id, :from_role, :to_role, :owner, :branch, :commit_sha, :commands, :results, :changed_files,
  :risks, :blockers, :next_step, :payload, :recorded_by, :created_at, :acknowledged_at, :acknowledged_by,
  :acknowledged_note)

-- name: change_handoffs
UPDATE task_handoffs SET from_role = :from_role, to_role = :to_role, owner = :owner, branch = :branch,
  commit_sha = :commit_sha, commands = :commands, results = :results, changed_files = :changed_files, risks = :risks,
  blockers = :blockers, next_step = :next_step, payload = :payload, recorded_by = :recorded_by,
  created_at = :created_at, acknowledged_at = :acknowledged_at, acknowledged_by = :acknowledged_by,
  acknowledged_note = :acknowledged_note
WHERE id = :own_key AND task_id = :task_id

-- name: add_reviews
INSERT INTO task_reviews (task_id, reviewer_role, reviewer, verdict, reviewed_commit_sha, base_commit_sha, route_reason,
  notes, recorded_by, created_at)
VALUES (:task_id, :reviewer_role, :reviewer, :verdict, :reviewed_commit_sha, :base_commit_sha, :route_reason,
  :notes, :recorded_by, :created_at)

-- name: change_reviews
UPDATE task_reviews SET reviewer_role = :reviewer_role, reviewer = :reviewer, verdict = :verdict,
  reviewed_commit_sha = :reviewed_commit_sha, base_commit_sha = :base_commit_sha, route_reason = :route_reason,
  notes = :notes, recorded_by = :recorded_by, created_at = :created_at
WHERE id = :own_key AND task_id = :task_id

-- name: add_requests
INSERT INTO review_requests (task_id, role, layer, rules, paths, commit_sha, base_commit_sha, answered_by, requested_by,
  created_at)
VALUES (:task_id, :role, :layer, :rules, :paths, :commit_sha, :base_commit_sha, :answered_by, :requested_by,
  :created_at)

-- name: change_requests
UPDATE review_requests SET role = :role, layer = :layer, rules = :rules, paths = :paths, commit_sha = :commit_sha,
  base_commit_sha = :base_commit_sha, answered_by = :answered_by, requested_by = :requested_by,
  created_at = :created_at
WHERE id = :own_key AND task_id = :task_id

-- name: unanswered
SELECT id, role, created_at FROM review_requests
WHERE task_id = :task_id AND answered_by IS NULL
  AND id IN (SELECT CAST(own_key AS INTEGER) FROM legacy_rows WHERE own_table = 'review_requests' AND task_id = :task_id)
ORDER BY id

-- name: answer_request
UPDATE review_requests SET answered_by = :review_id WHERE id = :id

-- name: reopen_requests
UPDATE review_requests SET answered_by = NULL
WHERE task_id = :task_id AND answered_by IN (SELECT id FROM task_reviews WHERE task_id = :task_id AND verdict = 'deleted')

-- name: strays
SELECT legacy_table, legacy_key, task_id, own_key FROM legacy_rows
WHERE direction = 'in' AND own_key IS NOT NULL AND own_table = :own_table AND legacy_table <> :legacy_table
  AND content_hash <> 'stray'
ORDER BY legacy_table, legacy_key

-- name: mark_stray
UPDATE legacy_rows SET content_hash = 'stray' WHERE legacy_table = :legacy_table AND legacy_key = :legacy_key

-- name: void_evidence
UPDATE task_evidence SET result = 'deleted' WHERE id = :own_key

-- name: void_review
UPDATE task_reviews SET verdict = 'deleted' WHERE id = :own_key

-- name: void_request
UPDATE review_requests SET withdrawn_at = :at WHERE id = :own_key AND withdrawn_at IS NULL

-- name: session_exists
SELECT 1 FROM sessions WHERE id = :id

-- name: add_sessions
INSERT INTO sessions (id, role, lane, worktree_path, branch, session_backend, provider, session_name, task_id,
  external_id, external_state, pid, host, tmux_pane, transcript_path, status, started_at, last_heartbeat_at, ended_at,
  exit_code, end_reason, registered_by, updated_at)
VALUES (:id, :role, :lane, :worktree_path, :branch, :session_backend, :provider, :session_name, :task_id,
  :external_id, :external_state, :pid, :host, :tmux_pane, :transcript_path, :status, :started_at, :last_heartbeat_at,
  :ended_at, :exit_code, :end_reason, :registered_by, :updated_at)

-- name: change_sessions
UPDATE sessions SET role = :role, lane = :lane, worktree_path = :worktree_path, branch = :branch,
  session_backend = :session_backend, provider = :provider, session_name = :session_name, task_id = :task_id,
  external_id = :external_id, external_state = :external_state, pid = :pid, host = :host, tmux_pane = :tmux_pane,
  transcript_path = :transcript_path, status = :status, started_at = :started_at,
  last_heartbeat_at = :last_heartbeat_at, ended_at = :ended_at, exit_code = :exit_code, end_reason = :end_reason,
  registered_by = :registered_by, updated_at = :updated_at
WHERE id = :id

-- name: add_checkpoints
INSERT INTO checkpoints (subject_kind, subject_id, state, owner, target_close_by, summary, artifact_path, session_id,
  recorded_by, created_at)
VALUES (:subject_kind, :subject_id, :state, :owner, :target_close_by, :summary, :artifact_path, :session_id,
  :recorded_by, :created_at)
