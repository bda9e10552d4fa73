Parents, children and dependencies, and the tasks that the store owns.

-- name: is_known
SELECT 1 FROM task_definitions WHERE id = :task_id UNION SELECT 1 FROM archived_tasks WHERE task_id = :task_id

-- name: archive_of
SELECT source FROM archived_tasks WHERE task_id = :task_id

-- name: next_position
SELECT COALESCE(max(position), -1) + 1 FROM task_definitions

-- name: needs
SELECT depends_on FROM task_dependencies WHERE task_id = :task_id ORDER BY position NULLS FIRST, depends_on

-- name: ancestors
WITH RECURSIVE up (id, parent_id, level) AS (
  SELECT id, parent_id, 0 FROM task_definitions WHERE id = :task_id
  UNION
  SELECT d.id, d.parent_id, u.level + 1 FROM task_definitions d JOIN up u ON d.id = u.parent_id WHERE u.level < 1000
)
SELECT id FROM up ORDER BY level

-- name: needed_edges
WITH RECURSIVE reach (id) AS (
  SELECT id FROM task_definitions WHERE id = :task_id
  UNION
  SELECT t.depends_on FROM task_dependencies t JOIN reach r ON t.task_id = r.id
)
SELECT t.task_id, t.depends_on FROM task_dependencies t JOIN reach r ON t.task_id = r.id
ORDER BY t.task_id, t.position NULLS FIRST, t.depends_on

-- name: tree_below
WITH RECURSIVE below (id) AS (
  SELECT id FROM task_definitions WHERE id = :task_id
  UNION
  SELECT d.id FROM task_definitions d JOIN below b ON d.parent_id = b.id
)
SELECT d.id, d.parent_id, d.title, d.kind, d.priority, s.role AS lane, s.status, s.owner, s.terminal, d.left_file_at
FROM below b JOIN task_definitions d ON d.id = b.id JOIN task_state s ON s.task_id = b.id
ORDER BY s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id

-- name: whole_forest
SELECT d.id, d.parent_id, d.title, d.kind, d.priority, s.role AS lane, s.status, s.owner, s.terminal, d.left_file_at
FROM task_definitions d JOIN task_state s ON s.task_id = d.id
WHERE d.parent_id IS NOT NULL OR EXISTS (SELECT 1 FROM task_definitions c WHERE c.parent_id = d.id)
ORDER BY s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id

-- name: store_tasks
SELECT d.*, s.status, s.owner, s.branch, s.completed_at, s.commit_sha
FROM task_definitions d JOIN task_state s ON s.task_id = d.id
WHERE d.source = :source
ORDER BY d.position NULLS FIRST, d.id

-- name: set_source
UPDATE task_definitions SET source = :source, updated_at = :at WHERE id = :task_id

-- name: needs_outside_the_file
SELECT t.task_id AS id, t.depends_on AS named
FROM task_definitions d JOIN task_dependencies t ON t.task_id = d.id
WHERE d.source = :source OR d.left_file_at IS NOT NULL
ORDER BY d.position NULLS FIRST, d.id, t.position NULLS FIRST

-- name: parents_outside_the_file
SELECT id, parent_id AS named FROM task_definitions
WHERE (source = :source OR left_file_at IS NOT NULL) AND parent_id IS NOT NULL
ORDER BY position NULLS FIRST, id
