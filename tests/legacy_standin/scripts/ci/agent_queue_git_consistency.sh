#!/usr/bin/env bash
# Fails when the queue and git do not tell the same story.
set -euo pipefail
exec "$(git rev-parse --show-toplevel)/scripts/ops/agent_queue.sh" git-check
