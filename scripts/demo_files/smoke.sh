#!/bin/sh
# The smoke test before the fix: there is a page.
test -f packages/web/src/App.tsx && echo "page: there"
