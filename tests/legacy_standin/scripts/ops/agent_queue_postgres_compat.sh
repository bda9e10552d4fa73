#!/usr/bin/env bash
# The trial with PostgreSQL: prints the tables that a shared queue would need. It is no migration.
set -euo pipefail

case "${1:-ddl}" in
  ddl)
    cat <<'SQL'
CREATE TABLE IF NOT EXISTS task_state (
  task_id text PRIMARY KEY, status text NOT NULL, owner text NOT NULL DEFAULT '', branch text NOT NULL DEFAULT '',
  commit_sha text NOT NULL DEFAULT '', completed_at timestamptz, updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS task_state_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, task_id text NOT NULL REFERENCES task_state,
  from_status text, to_status text NOT NULL, actor text, reason text, at timestamptz NOT NULL DEFAULT now());
-- a claim locks its row first: SELECT ... FROM task_state WHERE task_id = $1 FOR UPDATE
SQL
    ;;
  *)
    echo "ERROR: usage: agent_queue_postgres_compat.sh [ddl]" >&2
    exit 2
    ;;
esac
