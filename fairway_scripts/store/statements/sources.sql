Definitions as they are read from queue files, and what is remembered about those files.

-- name: meta
SELECT value FROM meta WHERE key = :key

-- name: has_meta
SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'

-- name: remembered
SELECT (SELECT value FROM meta WHERE key = 'settings') AS settings,
  (SELECT value FROM meta WHERE key = 'identity') AS identity,
  (SELECT value FROM meta WHERE key = 'moved_to') AS moved_to

-- name: set_meta
INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value

-- name: source
SELECT * FROM queue_sources WHERE path = :path

-- name: in_force
SELECT count(*) FROM task_definitions WHERE source = :source AND left_file_at IS NULL

-- name: active_paths
SELECT path FROM queue_sources WHERE kind = 'active' ORDER BY path

-- name: has_definitions
SELECT 1 FROM task_definitions LIMIT 1

-- name: sources
SELECT * FROM queue_sources ORDER BY kind, path

-- name: set_source
INSERT INTO queue_sources (path, kind, mtime_ns, size, sha256, valid, faults, header, task_count, imported_at)
VALUES (:path, :kind, :mtime_ns, :size, :sha256, :valid, :faults, :header, :task_count, :imported_at)
ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, mtime_ns = excluded.mtime_ns, size = excluded.size,
  sha256 = excluded.sha256, valid = excluded.valid, faults = excluded.faults, header = excluded.header,
  task_count = excluded.task_count, imported_at = excluded.imported_at

-- name: drop_sources
DELETE FROM queue_sources WHERE kind = :kind

-- name: touch_source [derived]
UPDATE queue_sources SET mtime_ns = :mtime_ns WHERE path = :path

-- name: known_ids
SELECT id FROM task_definitions UNION SELECT task_id FROM archived_tasks

-- name: definition_hashes
SELECT id, content_hash, position, left_file_at, source FROM task_definitions

-- name: put_definition
INSERT INTO task_definitions (id, source, position, parent_id, kind, title, role, notes, acceptance_checks, priority,
  sequence, profile, owning_domain, owning_layer, source_paths, target_paths, review_domains, risk_level,
  migration_type, tags, extra, content_hash, created_at, created_by, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET source = excluded.source, position = excluded.position, parent_id = excluded.parent_id,
  kind = excluded.kind, title = excluded.title, role = excluded.role, notes = excluded.notes,
  acceptance_checks = excluded.acceptance_checks, priority = excluded.priority, sequence = excluded.sequence,
  profile = excluded.profile, owning_domain = excluded.owning_domain, owning_layer = excluded.owning_layer,
  source_paths = excluded.source_paths, target_paths = excluded.target_paths,
  review_domains = excluded.review_domains, risk_level = excluded.risk_level,
  migration_type = excluded.migration_type, tags = excluded.tags, extra = excluded.extra,
  content_hash = excluded.content_hash, updated_at = excluded.updated_at, left_file_at = NULL, archived_at = NULL

-- name: drop_dependencies
DELETE FROM task_dependencies WHERE task_id = ?

-- name: put_dependency
INSERT INTO task_dependencies (task_id, depends_on, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING

-- name: seed_state
INSERT INTO task_state (task_id, status, terminal, ready, open_blockers, role, sort_priority, sort_sequence, owner,
  claimant, branch, claimed_at, lease_expires_at, completed_at, commit_sha, review_required, review_status, version,
  fence, status_since, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL, NULL, ?, ?, 0, 'not_required', 1, 0, ?, ?)
ON CONFLICT (task_id) DO NOTHING

-- name: seed_history
INSERT INTO task_state_history (task_id, from_status, to_status, to_owner, to_branch, to_commit_sha, command_source,
  actor, reason, at)
SELECT task_id, NULL, status, owner, branch, commit_sha, :word, :actor, :word, :at FROM task_state

-- name: seed_history_of
INSERT INTO task_state_history (task_id, from_status, to_status, to_owner, to_branch, to_commit_sha, command_source,
  actor, reason, at)
SELECT task_id, NULL, status, owner, branch, commit_sha, :word, :actor, :word, :at FROM task_state
WHERE task_id = :task_id

-- name: order_state [derived]
UPDATE task_state SET role = ?, sort_priority = ?, sort_sequence = ? WHERE task_id = ?

-- name: mark_left
UPDATE task_definitions SET left_file_at = ? WHERE id = ? AND left_file_at IS NULL

-- name: put_archived
INSERT INTO archived_tasks (task_id, title, role, status, terminal, commit_sha, completed_at, source)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (task_id) DO UPDATE SET title = excluded.title, role = excluded.role, status = excluded.status,
  terminal = excluded.terminal, commit_sha = excluded.commit_sha, completed_at = excluded.completed_at,
  source = excluded.source

-- name: clear_terminal [derived]
UPDATE task_state SET terminal = 0

-- name: mark_terminal [derived]
UPDATE task_state SET terminal = 1 WHERE status = :status

-- name: default_priority [derived]
UPDATE task_state SET sort_priority = :priority WHERE task_id IN (SELECT id FROM task_definitions WHERE priority IS NULL)
