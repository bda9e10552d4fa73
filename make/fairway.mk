# fairway.mk: the queue-* targets of Fairway Scripts, for any Makefile.
#
#     include path/to/fairway-scripts/make/fairway.mk
#
# Written from the table of tools by `python -m fairway_scripts.render.make_fragment`: change that, not this file.
#
# Needs    GNU Make 3.81 or newer and a POSIX shell. First or last in the Makefile, as you like; above any line
#          that uses $(shell), values typed for make are safe from GNU Make 4.4 too, which exports them to it.
#
# Inputs   set by the host, above the include line or in the environment:
#   FAIRWAY_HOME              the checkout; found from this file. With a blank in its path the host has to set it.
#   FAIRWAY_BIN               the folder of the tools; $(FAIRWAY_HOME)/bin, or the bin of an installed package
#   FAIRWAY_PYTHON            the program that runs them; the checkout's .venv/bin/python, else each tool's first line
#   FAIRWAY_SKIP              targets that the host keeps for itself (above the include): queue-ready queue-claim
#   FAIRWAY_ENVIRONMENT_VARS  more names that count from the environment: FAIRWAY_ENVIRONMENT_VARS += NOTE REF
#   FAIRWAY_PROFILE           the host's own names for targets and variables, as compat-scan --write has written them;
#                             compat/profile.mk, which is read when it is there
#
# Values   TASK_ID=.. STATUS=.. NOTE=.. count from the command line and from a makefile. From the environment only
#          the names in fairway.environment below do, and what was typed wins over what stands there.
#          A value is text: $, quotes, backquotes and line ends reach the tool as they were typed.
#
# Outputs  the targets listed by `make queue-help`, all phony, none with a prerequisite. Every other name that is
#          defined here begins with "fairway.", which make never exports.
#
# Changes for the host: a value typed for one of these names is plain text in the whole makefile (make does not
#          expand it), and running a target exports the values that it passes. Nothing else: no shell, no flags,
#          no default goal, no program run while make reads this file.

ifndef fairway.mk
fairway.mk := $(lastword $(MAKEFILE_LIST))

# Included first, the targets below must not become the host's default goal: the last lines take that back.
fairway.goal := $(.DEFAULT_GOAL)

FAIRWAY_SKIP ?=
FAIRWAY_ENVIRONMENT_VARS ?=
FAIRWAY_PROFILE ?= compat/profile.mk

fairway.host.variables :=
ifneq ($(wildcard $(FAIRWAY_PROFILE)),)
include $(FAIRWAY_PROFILE)
endif

fairway.empty :=
fairway.blank := $(fairway.empty) $(fairway.empty)
fairway.exists = $(wildcard $(subst $(fairway.blank),\ ,$(1)))

# $(realpath) follows a link to this file. It gives nothing when a blank has cut the name in two; a copy of this
# file elsewhere gives a folder that does not hold it. Either way FAIRWAY_HOME stays empty until the host sets it.
fairway.folder := $(patsubst %/make/fairway.mk,%,$(realpath $(fairway.mk)))
FAIRWAY_HOME ?= $(if $(call fairway.exists,$(fairway.folder)/make/fairway.mk),$(fairway.folder))

# A package puts this file in <prefix>/share/fairway/make and the tools in <prefix>/bin.
fairway.prefix = $(if $(call fairway.exists,$(FAIRWAY_HOME)/bin/queue-help),,/../..)
FAIRWAY_BIN ?= $(if $(FAIRWAY_HOME),$(FAIRWAY_HOME)$(fairway.prefix)/bin)
FAIRWAY_PYTHON ?= $(if $(FAIRWAY_HOME),$(call fairway.exists,$(FAIRWAY_HOME)/.venv/bin/python))

fairway.variables := ACCEPTANCE ACTOR ADAPTER ALL ALLOWED_FIXES APPLY APPROVED_BY ARCHITECTURE_CONTEXT \
  ARTIFACT ARTIFACTS ARTIFACT_PATH ARTIFACT_TYPE AT ATTACH ATTACH_TO BACKEND BASE BEFORE BLOCKED_REASON \
  BLOCKERS BRANCH BUG_SUMMARY CALL CATALOG CHANGED_FILES CLAIM CLEAR CLOSE_CONDITION COMMAND COMMANDS \
  COMMANDS_FILE COMMAND_CLASS COMMAND_TEXT COMMIT CURRENT_OWNER CURRENT_STATE DELIVER DEPENDENCIES DEPTH \
  DEVIATION_RULES DOCUMENT DRAFT DRY_RUN DURATION_SECONDS ENGINE ENVIRONMENT ESCALATION_RULES \
  EVIDENCE_REQUIRED EXIT_CODE EXIT_STATUS EXPECTED EXPECTED_COMMAND EXPECTED_DURATION EXPIRES EXPLAIN \
  EXTERNAL_ID FAILURE_CLASS FAILURE_CONDITION FALSE_POSITIVES FENCE FIELD FINDINGS FINDINGS_COUNT FLOWS \
  FOLLOW_UP FORCE FOREGROUND FORMAT FROM FROM_TASK FULL GAP_LIMIT GATE GOAL GRADUATION_CRITERIA GUARD_INTENT \
  GUARD_MODE HANDOFF_FORMAT HANDOFF_ID HANDOFF_REQUIRED HOST IMPACT IN JSON KIND LANE LEGACY_DB LIMIT LOG \
  MANIFEST MIGRATION_RISK MIGRATION_TYPE MODE MUST_NOT_TOUCH NEW_PATH NEXT_STEP NON_GOALS NOTE NOTES \
  NOTES_FILE NOTE_FILE OBSERVED OBSERVED_COMMAND OLD_PATH OUTPUT OWNED OWNER OWNER_LANE OWNING_DOMAIN \
  OWNING_LAYER PACKET PACK_ID PARENT PATHS PID PLACE POLL_INTERVAL PRIORITY PROCESS PRODUCER PROFILE PROMPT \
  PROOF_COMMAND PROOF_COMMANDS PROOF_TIMEOUT PROVIDER PROVIDER_COMMAND QUEUE_DB QUEUE_FILE REASON REF \
  REGRESSION_COVERAGE REOPEN REPLAY REQUEST_ID RESIDUAL_RISK RESULT RESULTS REVIEWER REVIEWER_ROLE \
  REVIEW_DOMAINS REVIEW_QUESTIONS RISKS RISK_LEVEL ROLE ROLLBACK_PLAN ROOT_CAUSE RUN_PROOF SCOPE SCOPE_DRIFT \
  SEQUENCE SESSION_ID SESSION_NAME SHAPE SIGNED_OFF_BY SINCE SINCE_TAG SOURCE_DOCS SOURCE_PATHS STATE STATUS \
  STOP STOP_CONDITIONS SUCCESS_CONDITION SUMMARY TAGS TARGET_CLOSE_BY TARGET_OWNER TARGET_PATHS TARGET_SEAM \
  TASK TASK_ID TEMPLATE TIMEOUT TITLE TMUX_PANE TOPIC TO_ROLE TRACK_ID TRANSCRIPT_PATH UNTIL WATCH WATCH_ID \
  WITHDRAW WORKFLOW_PACK WORKFLOW_REGRESSION_PACK WORKTREE WORKTREE_ROOT YES
# Read by the tools from their environment; no flag carries them.
fairway.settings := AGENT_ROLE FAIRWAY_ROLE WORKTREE_ROOT AGENT_QUEUE_DB AGENT_QUEUE_FILE FAIRWAY_CONFIG \
  FAIRWAY_SESSION_ID
# The names that count from the environment.
fairway.environment := TASK_ID TASK ROLE AGENT_ROLE OWNER ACTOR QUEUE_DB QUEUE_FILE WORKTREE_ROOT

# A value typed on the command line is expanded by make whenever it is used or exported, which runs a $(shell) in
# it. Sealed, it is plain text. Two lines, because 3.81 cannot combine override and export.
define fairway.seal
override $(1) := $$(value $(1))
export $(1)
endef
$(foreach v,$(fairway.variables) $(fairway.settings) $(fairway.host.variables),\
  $(if $(filter command,$(origin $(v))),$(eval $(call fairway.seal,$(v)))))

# Of the names in $(1): those that count from the environment, and those that were typed or set in a makefile.
fairway.inherited = $(foreach v,$(1),$(if $(filter environment,$(origin $(v))),$(v)))
fairway.listed = $(fairway.environment) $(call fairway.added,environment) $(FAIRWAY_ENVIRONMENT_VARS)
fairway.ambient = $(filter $(fairway.listed),$(call fairway.inherited,$(1)))
fairway.chosen = $(foreach v,$(1),$(if $(filter default environment undefined,$(origin $(v))),,$(v)))

# The flags of the names in $(2). The last one wins in the tools, so what was chosen stands behind what was found
# in the environment: a TASK that somebody types beats a TASK_ID that the session has exported.
fairway.flags = $(foreach v,$(call fairway.ambient,$(2)) $(call fairway.chosen,$(2)),$(call fairway.flag,$(v)))

# What the host's profile adds to a target: the flag of a name for this target alone, further names, names that
# count from the environment, fixed words.
fairway.flag = $(if $(filter undefined,$(origin fairway.flag.$@.$(1))),$(fairway.flag.$(1)),$(fairway.flag.$@.$(1)))
fairway.added = $(if $(filter undefined,$(origin fairway.$(1).$@)),,$(fairway.$(1).$@))

# A makefile's own value is not in the environment of a recipe. Exported here, when a target runs, it may stand
# below the include line, and hosts that run none of these targets keep their environment as it was.
fairway.export = $(strip $(foreach v,$(call fairway.chosen,$(1)),$(eval export $(v))))

fairway.quote = '$(subst ','\'',$(1))'
fairway.python = $(if $(FAIRWAY_PYTHON),$(call fairway.quote,$(FAIRWAY_PYTHON)) )
fairway.program = $(fairway.python)$(call fairway.quote,$(FAIRWAY_BIN)/$(firstword $(1)))
fairway.words = $(strip $(wordlist 2,$(words $(1)),$(1)) $(call fairway.added,words))
fairway.lost = echo "error: usage: fairway.mk cannot tell where it is: set FAIRWAY_HOME above its include" >&2; exit 2

# $(call fairway.run,tool words,names): the recipe of a target, which may put words of its own before the flags. It
# holds no value, only $${NAME+--name="$$NAME"}. FAIRWAY_VIA tells the tool that its hints should be lines for make.
fairway.command = FAIRWAY_VIA=make exec $(fairway.program) $(fairway.words) $(fairway.flags)
fairway.call = $(call fairway.export,$(2) $(fairway.settings))$(fairway.command)
fairway.run = $(if $(FAIRWAY_BIN),$(call fairway.call,$(1),$(2) $(call fairway.added,names)),$(fairway.lost))

# A flag for each variable that is set; one that is set and empty stays apart from one that is not.
fairway.flag.ACCEPTANCE := $${ACCEPTANCE+--acceptance="$$ACCEPTANCE"}
fairway.flag.ACTOR := $${ACTOR+--actor="$$ACTOR"}
fairway.flag.ADAPTER := $${ADAPTER+--adapter="$$ADAPTER"}
fairway.flag.ALL := $${ALL+--all="$$ALL"}
fairway.flag.ALLOWED_FIXES := $${ALLOWED_FIXES+--allowed-fixes="$$ALLOWED_FIXES"}
fairway.flag.APPLY := $${APPLY+--apply="$$APPLY"}
fairway.flag.APPROVED_BY := $${APPROVED_BY+--approved-by="$$APPROVED_BY"}
fairway.flag.ARCHITECTURE_CONTEXT := $${ARCHITECTURE_CONTEXT+--architecture-context="$$ARCHITECTURE_CONTEXT"}
fairway.flag.ARTIFACT := $${ARTIFACT+--artifact="$$ARTIFACT"}
fairway.flag.ARTIFACTS := $${ARTIFACTS+--artifacts="$$ARTIFACTS"}
fairway.flag.ARTIFACT_PATH := $${ARTIFACT_PATH+--artifact-path="$$ARTIFACT_PATH"}
fairway.flag.ARTIFACT_TYPE := $${ARTIFACT_TYPE+--artifact-type="$$ARTIFACT_TYPE"}
fairway.flag.AT := $${AT+--at="$$AT"}
fairway.flag.ATTACH := $${ATTACH+--attach="$$ATTACH"}
fairway.flag.ATTACH_TO := $${ATTACH_TO+--attach-to="$$ATTACH_TO"}
fairway.flag.BACKEND := $${BACKEND+--backend="$$BACKEND"}
fairway.flag.BASE := $${BASE+--base="$$BASE"}
fairway.flag.BEFORE := $${BEFORE+--before="$$BEFORE"}
fairway.flag.BLOCKED_REASON := $${BLOCKED_REASON+--blocked-reason="$$BLOCKED_REASON"}
fairway.flag.BLOCKERS := $${BLOCKERS+--blockers="$$BLOCKERS"}
fairway.flag.BRANCH := $${BRANCH+--branch="$$BRANCH"}
fairway.flag.BUG_SUMMARY := $${BUG_SUMMARY+--bug-summary="$$BUG_SUMMARY"}
fairway.flag.CALL := $${CALL+--call="$$CALL"}
fairway.flag.CATALOG := $${CATALOG+--catalog="$$CATALOG"}
fairway.flag.CHANGED_FILES := $${CHANGED_FILES+--changed-files="$$CHANGED_FILES"}
fairway.flag.CLAIM := $${CLAIM+--claim="$$CLAIM"}
fairway.flag.CLEAR := $${CLEAR+--clear="$$CLEAR"}
fairway.flag.CLOSE_CONDITION := $${CLOSE_CONDITION+--close-condition="$$CLOSE_CONDITION"}
fairway.flag.COMMAND := $${COMMAND+--command="$$COMMAND"}
fairway.flag.COMMANDS := $${COMMANDS+--commands="$$COMMANDS"}
fairway.flag.COMMANDS_FILE := $${COMMANDS_FILE+--commands-file="$$COMMANDS_FILE"}
fairway.flag.COMMAND_CLASS := $${COMMAND_CLASS+--command-class="$$COMMAND_CLASS"}
fairway.flag.COMMAND_TEXT := $${COMMAND_TEXT+--command-text="$$COMMAND_TEXT"}
fairway.flag.COMMIT := $${COMMIT+--commit="$$COMMIT"}
fairway.flag.CURRENT_OWNER := $${CURRENT_OWNER+--current-owner="$$CURRENT_OWNER"}
fairway.flag.CURRENT_STATE := $${CURRENT_STATE+--current-state="$$CURRENT_STATE"}
fairway.flag.DELIVER := $${DELIVER+--deliver="$$DELIVER"}
fairway.flag.DEPENDENCIES := $${DEPENDENCIES+--dependencies="$$DEPENDENCIES"}
fairway.flag.DEPTH := $${DEPTH+--depth="$$DEPTH"}
fairway.flag.DEVIATION_RULES := $${DEVIATION_RULES+--deviation-rules="$$DEVIATION_RULES"}
fairway.flag.DOCUMENT := $${DOCUMENT+--document="$$DOCUMENT"}
fairway.flag.DRAFT := $${DRAFT+--draft="$$DRAFT"}
fairway.flag.DRY_RUN := $${DRY_RUN+--dry-run="$$DRY_RUN"}
fairway.flag.DURATION_SECONDS := $${DURATION_SECONDS+--duration-seconds="$$DURATION_SECONDS"}
fairway.flag.ENGINE := $${ENGINE+--engine="$$ENGINE"}
fairway.flag.ENVIRONMENT := $${ENVIRONMENT+--environment="$$ENVIRONMENT"}
fairway.flag.ESCALATION_RULES := $${ESCALATION_RULES+--escalation-rules="$$ESCALATION_RULES"}
fairway.flag.EVIDENCE_REQUIRED := $${EVIDENCE_REQUIRED+--evidence-required="$$EVIDENCE_REQUIRED"}
fairway.flag.EXIT_CODE := $${EXIT_CODE+--exit-code="$$EXIT_CODE"}
fairway.flag.EXIT_STATUS := $${EXIT_STATUS+--exit-status="$$EXIT_STATUS"}
fairway.flag.EXPECTED := $${EXPECTED+--expected="$$EXPECTED"}
fairway.flag.EXPECTED_COMMAND := $${EXPECTED_COMMAND+--expected-command="$$EXPECTED_COMMAND"}
fairway.flag.EXPECTED_DURATION := $${EXPECTED_DURATION+--expected-duration="$$EXPECTED_DURATION"}
fairway.flag.EXPIRES := $${EXPIRES+--expires="$$EXPIRES"}
fairway.flag.EXPLAIN := $${EXPLAIN+--explain="$$EXPLAIN"}
fairway.flag.EXTERNAL_ID := $${EXTERNAL_ID+--external-id="$$EXTERNAL_ID"}
fairway.flag.FAILURE_CLASS := $${FAILURE_CLASS+--failure-class="$$FAILURE_CLASS"}
fairway.flag.FAILURE_CONDITION := $${FAILURE_CONDITION+--failure-condition="$$FAILURE_CONDITION"}
fairway.flag.FALSE_POSITIVES := $${FALSE_POSITIVES+--false-positives="$$FALSE_POSITIVES"}
fairway.flag.FENCE := $${FENCE+--fence="$$FENCE"}
fairway.flag.FIELD := $${FIELD+--field="$$FIELD"}
fairway.flag.FINDINGS := $${FINDINGS+--findings="$$FINDINGS"}
fairway.flag.FINDINGS_COUNT := $${FINDINGS_COUNT+--findings-count="$$FINDINGS_COUNT"}
fairway.flag.FLOWS := $${FLOWS+--flows="$$FLOWS"}
fairway.flag.FOLLOW_UP := $${FOLLOW_UP+--follow-up="$$FOLLOW_UP"}
fairway.flag.FORCE := $${FORCE+--force="$$FORCE"}
fairway.flag.FOREGROUND := $${FOREGROUND+--foreground="$$FOREGROUND"}
fairway.flag.FORMAT := $${FORMAT+--format="$$FORMAT"}
fairway.flag.FROM := $${FROM+--from="$$FROM"}
fairway.flag.FROM_TASK := $${FROM_TASK+--from-task="$$FROM_TASK"}
fairway.flag.FULL := $${FULL+--full="$$FULL"}
fairway.flag.GAP_LIMIT := $${GAP_LIMIT+--gap-limit="$$GAP_LIMIT"}
fairway.flag.GATE := $${GATE+--gate="$$GATE"}
fairway.flag.GOAL := $${GOAL+--goal="$$GOAL"}
fairway.flag.GRADUATION_CRITERIA := $${GRADUATION_CRITERIA+--graduation-criteria="$$GRADUATION_CRITERIA"}
fairway.flag.GUARD_INTENT := $${GUARD_INTENT+--guard-intent="$$GUARD_INTENT"}
fairway.flag.GUARD_MODE := $${GUARD_MODE+--guard-mode="$$GUARD_MODE"}
fairway.flag.HANDOFF_FORMAT := $${HANDOFF_FORMAT+--handoff-format="$$HANDOFF_FORMAT"}
fairway.flag.HANDOFF_ID := $${HANDOFF_ID+--handoff-id="$$HANDOFF_ID"}
fairway.flag.HANDOFF_REQUIRED := $${HANDOFF_REQUIRED+--handoff-required="$$HANDOFF_REQUIRED"}
fairway.flag.HOST := $${HOST+--host="$$HOST"}
fairway.flag.IMPACT := $${IMPACT+--impact="$$IMPACT"}
fairway.flag.IN := $${IN+--in="$$IN"}
fairway.flag.JSON := $${JSON+--json="$$JSON"}
fairway.flag.KIND := $${KIND+--kind="$$KIND"}
fairway.flag.LANE := $${LANE+--lane="$$LANE"}
fairway.flag.LEGACY_DB := $${LEGACY_DB+--legacy-db="$$LEGACY_DB"}
fairway.flag.LIMIT := $${LIMIT+--limit="$$LIMIT"}
fairway.flag.LOG := $${LOG+--log="$$LOG"}
fairway.flag.MANIFEST := $${MANIFEST+--manifest="$$MANIFEST"}
fairway.flag.MIGRATION_RISK := $${MIGRATION_RISK+--migration-risk="$$MIGRATION_RISK"}
fairway.flag.MIGRATION_TYPE := $${MIGRATION_TYPE+--migration-type="$$MIGRATION_TYPE"}
fairway.flag.MODE := $${MODE+--mode="$$MODE"}
fairway.flag.MUST_NOT_TOUCH := $${MUST_NOT_TOUCH+--must-not-touch="$$MUST_NOT_TOUCH"}
fairway.flag.NEW_PATH := $${NEW_PATH+--new-path="$$NEW_PATH"}
fairway.flag.NEXT_STEP := $${NEXT_STEP+--next-step="$$NEXT_STEP"}
fairway.flag.NON_GOALS := $${NON_GOALS+--non-goals="$$NON_GOALS"}
fairway.flag.NOTE := $${NOTE+--note="$$NOTE"}
fairway.flag.NOTES := $${NOTES+--notes="$$NOTES"}
fairway.flag.NOTES_FILE := $${NOTES_FILE+--notes-file="$$NOTES_FILE"}
fairway.flag.NOTE_FILE := $${NOTE_FILE+--note-file="$$NOTE_FILE"}
fairway.flag.OBSERVED := $${OBSERVED+--observed="$$OBSERVED"}
fairway.flag.OBSERVED_COMMAND := $${OBSERVED_COMMAND+--observed-command="$$OBSERVED_COMMAND"}
fairway.flag.OLD_PATH := $${OLD_PATH+--old-path="$$OLD_PATH"}
fairway.flag.OUTPUT := $${OUTPUT+--output="$$OUTPUT"}
fairway.flag.OWNED := $${OWNED+--owned="$$OWNED"}
fairway.flag.OWNER := $${OWNER+--owner="$$OWNER"}
fairway.flag.OWNER_LANE := $${OWNER_LANE+--owner-lane="$$OWNER_LANE"}
fairway.flag.OWNING_DOMAIN := $${OWNING_DOMAIN+--owning-domain="$$OWNING_DOMAIN"}
fairway.flag.OWNING_LAYER := $${OWNING_LAYER+--owning-layer="$$OWNING_LAYER"}
fairway.flag.PACKET := $${PACKET+--packet="$$PACKET"}
fairway.flag.PACK_ID := $${PACK_ID+--pack-id="$$PACK_ID"}
fairway.flag.PARENT := $${PARENT+--parent="$$PARENT"}
fairway.flag.PATHS := $${PATHS+--paths="$$PATHS"}
fairway.flag.PID := $${PID+--pid="$$PID"}
fairway.flag.PLACE := $${PLACE+--place="$$PLACE"}
fairway.flag.POLL_INTERVAL := $${POLL_INTERVAL+--poll-interval="$$POLL_INTERVAL"}
fairway.flag.PRIORITY := $${PRIORITY+--priority="$$PRIORITY"}
fairway.flag.PROCESS := $${PROCESS+--process="$$PROCESS"}
fairway.flag.PRODUCER := $${PRODUCER+--producer="$$PRODUCER"}
fairway.flag.PROFILE := $${PROFILE+--profile="$$PROFILE"}
fairway.flag.PROMPT := $${PROMPT+--prompt="$$PROMPT"}
fairway.flag.PROOF_COMMAND := $${PROOF_COMMAND+--proof-command="$$PROOF_COMMAND"}
fairway.flag.PROOF_COMMANDS := $${PROOF_COMMANDS+--proof-commands="$$PROOF_COMMANDS"}
fairway.flag.PROOF_TIMEOUT := $${PROOF_TIMEOUT+--proof-timeout="$$PROOF_TIMEOUT"}
fairway.flag.PROVIDER := $${PROVIDER+--provider="$$PROVIDER"}
fairway.flag.PROVIDER_COMMAND := $${PROVIDER_COMMAND+--provider-command="$$PROVIDER_COMMAND"}
fairway.flag.QUEUE_DB := $${QUEUE_DB+--queue-db="$$QUEUE_DB"}
fairway.flag.QUEUE_FILE := $${QUEUE_FILE+--queue-file="$$QUEUE_FILE"}
fairway.flag.REASON := $${REASON+--reason="$$REASON"}
fairway.flag.REF := $${REF+--ref="$$REF"}
fairway.flag.REGRESSION_COVERAGE := $${REGRESSION_COVERAGE+--regression-coverage="$$REGRESSION_COVERAGE"}
fairway.flag.REOPEN := $${REOPEN+--reopen="$$REOPEN"}
fairway.flag.REPLAY := $${REPLAY+--replay="$$REPLAY"}
fairway.flag.REQUEST_ID := $${REQUEST_ID+--request-id="$$REQUEST_ID"}
fairway.flag.RESIDUAL_RISK := $${RESIDUAL_RISK+--residual-risk="$$RESIDUAL_RISK"}
fairway.flag.RESULT := $${RESULT+--result="$$RESULT"}
fairway.flag.RESULTS := $${RESULTS+--results="$$RESULTS"}
fairway.flag.REVIEWER := $${REVIEWER+--reviewer="$$REVIEWER"}
fairway.flag.REVIEWER_ROLE := $${REVIEWER_ROLE+--reviewer-role="$$REVIEWER_ROLE"}
fairway.flag.REVIEW_DOMAINS := $${REVIEW_DOMAINS+--review-domains="$$REVIEW_DOMAINS"}
fairway.flag.REVIEW_QUESTIONS := $${REVIEW_QUESTIONS+--review-questions="$$REVIEW_QUESTIONS"}
fairway.flag.RISKS := $${RISKS+--risks="$$RISKS"}
fairway.flag.RISK_LEVEL := $${RISK_LEVEL+--risk-level="$$RISK_LEVEL"}
fairway.flag.ROLE := $${ROLE+--role="$$ROLE"}
fairway.flag.ROLLBACK_PLAN := $${ROLLBACK_PLAN+--rollback-plan="$$ROLLBACK_PLAN"}
fairway.flag.ROOT_CAUSE := $${ROOT_CAUSE+--root-cause="$$ROOT_CAUSE"}
fairway.flag.RUN_PROOF := $${RUN_PROOF+--run-proof="$$RUN_PROOF"}
fairway.flag.SCOPE := $${SCOPE+--scope="$$SCOPE"}
fairway.flag.SCOPE_DRIFT := $${SCOPE_DRIFT+--scope-drift="$$SCOPE_DRIFT"}
fairway.flag.SEQUENCE := $${SEQUENCE+--sequence="$$SEQUENCE"}
fairway.flag.SESSION_ID := $${SESSION_ID+--session-id="$$SESSION_ID"}
fairway.flag.SESSION_NAME := $${SESSION_NAME+--session-name="$$SESSION_NAME"}
fairway.flag.SHAPE := $${SHAPE+--shape="$$SHAPE"}
fairway.flag.SIGNED_OFF_BY := $${SIGNED_OFF_BY+--signed-off-by="$$SIGNED_OFF_BY"}
fairway.flag.SINCE := $${SINCE+--since="$$SINCE"}
fairway.flag.SINCE_TAG := $${SINCE_TAG+--since-tag="$$SINCE_TAG"}
fairway.flag.SOURCE_DOCS := $${SOURCE_DOCS+--source-docs="$$SOURCE_DOCS"}
fairway.flag.SOURCE_PATHS := $${SOURCE_PATHS+--source-paths="$$SOURCE_PATHS"}
fairway.flag.STATE := $${STATE+--state="$$STATE"}
fairway.flag.STATUS := $${STATUS+--status="$$STATUS"}
fairway.flag.STOP := $${STOP+--stop="$$STOP"}
fairway.flag.STOP_CONDITIONS := $${STOP_CONDITIONS+--stop-conditions="$$STOP_CONDITIONS"}
fairway.flag.SUCCESS_CONDITION := $${SUCCESS_CONDITION+--success-condition="$$SUCCESS_CONDITION"}
fairway.flag.SUMMARY := $${SUMMARY+--summary="$$SUMMARY"}
fairway.flag.TAGS := $${TAGS+--tags="$$TAGS"}
fairway.flag.TARGET_CLOSE_BY := $${TARGET_CLOSE_BY+--target-close-by="$$TARGET_CLOSE_BY"}
fairway.flag.TARGET_OWNER := $${TARGET_OWNER+--target-owner="$$TARGET_OWNER"}
fairway.flag.TARGET_PATHS := $${TARGET_PATHS+--target-paths="$$TARGET_PATHS"}
fairway.flag.TARGET_SEAM := $${TARGET_SEAM+--target-seam="$$TARGET_SEAM"}
fairway.flag.TASK := $${TASK+--task="$$TASK"}
fairway.flag.TASK_ID := $${TASK_ID+--task-id="$$TASK_ID"}
fairway.flag.TEMPLATE := $${TEMPLATE+--template="$$TEMPLATE"}
fairway.flag.TIMEOUT := $${TIMEOUT+--timeout="$$TIMEOUT"}
fairway.flag.TITLE := $${TITLE+--title="$$TITLE"}
fairway.flag.TMUX_PANE := $${TMUX_PANE+--tmux-pane="$$TMUX_PANE"}
fairway.flag.TOPIC := $${TOPIC+--topic="$$TOPIC"}
fairway.flag.TO_ROLE := $${TO_ROLE+--to-role="$$TO_ROLE"}
fairway.flag.TRACK_ID := $${TRACK_ID+--track-id="$$TRACK_ID"}
fairway.flag.TRANSCRIPT_PATH := $${TRANSCRIPT_PATH+--transcript-path="$$TRANSCRIPT_PATH"}
fairway.flag.UNTIL := $${UNTIL+--until="$$UNTIL"}
fairway.flag.WATCH := $${WATCH+--watch="$$WATCH"}
fairway.flag.WATCH_ID := $${WATCH_ID+--watch-id="$$WATCH_ID"}
fairway.flag.WITHDRAW := $${WITHDRAW+--withdraw="$$WITHDRAW"}
fairway.flag.WORKFLOW_PACK := $${WORKFLOW_PACK+--workflow-pack="$$WORKFLOW_PACK"}
fairway.flag.WORKFLOW_REGRESSION_PACK := $${WORKFLOW_REGRESSION_PACK+--workflow-regression-pack="$$WORKFLOW_REGRESSION_PACK"}
fairway.flag.WORKTREE := $${WORKTREE+--worktree="$$WORKTREE"}
fairway.flag.WORKTREE_ROOT := $${WORKTREE_ROOT+--worktree-root="$$WORKTREE_ROOT"}
fairway.flag.YES := $${YES+--yes="$$YES"}

fairway.changing := REQUEST_ID FENCE
fairway.common := QUEUE_FILE QUEUE_DB ACTOR FORMAT JSON

ifeq ($(filter $(FAIRWAY_SKIP),queue-ready),)
.PHONY: queue-ready
queue-ready: ## List the tasks that can be claimed now, in the order to take them.
	@$(call fairway.run,queue-ready,ROLE LIMIT PRIORITY IN EXPLAIN $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-claim),)
.PHONY: queue-claim
queue-claim: ## Claim a task for a lane, or the lane's next ready task when no TASK_ID is given.
	@$(call fairway.run,queue-claim,ROLE OWNER TASK TASK_ID BRANCH IN FORCE REASON $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-release),)
.PHONY: queue-release
queue-release: ## Give a claimed task back to the queue.
	@$(call fairway.run,queue-release,TASK TASK_ID REASON $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-reclaim),)
.PHONY: queue-reclaim
queue-reclaim: ## Take a task back whose lease has run out.
	@$(call fairway.run,queue-reclaim,TASK TASK_ID REASON FORCE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-set-status),)
.PHONY: queue-set-status
queue-set-status: ## Move a task to another status, through the gates.
	@$(call fairway.run,queue-set-status,TASK TASK_ID STATUS OWNER BRANCH COMMIT BLOCKED_REASON REASON NOTES NOTE REOPEN FORCE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-record-evidence),)
.PHONY: queue-record-evidence
queue-record-evidence: ## Record a command and its result as evidence for a task.
	@$(call fairway.run,queue-record-evidence,TASK TASK_ID COMMAND_TEXT RESULT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER SIGNED_OFF_BY NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-record-handoff),)
.PHONY: queue-record-handoff
queue-record-handoff: ## Record a handoff: what was done, on which commit, with what results.
	@$(call fairway.run,queue-record-handoff,TASK TASK_ID OWNER BRANCH COMMIT COMMANDS RESULTS CHANGED_FILES RISKS BLOCKERS NEXT_STEP TO_ROLE NOTE NOTES NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-ack-handoff),)
.PHONY: queue-ack-handoff
queue-ack-handoff: ## Acknowledge a task's open handoffs.
	@$(call fairway.run,queue-ack-handoff,TASK TASK_ID HANDOFF_ID NOTES NOTE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-route-review),)
.PHONY: queue-route-review
queue-route-review: ## Say which lanes must review a commit, and open the review requests.
	@$(call fairway.run,queue-route-review,TASK TASK_ID REF BASE PATHS REVIEWER_ROLE REASON $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-record-review),)
.PHONY: queue-record-review
queue-record-review: ## Record a review verdict, bound to the commit it was read on.
	@$(call fairway.run,queue-record-review,TASK TASK_ID REVIEWER_ROLE REVIEWER STATUS COMMIT NOTES NOTE BASE FINDINGS_COUNT DURATION_SECONDS NOTES_FILE NOTE_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-merge-ready),)
.PHONY: queue-merge-ready
queue-merge-ready: ## Check whether a commit of a task may be merged, line by line.
	@$(call fairway.run,queue-merge-ready,TASK TASK_ID REF BASE $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-list),)
.PHONY: queue-list
queue-list: ## List tasks by lane, status or owner.
	@$(call fairway.run,queue-list,ROLE STATUS OWNER IN LIMIT ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-task-detail),)
.PHONY: queue-task-detail
queue-task-detail: ## Show everything that is recorded about a task.
	@$(call fairway.run,queue-task-detail,TASK TASK_ID ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-undo),)
.PHONY: queue-undo
queue-undo: ## Revert your last change by a compensating event.
	@$(call fairway.run,queue-undo,TASK TASK_ID REASON DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-validate),)
.PHONY: queue-validate
queue-validate: ## Report every fault of the queue file, each with its line.
	@$(call fairway.run,queue-validate,PROFILE $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-import),)
.PHONY: queue-import
queue-import: ## Import the definitions of the queue file now, and what an old database knows of its tasks.
	@$(call fairway.run,queue-import,DRY_RUN LEGACY_DB $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-add),)
.PHONY: queue-add
queue-add: ## Add a task to the store.
	@$(call fairway.run,queue-add,TASK TASK_ID TITLE ROLE KIND PARENT PRIORITY SEQUENCE NOTE NOTES DEPENDENCIES ACCEPTANCE PROFILE OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-update),)
.PHONY: queue-update
queue-update: ## Change the definition of a task that the store owns.
	@$(call fairway.run,queue-update,TASK TASK_ID TITLE TO_ROLE KIND PARENT PRIORITY SEQUENCE NOTE NOTES DEPENDENCIES ACCEPTANCE PROFILE OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS CLEAR NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-spawn),)
.PHONY: queue-spawn
queue-spawn: ## Add a task beside the one that is being worked on; lane, priority and metadata come from it.
	@$(call fairway.run,queue-spawn,TASK TASK_ID TITLE FROM_TASK PLACE PARENT TO_ROLE KIND PRIORITY SEQUENCE NOTE NOTES DEPENDENCIES ACCEPTANCE PROFILE OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS FORCE NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-tree),)
.PHONY: queue-tree
queue-tree: ## Show what lies below a task, and how much of it is done; without TASK_ID, every task with others below it.
	@$(call fairway.run,queue-tree,TASK TASK_ID DEPTH $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-export),)
.PHONY: queue-export
queue-export: ## Write tasks of the store into the queue file, touching nothing else in it.
	@$(call fairway.run,queue-export,TASK TASK_ID DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-prune-stale),)
.PHONY: queue-prune-stale
queue-prune-stale: ## Remove untouched tasks that left the queue file; archive the others.
	@$(call fairway.run,queue-prune-stale,DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-git-check),)
.PHONY: queue-git-check
queue-git-check: ## Compare the queue with git: branches, commits, lane worktrees.
	@$(call fairway.run,queue-git-check,ROLE BASE ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-status-report),)
.PHONY: queue-status-report
queue-status-report: ## Count tasks by status and lane.
	@$(call fairway.run,queue-status-report,ROLE OUTPUT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-health-report),)
.PHONY: queue-health-report
queue-health-report: ## Show what has been waiting too long.
	@$(call fairway.run,queue-health-report,ROLE OUTPUT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-timing-report),)
.PHONY: queue-timing-report
queue-timing-report: ## Show cycle, wait, blocked and review time by lane and task.
	@$(call fairway.run,queue-timing-report,ROLE TASK TASK_ID SINCE LIMIT OUTPUT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-activity),)
.PHONY: queue-activity
queue-activity: ## Show what happened, newest first.
	@$(call fairway.run,queue-activity,TASK TASK_ID ROLE SINCE LIMIT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),orchestrator-preflight),)
.PHONY: orchestrator-preflight
orchestrator-preflight: ## Check everything that should be mended before work is given out.
	@$(call fairway.run,orchestrator-preflight,ROLE $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),orchestrator-status),)
.PHONY: orchestrator-status
orchestrator-status: ## Show lanes, active and ready tasks, sessions, watchers, checkpoints and health.
	@$(call fairway.run,orchestrator-status,ROLE OUTPUT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),orchestrator-tick),)
.PHONY: orchestrator-tick
orchestrator-tick: ## Show the status and what is to be done next, with the command lines; changes nothing.
	@$(call fairway.run,orchestrator-tick,ROLE SINCE OUTPUT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),orchestrator-dispatch),)
.PHONY: orchestrator-dispatch
orchestrator-dispatch: ## Plan which lane takes up which task now, and what stands in the way.
	@$(call fairway.run,orchestrator-dispatch,ROLE LIMIT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),orchestrator-dispatch-plan),)
.PHONY: orchestrator-dispatch-plan
orchestrator-dispatch-plan: ## Plan which lane takes up which task now, and what stands in the way. The same as orchestrator-dispatch.
	@$(call fairway.run,orchestrator-dispatch,ROLE LIMIT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),worktree-setup),)
.PHONY: worktree-setup
worktree-setup: ## Give every lane its worktree and branch; what is there stays as it is.
	@$(call fairway.run,worktree-setup,ROLE BASE WORKTREE_ROOT DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),agent-setup-lanes),)
.PHONY: agent-setup-lanes
agent-setup-lanes: ## Give every lane its worktree and branch; what is there stays as it is. The same as worktree-setup.
	@$(call fairway.run,worktree-setup,ROLE BASE WORKTREE_ROOT DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),worktree-status),)
.PHONY: worktree-status
worktree-status: ## Show every lane's worktree: branch, changes, distance from the base, sessions, tasks.
	@$(call fairway.run,worktree-status,ROLE BASE WORKTREE_ROOT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),worktree-prune),)
.PHONY: worktree-prune
worktree-prune: ## Say why each worktree stays; with YES remove those that nothing keeps.
	@$(call fairway.run,worktree-prune,ROLE YES WORKTREE_ROOT $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-preflight),)
.PHONY: queue-preflight
queue-preflight: ## Check whether a lane is fit to start work in, with a fix for each issue.
	@$(call fairway.run,queue-preflight,ROLE BASE WORKTREE_ROOT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),agent-preflight),)
.PHONY: agent-preflight
agent-preflight: ## Check whether a lane is fit to start work in, with a fix for each issue. The same as queue-preflight.
	@$(call fairway.run,queue-preflight,ROLE BASE WORKTREE_ROOT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),review-checkout),)
.PHONY: review-checkout
review-checkout: ## Check out a task's work on its lane's review branch.
	@$(call fairway.run,review-checkout,TASK TASK_ID REF $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),agent-role-config),)
.PHONY: agent-role-config
agent-role-config: ## Print the role table: lanes with branch, worktree, provider; for shells too.
	@$(call fairway.run,agent-role-config,ROLE FIELD WORKTREE_ROOT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),session-status),)
.PHONY: session-status
session-status: ## List the live sessions with what has become of their processes.
	@$(call fairway.run,session-status,ROLE TASK TASK_ID ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-session-status),)
.PHONY: queue-session-status
queue-session-status: ## List the live sessions with what has become of their processes. The same as session-status.
	@$(call fairway.run,session-status,ROLE TASK TASK_ID ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),agent-session-status),)
.PHONY: agent-session-status
agent-session-status: ## List the live sessions with what has become of their processes. The same as session-status.
	@$(call fairway.run,session-status,ROLE TASK TASK_ID ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),session-upsert),)
.PHONY: session-upsert
session-upsert: ## Register a session, or change what is named of one; everything else is kept.
	@$(call fairway.run,session-upsert,SESSION_ID ROLE LANE BACKEND PROVIDER SESSION_NAME TASK TASK_ID PID HOST TMUX_PANE TRANSCRIPT_PATH WORKTREE BRANCH EXTERNAL_ID STATUS CLEAR $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-session-upsert),)
.PHONY: queue-session-upsert
queue-session-upsert: ## Register a session, or change what is named of one; everything else is kept. The same as session-upsert.
	@$(call fairway.run,session-upsert,SESSION_ID ROLE LANE BACKEND PROVIDER SESSION_NAME TASK TASK_ID PID HOST TMUX_PANE TRANSCRIPT_PATH WORKTREE BRANCH EXTERNAL_ID STATUS CLEAR $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),session-heartbeat),)
.PHONY: session-heartbeat
session-heartbeat: ## Say that a session is still there; every command of a session does so too.
	@$(call fairway.run,session-heartbeat,SESSION_ID $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-session-heartbeat),)
.PHONY: queue-session-heartbeat
queue-session-heartbeat: ## Say that a session is still there; every command of a session does so too. The same as session-heartbeat.
	@$(call fairway.run,session-heartbeat,SESSION_ID $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),session-end),)
.PHONY: session-end
session-end: ## Record that a session ended, and how.
	@$(call fairway.run,session-end,SESSION_ID STATUS EXIT_CODE REASON STOP $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-session-end),)
.PHONY: queue-session-end
queue-session-end: ## Record that a session ended, and how. The same as session-end.
	@$(call fairway.run,session-end,SESSION_ID STATUS EXIT_CODE REASON STOP $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),session-reconcile),)
.PHONY: session-reconcile
session-reconcile: ## Mark the sessions that are over as stale, and report work in progress that no session attends.
	@$(call fairway.run,session-reconcile,DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-session-reconcile),)
.PHONY: queue-session-reconcile
queue-session-reconcile: ## Mark the sessions that are over as stale, and report work in progress that no session attends. The same as session-reconcile.
	@$(call fairway.run,session-reconcile,DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),session-launch),)
.PHONY: session-launch
session-launch: ## Start a provider on a lane, in a shell, tmux or zellij, after every check has passed.
	@$(call fairway.run,session-launch,ROLE TASK TASK_ID BACKEND PROVIDER PROVIDER_COMMAND PROMPT PACKET CLAIM OWNER SESSION_ID SESSION_NAME EXTERNAL_ID WORKTREE TRANSCRIPT_PATH FOREGROUND FORCE REASON DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),agent-launch),)
.PHONY: agent-launch
agent-launch: ## Start a provider on a lane, in a shell, tmux or zellij, after every check has passed. The same as session-launch.
	@$(call fairway.run,session-launch,ROLE TASK TASK_ID BACKEND PROVIDER PROVIDER_COMMAND PROMPT PACKET CLAIM OWNER SESSION_ID SESSION_NAME EXTERNAL_ID WORKTREE TRANSCRIPT_PATH FOREGROUND FORCE REASON DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-session-launch),)
.PHONY: queue-session-launch
queue-session-launch: ## Start a provider on a lane, in a shell, tmux or zellij, after every check has passed. The same as session-launch.
	@$(call fairway.run,session-launch,ROLE TASK TASK_ID BACKEND PROVIDER PROVIDER_COMMAND PROMPT PACKET CLAIM OWNER SESSION_ID SESSION_NAME EXTERNAL_ID WORKTREE TRANSCRIPT_PATH FOREGROUND FORCE REASON DRY_RUN $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),subagent-bridge),)
.PHONY: subagent-bridge
subagent-bridge: ## Record what a sub-agent reports of itself: started, running, waiting, completed, failed, stale.
	@$(call fairway.run,subagent-bridge,EXTERNAL_ID STATE SUMMARY ROLE TASK TASK_ID TRACK_ID PROVIDER BACKEND COMMIT ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),agent-subagent-bridge),)
.PHONY: agent-subagent-bridge
agent-subagent-bridge: ## Record what a sub-agent reports of itself: started, running, waiting, completed, failed, stale. The same as subagent-bridge.
	@$(call fairway.run,subagent-bridge,EXTERNAL_ID STATE SUMMARY ROLE TASK TASK_ID TRACK_ID PROVIDER BACKEND COMMIT ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),checkpoint-record),)
.PHONY: checkpoint-record
checkpoint-record: ## Record where a task or a track stands.
	@$(call fairway.run,checkpoint-record,TRACK_ID TASK TASK_ID STATE SUMMARY OWNER TARGET_CLOSE_BY ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),orchestrator-checkpoint),)
.PHONY: orchestrator-checkpoint
orchestrator-checkpoint: ## Record where a task or a track stands. The same as checkpoint-record.
	@$(call fairway.run,checkpoint-record,TRACK_ID TASK TASK_ID STATE SUMMARY OWNER TARGET_CLOSE_BY ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-checkpoint-record),)
.PHONY: queue-checkpoint-record
queue-checkpoint-record: ## Record where a task or a track stands. The same as checkpoint-record.
	@$(call fairway.run,checkpoint-record,TRACK_ID TASK TASK_ID STATE SUMMARY OWNER TARGET_CLOSE_BY ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),checkpoint-status),)
.PHONY: checkpoint-status
checkpoint-status: ## Show where every task and track with an open checkpoint stands.
	@$(call fairway.run,checkpoint-status,TRACK_ID TASK TASK_ID ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),orchestrator-checkpoints),)
.PHONY: orchestrator-checkpoints
orchestrator-checkpoints: ## Show where every task and track with an open checkpoint stands. The same as checkpoint-status.
	@$(call fairway.run,checkpoint-status,TRACK_ID TASK TASK_ID ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-checkpoint-status),)
.PHONY: queue-checkpoint-status
queue-checkpoint-status: ## Show where every task and track with an open checkpoint stands. The same as checkpoint-status.
	@$(call fairway.run,checkpoint-status,TRACK_ID TASK TASK_ID ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),checkpoint-stale),)
.PHONY: checkpoint-stale
checkpoint-stale: ## Show the open checkpoints that are too old or past their target.
	@$(call fairway.run,checkpoint-stale,BEFORE $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),orchestrator-checkpoint-stale),)
.PHONY: orchestrator-checkpoint-stale
orchestrator-checkpoint-stale: ## Show the open checkpoints that are too old or past their target. The same as checkpoint-stale.
	@$(call fairway.run,checkpoint-stale,BEFORE $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-checkpoint-stale),)
.PHONY: queue-checkpoint-stale
queue-checkpoint-stale: ## Show the open checkpoints that are too old or past their target. The same as checkpoint-stale.
	@$(call fairway.run,checkpoint-stale,BEFORE $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),watcher-start),)
.PHONY: watcher-start
watcher-start: ## Register a watcher that somebody looks after; nothing is run.
	@$(call fairway.run,watcher-start,WATCH_ID TASK TASK_ID OWNER PROCESS COMMAND SUCCESS_CONDITION FAILURE_CONDITION ALLOWED_FIXES MUST_NOT_TOUCH EXPECTED_DURATION POLL_INTERVAL CLOSE_CONDITION ESCALATION_RULES EVIDENCE_REQUIRED NOTE NOTES NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),watcher-finish),)
.PHONY: watcher-finish
watcher-finish: ## Finish a watcher and record its evidence, in one change.
	@$(call fairway.run,watcher-finish,WATCH_ID RESULT FAILURE_CLASS ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS COMMIT NOTE NOTES NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),watcher-status),)
.PHONY: watcher-status
watcher-status: ## Show the watchers that are at work or blocked, and which of them went quiet.
	@$(call fairway.run,watcher-status,TASK TASK_ID ROLE ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),watcher-run),)
.PHONY: watcher-run
watcher-run: ## Run a command under supervision until it is decided, and record how it went.
	@$(call fairway.run,watcher-run,WATCH_ID TASK TASK_ID COMMAND OWNER PROCESS SUCCESS_CONDITION FAILURE_CONDITION POLL_INTERVAL TIMEOUT EXPECTED_DURATION MUST_NOT_TOUCH ALLOWED_FIXES CLOSE_CONDITION ESCALATION_RULES EVIDENCE_REQUIRED COMMIT NOTE NOTES NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),context-packet),)
.PHONY: context-packet
context-packet: ## Print the bounded brief of a task: goal, limits, acceptance, and what is recorded.
	@$(call fairway.run,context-packet,TASK TASK_ID TRACK_ID OWNER OWNER_LANE HANDOFF_REQUIRED GOAL NON_GOALS CURRENT_STATE ARCHITECTURE_CONTEXT ENVIRONMENT WORKFLOW_REGRESSION_PACK OWNED MUST_NOT_TOUCH COMMANDS ACCEPTANCE RISKS STOP_CONDITIONS DEVIATION_RULES HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),agent-context-packet),)
.PHONY: agent-context-packet
agent-context-packet: ## Print the bounded brief of a task: goal, limits, acceptance, and what is recorded. The same as context-packet.
	@$(call fairway.run,context-packet,TASK TASK_ID TRACK_ID OWNER OWNER_LANE HANDOFF_REQUIRED GOAL NON_GOALS CURRENT_STATE ARCHITECTURE_CONTEXT ENVIRONMENT WORKFLOW_REGRESSION_PACK OWNED MUST_NOT_TOUCH COMMANDS ACCEPTANCE RISKS STOP_CONDITIONS DEVIATION_RULES HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),bugfix-packet),)
.PHONY: bugfix-packet
bugfix-packet: ## Print the review packet of a bug fix: root cause, proof, coverage, risk.
	@$(call fairway.run,bugfix-packet,TASK TASK_ID BUG_SUMMARY OWNING_LAYER WORKFLOW_PACK ROOT_CAUSE IMPACT PROOF_COMMAND REGRESSION_COVERAGE SCOPE_DRIFT RESIDUAL_RISK FOLLOW_UP REVIEW_QUESTIONS RUN_PROOF PROOF_TIMEOUT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),agent-bugfix-packet),)
.PHONY: agent-bugfix-packet
agent-bugfix-packet: ## Print the review packet of a bug fix: root cause, proof, coverage, risk. The same as bugfix-packet.
	@$(call fairway.run,bugfix-packet,TASK TASK_ID BUG_SUMMARY OWNING_LAYER WORKFLOW_PACK ROOT_CAUSE IMPACT PROOF_COMMAND REGRESSION_COVERAGE SCOPE_DRIFT RESIDUAL_RISK FOLLOW_UP REVIEW_QUESTIONS RUN_PROOF PROOF_TIMEOUT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),watcher-packet),)
.PHONY: watcher-packet
watcher-packet: ## Print the brief of a watch: what to look at, what counts, what is allowed.
	@$(call fairway.run,watcher-packet,TASK TASK_ID WATCH_ID OWNER_LANE PROCESS COMMAND EXPECTED_DURATION POLL_INTERVAL SUCCESS_CONDITION FAILURE_CONDITION ALLOWED_FIXES MUST_NOT_TOUCH ESCALATION_RULES EVIDENCE_REQUIRED CLOSE_CONDITION HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),agent-watch-task),)
.PHONY: agent-watch-task
agent-watch-task: ## Print the brief of a watch: what to look at, what counts, what is allowed. The same as watcher-packet.
	@$(call fairway.run,watcher-packet,TASK TASK_ID WATCH_ID OWNER_LANE PROCESS COMMAND EXPECTED_DURATION POLL_INTERVAL SUCCESS_CONDITION FAILURE_CONDITION ALLOWED_FIXES MUST_NOT_TOUCH ESCALATION_RULES EVIDENCE_REQUIRED CLOSE_CONDITION HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),architecture-map-packet),)
.PHONY: architecture-map-packet
architecture-map-packet: ## Print the packet of an architecture map.
	@$(call fairway.run,architecture-map-packet,TASK TASK_ID SCOPE CURRENT_OWNER TARGET_OWNER MIGRATION_RISK SOURCE_DOCS ACCEPTANCE DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),boundary-guard-packet),)
.PHONY: boundary-guard-packet
boundary-guard-packet: ## Print the packet of a boundary guard.
	@$(call fairway.run,boundary-guard-packet,TASK TASK_ID GUARD_INTENT FINDINGS FALSE_POSITIVES GRADUATION_CRITERIA PROOF_COMMANDS DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),vertical-slice-packet),)
.PHONY: vertical-slice-packet
vertical-slice-packet: ## Print the packet of a vertical slice.
	@$(call fairway.run,vertical-slice-packet,TASK TASK_ID TARGET_SEAM OLD_PATH NEW_PATH ADAPTER PROOF_COMMANDS ROLLBACK_PLAN DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),packet-template),)
.PHONY: packet-template
packet-template: ## Print the packet of a template of the configuration.
	@$(call fairway.run,packet-template,TEMPLATE TASK TASK_ID DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),regression-packs),)
.PHONY: regression-packs
regression-packs: ## List, show, check and choose regression packs, and record a run of one.
	@$(call fairway.run,regression-packs,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),workflow-regression-packs),)
.PHONY: workflow-regression-packs
workflow-regression-packs: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs.
	@$(call fairway.run,regression-packs,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),workflow-regression-packs-list),)
.PHONY: workflow-regression-packs-list
workflow-regression-packs-list: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs list.
	@$(call fairway.run,regression-packs list,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),workflow-regression-packs-show),)
.PHONY: workflow-regression-packs-show
workflow-regression-packs-show: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs show.
	@$(call fairway.run,regression-packs show,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),workflow-regression-packs-validate),)
.PHONY: workflow-regression-packs-validate
workflow-regression-packs-validate: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs validate.
	@$(call fairway.run,regression-packs validate,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),workflow-regression-packs-for-paths),)
.PHONY: workflow-regression-packs-for-paths
workflow-regression-packs-for-paths: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs for-paths.
	@$(call fairway.run,regression-packs for-paths,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),workflow-regression-packs-for-task),)
.PHONY: workflow-regression-packs-for-task
workflow-regression-packs-for-task: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs for-task.
	@$(call fairway.run,regression-packs for-task,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),workflow-regression-packs-record),)
.PHONY: workflow-regression-packs-record
workflow-regression-packs-record: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs record.
	@$(call fairway.run,regression-packs record,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),regression-packs-list),)
.PHONY: regression-packs-list
regression-packs-list: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs list.
	@$(call fairway.run,regression-packs list,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),regression-packs-show),)
.PHONY: regression-packs-show
regression-packs-show: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs show.
	@$(call fairway.run,regression-packs show,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),regression-packs-validate),)
.PHONY: regression-packs-validate
regression-packs-validate: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs validate.
	@$(call fairway.run,regression-packs validate,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-ci-packet),)
.PHONY: util-ci-packet
util-ci-packet: ## Make a packet of a build's report: what failed first, its lines, class and lane. The same as ci-packet.
	@$(call fairway.run,ci-packet,DOCUMENT LOG ADAPTER EXIT_CODE COMMAND WATCH POLL_INTERVAL TIMEOUT EXIT_STATUS AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-deploy-packet),)
.PHONY: util-deploy-packet
util-deploy-packet: ## Hold what is deployed against what was expected, field by field. The same as deploy-packet.
	@$(call fairway.run,deploy-packet,EXPECTED OBSERVED EXPECTED_COMMAND OBSERVED_COMMAND ENVIRONMENT TIMEOUT AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-uat-matrix),)
.PHONY: util-uat-matrix
util-uat-matrix: ## Show flows by environments and browsers from test reports and what people saw. The same as uat-matrix.
	@$(call fairway.run,uat-matrix,DOCUMENT FLOWS CATALOG ENVIRONMENT EXIT_STATUS AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-evidence-bundle),)
.PHONY: util-evidence-bundle
util-evidence-bundle: ## Make a manifest of a finished run, and the commands that record it as evidence. The same as evidence-bundle.
	@$(call fairway.run,evidence-bundle,TASK TASK_ID FROM ARTIFACTS COMMANDS_FILE RESULT PRODUCER COMMIT APPLY OUTPUT $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-evidence-verify),)
.PHONY: util-evidence-verify
util-evidence-verify: ## Hash every recorded artifact again, and tell which have changed. The same as evidence-verify.
	@$(call fairway.run,evidence-verify,TASK TASK_ID MANIFEST ALL OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-output-report),)
.PHONY: util-output-report
util-output-report: ## Show what was delivered of each kind of output, from evidence. The same as output-report.
	@$(call fairway.run,output-report,ROLE SINCE UNTIL AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-approve-run),)
.PHONY: queue-approve-run
queue-approve-run: ## Record who lets a class of commands be run for a task.
	@$(call fairway.run,queue-approve-run,TASK TASK_ID COMMAND_CLASS APPROVED_BY REASON EXPIRES COMMIT WITHDRAW $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-trusted-run),)
.PHONY: util-trusted-run
util-trusted-run: ## Run an approved command in the lane of a task, and record how it went. The same as trusted-run.
	@$(call fairway.run,trusted-run,TASK TASK_ID COMMAND TIMEOUT $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),review-waive),)
.PHONY: review-waive
review-waive: ## Record that a lighter review than the table asks for is enough, and why.
	@$(call fairway.run,review-waive,TASK TASK_ID SHAPE OWNER REASON REF BASE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-waive-review),)
.PHONY: queue-waive-review
queue-waive-review: ## Record that a lighter review than the table asks for is enough, and why. The same as review-waive.
	@$(call fairway.run,review-waive,TASK TASK_ID SHAPE OWNER REASON REF BASE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),review-report),)
.PHONY: review-report
review-report: ## Show reviews asked, done and found by shape and lane, and the time they took.
	@$(call fairway.run,review-report,ROLE SINCE OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-review-report),)
.PHONY: util-review-report
util-review-report: ## Show reviews asked, done and found by shape and lane, and the time they took. The same as review-report.
	@$(call fairway.run,review-report,ROLE SINCE OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),readiness-report),)
.PHONY: readiness-report
readiness-report: ## Show which gates of the workstream profiles are met, and what is missing.
	@$(call fairway.run,readiness-report,PROFILE GAP_LIMIT AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-readiness-report),)
.PHONY: util-readiness-report
util-readiness-report: ## Show which gates of the workstream profiles are met, and what is missing. The same as readiness-report.
	@$(call fairway.run,readiness-report,PROFILE GAP_LIMIT AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),record-guard-report),)
.PHONY: record-guard-report
record-guard-report: ## Record a guard's run as evidence for a gate: what it found, and what it found wrongly.
	@$(call fairway.run,record-guard-report,TASK TASK_ID PROFILE GATE GUARD_MODE FINDINGS FALSE_POSITIVES COMMAND_TEXT ARTIFACT ARTIFACT_PATH RESULT DURATION_SECONDS NOTE NOTES COMMIT PRODUCER SIGNED_OFF_BY NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),guard-graduate),)
.PHONY: guard-graduate
guard-graduate: ## Make a guard's gate blocking once its criteria hold, or let it only report again.
	@$(call fairway.run,guard-graduate,PROFILE GATE MODE REASON FORCE $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-gate-select),)
.PHONY: util-gate-select
util-gate-select: ## Show which gates, packs, reviewers and checks a change calls for, and why not the others. The same as gate-select.
	@$(call fairway.run,gate-select,REF BASE PATHS TASK TASK_ID CATALOG OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),util-release-verify),)
.PHONY: util-release-verify
util-release-verify: ## Check that all that was merged since the last tag has its evidence and reviews. The same as release-verify.
	@$(call fairway.run,release-verify,REF SINCE_TAG AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),compat-status),)
.PHONY: compat-status
compat-status: ## List every older script's name with what stands there now and where its original is.
	@$(call fairway.run,compat-status,$(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),lane-engine),)
.PHONY: lane-engine
lane-engine: ## Show which side answers each lane during a cut-over, move a lane over, or take it back.
	@$(call fairway.run,lane-engine,ROLE ENGINE REASON FORCE DELIVER $(fairway.changing) $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),parity-observe),)
.PHONY: parity-observe
parity-observe: ## Compare the calls that were made in shadow with what our tools do, or do a kept one once more.
	@$(call fairway.run,parity-observe,CALL REPLAY $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),parity-report),)
.PHONY: parity-report
parity-report: ## Count by lane and operation where both sides agreed in shadow, and show what nobody has explained.
	@$(call fairway.run,parity-report,ROLE SINCE $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-snapshot),)
.PHONY: queue-snapshot
queue-snapshot: ## Write every table of the store as one JSON or YAML document.
	@$(call fairway.run,queue-snapshot,OUTPUT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-backup),)
.PHONY: queue-backup
queue-backup: ## Copy the store through SQLite's backup interface.
	@$(call fairway.run,queue-backup,OUTPUT $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-restore),)
.PHONY: queue-restore
queue-restore: ## Restore the store from a backup or a snapshot.
	@$(call fairway.run,queue-restore,FROM FORCE $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-migrate),)
.PHONY: queue-migrate
queue-migrate: ## Bring the store to the newest schema, after a backup.
	@$(call fairway.run,queue-migrate,DRY_RUN $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-verify),)
.PHONY: queue-verify
queue-verify: ## Recompute the ledger and cross-check the state against the history.
	@$(call fairway.run,queue-verify,$(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-where),)
.PHONY: queue-where
queue-where: ## Show which store, queue file, config and lane are used, and why.
	@$(call fairway.run,queue-where,ROLE $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-doctor),)
.PHONY: queue-doctor
queue-doctor: ## Check the set-up, the store, git, the lanes and the file system.
	@$(call fairway.run,queue-doctor,ALL $(fairway.common))
endif

ifeq ($(filter $(FAIRWAY_SKIP),queue-help),)
.PHONY: queue-help
queue-help: ## List every tool with its variables.
	@$(call fairway.run,queue-help,TOPIC $(fairway.common))
endif

ifeq ($(fairway.goal),)
.DEFAULT_GOAL :=
endif

endif
