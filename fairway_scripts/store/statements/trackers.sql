Links from tasks to the issues of trackers.

-- name: add
INSERT INTO tracker_links (task_id, uid, tracker, kind, host, issue, remote_id, url, base, content_hash, etag, watermark,
  recorded_by, created_at)
VALUES (:task_id, :uid, :tracker, :kind, :host, :issue, :remote_id, :url, :base, :content_hash, :etag, :watermark,
  :recorded_by, :created_at)

-- name: links
SELECT l.*, s.role AS lane, s.status, s.terminal, d.title FROM tracker_links l
JOIN task_state s ON s.task_id = l.task_id JOIN task_definitions d ON d.id = l.task_id
WHERE (:task_id = '' OR l.task_id = :task_id) AND (:tracker = '' OR l.tracker = :tracker)
  AND (:withdrawn = 1 OR l.withdrawn_at IS NULL)
ORDER BY l.id

-- name: link
SELECT * FROM tracker_links WHERE id = :id

-- name: of_issue
SELECT * FROM tracker_links WHERE tracker = :tracker AND remote_id = :remote_id AND withdrawn_at IS NULL ORDER BY id

-- name: withdraw
UPDATE tracker_links SET withdrawn_at = :at WHERE id = :id AND withdrawn_at IS NULL

-- name: intend
UPDATE tracker_links SET pending_hash = :pending_hash, pending_at = :at
WHERE id = :id AND withdrawn_at IS NULL

-- name: settle
UPDATE tracker_links SET comment_id = :comment_id, comment_hash = :comment_hash, pending_hash = NULL, pending_at = NULL
WHERE id = :id

-- name: agree
UPDATE tracker_links SET issue = :issue, remote_id = :remote_id, url = :url, base = :base, content_hash = :content_hash,
  etag = :etag, watermark = :watermark
WHERE id = :id AND withdrawn_at IS NULL

-- name: seen [derived]
UPDATE tracker_links SET etag = :etag, watermark = :watermark WHERE id = :id
