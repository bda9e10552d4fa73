#!/usr/bin/env bash
# agent_queue_postgres_compat.sh: the tables as PostgreSQL would have them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec ruby -e 'require ARGV[0]; puts Tables::DDL.gsub("INTEGER PRIMARY KEY", "BIGSERIAL PRIMARY KEY")' "$here/agent_queue_tables.rb"
