# A Makefile as it grows by hand: every value is pasted into the recipe.
ROLE ?=
OWNER ?=
QUEUE_FILE ?= doc/governance/Agent_Work_Queue.yaml

.PHONY: build queue-ready queue-claim queue-set-status queue-record-evidence queue-validate queue-git-check
.PHONY: orchestrator-tick agent-preflight workflow-regression-packs-validate queue-burndown

build: ## Build everything
	go build ./...

queue-ready:
	@scripts/ops/agent_queue.sh ready --role "$(ROLE)"

queue-claim:
	@scripts/ops/agent_queue.sh claim --role "$(ROLE)" --owner "$(OWNER)" --task-id "$(TASK_ID)"

queue-set-status:
	@scripts/ops/agent_queue.sh set-status --task-id "$(TASK_ID)" --status "$(STATUS)" \
	  $(if $(OWNER),--owner "$(OWNER)") $(if $(BRANCH),--branch "$(BRANCH)") \
	  $(if $(BLOCKED_REASON),--blocked-reason "$(BLOCKED_REASON)")

queue-record-evidence:
	@scripts/ops/agent_queue.sh record-evidence --task-id "$(TASK_ID)" --command-text "$(COMMAND_TEXT)" --result "$(RESULT)"

queue-validate:
	@ruby scripts/ops/agent_queue_store.rb --queue-file $(QUEUE_FILE) validate

queue-git-check:
	@bash scripts/ci/agent_queue_git_consistency.sh

orchestrator-tick:
	@./scripts/ops/orchestrate_agents.sh tick

agent-preflight:
	@scripts/ops/agent_preflight.sh "$(ROLE)"

workflow-regression-packs-validate:
	@scripts/ops/workflow_regression_packs.sh validate

queue-burndown:
	@scripts/ops/agent_queue.sh burndown --since "$(SINCE)" | sort -k2
