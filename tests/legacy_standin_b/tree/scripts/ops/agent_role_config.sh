# shellcheck shell=bash
# The table of lanes, to be sourced: lane branch provider letter
AGENT_LANES='A-backend agent/A-backend codex A
B-ui agent/B-ui claude B
C-ops agent/C-ops codex C
D-arch agent/D-arch gemini D
E-governance agent/E-governance gemini E'

# lane_field LANE COLUMN (2 branch, 3 provider, 4 letter)
lane_field() {
  awk -v lane="$1" -v column="$2" '$1 == lane { print $column; found = 1 } END { exit !found }' <<<"$AGENT_LANES"
}

# The folder of a lane: beside the main checkout unless WORKTREE_ROOT says otherwise.
lane_folder() {
  local main
  main=$(dirname "$(cd "$(git rev-parse --git-common-dir)" && pwd)")
  printf '%s/gpuas-%s\n' "${WORKTREE_ROOT:-$(dirname "$main")}" "$1"
}
