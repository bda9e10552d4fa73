#!/usr/bin/env bash
# Sessions of agents: agent_session_adapter.sh preflight --role R | launch --role R --task-id T [--dry-run]
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
queue="$here/agent_queue.sh"

wrong() {
  echo "ERROR: $1; usage: agent_session_adapter.sh preflight --role R |" \
    "launch --role R --task-id T [--backend shell|tmux|zellij] [--dry-run]" >&2
  exit 2
}

action="${1:-}"
[[ $# == 0 ]] || shift
role="" task_id="" backend="${AGENT_SESSION_BACKEND:-shell}" dry_run=""
while [[ $# -gt 0 ]]; do
  case "$1" in
    --role) role="${2:-}" && shift ;;
    --task-id | --task_id) task_id="${2:-}" && shift ;;
    --backend) backend="${2:-}" && shift ;;
    --dry-run) dry_run=1 ;;
    *) wrong "unknown option $1" ;;
  esac
  shift || wrong "the last option has no value"
done
[[ -n $role ]] || wrong "--role is required"

case "$backend" in
  shell) ;;
  tmux | zellij) command -v "$backend" >/dev/null || wrong "$backend is not installed" ;;
  *) wrong "unknown backend $backend" ;;
esac

case "$action" in
  preflight)
    "$here/agent_preflight.sh" --role "$role"
    echo "backend $backend: ok"
    ;;
  launch)
    [[ -n $task_id ]] || wrong "--task-id is required"
    "$here/agent_preflight.sh" --role "$role"
    "$queue" task-detail --task-id "$task_id" >/dev/null
    provider="$("$here/agent_role_config.sh" provider "$role")"
    place="$("$here/agent_role_config.sh" worktree "$role")"
    stamp="$(date -u ${LEGACY_NOW:+-d "$LEGACY_NOW"} +%Y%m%dT%H%M%SZ)"
    session="$backend-$role-$stamp"
    echo "would start: (cd $place && ${AGENT_PROVIDER_COMMAND:-$provider})"
    echo "session: $session"
    if [[ -z $dry_run ]]; then
      "$queue" session-upsert --session-id "$session" --role "$role" --lane "$role" --task-id "$task_id" \
        --worktree-path "$place" --branch "$("$here/agent_role_config.sh" branch "$role")" --backend "$backend" \
        --provider "$provider" --session-name "gpuaas-$role" --status starting
    fi
    ;;
  *) wrong "unknown action '$action'" ;;
esac
