#!/usr/bin/env bash
# agent_session_adapter.sh preflight --role LANE | launch --role LANE --task-id T [--backend shell|tmux] | end --session S [--code N] | status
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=agent_role_config.sh
. "$here/agent_role_config.sh"
verb=${1:-}
[ $# -eq 0 ] || shift
role=${AGENT_ROLE:-} task='' backend=shell session='' code=0
while [ $# -gt 0 ]; do
  case $1 in
    --role) role=$2 ;;
    --task-id) task=$2 ;;
    --backend) backend=$2 ;;
    --session) session=$2 ;;
    --code) code=$2 ;;
    *) echo "agent_session_adapter: unexpected $1" >&2 && exit 64 ;;
  esac
  shift 2
done
case $verb in
  preflight) exec "$here/agent_preflight.sh" "$role" ;;
  launch)
    "$here/agent_preflight.sh" --quiet "$role"
    stamp=${AQ_CLOCK:-$(date '+%Y-%m-%dT%H:%M:%S')}
    AQ_PID=$$ exec ruby "$here/agent_queue_store.rb" session --session "$backend-$role-${stamp//[^0-9T]/}" --lane "$role" \
      --tool "$(lane_field "$role" 3)" --via "$backend" --task "$task" --cwd "$(lane_folder "$role")" --on "$(lane_field "$role" 2)"
    ;;
  end) exec ruby "$here/agent_queue_store.rb" session-end --session "$session" --code "$code" ;;
  status) exec ruby "$here/agent_queue_store.rb" seats ;;
  *) echo "agent_session_adapter: no verb '$verb'" >&2 && exit 64 ;;
esac
