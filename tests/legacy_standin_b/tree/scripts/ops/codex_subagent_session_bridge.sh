#!/usr/bin/env bash
# codex_subagent_session_bridge.sh < EVENT: one JSON object {"thread","lane","task","state"} becomes a session row.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2016
IFS=$'\t' read -r thread lane task state < <(ruby -rjson -e 'e = JSON.parse($stdin.read); puts e.values_at("thread", "lane", "task", "state").join("\t")')
if [ "$state" = completed ] || [ "$state" = failed ]; then
  exec ruby "$here/agent_queue_store.rb" session-end --session "codex-$thread" --code "$([ "$state" = completed ] && echo 0 || echo 1)"
fi
exec ruby "$here/agent_queue_store.rb" session --session "codex-$thread" --lane "$lane" --tool codex --via api --task "$task"
