#!/usr/bin/env bash
# The test suite on another day and in another zone: what a test or a tool takes from today's date is found before
# that day comes. later.c shifts the wall clock of every program that a test starts, git, make and PostgreSQL among them.
#   later.sh [TESTS...]
#     LATER   the days to shift by and the zones, as DAYS@ZONE;
#             default "+1@UTC +9@America/Los_Angeles +400@Pacific/Kiritimati"
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v cc >/dev/null; then
    echo 'later: a C compiler is missing: apt-get install gcc libc6-dev' >&2
    exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$folder" # the tests have programs that run as another user

for when in ${LATER:-+1@UTC +9@America/Los_Angeles +400@Pacific/Kiritimati}; do
    clock="$folder/later${when%@*}.so"
    cc -O2 -shared -fPIC -DDAYS="(${when%@*})" -DFROM="$(date +%s)L" -o "$clock" scripts/legs/later.c
    shifted=(env TZ="${when#*@}" LD_PRELOAD="$clock")
    "${shifted[@]}" date '+later: it is %Y-%m-%d %H:%M %Z'
    "${shifted[@]}" .venv/bin/python -m pytest -q -n auto --dist worksteal "$@"
done
