#!/usr/bin/env bash
# Session rows for sub-agents: codex_subagent_session_bridge.sh --thread-id T --role R --state S [--task-id ID]
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
thread="" role="" state="" task_id=""
while [[ $# -gt 0 ]]; do
  case "$1" in
    --thread-id) thread="${2:-}" ;;
    --role) role="${2:-}" ;;
    --state) state="${2:-}" ;;
    --task-id) task_id="${2:-}" ;;
    *)
      echo "ERROR: unknown option $1" >&2
      exit 2
      ;;
  esac
  shift
  [[ $# == 0 ]] || shift
done
if [[ -z $thread || -z $role || -z $state ]]; then
  echo "ERROR: --thread-id, --role and --state are required" >&2
  exit 2
fi

session="codex-$thread"
"$here/agent_queue.sh" session-upsert --session-id "$session" --role "$role" --backend codex-api --provider codex \
  --task-id "$task_id"
case "$state" in
  started | running | waiting_on_approval | waiting_on_input) ;;
  completed) "$here/agent_queue.sh" session-end --session-id "$session" --exit-code 0 --reason completed ;;
  failed) "$here/agent_queue.sh" session-end --session-id "$session" --exit-code 1 --reason failed ;;
  stale) "$here/agent_queue.sh" session-end --session-id "$session" --status stale --reason stale ;;
  *)
    echo "ERROR: unknown state $state" >&2
    exit 2
    ;;
esac
