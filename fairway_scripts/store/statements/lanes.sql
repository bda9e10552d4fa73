What is attached to lanes: sessions, claims, and the worktrees that were made for them.

-- name: live_sessions
SELECT id, role, host, worktree_path, session_backend, provider, task_id, status, started_at, last_heartbeat_at
FROM sessions WHERE ended_at IS NULL ORDER BY role, started_at, id

-- name: claims
SELECT task_id, role, owner, claimant, branch, claimed_at, lease_expires_at
FROM task_state WHERE status = :claimed ORDER BY role, claimed_at NULLS FIRST, task_id

-- name: made_worktrees
SELECT path, role, branch, created_at, created_by FROM lane_worktrees WHERE removed_at IS NULL ORDER BY path

-- name: add_worktree
INSERT INTO lane_worktrees (path, role, branch, created_at, created_by)
VALUES (:path, :role, :branch, :at, :actor)
ON CONFLICT (path) DO UPDATE SET role = excluded.role, branch = excluded.branch, created_at = excluded.created_at,
  created_by = excluded.created_by, removed_at = NULL

-- name: remove_worktree
UPDATE lane_worktrees SET removed_at = :at WHERE path = :path AND removed_at IS NULL

-- name: reviewed_commits
SELECT DISTINCT reviewed_commit_sha FROM task_reviews WHERE withdrawn_at IS NULL AND reviewed_commit_sha IS NOT NULL
