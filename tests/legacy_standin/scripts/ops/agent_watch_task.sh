#!/usr/bin/env bash
# A watcher's packet as Markdown, from the environment. It prints; it does not run the command.
set -euo pipefail

for name in WATCH_ID PROCESS COMMAND SUCCESS_CONDITION FAILURE_CONDITION CLOSE_CONDITION; do
  if [[ -z ${!name:-} ]]; then
    echo "ERROR: $name is not set" >&2
    exit 2
  fi
done

section() { # heading, text
  [[ -z $2 ]] || printf '\n## %s\n\n%s\n' "$1" "$2"
}

printf '# Watch: %s\n' "$WATCH_ID"
section "Owner lane" "${OWNER_LANE:-C-ops/watch}"
section "Process" "$PROCESS"
section "Command" "$COMMAND"
section "Expected duration" "${EXPECTED_DURATION:-}"
section "Poll interval" "${POLL_INTERVAL:-}"
section "Success" "$SUCCESS_CONDITION"
section "Failure" "$FAILURE_CONDITION"
section "Allowed fixes" "${ALLOWED_FIXES:-none}"
section "Must not touch" "${MUST_NOT_TOUCH:-}"
section "Escalation" "${ESCALATION_RULES:-}"
section "Evidence required" "${EVIDENCE_REQUIRED:-command_log}"
section "Close condition" "$CLOSE_CONDITION"
section "Handoff format" "${HANDOFF_FORMAT:-result, duration, artifact}"
