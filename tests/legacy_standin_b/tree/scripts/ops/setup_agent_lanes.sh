#!/usr/bin/env bash
# setup_agent_lanes.sh: a branch and a worktree for each lane.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=agent_role_config.sh
. "$here/agent_role_config.sh"
while read -r lane branch _; do
  folder=$(lane_folder "$lane")
  git show-ref --verify --quiet "refs/heads/$branch" || git branch --quiet "$branch" master
  [ -d "$folder" ] || git worktree add --quiet "$folder" "$branch"
  echo "$lane $folder"
done <<<"$AGENT_LANES"
