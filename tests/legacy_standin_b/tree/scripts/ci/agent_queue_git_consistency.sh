#!/usr/bin/env bash
# agent_queue_git_consistency.sh: each lane that is there is on its branch and clean.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../ops/agent_role_config.sh
. "$here/../ops/agent_role_config.sh"
code=0
while read -r lane _; do
  [ ! -d "$(lane_folder "$lane")" ] || "$here/../ops/agent_preflight.sh" "$lane" || code=1
done <<<"$AGENT_LANES"
exit $code
