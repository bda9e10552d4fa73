What PostgreSQL is asked in its own words.

-- name: reports.quick_check
SELECT 'ok'

-- name: reports.journal_mode
SELECT 'wal'

-- name: reports.schema_version
SELECT version FROM store_schema

-- name: sources.has_meta
SELECT 1

-- name: ledger.head
SELECT h.event_id, h.events, (SELECT max(id) FROM events) AS newest,
  (SELECT value FROM meta WHERE key = 'moved_to') AS moved_to
FROM (SELECT 1 AS id) one LEFT JOIN ledger_head h ON h.id = one.id

-- name: ledger.number_for
SELECT CASE WHEN has_sequence_privilege(name, 'USAGE') THEN nextval(CAST(name AS regclass)) END
FROM (SELECT pg_get_serial_sequence(:table, 'id') AS name) s

-- name: ledger.add_event
INSERT INTO events (id, at, actor, session_id, tool, task_id, kind, payload, request_id, reverts, previous_hash, hash,
  row_images, store_hash)
SELECT CAST(:id AS bigint) / CASE WHEN n.unseen = CAST(:unseen AS bigint) THEN 1 ELSE 0 END,
  :at, :actor, :session_id, :tool, :task_id, :kind, :payload, :request_id, CAST(:reverts AS bigint),
  n.previous_hash, n.hash, n.images,
  encode(sha256(convert_to(concat(n.head, chr(10), CAST(:id AS bigint), chr(10), n.hash), 'UTF8')), 'hex')
FROM (
  SELECT p.*, encode(sha256(convert_to(concat(
    '["', p.previous_hash, '",', CAST(:hashed AS text), ',["row_images",', to_json(p.images), ']]'), 'UTF8')), 'hex') AS hash
  FROM (
    SELECT length(rows) - length(replace(rows, chr(10), '')) AS unseen,
      '[' || concat_ws(',', NULLIF(CAST(:images AS text), ''), NULLIF(replace(substr(rows, 2), chr(10), ','), '')) || ']' AS images,
      COALESCE((SELECT hash FROM events WHERE task_id = :task_id ORDER BY id DESC LIMIT 1), repeat('0', 64)) AS previous_hash,
      COALESCE((SELECT hash FROM ledger_head WHERE id = 1), repeat('0', 64)) AS head
    FROM (SELECT COALESCE(current_setting(:kept, true), '') AS rows) s
  ) p
) n

-- name: ledger.set_head
INSERT INTO ledger_head (id, event_id, events, hash)
SELECT 1, id, CAST(:events AS bigint), store_hash FROM events WHERE id = CAST(:event_id AS bigint)
ON CONFLICT (id) DO UPDATE SET event_id = excluded.event_id, events = excluded.events, hash = excluded.hash
