QUEUE_SH = $(ROOT)/scripts/ops/agent_queue.sh

# $(call flag,name,VARIABLE)
flag = $(if $($(2)),--$(1) "$($(2))")
task = $(call flag,task-id,TASK_ID)

define queue_target
.PHONY: queue-$(1)
queue-$(1): ## $(1)
	@$$(QUEUE_SH) $(1) $(2)
endef

$(eval $(call queue_target,ready,$$(call flag,role,ROLE) $$(call flag,limit,LIMIT)))
$(eval $(call queue_target,claim,$$(call flag,role,ROLE) $$(task) $$(call flag,owner,OWNER)))
$(eval $(call queue_target,task-detail,$$(task)))
$(foreach report,status timing health,$(eval $(call queue_target,$(report)-report,--json)))

define run_orchestrator
@$(ROOT)/scripts/ops/orchestrate_agents.sh $(1) $(addprefix --role=,$(ROLE))
endef

orchestrator-status:
	$(call run_orchestrator,status)

orchestrator-preflight:
	$(call run_orchestrator,preflight)
