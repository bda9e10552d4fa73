# fairway.mk: the queue-* targets of Fairway Scripts, for any Makefile.
#
#     include path/to/fairway-scripts/make/fairway.mk
#
# Written from the table of tools by `python -m fairway_scripts.front.make_fragment`: change that, not this file.
#
# Needs    GNU Make 3.81 or newer and a POSIX shell as /bin/sh. First or last in the Makefile, as you like; above any
#          line that uses $(shell), values typed for make are safe from GNU Make 4.4 too, which exports them to it.
#
# Inputs   set by the host, above the include line or in the environment:
#   FAIRWAY_HOME              the checkout; found from this file. With a blank in its path the host has to set it.
#   FAIRWAY_BIN               the folder of the tools; $(FAIRWAY_HOME)/bin, or the bin of an installed package
#   FAIRWAY_PYTHON            the program that runs them; the checkout's .venv/bin/python, else python3
#   FAIRWAY_SKIP              targets that the host keeps for itself (above the include): queue-ready queue-claim
#   FAIRWAY_TAKE              targets that are ours although the host defines them too (above the include)
#   FAIRWAY_HELP              1: also name the day's ten targets and queue-help to a help of the host that searches
#                             $(MAKEFILE_LIST); all: every target
#   FAIRWAY_ENVIRONMENT_VARS  more names that count from the environment: FAIRWAY_ENVIRONMENT_VARS += NOTE REF
#   FAIRWAY_MAKEFILE_VARS     more names that count from a makefile: FAIRWAY_MAKEFILE_VARS += BASE
#
# Values   TASK_ID=.. STATUS=.. NOTE=.. count where they are typed. From a makefile or the environment only the names
#          in fairway.from.file and fairway.from.environment below do, unless empty; what was typed wins.
#          A value is text: $, quotes, backquotes and line ends reach the tool as they were typed.
#
# Outputs  the targets listed by `make queue-help`, all phony, none with a prerequisite. Every other name that is
#          defined here begins with "fairway.", which make never exports. Where a makefile that is read before this
#          file has a recipe for one of them, it stays the host's (make 4.2 and newer can tell; older ones need
#          FAIRWAY_SKIP).
#
# Changes for the host: a value typed for one of these names is plain text in the whole makefile (make does not
#          expand it), and our files are not in $(MAKEFILE_LIST). Nothing else: no shell, no flags, no default goal, no
#          program run while make reads this file.

ifndef fairway.mk
fairway.mk := $(lastword $(MAKEFILE_LIST))
fairway.makefiles := $(filter-out $(fairway.mk),$(MAKEFILE_LIST))

# Included first, the targets below must not become the host's default goal: the last lines take that back, and what
# the host's recipes begin with.
fairway.goal := $(.DEFAULT_GOAL)
fairway.recipe.prefix := $(.RECIPEPREFIX)
.RECIPEPREFIX :=

FAIRWAY_SKIP ?=
FAIRWAY_TAKE ?=
FAIRWAY_HELP ?=
FAIRWAY_ENVIRONMENT_VARS ?=
FAIRWAY_MAKEFILE_VARS ?=

fairway.empty :=
fairway.blank := $(fairway.empty) $(fairway.empty)
fairway.tab := $(fairway.empty)	$(fairway.empty)
fairway.hash := \#
define fairway.newline


endef
fairway.exists = $(wildcard $(subst $(fairway.blank),\ ,$(1)))

# $(realpath) follows a link to this file. It gives nothing when a blank has cut the name in two; a copy of this
# file elsewhere gives a folder that does not hold it. Either way FAIRWAY_HOME stays empty until the host sets it.
fairway.folder := $(patsubst %/make/fairway.mk,%,$(realpath $(fairway.mk)))
FAIRWAY_HOME ?= $(if $(call fairway.exists,$(fairway.folder)/make/fairway.mk),$(fairway.folder))

# A package puts this file in <prefix>/share/fairway/make and the tools in <prefix>/bin.
fairway.prefix = $(if $(call fairway.exists,$(FAIRWAY_HOME)/bin/queue-help),,/../..)
FAIRWAY_BIN ?= $(if $(FAIRWAY_HOME),$(FAIRWAY_HOME)$(fairway.prefix)/bin)
FAIRWAY_PYTHON ?= $(if $(FAIRWAY_HOME),$(call fairway.exists,$(FAIRWAY_HOME)/.venv/bin/python))

fairway.variables := ACCEPTANCE ACCEPTANCE_CHECK ACCEPTANCE_CHECKS ACTOR ADAPTER ADOPT ALL ALLOWED_FIXES \
  ALLOWED_SIGNERS ALL_PROJECTS ANCHOR ANEW APPLY APPROVED_BY ARCHITECTURE_CONTEXT ARTIFACT ARTIFACTS \
  ARTIFACT_PATH ARTIFACT_TYPE AT ATTACH ATTACH_TO BACKEND BASE BEFORE BLOCKED_REASON BLOCKERS BRANCH \
  BUG_SUMMARY CATALOG CHANGED_FILES CLAIM CLEAR CLOSE_CONDITION COMMAND COMMANDS COMMANDS_FILE COMMAND_CLASS \
  COMMAND_TEXT COMMIT CORRECTS COST CURRENCY CURRENT_OWNER CURRENT_STATE DEFER DELIVER DEPENDENCIES DEPENDS_ON \
  DEPTH DEVIATION_RULES DOCUMENT DRAFT DRY_RUN DURATION_SECONDS ENGINE ENVIRONMENT ESCALATION_RULES \
  EVIDENCE_REQUIRED EXIT_CODE EXIT_STATUS EXPECTED EXPECTED_COMMAND EXPECTED_DURATION EXPIRES EXPLAIN \
  EXTERNAL_ID FAILURE_CLASS FAILURE_CONDITION FALSE_POSITIVES FENCE FIELD FINDINGS FINDINGS_COUNT FLOWS \
  FOLLOW_UP FOR FORCE FOREGROUND FORMAT FROM FROM_TASK FULL GAP_LIMIT GATE GOAL GRADUATION_CRITERIA \
  GUARD_INTENT GUARD_MODE HANDOFF_FORMAT HANDOFF_ID HANDOFF_REQUIRED HOOK_JSON HOST IMPACT IN INITIAL_PROMPT \
  JSON KIND LANE LEGACY_DB LIMIT LOG MANIFEST MIGRATION_RISK MIGRATION_TYPE MINE MINUTES MODE MODEL \
  MUST_NOT_TOUCH NEW_PATH NEXT_STEP NON_GOALS NOTE NOTES NOTES_FILE NOTE_FILE OBSERVED OBSERVED_COMMAND \
  OLD_PATH OUTPUT OWNED OWNER OWNER_LANE OWNING_DOMAIN OWNING_LAYER PACKET PACK_ID PARENT PARENT_ID PATHS PID \
  PLACE POLL_INTERVAL PORT PRETTY PRIORITY PROCESS PRODUCER PROFILE PROJECTS PROMPT PROOF_COMMAND \
  PROOF_COMMANDS PROOF_TIMEOUT PROVIDER PROVIDER_COMMAND QUEUE_DB QUEUE_FILE READ_ONLY REASON REF \
  REGRESSION_COVERAGE REMOTE REOPEN REPLAY REQUEST_ID RESIDUAL_RISK RESULT RESULTS REVIEWER REVIEWER_ROLE \
  REVIEW_DOMAIN REVIEW_DOMAINS REVIEW_QUESTIONS RISKS RISK_LEVEL ROLE ROLLBACK_PLAN ROOT_CAUSE RUN_PROOF SCOPE \
  SCOPE_DRIFT SEQUENCE SERVICE SESSION_ID SESSION_NAME SHAPE SIGNED_OFF_BY SINCE SINCE_TAG SOURCE_DOCS \
  SOURCE_PATHS STATE STATUS STOP STOP_CONDITIONS SUCCESS_CONDITION SUMMARY TAGS TARGET_CLOSE_BY TARGET_OWNER \
  TARGET_PATHS TARGET_SEAM TASK TASK_ID TEMPLATE TIMEOUT TITLE TMUX_PANE TO TOKENS_IN TOKENS_OUT TOPIC TO_ROLE \
  TRACK_ID TRANSCRIPT_PATH UNTIL UTILITY WAIVER WATCH WATCH_ID WITHDRAW WORKFLOW_PACK WORKFLOW_REGRESSION_PACK \
  WORKTREE WORKTREE_ROOT WRITE YES
# Read by the tools from their environment; no flag carries them.
fairway.settings := AGENT_ROLE FAIRWAY_ROLE WORKTREE_ROOT AGENT_QUEUE_DB AGENT_QUEUE_FILE FAIRWAY_CONFIG \
  FAIRWAY_SESSION_ID
# The names that count from the environment, and from a makefile.
fairway.from.environment := TASK_ID ROLE AGENT_ROLE ACTOR QUEUE_DB QUEUE_FILE WORKTREE_ROOT OWNER
fairway.from.file := TASK_ID ROLE AGENT_ROLE ACTOR QUEUE_DB QUEUE_FILE WORKTREE_ROOT
# Tools that hardly ever need a package.
fairway.light := fairway fairway-mk-path fairway-prime orchestrator-status orchestrator-tick queue-claim \
  queue-help queue-list queue-ready queue-record-evidence queue-record-handoff queue-record-review \
  queue-release queue-set-status queue-task-detail

# A value typed on the command line is expanded by make whenever it is used or exported, which runs a $(shell) in
# it. Sealed, it is plain text. Two lines, because 3.81 cannot combine override and export.
define fairway.seal
fairway.sealed.$(1) := $$(value $(1))
override $(1) := $$(value $(1))
export $(1)
endef
fairway.ours := $(sort $(fairway.variables) $(fairway.settings))
fairway.typed := $(foreach v,$(fairway.ours),$(if $(filter command,$(origin $(v))),$(v)))
$(foreach v,$(fairway.typed),$(eval $(call fairway.seal,$(v))))

# Of the names in $(1): those that were typed, and those that count from the environment or from a makefile. A value
# that stands under another name of a typed one gives way to it.
fairway.chosen = $(foreach v,$(1),$(filter $(v),$(fairway.typed)))
fairway.others = $(if $(filter undefined,$(origin fairway.same.$(1))),,$(fairway.same.$(1)))
fairway.free = $(foreach v,$(1),$(if $(filter $(v) $(call fairway.others,$(v)),$(fairway.typed)),,$(v)))
fairway.of = $(foreach v,$(2),$(if $(filter $(1),$(firstword $(origin $(v)))),$(v)))
fairway.ambient = $(filter $(fairway.from.environment) $(FAIRWAY_ENVIRONMENT_VARS),\
  $(call fairway.of,environment,$(call fairway.free,$(1))))
fairway.here = $(filter $(fairway.from.file) $(FAIRWAY_MAKEFILE_VARS),\
  $(call fairway.of,file override,$(call fairway.free,$(1))))

# The flags of the names in $(1). A value of the environment or of a makefile counts only when there is something in it.
fairway.filled = $(subst $(1)+,$(1):+,$(fairway.flag.$(1)))
fairway.flags = $(foreach v,$(call fairway.ambient,$(1)) $(call fairway.here,$(1)),$(call fairway.filled,$(v))) \
  $(foreach v,$(call fairway.chosen,$(1)),$(fairway.flag.$(v)))

# A makefile's own value is not in the environment of a recipe: the recipe sets it, for itself alone.
fairway.line = $(subst $(fairway.newline),$(fairway.blank),$(1))
fairway.quote = '$(subst ','\'',$(1))'
fairway.set = $(1)=$(call fairway.quote,$(call fairway.line,$($(1)))); $(fairway.empty)
fairway.given = $(foreach v,$(call fairway.here,$(1)),$(call fairway.set,$(v)))
fairway.stated = $(if $(strip $(call fairway.line,$($(1)))),$(call fairway.set,$(1)) export $(1); )
fairway.surroundings = $(foreach v,$(call fairway.of,file override,$(call fairway.free,$(fairway.settings))),\
  $(call fairway.stated,$(v)))

# What was typed stays in the environment of this recipe, also where the host takes its names out of it.
fairway.export = $(strip $(foreach v,$(1),$(eval export $(v))))

# Which names make has put into the environment of the tool, so that what the tool runs for somebody does not see
# them; and which typed names the tool of this target does not take, for it to tell a slip from a name of the host.
fairway.made = $(sort $(fairway.typed) $(call fairway.of,file override,$(fairway.settings)))
fairway.all = $(fairway.typed) $(call fairway.of,command,$(.VARIABLES))
fairway.unread = $(sort $(filter-out $(1) $(fairway.settings),$(fairway.all)))
fairway.aside = FAIRWAY_UNREAD=$(call fairway.quote,$(1)) FAIRWAY_GOALS=$(call fairway.quote,$(MAKECMDGOALS)) \
  FAIRWAY_MAKEFILES=$(call fairway.quote,$(filter-out $(fairway.mk),$(MAKEFILE_LIST)))
fairway.told = FAIRWAY_VIA=make $(if $(fairway.made),FAIRWAY_MADE=$(call fairway.quote,$(fairway.made))) \
  $(if $(call fairway.unread,$(1)),$(call fairway.aside,$(call fairway.unread,$(1))))

# What was typed counts also where the host gives its name another value below: a target's own, or an override. A name
# that it overrides above this file was never seen here, only make's own list has it.
fairway.equal = $(and $(findstring x$(1)x,x$(2)x),$(findstring x$(2)x,x$(1)x))
fairway.kept.value = $(call fairway.equal,$(value $(1)),$(fairway.sealed.$(1)))
fairway.overrides = $(subst \$(fairway.blank),,$(MAKEOVERRIDES))
fairway.changed = $(foreach v,$(call fairway.chosen,$(1)),$(if $(call fairway.kept.value,$(v)),,$(v)))
fairway.keep = $(strip $(foreach v,$(1),$(eval export FAIRWAY_TYPED_$(v) := $$(value fairway.sealed.$(v)))))
fairway.again = $(foreach v,$(1),$(v)="$$FAIRWAY_TYPED_$(v)"; )
fairway.beaten = $(foreach v,$(call fairway.of,override,$(filter-out $(fairway.typed),$(1))),\
  $(if $(filter $(v)=% $(v):=%,$(fairway.overrides)),$(v)))

# The checkout's own interpreter starts a light tool without its packages: the tool starts again when it needs one.
fairway.venv = $(call fairway.equal,$(FAIRWAY_PYTHON),$(FAIRWAY_HOME)/.venv/bin/python)
fairway.bare = $(if $(fairway.venv),$(if $(filter $(firstword $(1)),$(fairway.light)), -S))
fairway.python = $(if $(FAIRWAY_PYTHON),$(call fairway.quote,$(FAIRWAY_PYTHON))$(fairway.bare) )
fairway.program = $(fairway.python)$(call fairway.quote,$(FAIRWAY_BIN)/$(firstword $(1)))
fairway.words = $(wordlist 2,$(words $(1)),$(1))
fairway.refusal = echo "error: usage: $(1)" >&2; exit 2
fairway.lost = $(call fairway.refusal,fairway.mk cannot tell where it is: set FAIRWAY_HOME above its include)
fairway.unreadable = $(call fairway.refusal,a makefile overrides $(strip $(1)): what was typed for it cannot be read)

# $(call fairway.run,tool words,names): the recipe of a target, which may put words of its own before the flags. It
# holds no typed value, only $${NAME+--name="$$NAME"}. FAIRWAY_VIA tells the tool that hints should be lines for make.
fairway.command = $(call fairway.told,$(2)) exec $(fairway.program) $(fairway.words) $(call fairway.flags,$(2))
fairway.restored = $(call fairway.keep,$(1))$(call fairway.again,$(1))
fairway.first = $(fairway.surroundings)$(call fairway.given,$(1))$(call fairway.restored,$(call fairway.changed,$(1)))
fairway.call = $(call fairway.first,$(2))$(fairway.command)
fairway.start = $(if $(strip $(call fairway.beaten,$(2))),$(call fairway.unreadable,$(call fairway.beaten,$(2))),\
  $(call fairway.export,$(call fairway.chosen,$(2) $(fairway.settings)))$(fairway.call))
fairway.run = $(if $(FAIRWAY_BIN),$(call fairway.start,$(1),$(2)),$(fairway.lost))

# A flag for each variable that is set; one that is set and empty stays apart from one that is not.
fairway.flag.ACCEPTANCE := $${ACCEPTANCE+--acceptance="$$ACCEPTANCE"}
fairway.flag.ACCEPTANCE_CHECK := $${ACCEPTANCE_CHECK+--acceptance-check="$$ACCEPTANCE_CHECK"}
fairway.flag.ACCEPTANCE_CHECKS := $${ACCEPTANCE_CHECKS+--acceptance-checks="$$ACCEPTANCE_CHECKS"}
fairway.flag.ACTOR := $${ACTOR+--actor="$$ACTOR"}
fairway.flag.ADAPTER := $${ADAPTER+--adapter="$$ADAPTER"}
fairway.flag.ADOPT := $${ADOPT+--adopt="$$ADOPT"}
fairway.flag.ALL := $${ALL+--all="$$ALL"}
fairway.flag.ALLOWED_FIXES := $${ALLOWED_FIXES+--allowed-fixes="$$ALLOWED_FIXES"}
fairway.flag.ALLOWED_SIGNERS := $${ALLOWED_SIGNERS+--allowed-signers="$$ALLOWED_SIGNERS"}
fairway.flag.ALL_PROJECTS := $${ALL_PROJECTS+--all-projects="$$ALL_PROJECTS"}
fairway.flag.ANCHOR := $${ANCHOR+--anchor="$$ANCHOR"}
fairway.flag.ANEW := $${ANEW+--anew="$$ANEW"}
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
fairway.flag.CORRECTS := $${CORRECTS+--corrects="$$CORRECTS"}
fairway.flag.COST := $${COST+--cost="$$COST"}
fairway.flag.CURRENCY := $${CURRENCY+--currency="$$CURRENCY"}
fairway.flag.CURRENT_OWNER := $${CURRENT_OWNER+--current-owner="$$CURRENT_OWNER"}
fairway.flag.CURRENT_STATE := $${CURRENT_STATE+--current-state="$$CURRENT_STATE"}
fairway.flag.DEFER := $${DEFER+--defer="$$DEFER"}
fairway.flag.DELIVER := $${DELIVER+--deliver="$$DELIVER"}
fairway.flag.DEPENDENCIES := $${DEPENDENCIES+--dependencies="$$DEPENDENCIES"}
fairway.flag.DEPENDS_ON := $${DEPENDS_ON+--depends-on="$$DEPENDS_ON"}
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
fairway.flag.FOR := $${FOR+--for="$$FOR"}
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
fairway.flag.HOOK_JSON := $${HOOK_JSON+--hook-json="$$HOOK_JSON"}
fairway.flag.HOST := $${HOST+--host="$$HOST"}
fairway.flag.IMPACT := $${IMPACT+--impact="$$IMPACT"}
fairway.flag.IN := $${IN+--in="$$IN"}
fairway.flag.INITIAL_PROMPT := $${INITIAL_PROMPT+--initial-prompt="$$INITIAL_PROMPT"}
fairway.flag.JSON := $${JSON+--json="$$JSON"}
fairway.flag.KIND := $${KIND+--kind="$$KIND"}
fairway.flag.LANE := $${LANE+--lane="$$LANE"}
fairway.flag.LEGACY_DB := $${LEGACY_DB+--legacy-db="$$LEGACY_DB"}
fairway.flag.LIMIT := $${LIMIT+--limit="$$LIMIT"}
fairway.flag.LOG := $${LOG+--log="$$LOG"}
fairway.flag.MANIFEST := $${MANIFEST+--manifest="$$MANIFEST"}
fairway.flag.MIGRATION_RISK := $${MIGRATION_RISK+--migration-risk="$$MIGRATION_RISK"}
fairway.flag.MIGRATION_TYPE := $${MIGRATION_TYPE+--migration-type="$$MIGRATION_TYPE"}
fairway.flag.MINE := $${MINE+--mine="$$MINE"}
fairway.flag.MINUTES := $${MINUTES+--minutes="$$MINUTES"}
fairway.flag.MODE := $${MODE+--mode="$$MODE"}
fairway.flag.MODEL := $${MODEL+--model="$$MODEL"}
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
fairway.flag.PARENT_ID := $${PARENT_ID+--parent-id="$$PARENT_ID"}
fairway.flag.PATHS := $${PATHS+--paths="$$PATHS"}
fairway.flag.PID := $${PID+--pid="$$PID"}
fairway.flag.PLACE := $${PLACE+--place="$$PLACE"}
fairway.flag.POLL_INTERVAL := $${POLL_INTERVAL+--poll-interval="$$POLL_INTERVAL"}
fairway.flag.PORT := $${PORT+--port="$$PORT"}
fairway.flag.PRETTY := $${PRETTY+--pretty="$$PRETTY"}
fairway.flag.PRIORITY := $${PRIORITY+--priority="$$PRIORITY"}
fairway.flag.PROCESS := $${PROCESS+--process="$$PROCESS"}
fairway.flag.PRODUCER := $${PRODUCER+--producer="$$PRODUCER"}
fairway.flag.PROFILE := $${PROFILE+--profile="$$PROFILE"}
fairway.flag.PROJECTS := $${PROJECTS+--projects="$$PROJECTS"}
fairway.flag.PROMPT := $${PROMPT+--prompt="$$PROMPT"}
fairway.flag.PROOF_COMMAND := $${PROOF_COMMAND+--proof-command="$$PROOF_COMMAND"}
fairway.flag.PROOF_COMMANDS := $${PROOF_COMMANDS+--proof-commands="$$PROOF_COMMANDS"}
fairway.flag.PROOF_TIMEOUT := $${PROOF_TIMEOUT+--proof-timeout="$$PROOF_TIMEOUT"}
fairway.flag.PROVIDER := $${PROVIDER+--provider="$$PROVIDER"}
fairway.flag.PROVIDER_COMMAND := $${PROVIDER_COMMAND+--provider-command="$$PROVIDER_COMMAND"}
fairway.flag.QUEUE_DB := $${QUEUE_DB+--queue-db="$$QUEUE_DB"}
fairway.flag.QUEUE_FILE := $${QUEUE_FILE+--queue-file="$$QUEUE_FILE"}
fairway.flag.READ_ONLY := $${READ_ONLY+--read-only="$$READ_ONLY"}
fairway.flag.REASON := $${REASON+--reason="$$REASON"}
fairway.flag.REF := $${REF+--ref="$$REF"}
fairway.flag.REGRESSION_COVERAGE := $${REGRESSION_COVERAGE+--regression-coverage="$$REGRESSION_COVERAGE"}
fairway.flag.REMOTE := $${REMOTE+--remote="$$REMOTE"}
fairway.flag.REOPEN := $${REOPEN+--reopen="$$REOPEN"}
fairway.flag.REPLAY := $${REPLAY+--replay="$$REPLAY"}
fairway.flag.REQUEST_ID := $${REQUEST_ID+--request-id="$$REQUEST_ID"}
fairway.flag.RESIDUAL_RISK := $${RESIDUAL_RISK+--residual-risk="$$RESIDUAL_RISK"}
fairway.flag.RESULT := $${RESULT+--result="$$RESULT"}
fairway.flag.RESULTS := $${RESULTS+--results="$$RESULTS"}
fairway.flag.REVIEWER := $${REVIEWER+--reviewer="$$REVIEWER"}
fairway.flag.REVIEWER_ROLE := $${REVIEWER_ROLE+--reviewer-role="$$REVIEWER_ROLE"}
fairway.flag.REVIEW_DOMAIN := $${REVIEW_DOMAIN+--review-domain="$$REVIEW_DOMAIN"}
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
fairway.flag.SERVICE := $${SERVICE+--service="$$SERVICE"}
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
fairway.flag.TO := $${TO+--to="$$TO"}
fairway.flag.TOKENS_IN := $${TOKENS_IN+--tokens-in="$$TOKENS_IN"}
fairway.flag.TOKENS_OUT := $${TOKENS_OUT+--tokens-out="$$TOKENS_OUT"}
fairway.flag.TOPIC := $${TOPIC+--topic="$$TOPIC"}
fairway.flag.TO_ROLE := $${TO_ROLE+--to-role="$$TO_ROLE"}
fairway.flag.TRACK_ID := $${TRACK_ID+--track-id="$$TRACK_ID"}
fairway.flag.TRANSCRIPT_PATH := $${TRANSCRIPT_PATH+--transcript-path="$$TRANSCRIPT_PATH"}
fairway.flag.UNTIL := $${UNTIL+--until="$$UNTIL"}
fairway.flag.UTILITY := $${UTILITY+--utility="$$UTILITY"}
fairway.flag.WAIVER := $${WAIVER+--waiver="$$WAIVER"}
fairway.flag.WATCH := $${WATCH+--watch="$$WATCH"}
fairway.flag.WATCH_ID := $${WATCH_ID+--watch-id="$$WATCH_ID"}
fairway.flag.WITHDRAW := $${WITHDRAW+--withdraw="$$WITHDRAW"}
fairway.flag.WORKFLOW_PACK := $${WORKFLOW_PACK+--workflow-pack="$$WORKFLOW_PACK"}
fairway.flag.WORKFLOW_REGRESSION_PACK := $${WORKFLOW_REGRESSION_PACK+--workflow-regression-pack="$$WORKFLOW_REGRESSION_PACK"}
fairway.flag.WORKTREE := $${WORKTREE+--worktree="$$WORKTREE"}
fairway.flag.WORKTREE_ROOT := $${WORKTREE_ROOT+--worktree-root="$$WORKTREE_ROOT"}
fairway.flag.WRITE := $${WRITE+--write="$$WRITE"}
fairway.flag.YES := $${YES+--yes="$$YES"}
# Other names of the same value.
fairway.same.ACCEPTANCE := ACCEPTANCE_CHECK ACCEPTANCE_CHECKS
fairway.same.ACCEPTANCE_CHECK := ACCEPTANCE
fairway.same.ACCEPTANCE_CHECKS := ACCEPTANCE
fairway.same.ARTIFACT := ARTIFACT_PATH
fairway.same.ARTIFACT_PATH := ARTIFACT
fairway.same.ATTACH := ATTACH_TO
fairway.same.ATTACH_TO := ATTACH
fairway.same.DEPENDENCIES := DEPENDS_ON
fairway.same.DEPENDS_ON := DEPENDENCIES
fairway.same.INITIAL_PROMPT := PROMPT
fairway.same.NOTE := NOTES
fairway.same.NOTES := NOTE
fairway.same.NOTES_FILE := NOTE_FILE
fairway.same.NOTE_FILE := NOTES_FILE
fairway.same.PARENT := PARENT_ID
fairway.same.PARENT_ID := PARENT
fairway.same.PROMPT := INITIAL_PROMPT
fairway.same.TASK := TASK_ID
fairway.same.TASK_ID := TASK

fairway.targets := queue-ready queue-claim queue-release queue-reclaim queue-set-status queue-record-evidence \
  queue-record-handoff queue-ack-handoff queue-route-review queue-record-review queue-merge-ready queue-list \
  queue-task-detail queue-prime queue-undo queue-validate queue-import queue-add queue-update queue-spawn \
  queue-tree queue-export queue-prune-stale queue-git-check queue-record-push-intent queue-closeout \
  queue-status-report queue-health-report queue-timing-report queue-activity orchestrator-preflight \
  orchestrator-status orchestrator-tick orchestrator-dispatch orchestrator-dispatch-plan fairway-tui \
  worktree-setup agent-setup-lanes worktree-status worktree-prune queue-preflight agent-preflight \
  review-checkout agent-role-config session-status queue-session-status agent-session-status session-upsert \
  queue-session-upsert session-heartbeat queue-session-heartbeat session-end queue-session-end \
  session-reconcile queue-session-reconcile session-launch agent-launch queue-session-launch subagent-bridge \
  agent-subagent-bridge checkpoint-record orchestrator-checkpoint queue-checkpoint-record checkpoint-status \
  orchestrator-checkpoints queue-checkpoint-status checkpoint-stale orchestrator-checkpoint-stale \
  queue-checkpoint-stale watcher-start watcher-finish watcher-status watcher-run context-packet \
  agent-context-packet bugfix-packet agent-bugfix-packet watcher-packet agent-watch-task \
  architecture-map-packet boundary-guard-packet vertical-slice-packet packet-template regression-packs \
  workflow-regression-packs workflow-regression-packs-list workflow-regression-packs-show \
  workflow-regression-packs-validate workflow-regression-packs-for-paths workflow-regression-packs-for-task \
  workflow-regression-packs-record regression-packs-list regression-packs-show regression-packs-validate \
  util-ci-packet util-deploy-packet util-uat-matrix util-evidence-bundle util-evidence-verify \
  util-output-report queue-approve-run util-trusted-run review-waive queue-waive-review review-waits \
  queue-review-waits review-report util-review-report usage-record usage-report readiness-report \
  util-readiness-report record-guard-report guard-graduate util-gate-select util-release-verify lane-engine \
  parity-report queue-snapshot queue-backup queue-restore queue-migrate queue-store-move queue-store-check \
  queue-verify queue-anchor queue-where queue-doctor queue-help fairway-dashboard

# The targets that the host has a recipe for, as far as it was read: its makefiles line by line, each a word, a recipe
# joined to its rule by <R>. Reading a file is of GNU Make 4.2; older ones find nothing, and the later recipe counts.
fairway.reads := $(if $(filter 3.% 4.0 4.0.% 4.1 4.1.%,$(MAKE_VERSION)),,yes)
fairway.text = $(subst \$(fairway.newline),<B>,$(file <$(1))$(fairway.newline))
fairway.mark := $(or $(fairway.recipe.prefix),$(fairway.tab))
fairway.joined = $(subst $(fairway.newline)$(fairway.mark),<R>,$(fairway.text))
fairway.packed = $(subst $(fairway.blank),<B>,$(subst $(fairway.tab),<B>,$(fairway.joined)))
fairway.lines = $(subst $(fairway.newline), ,$(fairway.packed))
fairway.head = $(firstword $(subst <R>, <R> ,$(1)))
fairway.before = $(firstword $(subst :, ,$(fairway.head)))
fairway.names = $(if $(findstring =,$(fairway.before)),,$(subst <B>, ,$(fairway.before)))
fairway.rule = $(and $(findstring :,$(fairway.head)),$(findstring <R>,$(1))$(findstring ;,$(fairway.head)))
fairway.defined = $(foreach l,$(filter-out $(fairway.hash)%,$(fairway.lines)),$(if $(call fairway.rule,$(l)),\
  $(filter $(fairway.targets),$(call fairway.names,$(l)))))
fairway.found := $(if $(fairway.reads),$(foreach f,$(fairway.makefiles),$(call fairway.defined,$(f))))
fairway.left := $(FAIRWAY_SKIP) $(filter-out $(FAIRWAY_TAKE),$(fairway.found))

# One target: its own shell whatever the host's is (fish, bash -eu), kept from the prerequisites that a host adds where
# make can. $(call), so that no line here looks like a rule to a help that searches for them.
fairway.own := $(if $(filter oneshell,$(.FEATURES)),private) override
define fairway.define
.PHONY: $(1)
$(1): $(fairway.own) SHELL := /bin/sh
$(1): $(fairway.own) .SHELLFLAGS := -c
$(1): ; @$$(call fairway.run,$(2),$(3))
endef
fairway.target = $(if $(filter $(fairway.left),$(1)),,$(eval $(call fairway.define,$(1),$(2),$(3))))

fairway.changing := REQUEST_ID FENCE
fairway.common := QUEUE_FILE QUEUE_DB ACTOR FORMAT JSON PRETTY

$(call fairway.target,queue-ready,queue-ready,ROLE MINE LIMIT PRIORITY IN EXPLAIN WATCH ALL_PROJECTS $(fairway.common))
$(call fairway.target,queue-claim,queue-claim,ROLE OWNER TASK TASK_ID BRANCH IN FORCE REASON $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-release,queue-release,TASK TASK_ID REASON $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-reclaim,queue-reclaim,TASK TASK_ID REASON FORCE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-set-status,queue-set-status,TASK TASK_ID STATUS OWNER BRANCH COMMIT BLOCKED_REASON REASON NOTES NOTE REOPEN FORCE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-record-evidence,queue-record-evidence,TASK TASK_ID COMMAND_TEXT RESULT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER SIGNED_OFF_BY NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-record-handoff,queue-record-handoff,TASK TASK_ID OWNER BRANCH COMMIT COMMANDS RESULTS CHANGED_FILES RISKS BLOCKERS NEXT_STEP TO_ROLE NOTE NOTES NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-ack-handoff,queue-ack-handoff,TASK TASK_ID HANDOFF_ID NOTES NOTE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-route-review,queue-route-review,TASK TASK_ID REF BASE PATHS REVIEWER_ROLE REASON $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-record-review,queue-record-review,TASK TASK_ID REVIEWER_ROLE REVIEW_DOMAIN REVIEWER STATUS COMMIT NOTES NOTE BASE WAIVER FINDINGS_COUNT DURATION_SECONDS NOTES_FILE NOTE_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-merge-ready,queue-merge-ready,TASK TASK_ID REF BASE $(fairway.common))
$(call fairway.target,queue-list,queue-list,ROLE MINE STATUS OWNER IN LIMIT ALL $(fairway.common))
$(call fairway.target,queue-task-detail,queue-task-detail,TASK TASK_ID ALL $(fairway.common))
$(call fairway.target,queue-prime,fairway-prime,HOOK_JSON FOR $(fairway.common))
$(call fairway.target,queue-undo,queue-undo,TASK TASK_ID REASON DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-validate,queue-validate,PROFILE $(fairway.common))
$(call fairway.target,queue-import,queue-import,DRY_RUN LEGACY_DB WRITE ANEW $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-add,queue-add,TASK TASK_ID TITLE ROLE KIND PARENT_ID PARENT PRIORITY SEQUENCE NOTE NOTES DEPENDS_ON DEPENDENCIES ACCEPTANCE_CHECK ACCEPTANCE_CHECKS ACCEPTANCE PROFILE OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-update,queue-update,TASK TASK_ID TITLE TO_ROLE KIND PARENT_ID PARENT PRIORITY SEQUENCE NOTE NOTES DEPENDS_ON DEPENDENCIES ACCEPTANCE_CHECK ACCEPTANCE_CHECKS ACCEPTANCE PROFILE OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS CLEAR NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-spawn,queue-spawn,TASK TASK_ID TITLE FROM_TASK PLACE PARENT_ID PARENT TO_ROLE KIND PRIORITY SEQUENCE NOTE NOTES DEPENDS_ON DEPENDENCIES ACCEPTANCE_CHECK ACCEPTANCE_CHECKS ACCEPTANCE PROFILE OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS FORCE NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-tree,queue-tree,TASK TASK_ID DEPTH $(fairway.common))
$(call fairway.target,queue-export,queue-export,TASK TASK_ID DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-prune-stale,queue-prune-stale,DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-git-check,queue-git-check,ROLE MINE BASE ALL $(fairway.common))
$(call fairway.target,queue-record-push-intent,queue-record-push-intent,TASK TASK_ID BRANCH REMOTE REASON WITHDRAW $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-closeout,queue-closeout,ROLE MINE $(fairway.common))
$(call fairway.target,queue-status-report,queue-status-report,ROLE OUTPUT $(fairway.common))
$(call fairway.target,queue-health-report,queue-health-report,ROLE OUTPUT $(fairway.common))
$(call fairway.target,queue-timing-report,queue-timing-report,ROLE TASK TASK_ID SINCE LIMIT OUTPUT $(fairway.common))
$(call fairway.target,queue-activity,queue-activity,TASK TASK_ID ROLE SINCE LIMIT ALL_PROJECTS $(fairway.common))
$(call fairway.target,orchestrator-preflight,orchestrator-preflight,ROLE $(fairway.common))
$(call fairway.target,orchestrator-status,orchestrator-status,ROLE ALL_PROJECTS OUTPUT $(fairway.common))
$(call fairway.target,orchestrator-tick,orchestrator-tick,ROLE SINCE LIMIT ALL_PROJECTS OUTPUT WATCH $(fairway.common))
$(call fairway.target,orchestrator-dispatch,orchestrator-dispatch,ROLE LIMIT $(fairway.common))
$(call fairway.target,orchestrator-dispatch-plan,orchestrator-dispatch,ROLE LIMIT $(fairway.common))
$(call fairway.target,fairway-tui,fairway-tui,ROLE $(fairway.common))
$(call fairway.target,worktree-setup,worktree-setup,ROLE BASE WORKTREE_ROOT DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,agent-setup-lanes,worktree-setup,ROLE BASE WORKTREE_ROOT DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,worktree-status,worktree-status,ROLE BASE WORKTREE_ROOT $(fairway.common))
$(call fairway.target,worktree-prune,worktree-prune,ROLE YES WORKTREE_ROOT $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-preflight,queue-preflight,ROLE BASE WORKTREE_ROOT $(fairway.common))
$(call fairway.target,agent-preflight,queue-preflight,ROLE BASE WORKTREE_ROOT $(fairway.common))
$(call fairway.target,review-checkout,review-checkout,TASK TASK_ID REF WORKTREE $(fairway.common))
$(call fairway.target,agent-role-config,agent-role-config,ROLE FIELD WORKTREE_ROOT $(fairway.common))
$(call fairway.target,session-status,session-status,ROLE TASK TASK_ID ALL $(fairway.common))
$(call fairway.target,queue-session-status,session-status,ROLE TASK TASK_ID ALL $(fairway.common))
$(call fairway.target,agent-session-status,session-status,ROLE TASK TASK_ID ALL $(fairway.common))
$(call fairway.target,session-upsert,session-upsert,SESSION_ID ROLE LANE BACKEND PROVIDER SESSION_NAME TASK TASK_ID PID HOST TMUX_PANE TRANSCRIPT_PATH WORKTREE BRANCH EXTERNAL_ID STATUS CLEAR $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-session-upsert,session-upsert,SESSION_ID ROLE LANE BACKEND PROVIDER SESSION_NAME TASK TASK_ID PID HOST TMUX_PANE TRANSCRIPT_PATH WORKTREE BRANCH EXTERNAL_ID STATUS CLEAR $(fairway.changing) $(fairway.common))
$(call fairway.target,session-heartbeat,session-heartbeat,SESSION_ID $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-session-heartbeat,session-heartbeat,SESSION_ID $(fairway.changing) $(fairway.common))
$(call fairway.target,session-end,session-end,SESSION_ID STATUS EXIT_CODE REASON STOP $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-session-end,session-end,SESSION_ID STATUS EXIT_CODE REASON STOP $(fairway.changing) $(fairway.common))
$(call fairway.target,session-reconcile,session-reconcile,DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-session-reconcile,session-reconcile,DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,session-launch,session-launch,ROLE TASK TASK_ID BACKEND PROVIDER PROVIDER_COMMAND INITIAL_PROMPT PROMPT PACKET CLAIM OWNER SESSION_ID SESSION_NAME EXTERNAL_ID WORKTREE TRANSCRIPT_PATH FOREGROUND FORCE REASON DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,agent-launch,session-launch,ROLE TASK TASK_ID BACKEND PROVIDER PROVIDER_COMMAND INITIAL_PROMPT PROMPT PACKET CLAIM OWNER SESSION_ID SESSION_NAME EXTERNAL_ID WORKTREE TRANSCRIPT_PATH FOREGROUND FORCE REASON DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-session-launch,session-launch,ROLE TASK TASK_ID BACKEND PROVIDER PROVIDER_COMMAND INITIAL_PROMPT PROMPT PACKET CLAIM OWNER SESSION_ID SESSION_NAME EXTERNAL_ID WORKTREE TRANSCRIPT_PATH FOREGROUND FORCE REASON DRY_RUN $(fairway.changing) $(fairway.common))
$(call fairway.target,subagent-bridge,subagent-bridge,EXTERNAL_ID STATE SUMMARY ROLE TASK TASK_ID TRACK_ID PROVIDER BACKEND COMMIT ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
$(call fairway.target,agent-subagent-bridge,subagent-bridge,EXTERNAL_ID STATE SUMMARY ROLE TASK TASK_ID TRACK_ID PROVIDER BACKEND COMMIT ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
$(call fairway.target,checkpoint-record,checkpoint-record,TRACK_ID TASK TASK_ID STATE SUMMARY OWNER TARGET_CLOSE_BY ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
$(call fairway.target,orchestrator-checkpoint,checkpoint-record,TRACK_ID TASK TASK_ID STATE SUMMARY OWNER TARGET_CLOSE_BY ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-checkpoint-record,checkpoint-record,TRACK_ID TASK TASK_ID STATE SUMMARY OWNER TARGET_CLOSE_BY ARTIFACT ARTIFACT_PATH $(fairway.changing) $(fairway.common))
$(call fairway.target,checkpoint-status,checkpoint-status,TRACK_ID TASK TASK_ID ALL $(fairway.common))
$(call fairway.target,orchestrator-checkpoints,checkpoint-status,TRACK_ID TASK TASK_ID ALL $(fairway.common))
$(call fairway.target,queue-checkpoint-status,checkpoint-status,TRACK_ID TASK TASK_ID ALL $(fairway.common))
$(call fairway.target,checkpoint-stale,checkpoint-stale,BEFORE $(fairway.common))
$(call fairway.target,orchestrator-checkpoint-stale,checkpoint-stale,BEFORE $(fairway.common))
$(call fairway.target,queue-checkpoint-stale,checkpoint-stale,BEFORE $(fairway.common))
$(call fairway.target,watcher-start,watcher-start,WATCH_ID TASK TASK_ID OWNER PROCESS COMMAND SUCCESS_CONDITION FAILURE_CONDITION ALLOWED_FIXES MUST_NOT_TOUCH EXPECTED_DURATION POLL_INTERVAL CLOSE_CONDITION ESCALATION_RULES EVIDENCE_REQUIRED NOTE NOTES NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,watcher-finish,watcher-finish,WATCH_ID RESULT FAILURE_CLASS ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS COMMIT NOTE NOTES NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,watcher-status,watcher-status,TASK TASK_ID ROLE ALL $(fairway.common))
$(call fairway.target,watcher-run,watcher-run,WATCH_ID TASK TASK_ID COMMAND OWNER PROCESS SUCCESS_CONDITION FAILURE_CONDITION POLL_INTERVAL TIMEOUT EXPECTED_DURATION MUST_NOT_TOUCH ALLOWED_FIXES CLOSE_CONDITION ESCALATION_RULES EVIDENCE_REQUIRED COMMIT WORKTREE NOTE NOTES NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,context-packet,context-packet,TASK TASK_ID TRACK_ID OWNER OWNER_LANE HANDOFF_REQUIRED GOAL NON_GOALS CURRENT_STATE ARCHITECTURE_CONTEXT ENVIRONMENT WORKFLOW_REGRESSION_PACK OWNED MUST_NOT_TOUCH COMMANDS ACCEPTANCE_CHECK ACCEPTANCE_CHECKS ACCEPTANCE RISKS STOP_CONDITIONS DEVIATION_RULES HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,agent-context-packet,context-packet,TASK TASK_ID TRACK_ID OWNER OWNER_LANE HANDOFF_REQUIRED GOAL NON_GOALS CURRENT_STATE ARCHITECTURE_CONTEXT ENVIRONMENT WORKFLOW_REGRESSION_PACK OWNED MUST_NOT_TOUCH COMMANDS ACCEPTANCE_CHECK ACCEPTANCE_CHECKS ACCEPTANCE RISKS STOP_CONDITIONS DEVIATION_RULES HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,bugfix-packet,bugfix-packet,TASK TASK_ID BUG_SUMMARY OWNING_LAYER WORKFLOW_PACK ROOT_CAUSE IMPACT PROOF_COMMAND REGRESSION_COVERAGE SCOPE_DRIFT RESIDUAL_RISK FOLLOW_UP REVIEW_QUESTIONS RUN_PROOF PROOF_TIMEOUT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,agent-bugfix-packet,bugfix-packet,TASK TASK_ID BUG_SUMMARY OWNING_LAYER WORKFLOW_PACK ROOT_CAUSE IMPACT PROOF_COMMAND REGRESSION_COVERAGE SCOPE_DRIFT RESIDUAL_RISK FOLLOW_UP REVIEW_QUESTIONS RUN_PROOF PROOF_TIMEOUT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,watcher-packet,watcher-packet,TASK TASK_ID WATCH_ID OWNER_LANE PROCESS COMMAND EXPECTED_DURATION POLL_INTERVAL SUCCESS_CONDITION FAILURE_CONDITION ALLOWED_FIXES MUST_NOT_TOUCH ESCALATION_RULES EVIDENCE_REQUIRED CLOSE_CONDITION HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,agent-watch-task,watcher-packet,TASK TASK_ID WATCH_ID OWNER_LANE PROCESS COMMAND EXPECTED_DURATION POLL_INTERVAL SUCCESS_CONDITION FAILURE_CONDITION ALLOWED_FIXES MUST_NOT_TOUCH ESCALATION_RULES EVIDENCE_REQUIRED CLOSE_CONDITION HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,architecture-map-packet,architecture-map-packet,TASK TASK_ID SCOPE CURRENT_OWNER TARGET_OWNER MIGRATION_RISK SOURCE_DOCS ACCEPTANCE_CHECK ACCEPTANCE_CHECKS ACCEPTANCE DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,boundary-guard-packet,boundary-guard-packet,TASK TASK_ID GUARD_INTENT FINDINGS FALSE_POSITIVES GRADUATION_CRITERIA PROOF_COMMANDS DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,vertical-slice-packet,vertical-slice-packet,TASK TASK_ID TARGET_SEAM OLD_PATH NEW_PATH ADAPTER PROOF_COMMANDS ROLLBACK_PLAN DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,packet-template,packet-template,TEMPLATE TASK TASK_ID DRAFT FULL OUTPUT ATTACH $(fairway.changing) $(fairway.common))
$(call fairway.target,regression-packs,regression-packs,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,workflow-regression-packs,regression-packs,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,workflow-regression-packs-list,regression-packs list,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,workflow-regression-packs-show,regression-packs show,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,workflow-regression-packs-validate,regression-packs validate,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,workflow-regression-packs-for-paths,regression-packs for-paths,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,workflow-regression-packs-for-task,regression-packs for-task,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,workflow-regression-packs-record,regression-packs record,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,regression-packs-list,regression-packs list,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,regression-packs-show,regression-packs show,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,regression-packs-validate,regression-packs validate,PACK_ID CATALOG PATHS REF BASE TASK TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTE NOTES COMMIT PRODUCER NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,util-ci-packet,ci-packet,DOCUMENT LOG ADAPTER EXIT_CODE COMMAND WATCH POLL_INTERVAL TIMEOUT EXIT_STATUS AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,util-deploy-packet,deploy-packet,EXPECTED OBSERVED EXPECTED_COMMAND OBSERVED_COMMAND ENVIRONMENT TIMEOUT AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,util-uat-matrix,uat-matrix,DOCUMENT FLOWS CATALOG ENVIRONMENT EXIT_STATUS AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,util-evidence-bundle,evidence-bundle,TASK TASK_ID FROM ARTIFACTS COMMANDS_FILE RESULT PRODUCER COMMIT APPLY OUTPUT $(fairway.changing) $(fairway.common))
$(call fairway.target,util-evidence-verify,evidence-verify,TASK TASK_ID MANIFEST ALL OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,util-output-report,output-report,ROLE SINCE UNTIL AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-approve-run,queue-approve-run,TASK TASK_ID COMMAND_CLASS APPROVED_BY REASON EXPIRES COMMIT WITHDRAW $(fairway.changing) $(fairway.common))
$(call fairway.target,util-trusted-run,trusted-run,TASK TASK_ID COMMAND TIMEOUT $(fairway.changing) $(fairway.common))
$(call fairway.target,review-waive,review-waive,TASK TASK_ID SHAPE REVIEW_DOMAIN OWNER REASON EXPIRES DEFER REF BASE $(fairway.changing) $(fairway.common))
$(call fairway.target,queue-waive-review,review-waive,TASK TASK_ID SHAPE REVIEW_DOMAIN OWNER REASON EXPIRES DEFER REF BASE $(fairway.changing) $(fairway.common))
$(call fairway.target,review-waits,review-waits,ROLE MINE $(fairway.common))
$(call fairway.target,queue-review-waits,review-waits,ROLE MINE $(fairway.common))
$(call fairway.target,review-report,review-report,ROLE SINCE OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,util-review-report,review-report,ROLE SINCE OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,usage-record,usage-record,TASK TASK_ID ROLE TOKENS_IN TOKENS_OUT COST CURRENCY MINUTES PROVIDER MODEL UTILITY CORRECTS $(fairway.changing) $(fairway.common))
$(call fairway.target,usage-report,usage-report,ROLE TASK TASK_ID SINCE OUTPUT $(fairway.common))
$(call fairway.target,readiness-report,readiness-report,PROFILE GAP_LIMIT AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,util-readiness-report,readiness-report,PROFILE GAP_LIMIT AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,record-guard-report,record-guard-report,TASK TASK_ID PROFILE GATE GUARD_MODE FINDINGS FALSE_POSITIVES COMMAND_TEXT ARTIFACT ARTIFACT_PATH RESULT DURATION_SECONDS NOTE NOTES COMMIT PRODUCER SIGNED_OFF_BY NOTE_FILE NOTES_FILE $(fairway.changing) $(fairway.common))
$(call fairway.target,guard-graduate,guard-graduate,PROFILE GATE MODE REASON FORCE $(fairway.changing) $(fairway.common))
$(call fairway.target,util-gate-select,gate-select,REF BASE PATHS TASK TASK_ID CATALOG OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,util-release-verify,release-verify,REF SINCE_TAG AT OUTPUT ATTACH ATTACH_TO $(fairway.changing) $(fairway.common))
$(call fairway.target,lane-engine,lane-engine,ROLE ENGINE REASON FORCE DELIVER $(fairway.changing) $(fairway.common))
$(call fairway.target,parity-report,parity-report,ROLE SINCE REPLAY $(fairway.common))
$(call fairway.target,queue-snapshot,queue-snapshot,OUTPUT $(fairway.common))
$(call fairway.target,queue-backup,queue-backup,OUTPUT $(fairway.common))
$(call fairway.target,queue-restore,queue-restore,FROM FORCE $(fairway.common))
$(call fairway.target,queue-migrate,queue-migrate,ADOPT DRY_RUN $(fairway.common))
$(call fairway.target,queue-store-move,queue-store-move,TO DRY_RUN $(fairway.common))
$(call fairway.target,queue-store-check,queue-store-check,SERVICE $(fairway.common))
$(call fairway.target,queue-verify,queue-verify,ANCHOR ALLOWED_SIGNERS $(fairway.common))
$(call fairway.target,queue-anchor,queue-anchor,FORCE $(fairway.common))
$(call fairway.target,queue-where,queue-where,ROLE $(fairway.common))
$(call fairway.target,queue-doctor,queue-doctor,ALL $(fairway.common))
$(call fairway.target,queue-help,queue-help,TOPIC ALL $(fairway.common))
$(call fairway.target,fairway-dashboard,fairway-dashboard,HOST PORT PROJECTS READ_ONLY YES $(fairway.common))

# The lines that a help of the host finds.
ifneq ($(filter-out 0 no false off,$(FAIRWAY_HELP)),)
fairway.help := fairway-help$(if $(filter all,$(FAIRWAY_HELP)),-all).mk
include $(subst $(fairway.blank),\ ,$(patsubst %fairway.mk,%$(fairway.help),$(fairway.mk)))
endif

ifeq ($(fairway.goal),)
.DEFAULT_GOAL :=
endif
.RECIPEPREFIX := $(fairway.recipe.prefix)

# A help of the host that greps $(MAKEFILE_LIST) prints the names of the files before its lines when they are several.
MAKEFILE_LIST := $(filter-out $(fairway.mk) %.fairway/fairway.mk %/fairway/fairway.mk,$(MAKEFILE_LIST))

endif
