#!/usr/bin/env bash
# orchestrate_agents.sh status | tick | preflight | checkpoint [--track T --state S --as WHO --due DAY --says TEXT]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
verb=${1:-status}
[ $# -eq 0 ] || shift
case $verb in
  status | tick)
    "$here/../ci/agent_queue_validate.sh"
    exec ruby "$here/agent_queue_store.rb" "$verb"
    ;;
  preflight)
    code=0
    "$here/../ci/agent_queue_git_consistency.sh" || code=1
    ruby "$here/agent_queue_store.rb" preflight || code=1
    exit $code
    ;;
  checkpoint)
    exec ruby "$here/agent_queue_store.rb" checkpoint --track "${TRACK_ID:-}" --state "${STATE:-}" --as "${OWNER:-}" \
      --due "${TARGET_CLOSE_BY:-}" --says "${SUMMARY:-}" "$@"
    ;;
  *)
    echo "orchestrate_agents: no verb $verb" >&2
    exit 64
    ;;
esac
