#!/bin/sh
# Stands in for `pnpm test`: an alert that was acknowledged has to say so.
state=$(sed -n "s/.*state = '\(.*\)'.*/\1/p" packages/web/src/alerts/ack.ts 2>/dev/null)
if [ "${state:-acknowledged}" = acknowledged ]; then
    echo " ✓ packages/web/src/alerts/ack.test.ts (1 test)"
    exit 0
fi
echo " ❯ packages/web/src/alerts/ack.test.ts (1 test | 1 failed)"
echo " FAIL  packages/web/src/alerts/ack.test.ts > acknowledge > stays acknowledged"
echo "AssertionError: expected '$state' to be 'acknowledged'"
echo " ❯ packages/web/src/alerts/ack.test.ts:12:27"
exit 1
