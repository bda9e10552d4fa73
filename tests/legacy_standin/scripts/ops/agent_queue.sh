#!/usr/bin/env bash
# What operators call: agent_queue.sh [--queue-file PATH] COMMAND [--option VALUE ...]
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"

# A claim begins with a look at the lane's worktree, unless it is forced.
command=""
role=""
force=""
words=("$@")
for ((i = 0; i < ${#words[@]}; i++)); do
  case "${words[i]}" in
    --queue-file) i=$((i + 1)) ;;
    --role) role="${words[i + 1]:-}" ;;
    --role=*) role="${words[i]#--role=}" ;;
    --force) force=1 ;;
    --*) ;;
    *) [[ -n $command ]] || command="${words[i]}" ;;
  esac
done
if [[ $command == claim && -n $role && -z $force ]]; then
  "$here/agent_preflight.sh" --role "$role" >&2
fi

# Without rubygems ruby starts in less than half the time; the store loads them when it has to.
read -r -a flags <<<"${LEGACY_RUBY_FLAGS---disable-gems}"
exec ruby ${flags[@]+"${flags[@]}"} "$here/agent_queue_store.rb" "$@"
