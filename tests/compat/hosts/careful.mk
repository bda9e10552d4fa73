# Somebody has thought about quoting and about empty values.
quote = '$(subst ','\'',$(1))'
PACKS = bash scripts/ops/workflow_regression_packs.sh
V ?= @

queue-claim:
	$(V)scripts/ops/agent_queue.sh claim $(ROLE:%=--role=%) --task-id $(call quote,$(or $(TASK_ID),$(ID))) \
		$(addprefix --owner ,$(OWNER))

queue-set-status:
	@scripts/ops/agent_queue.sh set-status $${TASK_ID:+--task_id="$$TASK_ID"} $${STATUS+--status "$$STATUS"} --note=$(call quote,$(value NOTE))

queue-record-handoff:
	@scripts/ops/agent_queue.sh record-handoff --task-id "$(TASK_ID)" --owner "$(OWNER)" --branch "agent/$(ROLE)" --commit HEAD

queue-merge-ready:
	@scripts/ops/agent_queue.sh merge-ready --task-id "$(TASK_ID)" --ref "$(REF)" $(if $(VERBOSE),--verbose)

queue-release:
	@scripts/ops/agent_queue.sh release --task-id "$(TASK_ID)" --reason "$(REASON)" --colour "$(COLOUR)"

workflow-packs: ; @$(PACKS) show "$(PACK)"

queue-give: ## no script of this name is known, its flags are
	@scripts/ops/give.sh --task-id "$(T)" --reviewer-role "$(LANE)" --reviewer "$(WHO)" --commit "$(SHA)" --note "$(MSG)"

.PHONY: queue-claim queue-set-status queue-record-handoff queue-merge-ready queue-release workflow-packs queue-give
