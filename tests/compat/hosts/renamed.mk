# Other names for everything.
Q ?= scripts/ops/agent_queue.sh
LANE ?= B-ui
T ?=
WHO ?=

.PHONY: next take-task drop-task done-task say-evidence lanes ask-review approve whatever queue-poke

next:
	@$(Q) ready --role "$(LANE)" $(if $(N),--limit $(N))

take-task:
	@$(Q) claim --role "$(LANE)" --owner "$(WHO)" --task-id "$(T)"

drop-task:
	@$(Q) release "$(T)" --reason "$(WHY)"

done-task:
	@$(Q) set-status $(T) done --owner "$(WHO)" --commit "$(SHA)"

say-evidence:
	@$(Q) record-evidence --task-id=$(T) --command-text='$(CMD)' --result="$(R)"

lanes:
	@bash scripts/ops/setup_agent_lanes.sh

ask-review:
	@$(Q) route-review --task-id "$(T)" --ref "$(SHA)"

approve:
	@$(Q) record-review --task-id "$(T)" --reviewer-role "$(AS)" --reviewer "$(WHO)" --status approved --commit "$(SHA)"

# somebody's experiment: the name says one thing, the script another
queue-ready:
	@$(Q) list --role "$(LANE)"

queue-poke:
	@scripts/poke.sh "$(T)" --colour "$(COLOUR)"

whatever:
	@echo nothing to do with the queue
