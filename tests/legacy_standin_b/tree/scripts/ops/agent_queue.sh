#!/usr/bin/env bash
# agent_queue.sh VERB --task T [--state S] [--as WHO] [--on BRANCH] [--sha SHA] ...
# A value that is not a flag may be in the environment (AQ_TASK, AQ_LANE, AQ_ON, AQ_SHA): the flag counts.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=agent_role_config.sh
. "$here/agent_role_config.sh"

verb=${1:?"agent_queue.sh: a verb is missing"}
shift
flags=("$@")

given() {
  local word
  for word in ${flags[@]+"${flags[@]}"}; do [ "$word" != "$1" ] || return 0; done
  return 1
}
fill() { # FLAG VALUE: only where the flag was not typed and there is a value
  given "$1" || [ -z "$2" ] || flags+=("$1" "$2")
}

case $verb in
  claim)
    fill --task "${AQ_TASK:-}"
    fill --lane "${AQ_LANE:-}"
    fill --on "${AQ_ON:-$(lane_field "${AQ_LANE:-}" 2 || true)}"
    "$here/agent_preflight.sh" --quiet "${AQ_LANE:-}" || exit 3
    ;;
  route | merge-ready)
    fill --task "${AQ_TASK:-}"
    fill --sha "${AQ_SHA:-}"
    ;;
  evidence | handoff | set-status | review | detail) fill --task "${AQ_TASK:-}" ;;
esac
exec ruby "$here/agent_queue_store.rb" "$verb" ${flags[@]+"${flags[@]}"}
