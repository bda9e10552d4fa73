# What agents and people type. Each value goes to the script as a flag or as an AQ_ variable of the environment.
AQ_OPS := scripts/ops
aq = $(AQ_OPS)/agent_queue.sh $(1) $(if $(2),--task $(2))
quoted = '$(subst ','\'',$(1))'

# The task and the commit of the reading targets come from the environment alone.
queue-route-review queue-merge-ready: export AQ_SHA = $(REF)
queue-route-review queue-merge-ready: export AQ_BASE = $(BASE)
queue-claim queue-route-review queue-merge-ready: export AQ_TASK = $(TASK_ID)
queue-claim: export AQ_LANE = $(ROLE)
queue-claim: export AQ_OWNER = $(OWNER)
queue-set-status: export AQ_WHY = $(BLOCKED_REASON)
queue-record-evidence: export AQ_RAN = $(COMMAND_TEXT)
queue-record-evidence: export AQ_FILE = $(ARTIFACT_PATH)
queue-record-evidence: export AQ_FILE_KIND = $(ARTIFACT_TYPE)
queue-record-evidence: export AQ_TOOK = $(DURATION_SECONDS)
queue-record-evidence: export AQ_REMARK = $(NOTES)
queue-record-handoff: export AQ_RAN = $(COMMANDS)
queue-record-handoff: export AQ_CAME_OUT = $(RESULTS)
queue-record-handoff: export AQ_PATHS = $(CHANGED_FILES)
queue-record-handoff: export AQ_HAZARDS = $(RISKS)
queue-record-handoff: export AQ_NEXT = $(NEXT_STEP)
queue-record-handoff: export AQ_FOR = $(TO_ROLE)
queue-record-review: export AQ_NOTE = $(NOTE)

queue-ready:
	@$(call aq,ready) $(if $(ROLE),--lane $(ROLE)) $(if $(JSON),--json)

queue-claim:
	@$(call aq,claim)

queue-set-status:
	@owner=$(call quoted,$(OWNER))
	$(call aq,set-status,$(TASK_ID)) --state $(STATUS) $${owner:+--as "$$owner"} $(if $(BRANCH),--on $(BRANCH)) $(if $(COMMIT),--sha $(COMMIT))

queue-record-evidence:
	@$(call aq,evidence,$(TASK_ID)) --says $(RESULT)

queue-record-handoff:
	@$(call aq,handoff,$(TASK_ID)) --as $(call quoted,$(OWNER)) --on $(BRANCH) --sha $(COMMIT)

queue-route-review:
	@$(call aq,route)

queue-record-review:
	@printf '%s' "$$AQ_NOTE" |
	  $(call aq,review,$(TASK_ID)) --as $(REVIEWER_ROLE) --by $(call quoted,$(REVIEWER)) --state $(STATUS) --sha $(COMMIT) --note -

queue-merge-ready:
	@$(call aq,merge-ready)

queue-task-detail:
	@$(call aq,detail,$(TASK_ID))

queue-list:
	@$(call aq,list)

queue-snapshot:
	@$(call aq,snapshot)

queue-prune-stale:
	@echo "pruning for $(ACTOR)" >&2
	$(call aq,prune)

queue-archive-sweep:
	@$(call aq,sweep)

queue-validate:
	@scripts/ci/agent_queue_validate.sh

queue-git-check:
	@scripts/ci/agent_queue_git_consistency.sh

queue-session-status:
	@$(AQ_OPS)/agent_session_adapter.sh status

queue-session-end:
	@$(AQ_OPS)/agent_session_adapter.sh end --session $(SESSION_ID) --code $(or $(EXIT_CODE),0)

agent-launch:
	@$(AQ_OPS)/agent_session_adapter.sh launch --role $(ROLE) --task-id $(TASK_ID)

orchestrator-%: export OWNER := $(OWNER)
orchestrator-%: export TRACK_ID := $(TRACK_ID)
orchestrator-%: export STATE := $(STATE)
orchestrator-%: export SUMMARY := $(SUMMARY)
orchestrator-%: export TARGET_CLOSE_BY := $(TARGET_CLOSE_BY)
orchestrator-%:
	@$(AQ_OPS)/orchestrate_agents.sh $*

agent-%-packet:
	@$(AQ_OPS)/$(if $(filter bugfix,$*),bugfix_review_packet,agent_$*_packet).sh

regression-packs-%:
	@$(AQ_OPS)/workflow_regression_packs.sh $* $(PACK_ID)

.PHONY: queue-ready queue-claim queue-set-status queue-record-evidence queue-record-handoff queue-route-review \
  queue-record-review queue-merge-ready queue-task-detail queue-list queue-snapshot queue-prune-stale queue-archive-sweep \
  queue-validate queue-git-check queue-session-status queue-session-end agent-launch
