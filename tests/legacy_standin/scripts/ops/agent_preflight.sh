#!/usr/bin/env bash
# Is a lane fit for work? agent_preflight.sh [--role] ROLE
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
[[ ${1:-} == --role ]] && shift
role="${1:-}"
if [[ -z $role ]]; then
  echo "ERROR: usage: agent_preflight.sh [--role] ROLE" >&2
  exit 2
fi

branch="$("$here/agent_role_config.sh" branch "$role")"
place="$("$here/agent_role_config.sh" worktree "$role")"
base=master
if git rev-parse --verify --quiet refs/remotes/origin/master >/dev/null; then
  base=origin/master
fi

failed=0
problem() {
  echo "preflight $role: $1" >&2
  failed=1
}

if [[ ! -d $place ]]; then
  echo "preflight $role: warning: no worktree at $place"
  exit 0
fi
actual="$(git -C "$place" symbolic-ref --short --quiet HEAD || echo '(no branch)')"
[[ $actual == "$branch" ]] || problem "$place is on $actual, not on $branch"
[[ -z $(git -C "$place" status --porcelain) ]] || problem "$place has uncommitted changes"
if ! git -C "$place" merge-base --is-ancestor "$base" HEAD 2>/dev/null; then
  problem "$place is behind $base"
fi
if [[ $failed != 0 ]]; then
  echo "ERROR: lane $role failed its preflight" >&2
  exit 1
fi
echo "preflight $role: ok"
