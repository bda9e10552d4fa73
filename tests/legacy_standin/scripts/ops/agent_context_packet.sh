#!/usr/bin/env bash
# A worker's packet as Markdown. Everything comes from the environment; GOAL, OWNER_LANE and ACCEPTANCE are required.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
for name in GOAL OWNER_LANE ACCEPTANCE; do
  if [[ -z ${!name:-} ]]; then
    echo "ERROR: $name is not set" >&2
    exit 2
  fi
done

section() { # heading, text
  [[ -z $2 ]] || printf '\n## %s\n\n%s\n' "$1" "$2"
}

printf '# Context packet%s\n' "${TASK_ID:+: $TASK_ID}"
section "Owner lane" "$OWNER_LANE"
section "Track" "${TRACK_ID:-}"
section "Goal" "$GOAL"
section "Non-goals" "${NON_GOALS:-}"
section "Current state" "${CURRENT_STATE:-}"
section "Architecture context" "${ARCHITECTURE_CONTEXT:-}"
section "Environment" "${ENVIRONMENT:-}"
section "Owned files and systems" "${OWNED:-}"
section "Must not touch" "${MUST_NOT_TOUCH:-}"
section "Commands to run" "${COMMANDS:-}"
section "Acceptance" "$ACCEPTANCE"
section "Known risks" "${RISKS:-}"
section "Stop conditions" "${STOP_CONDITIONS:-}"
section "Deviation rules" "${DEVIATION_RULES:-}"
section "Workflow regression pack" "${WORKFLOW_REGRESSION_PACK:-}"
section "Handoff required" "${HANDOFF_REQUIRED:-yes}"
section "Handoff format" "${HANDOFF_FORMAT:-owner, branch, commit, commands, results, changed files}"
if [[ -n ${TASK_ID:-} ]]; then
  section "History and evidence" "$("$here/agent_queue.sh" task-detail --task-id "$TASK_ID")"
fi
