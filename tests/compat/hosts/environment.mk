# Values reach the scripts through the environment.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
OPS := $(CURDIR)/scripts/ops

export QUEUE_FILE ?= doc/governance/Agent_Work_Queue.yaml

queue-claim: ## Claim a task
	@ROLE="$(ROLE)" OWNER="$(OWNER)" TASK_ID="$(TASK_ID)" $(OPS)/agent_queue.sh claim

queue-record-review:
	@TASK_ID="$(TASK_ID)" REVIEWER_ROLE="$(REVIEWER_ROLE)" REVIEWER="$(REVIEWER)" \
	  STATUS="$(VERDICT)" COMMIT="$(SHA)" NOTE="$(NOTE)" $(OPS)/agent_queue.sh record-review

agent-context-packet:
	@env TASK_ID="$(TASK_ID)" GOAL="$(GOAL)" NON_GOALS="$(NON_GOALS)" $(OPS)/agent_context_packet.sh

agent-bugfix-packet: export BUG_SUMMARY := $(BUG)
agent-bugfix-packet:
	@$(OPS)/bugfix_review_packet.sh

queue-route-review:
	@$(OPS)/agent_queue.sh route-review --task-id "$$TASK_ID" --ref "$${REF}"

queue-snapshot:
	@$(OPS)/agent_queue.sh snapshot > "$(OUTPUT)"

.PHONY: queue-claim queue-record-review agent-context-packet agent-bugfix-packet queue-route-review queue-snapshot
