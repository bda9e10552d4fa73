Evidence, handoffs, reviews and review requests. What queue-undo withdrew does not count.

-- name: evidence
SELECT * FROM task_evidence WHERE task_id = :task_id AND withdrawn_at IS NULL ORDER BY id
