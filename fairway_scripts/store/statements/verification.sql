The rows that events hold, side by side with those of the tables. The temporary table is the newest image of each row.

-- name: make_images
CREATE TEMP TABLE row_images (held_in TEXT, row_key TEXT, event_id INTEGER, baseline INTEGER, image TEXT,
  PRIMARY KEY (held_in, row_key))

-- name: drop_images
DROP TABLE IF EXISTS row_images

-- name: put_image
INSERT INTO row_images (held_in, row_key, event_id, baseline, image) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (held_in, row_key) DO UPDATE SET event_id = excluded.event_id, baseline = excluded.baseline,
  image = excluded.image

-- name: image_text
SELECT image FROM row_images WHERE held_in = :table AND row_key = :key

-- name: image_event
SELECT event_id FROM row_images WHERE held_in = :table AND row_key = :key

-- name: images_of
SELECT row_key, event_id, image FROM row_images WHERE held_in = :table AND image IS NOT NULL ORDER BY row_key

-- name: image_count
SELECT count(*) FROM row_images WHERE held_in = :table AND image IS NOT NULL

-- name: unproven
SELECT held_in, count(*) AS rows, min(event_id) AS event_id FROM row_images WHERE baseline = 1 AND image IS NOT NULL
GROUP BY held_in ORDER BY held_in

-- name: events_with_rows
SELECT id, kind, payload, row_images FROM events ORDER BY id

-- name: store_chain
SELECT id, task_id, hash, store_hash FROM events ORDER BY id

-- name: head
SELECT id, event_id, events, hash FROM ledger_head ORDER BY id

-- name: sources
SELECT path, mtime_ns, size, sha256 FROM queue_sources WHERE kind = 'active' ORDER BY path

-- name: event_at
SELECT e.store_hash, (SELECT count(*) FROM events b WHERE b.id <= e.id) AS events FROM events e WHERE e.id = :event_id
