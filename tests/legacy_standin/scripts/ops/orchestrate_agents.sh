#!/usr/bin/env bash
# The coordinator's view: orchestrate_agents.sh status | tick | preflight [--role ROLE]
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
queue="$here/agent_queue.sh"

status() {
  echo "== queue file"
  "$queue" validate
  echo "== tasks"
  "$queue" status-report
  echo "== ready"
  "$queue" ready
  echo "== waiting"
  "$queue" waiting
}

lane_preflights() {
  local failed=0 roles=("$@")
  if [[ ${#roles[@]} == 0 ]]; then
    read -r -a roles <<<"$("$here/agent_role_config.sh" list | cut -d ' ' -f 1 | tr '\n' ' ')"
  fi
  for role in "${roles[@]}"; do
    "$here/agent_preflight.sh" --role "$role" || failed=1
  done
  return "$failed"
}

preflight() {
  local failed=0
  echo "== queue file"
  "$queue" validate || failed=1
  echo "== git"
  "$queue" git-check || failed=1
  echo "== lanes"
  lane_preflights "$@" || failed=1
  echo "== sessions"
  "$queue" session-reconcile --dry-run
  echo "== checkpoints"
  "$queue" checkpoints --stale
  echo "== health"
  "$queue" health-report
  return "$failed"
}

action="${1:-status}"
[[ $# == 0 ]] || shift
case "$action" in
  status) status ;;
  tick)
    status
    echo "== next"
    "$queue" recommend
    ;;
  preflight)
    [[ ${1:-} == --role ]] && shift
    if [[ -n ${1:-} ]]; then preflight "$1"; else preflight; fi
    ;;
  *)
    echo "ERROR: usage: orchestrate_agents.sh status | tick | preflight [--role ROLE]" >&2
    exit 2
    ;;
esac
