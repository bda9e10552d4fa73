#!/usr/bin/env bash
# A reviewer's packet for a bug fix as Markdown, from the environment.
set -euo pipefail

for name in ROOT_CAUSE OWNING_LAYER PROOF_COMMAND REGRESSION_COVERAGE RESIDUAL_RISK; do
  if [[ -z ${!name:-} ]]; then
    echo "ERROR: $name is not set" >&2
    exit 2
  fi
done
if [[ $REGRESSION_COVERAGE == *deferred* && -z ${FOLLOW_UP:-} ]]; then
  echo "ERROR: deferred coverage needs FOLLOW_UP" >&2
  exit 2
fi

section() { # heading, text
  [[ -z $2 ]] || printf '\n## %s\n\n%s\n' "$1" "$2"
}

printf '# Bug-fix review%s\n' "${TASK_ID:+: $TASK_ID}"
section "Bug" "${BUG_SUMMARY:-}"
section "Owning layer" "$OWNING_LAYER"
section "Root cause" "$ROOT_CAUSE"
section "Impact" "${IMPACT:-}"
section "Proof command" "$PROOF_COMMAND"
section "Regression coverage" "$REGRESSION_COVERAGE"
section "Workflow pack" "${WORKFLOW_PACK:-}"
section "Scope drift" "${SCOPE_DRIFT:-}"
section "Residual risk" "$RESIDUAL_RISK"
section "Follow-up" "${FOLLOW_UP:-}"
section "Review questions" "${REVIEW_QUESTIONS:-Does the proof exercise the cause?}"
