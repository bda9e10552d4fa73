The append-only ledger and the answers of named requests.

-- name: add_event
INSERT INTO events (id, at, actor, session_id, tool, task_id, kind, payload, request_id, reverts, previous_hash, hash,
  row_images, store_hash)
VALUES (:id, :at, :actor, :session_id, :tool, :task_id, :kind, :payload, :request_id, :reverts, :previous_hash, :hash,
  :row_images, :store_hash)

-- name: head
SELECT h.event_id, h.events, h.hash, (SELECT max(id) FROM events) AS newest,
  (SELECT hash FROM events WHERE task_id = :task_id ORDER BY id DESC LIMIT 1) AS previous_hash,
  (SELECT value FROM meta WHERE key = 'moved_to') AS moved_to
FROM (SELECT 1 AS id) one LEFT JOIN ledger_head h ON h.id = one.id

-- name: newest_at
SELECT at FROM events ORDER BY id DESC LIMIT 1

-- name: set_head
INSERT INTO ledger_head (id, event_id, events, hash) VALUES (1, :event_id, :events, :hash)
ON CONFLICT (id) DO UPDATE SET event_id = excluded.event_id, events = excluded.events, hash = excluded.hash

-- name: request
SELECT tool, fingerprint, response FROM requests WHERE request_id = :request_id

-- name: add_request
INSERT INTO requests (request_id, tool, fingerprint, response, created_at)
VALUES (:request_id, :tool, :fingerprint, :response, :created_at)
