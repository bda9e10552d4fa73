#!/usr/bin/env bash
# Makes the lane worktrees that are missing; what is there stays as it is.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
"$here/agent_role_config.sh" list | while read -r role branch _provider place; do
  if [[ -d $place ]]; then
    echo "$role: $place is there"
  elif git rev-parse --verify --quiet "refs/heads/$branch" >/dev/null; then
    git worktree add --quiet "$place" "$branch"
    echo "$role: $place added on $branch"
  else
    git worktree add --quiet -b "$branch" "$place" master
    echo "$role: $place added on new $branch"
  fi
done
