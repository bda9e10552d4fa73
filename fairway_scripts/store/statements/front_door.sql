What the front door asks a store that is not open.

-- name: lane_of_task
SELECT role FROM task_definitions WHERE id = :task_id
