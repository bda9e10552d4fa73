Windows of long lists for surfaces that show a screenful at a time: rows after or before a key, never an offset.

-- name: tasks_after
SELECT s.task_id AS id, s.role AS lane, s.status, s.owner, d.priority, d.title, s.ready, s.open_blockers,
  s.status_since, s.sort_priority, s.sort_sequence
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE d.archived_at IS NULL AND (:finished = 1 OR s.terminal = 0)
  AND (:lane = '' OR s.role = :lane) AND (:status = '' OR s.status = :status) AND (:owner = '' OR s.owner = :owner)
  AND (:words = '' OR replace(lower(s.task_id || ' ' || d.title), :words, '') <> lower(s.task_id || ' ' || d.title))
  AND (:begun = 0 OR (s.role, s.sort_priority, s.sort_sequence, s.task_id) > (:role, :priority, :sequence, :task_id))
ORDER BY s.role, s.sort_priority NULLS FIRST, s.sort_sequence NULLS FIRST, s.task_id
LIMIT :rows

-- name: tasks_before
SELECT s.task_id AS id, s.role AS lane, s.status, s.owner, d.priority, d.title, s.ready, s.open_blockers,
  s.status_since, s.sort_priority, s.sort_sequence
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE d.archived_at IS NULL AND (:finished = 1 OR s.terminal = 0)
  AND (:lane = '' OR s.role = :lane) AND (:status = '' OR s.status = :status) AND (:owner = '' OR s.owner = :owner)
  AND (:words = '' OR replace(lower(s.task_id || ' ' || d.title), :words, '') <> lower(s.task_id || ' ' || d.title))
  AND (:begun = 0 OR (s.role, s.sort_priority, s.sort_sequence, s.task_id) < (:role, :priority, :sequence, :task_id))
ORDER BY s.role DESC, s.sort_priority DESC NULLS LAST, s.sort_sequence DESC NULLS LAST, s.task_id DESC
LIMIT :rows

-- name: tasks_count
SELECT count(*)
FROM task_state s JOIN task_definitions d ON d.id = s.task_id
WHERE d.archived_at IS NULL AND (:finished = 1 OR s.terminal = 0)
  AND (:lane = '' OR s.role = :lane) AND (:status = '' OR s.status = :status) AND (:owner = '' OR s.owner = :owner)
  AND (:words = '' OR replace(lower(s.task_id || ' ' || d.title), :words, '') <> lower(s.task_id || ' ' || d.title))

-- name: events_older
SELECT e.id, e.at, e.actor, e.tool, e.task_id, e.kind, e.payload, e.reverts, s.role AS lane
FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id
WHERE (:begun = 0 OR e.id < :event_id) AND e.kind NOT IN ('rows_written', 'ledger_baseline')
  AND (:lane = '' OR s.role = :lane) AND (:actor = '' OR e.actor = :actor) AND (:kind = '' OR e.kind = :kind)
  AND (:words = '' OR replace(lower(e.task_id || ' ' || e.kind || ' ' || e.actor), :words, '')
    <> lower(e.task_id || ' ' || e.kind || ' ' || e.actor))
ORDER BY e.id DESC
LIMIT :rows

-- name: events_newer
SELECT e.id, e.at, e.actor, e.tool, e.task_id, e.kind, e.payload, e.reverts, s.role AS lane
FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id
WHERE (:begun = 0 OR e.id > :event_id) AND e.kind NOT IN ('rows_written', 'ledger_baseline')
  AND (:lane = '' OR s.role = :lane) AND (:actor = '' OR e.actor = :actor) AND (:kind = '' OR e.kind = :kind)
  AND (:words = '' OR replace(lower(e.task_id || ' ' || e.kind || ' ' || e.actor), :words, '')
    <> lower(e.task_id || ' ' || e.kind || ' ' || e.actor))
ORDER BY e.id
LIMIT :rows

-- name: events_count
SELECT count(*)
FROM events e LEFT JOIN task_state s ON s.task_id = e.task_id
WHERE e.kind NOT IN ('rows_written', 'ledger_baseline')
  AND (:lane = '' OR s.role = :lane) AND (:actor = '' OR e.actor = :actor) AND (:kind = '' OR e.kind = :kind)
  AND (:words = '' OR replace(lower(e.task_id || ' ' || e.kind || ' ' || e.actor), :words, '')
    <> lower(e.task_id || ' ' || e.kind || ' ' || e.actor))
