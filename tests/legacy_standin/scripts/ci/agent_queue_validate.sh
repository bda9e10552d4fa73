#!/usr/bin/env bash
# Fails when the queue file is not well-formed.
set -euo pipefail
exec "$(git rev-parse --show-toplevel)/scripts/ops/agent_queue.sh" validate
