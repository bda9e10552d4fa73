# What fairway.mk offers, as lines for a help of the host that searches $(MAKEFILE_LIST).
#
# Written from the table of tools by `python -m fairway_scripts.front.make_fragment`. fairway.mk includes
# fairway-help.mk where FAIRWAY_HELP is 1, fairway-help-all.mk where it is `all`. Nothing in it is read by make.

ifdef fairway.nothing
queue-ready: ## List the tasks that can be claimed now, in the order to take them: of every lane, of one, or of yours (MINE).
queue-claim: ## Claim a task for a lane, or the lane's next ready task when no TASK_ID is given.
queue-task-detail: ## Show everything that is recorded about a task.
queue-record-evidence: ## Record a command and its result as evidence for a task.
queue-record-handoff: ## Record a handoff: what was done, on which commit, with what results.
queue-route-review: ## Say which lanes must review a commit, and open the review requests.
queue-record-review: ## Record a review verdict, bound to the commit it was read on.
queue-merge-ready: ## Check whether a commit of a task may be merged, line by line.
queue-set-status: ## Move a task to another status, through the gates.
orchestrator-tick: ## Show the status and what is to be done next, with the command lines; changes nothing.
queue-help: ## Show the ten commands of the day and the families of tools; with ALL every tool, with TOPIC one of them.
endif
