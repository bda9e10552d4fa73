#!/usr/bin/env bash
# bugfix_review_packet.sh: ROOT_CAUSE OWNING_LAYER PROOF_COMMAND REGRESSION_COVERAGE RESIDUAL_RISK from the environment.
set -euo pipefail
for name in ROOT_CAUSE OWNING_LAYER PROOF_COMMAND REGRESSION_COVERAGE RESIDUAL_RISK; do
  [ -n "${!name:-}" ] || { echo "bugfix_review_packet: $name is missing" >&2 && exit 64; }
  printf '## %s\n%s\n\n' "$name" "${!name}"
done
