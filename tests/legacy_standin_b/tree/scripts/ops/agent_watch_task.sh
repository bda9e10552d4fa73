#!/usr/bin/env bash
# agent_watch_task.sh: WATCH_ID COMMAND SUCCESS_CONDITION FAILURE_CONDITION from the environment, Markdown on stdout.
set -euo pipefail
: "${WATCH_ID:?WATCH_ID is missing}" "${COMMAND:?COMMAND is missing}" "${SUCCESS_CONDITION:?SUCCESS_CONDITION is missing}"
printf '# Watch %s\n\ncommand: %s\nsuccess: %s\nfailure: %s\nfixes: %s\n' \
  "$WATCH_ID" "$COMMAND" "$SUCCESS_CONDITION" "${FAILURE_CONDITION:-any other exit}" "${ALLOWED_FIXES:-none}"
