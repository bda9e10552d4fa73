#!/usr/bin/env bash
# The test suite on another day and in another zone: what a test or a tool takes from today's date is found before
# that day comes. libfaketime shifts the clock of every program that a test starts, git and make among them.
#   later.sh [TESTS...]
#     LATER   the days to shift by and the zones, as DAYS@ZONE;
#             default "+1@UTC +9@America/Los_Angeles +400@Pacific/Kiritimati"
set -euo pipefail
cd "$(dirname "$0")/../.."
library=$(find /usr/lib /usr/local/lib -name libfaketime.so.1 2>/dev/null | head -1)
if [ -z "$library" ]; then
    echo 'later: libfaketime is missing: apt-get install libfaketime' >&2
    exit 1
fi
# The clock that waits are measured by stays as it is (libfaketime would let locks wait for 400 days), but then Python's
# time.sleep fails under libfaketime 0.9.10 with EINVAL. So the tests run in an environment whose Python sleeps otherwise.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
.venv/bin/python -m venv --without-pip "$folder/venv"
packages=$(echo "$folder"/venv/lib/python3.*/site-packages)
(cd "$(echo .venv/lib/python3.*/site-packages)" && pwd && pwd >"$packages/packages.pth") >/dev/null
cat >"$packages/sleep_by_select.py" <<'PYTHON'
import select
import time

time.sleep = lambda seconds: select.select([], [], [], seconds) and None
PYTHON
echo 'import sleep_by_select' >"$packages/sleep.pth"

for when in ${LATER:-+1@UTC +9@America/Los_Angeles +400@Pacific/Kiritimati}; do
    shifted=(env TZ="${when#*@}" LD_PRELOAD="$library" FAKETIME="${when%@*}d" FAKETIME_DONT_FAKE_MONOTONIC=1)
    "${shifted[@]}" date '+later: it is %Y-%m-%d %H:%M %Z'
    "${shifted[@]}" "$folder/venv/bin/python" -m pytest -q -n auto --dist worksteal "$@"
done
