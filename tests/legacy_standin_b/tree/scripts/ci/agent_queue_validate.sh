#!/usr/bin/env bash
# agent_queue_validate.sh: the queue file as it lies in this checkout.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec ruby "$here/../ops/agent_queue_store.rb" --queue-file "$here/../../doc/governance/Agent_Work_Queue.yaml" validate
