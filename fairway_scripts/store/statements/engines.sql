The engine of each lane, and what is owed to the legacy side.

-- name: all
SELECT role, engine, since, set_by, reason, cut_over_at FROM lane_engines ORDER BY role = '*', role

-- name: one
SELECT role, engine, since, set_by, reason, cut_over_at FROM lane_engines WHERE role = :role

-- name: put
INSERT INTO lane_engines (role, engine, since, set_by, reason, cut_over_at)
VALUES (:role, :engine, :since, :set_by, :reason, :cut_over_at)
ON CONFLICT (role) DO UPDATE SET engine = excluded.engine, since = excluded.since, set_by = excluded.set_by,
  reason = excluded.reason, cut_over_at = excluded.cut_over_at

-- name: changes
SELECT id, at, actor, session_id, payload FROM events WHERE task_id = '' AND kind = 'engine_changed' ORDER BY id
