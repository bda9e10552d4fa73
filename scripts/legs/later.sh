#!/usr/bin/env bash
# The test suite on another day and in another zone: what a test or a tool takes from today's date is found before
# that day comes. libfaketime shifts the clock of every program that a test starts, git and make among them.
#   later.sh [TESTS...]
#     LATER   the days to shift by and the zones, as DAYS@ZONE; default "+1@UTC +9@America/Los_Angeles +400@Pacific/Kiritimati"
set -euo pipefail
cd "$(dirname "$0")/../.."
library=$(find /usr/lib /usr/local/lib -name libfaketime.so.1 2>/dev/null | head -1)
if [ -z "$library" ]; then
    echo 'later: libfaketime is missing: apt-get install libfaketime' >&2
    exit 1
fi
for when in ${LATER:-+1@UTC +9@America/Los_Angeles +400@Pacific/Kiritimati}; do
    export TZ="${when#*@}" LD_PRELOAD="$library" FAKETIME="${when%@*}d" FAKETIME_DONT_FAKE_MONOTONIC=1
    .venv/bin/python -c 'import time; print("later: it is", time.strftime("%Y-%m-%d %H:%M %Z"), flush=True)'
    .venv/bin/python -m pytest -q -n auto --dist worksteal "$@"
    unset LD_PRELOAD FAKETIME
done
