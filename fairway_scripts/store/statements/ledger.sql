The append-only ledger and the answers of named requests.

-- name: last_hash
SELECT hash FROM events WHERE task_id = :task_id ORDER BY id DESC LIMIT 1

-- name: add_event
INSERT INTO events (at, actor, session_id, tool, task_id, kind, payload, request_id, reverts, previous_hash, hash)
VALUES (:at, :actor, :session_id, :tool, :task_id, :kind, :payload, :request_id, :reverts, :previous_hash, :hash)

-- name: request
SELECT tool, fingerprint, response FROM requests WHERE request_id = :request_id

-- name: add_request
INSERT INTO requests (request_id, tool, fingerprint, response, created_at)
VALUES (:request_id, :tool, :fingerprint, :response, :created_at)
