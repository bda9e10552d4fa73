#!/usr/bin/env bash
# The role table: agent_role_config.sh [list] | branch ROLE | provider ROLE | worktree ROLE
set -euo pipefail

main_checkout() {
  git worktree list --porcelain | sed -n '1s/^worktree //p'
}

role_fields() { # prints: role branch provider
  case "$1" in
    A-backend) echo "A-backend agent/A-backend codex" ;;
    B-ui) echo "B-ui agent/B-ui claude" ;;
    C-ops) echo "C-ops agent/C-ops codex" ;;
    D-arch) echo "D-arch agent/D-arch gemini" ;;
    E-governance) echo "E-governance agent/E-governance gemini" ;;
    *)
      echo "ERROR: unknown role '$1'" >&2
      return 2
      ;;
  esac
}

worktree_of() {
  local root="${WORKTREE_ROOT:-}"
  [[ -n $root ]] || root="$(dirname "$(main_checkout)")"
  echo "$root/gpuas-$1"
}

action="${1:-list}"
case "$action" in
  list)
    for role in A-backend B-ui C-ops D-arch E-governance; do
      echo "$(role_fields "$role") $(worktree_of "$role")"
    done
    ;;
  branch | provider | worktree)
    fields="$(role_fields "${2:-}")"
    read -r role branch provider <<<"$fields"
    case "$action" in
      branch) echo "$branch" ;;
      provider) echo "$provider" ;;
      worktree) worktree_of "$role" ;;
    esac
    ;;
  *)
    echo "ERROR: usage: agent_role_config.sh [list] | branch ROLE | provider ROLE | worktree ROLE" >&2
    exit 2
    ;;
esac
