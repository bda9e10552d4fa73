#!/bin/sh
# The smoke test after the fix: there is a page, and an alert stays acknowledged.
test -f packages/web/src/App.tsx && echo "page: there"
sh packages/web/test.sh
