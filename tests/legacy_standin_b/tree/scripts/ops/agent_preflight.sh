#!/usr/bin/env bash
# agent_preflight.sh [--quiet] LANE: the worktree of a lane is there, on its branch, clean and not behind master.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=agent_role_config.sh
. "$here/agent_role_config.sh"
quiet=
if [ "${1:-}" = --quiet ]; then quiet=1 && shift; fi
lane=${1:-${AGENT_ROLE:-}}
branch=$(lane_field "$lane" 2) || { echo "preflight: no lane '$lane'" >&2 && exit 64; }
folder=$(lane_folder "$lane")
problems=()
if [ -d "$folder" ]; then
  on=$(git -C "$folder" branch --show-current)
  [ "$on" = "$branch" ] || problems+=("$lane: on '$on', not $branch")
  [ -z "$(git -C "$folder" status --porcelain)" ] || problems+=("$lane: $folder is dirty")
  git -C "$folder" merge-base --is-ancestor master HEAD || problems+=("$lane: behind master")
elif [ -z "$quiet" ]; then
  problems+=("$lane: no worktree $folder")
fi
if [ ${#problems[@]} -gt 0 ]; then
  printf 'preflight: %s\n' "${problems[@]}" >&2
  exit 1
fi
[ -n "$quiet" ] || echo "$lane: ok"
