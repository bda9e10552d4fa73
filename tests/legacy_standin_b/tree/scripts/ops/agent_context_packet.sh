#!/usr/bin/env bash
# agent_context_packet.sh: GOAL OWNER_LANE ACCEPTANCE (and TASK_ID NON_GOALS RISKS) from the environment, Markdown on stdout.
set -euo pipefail
: "${GOAL:?GOAL is missing}" "${OWNER_LANE:?OWNER_LANE is missing}" "${ACCEPTANCE:?ACCEPTANCE is missing}"
printf '# Context packet %s\n\n## Goal\n%s\n\n## Non-goals\n%s\n\n## Owner\n%s\n\n## Acceptance\n%s\n\n## Risks\n%s\n' \
  "${TASK_ID:-}" "$GOAL" "${NON_GOALS:-none}" "$OWNER_LANE" "$ACCEPTANCE" "${RISKS:-none}"
