# .ONESHELL, several lines, pattern rules, double colons, and recipes that run even under `make -n`.
.ONESHELL:
CANARY := touch canary-of-a-recipe
PYTHON ?= python3

include generated.mk

generated.mk: always
	$(CANARY)
always: ;

.PHONY: always queue-claim queue-ready queue-tick

queue-claim:
	+@$(CANARY)
	if [ -z "$(TASK_ID)" ]; then
	  echo "TASK_ID is required" >&2
	  exit 2
	fi
	scripts/ops/agent_queue.sh claim --role "$(ROLE)" --task-id "$(TASK_ID)"

queue-ready::
	@$(MAKE) --no-print-directory queue-checked
	@$(CANARY)
queue-ready::
	@scripts/ops/agent_queue.sh ready --role "$(ROLE)"

queue-checked:
	+$(CANARY)

queue-show-%:
	+@scripts/ops/agent_queue.sh task-detail --task-id "$*"

agent-%-launch:
	@scripts/ops/agent_session_adapter.sh launch --role "$*" --task-id "$(TASK_ID)"

queue-health-report: queue-ready
	@-scripts/ops/agent_queue.sh health-report

queue-status-report:
ifndef ROLE
	$(error Usage: make queue-status-report ROLE=lane)
endif
	@scripts/ops/agent_queue.sh status-report --role "$(ROLE)"

%: FORCE
	+$(CANARY)
FORCE:
.DEFAULT:
	+$(CANARY)
