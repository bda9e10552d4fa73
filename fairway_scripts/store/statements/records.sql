Evidence, handoffs, reviews and review requests. What queue-undo withdrew does not count.

-- name: evidence
SELECT * FROM task_evidence WHERE task_id = :task_id AND withdrawn_at IS NULL ORDER BY id

-- name: add_evidence
INSERT INTO task_evidence (task_id, command_text, result, artifact_path, artifact_type, artifact_sha256, artifact_size,
  duration_seconds, notes, branch, commit_sha, tree_dirty, producer, run_by, pack_id, environment, signed_off_by, gate,
  guard_mode, findings_count, false_positives, recorded_by, created_at)
VALUES (:task_id, :command_text, :result, :artifact_path, :artifact_type, :artifact_sha256, :artifact_size,
  :duration_seconds, :notes, :branch, :commit_sha, :tree_dirty, :producer, :run_by, :pack_id, :environment, :signed_off_by,
  :gate, :guard_mode, :findings_count, :false_positives, :recorded_by, :created_at)

-- name: artifact_paths
SELECT DISTINCT artifact_path FROM task_evidence
WHERE withdrawn_at IS NULL AND artifact_path <> '' AND artifact_path NOT LIKE '/%' AND artifact_path NOT LIKE 'http%://%'

-- name: producers
SELECT DISTINCT recorded_by FROM task_evidence
WHERE task_id = :task_id AND withdrawn_at IS NULL
  AND (run_by IS NULL OR artifact_type IN ('command_log', 'proof'))
ORDER BY recorded_by

-- name: work_of_session
SELECT DISTINCT e.kind, e.actor, e.tool FROM events e
WHERE e.task_id = :task_id AND e.session_id = :session
  AND e.kind IN ('claimed', 'status_set', 'evidence_recorded', 'watcher_finished')
  AND NOT EXISTS (SELECT 1 FROM events u WHERE u.reverts = e.id)
ORDER BY e.kind, e.actor, e.tool

-- name: traces
SELECT e.kind, e.actor, e.tool, e.session_id, e.payload FROM events e
WHERE e.task_id = :task_id
  AND e.kind IN ('claimed', 'status_set', 'evidence_recorded', 'watcher_finished', 'reviewed', 'review_waived',
    'execution_approved')
  AND (e.session_id IS NOT NULL OR (e.actor LIKE '%@%' AND e.payload LIKE '%"named":true%'))
  AND NOT EXISTS (SELECT 1 FROM events u WHERE u.reverts = e.id)
ORDER BY e.id

-- name: handoffs
SELECT * FROM task_handoffs WHERE task_id = :task_id AND withdrawn_at IS NULL ORDER BY id

-- name: handoff
SELECT * FROM task_handoffs WHERE id = :handoff_id AND withdrawn_at IS NULL

-- name: add_handoff
INSERT INTO task_handoffs (task_id, from_role, to_role, owner, branch, commit_sha, commands, results, changed_files,
  risks, blockers, next_step, payload, recorded_by, created_at)
VALUES (:task_id, :from_role, :to_role, :owner, :branch, :commit_sha, :commands, :results, :changed_files,
  :risks, :blockers, :next_step, :payload, :recorded_by, :created_at)

-- name: acknowledge_handoff
UPDATE task_handoffs SET acknowledged_at = :at, acknowledged_by = :actor, acknowledged_note = :note
WHERE id = :handoff_id AND acknowledged_at IS NULL AND withdrawn_at IS NULL

-- name: reviews
SELECT * FROM task_reviews WHERE task_id = :task_id AND withdrawn_at IS NULL ORDER BY id

-- name: approvals_of_others
SELECT id, task_id, base_commit_sha, reviewed_commit_sha FROM task_reviews
WHERE task_id <> :task_id AND verdict = 'approved' AND withdrawn_at IS NULL AND waiver_id IS NULL
AND substr(recorded_by, 1, 7) <> 'legacy:' AND base_commit_sha IS NOT NULL AND reviewed_commit_sha IS NOT NULL
ORDER BY id

-- name: add_review
INSERT INTO task_reviews (task_id, reviewer_role, reviewer, verdict, reviewed_commit_sha, base_commit_sha, route_reason,
  notes, findings_count, duration_seconds, review_domain, waiver_id, recorded_by, created_at)
VALUES (:task_id, :reviewer_role, :reviewer, :verdict, :reviewed_commit_sha, :base_commit_sha, :route_reason,
  :notes, :findings_count, :duration_seconds, :review_domain, :waiver_id, :recorded_by, :created_at)

-- name: reviews_above
SELECT r.* FROM task_reviews r
WHERE r.withdrawn_at IS NULL AND r.task_id <> :task_id AND r.task_id IN (
  SELECT a.task_id FROM review_requests q JOIN task_reviews a ON a.id = q.answered_by
  WHERE q.task_id = :task_id AND q.superseded_at IS NULL AND q.withdrawn_at IS NULL)
ORDER BY r.id

-- name: open_requests
SELECT * FROM review_requests
WHERE task_id = :task_id AND superseded_at IS NULL AND withdrawn_at IS NULL ORDER BY id

-- name: routed_spans
SELECT DISTINCT base_commit_sha, commit_sha FROM review_requests
WHERE task_id = :task_id AND withdrawn_at IS NULL AND layer <> 'manual' ORDER BY base_commit_sha, commit_sha

-- name: add_request
INSERT INTO review_requests (task_id, role, layer, rules, paths, commit_sha, base_commit_sha, shape, answered_by,
  review_domain, requested_by, created_at)
VALUES (:task_id, :role, :layer, :rules, :paths, :commit_sha, :base_commit_sha, :shape, :answered_by,
  :review_domain, :requested_by, :created_at)

-- name: supersede_request
UPDATE review_requests SET superseded_at = :at WHERE id = :request_id AND superseded_at IS NULL
