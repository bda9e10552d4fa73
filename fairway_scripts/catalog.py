"""The one table of tools.

`TOOLS` maps the name that a person types (a file in `bin/`, a make target of the same name) to the command
module that answers it, one line of help, the make variables it takes, and an example. The command line of a tool,
`make/fairway.mk`, `queue-help` and the interface page are all made from this table; tests keep them equal.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


class Tool:
    """One tool: its name, command module, help line, variables, example line, and whether it changes the store."""

    __slots__ = (
        "example",
        "extras",
        "module",
        "mutates",
        "name",
        "summary",
        "target",
        "targets",
        "task_first",
        "variables",
    )

    def __init__(
        self,
        name: str,
        module: str,
        summary: str,
        variables: str = "",
        *,
        example: str = "",
        mutates: bool = False,
        extras: str = "",
        target: bool = True,
        targets: tuple[str, ...] = (),
        task_first: bool = True,
    ) -> None:
        self.name = name
        self.module = module
        self.summary = summary
        self.variables: list[str] = variables.split()
        #: make variables that only the command line shows, not the usage line (aliases are in `options`)
        self.extras: list[str] = extras.split()
        self.example = example
        self.mutates = mutates
        #: whether make has a target of the same name
        self.target = target
        #: further make targets, each a name and the words that it puts before the flags: `packs-list list`
        self.targets = targets
        #: whether a bare word of the command line is TASK_ID, for tools that take one; else the tool's own module says
        self.task_first = task_first

    @property
    def all_variables(self) -> list[str]:
        """Every make variable that the tool takes: its own, then the ones that all tools take."""
        own = [*self.variables, *self.extras]
        if self.mutates:
            own += MUTATING
        return [*own, *(name for name in COMMON if name not in own)]

    @property
    def make_targets(self) -> dict[str, list[str]]:
        """Every make target of the tool with the words that it puts before the flags, its own name first."""
        own: dict[str, list[str]] = {self.name: []} if self.target else {}
        return own | {name: words for name, *words in map(str.split, self.targets)}


#: Variables of every tool.
COMMON: Final = ["QUEUE_FILE", "QUEUE_DB", "ACTOR", "FORMAT", "JSON"]
#: Variables of every tool that changes the store.
MUTATING: Final = ["REQUEST_ID", "FENCE"]

# fmt: off - a table
_ALL = (
    Tool(
        "queue-ready",
        "ready",
        "List the tasks that can be claimed now, in the order to take them.",
        "ROLE LIMIT PRIORITY IN EXPLAIN",
        example="queue-ready --role B-ui --limit 5",
    ),
    Tool(
        "queue-claim",
        "claim",
        "Claim a task for a lane, or the lane's next ready task when no TASK_ID is given.",
        "ROLE OWNER TASK_ID BRANCH IN FORCE REASON",
        mutates=True,
        example="queue-claim --role B-ui --owner B --task-id B-V3-ACK-001",
    ),
    Tool(
        "queue-release",
        "release",
        "Give a claimed task back to the queue.",
        "TASK_ID REASON",
        mutates=True,
        example="queue-release --task-id B-V3-ACK-001 --reason 'wrong lane'",
    ),
    Tool(
        "queue-set-status",
        "set_status",
        "Move a task to another status, through the gates.",
        "TASK_ID STATUS OWNER BRANCH COMMIT BLOCKED_REASON REASON NOTE REOPEN FORCE",
        mutates=True,
        example="queue-set-status --task-id B-V3-ACK-001 --status done --owner B --branch agent/B-ui --commit 3993e614",
    ),
    Tool(
        "queue-record-evidence",
        "record_evidence",
        "Record a command and its result as evidence for a task.",
        "TASK_ID COMMAND_TEXT RESULT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTES COMMIT PRODUCER",
        mutates=True,
        extras="NOTES_FILE",
        example="queue-record-evidence --task-id B-V3-ACK-001 --command-text 'pnpm test' --result pass",
    ),
    Tool(
        "queue-record-handoff",
        "record_handoff",
        "Record a handoff: what was done, on which commit, with what results.",
        "TASK_ID OWNER BRANCH COMMIT COMMANDS RESULTS CHANGED_FILES RISKS BLOCKERS NEXT_STEP TO_ROLE NOTES",
        mutates=True,
        extras="NOTES_FILE",
        example="queue-record-handoff --task-id B-V3-ACK-001 --owner B --branch agent/B-ui --commit 3993e614 "
        "--commands 'pnpm test' --results 'all green' --changed-files packages/web/a.ts",
    ),
    Tool(
        "queue-ack-handoff",
        "ack_handoff",
        "Acknowledge a task's open handoffs.",
        "TASK_ID HANDOFF_ID NOTE",
        mutates=True,
        example="queue-ack-handoff --task-id B-V3-ACK-001",
    ),
    Tool(
        "queue-route-review",
        "route_review",
        "Say which lanes must review a commit, and open the review requests.",
        "TASK_ID REF BASE PATHS REVIEWER_ROLE REASON",
        mutates=True,
        example="queue-route-review --task-id B-V3-ACK-001 --ref 3993e614",
    ),
    Tool(
        "queue-record-review",
        "record_review",
        "Record a review verdict, bound to the commit it was read on.",
        "TASK_ID REVIEWER_ROLE REVIEWER STATUS COMMIT NOTE BASE",
        mutates=True,
        extras="NOTE_FILE",
        example="queue-record-review --task-id B-V3-ACK-001 --reviewer-role D-arch --reviewer D --status approved "
        "--commit 3993e614 --note 'No findings.'",
    ),
    Tool(
        "queue-merge-ready",
        "merge_ready",
        "Check whether a commit of a task may be merged, line by line.",
        "TASK_ID REF BASE",
        example="queue-merge-ready --task-id B-V3-ACK-001 --ref 3993e614",
    ),
    Tool(
        "queue-git-check",
        "git_check",
        "Compare the queue with git: branches, commits, lane worktrees.",
        "ROLE BASE ALL",
    ),
    Tool(
        "queue-prune-stale",
        "prune_stale",
        "Remove untouched tasks that left the queue file; archive the others.",
        "DRY_RUN",
        mutates=True,
        example="queue-prune-stale --actor coordinator",
    ),
    Tool(
        "queue-validate",
        "validate",
        "Report every fault of the queue file, each with its line.",
        "PROFILE",
        example="queue-validate --queue-file doc/governance/Agent_Work_Queue.yaml",
    ),
    Tool(
        "queue-import",
        "import_queue",
        "Import the definitions of the queue file now.",
        "DRY_RUN",
        mutates=True,
        example="queue-import --queue-file doc/governance/Agent_Work_Queue.yaml",
    ),
    Tool(
        "queue-list",
        "list_tasks",
        "List tasks by lane, status or owner.",
        "ROLE STATUS OWNER IN LIMIT ALL",
        example="queue-list --status in_progress",
    ),
    Tool(
        "queue-task-detail",
        "task_detail",
        "Show everything that is recorded about a task.",
        "TASK_ID ALL",
        example="queue-task-detail B-V3-ACK-001",
    ),
    Tool("queue-status-report", "status_report", "Count tasks by status and lane.", "ROLE OUTPUT"),
    Tool("queue-health-report", "health_report", "Show what has been waiting too long.", "ROLE OUTPUT"),
    Tool(
        "queue-timing-report",
        "timing_report",
        "Show cycle, wait, blocked and review time by lane and task.",
        "ROLE TASK_ID SINCE LIMIT OUTPUT",
    ),
    Tool(
        "queue-activity",
        "activity",
        "Show what happened, newest first.",
        "TASK_ID ROLE SINCE LIMIT",
        example="queue-activity --limit 20",
    ),
    Tool(
        "queue-snapshot",
        "snapshot",
        "Write every table of the store as one JSON or YAML document.",
        "OUTPUT",
        example="queue-snapshot --output snapshot.json",
    ),
    Tool(
        "queue-backup",
        "backup",
        "Copy the store through SQLite's backup interface.",
        "OUTPUT",
        example="queue-backup --output queue-backup.db",
    ),
    Tool(
        "queue-restore",
        "restore",
        "Restore the store from a backup or a snapshot.",
        "FROM FORCE",
        example="queue-restore --from queue-backup.db",
    ),
    Tool("queue-migrate", "migrate", "Bring the store to the newest schema, after a backup.", "DRY_RUN"),
    Tool("queue-verify", "verify", "Recompute the ledger and cross-check the state against the history.", ""),
    Tool(
        "queue-add",
        "add",
        "Add a task to the store.",
        "TASK_ID TITLE ROLE KIND PARENT PRIORITY SEQUENCE NOTES DEPENDENCIES ACCEPTANCE PROFILE "
        "OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS",
        mutates=True,
        extras="NOTES_FILE",
        example="queue-add B-V3-NEW-001 --role B-ui --title 'Show the queue' --priority 2",
    ),
    Tool(
        "queue-update",
        "update",
        "Change the definition of a task that the store owns.",
        "TASK_ID TITLE TO_ROLE KIND PARENT PRIORITY SEQUENCE NOTES DEPENDENCIES ACCEPTANCE PROFILE "
        "OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS CLEAR",
        mutates=True,
        extras="NOTES_FILE",
        example="queue-update B-V3-NEW-001 --priority 1 --tags ui,queue",
    ),
    Tool(
        "queue-spawn",
        "spawn",
        "Add a task beside the one that is being worked on; lane, priority and metadata come from it.",
        "TASK_ID TITLE FROM_TASK PLACE PARENT TO_ROLE KIND PRIORITY SEQUENCE NOTES DEPENDENCIES ACCEPTANCE PROFILE "
        "OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS FORCE",
        mutates=True,
        extras="NOTES_FILE",
        example="queue-spawn B-V3-NEW-001 --title 'Also the footer' --from-task B-V3-ACK-001",
    ),
    Tool(
        "queue-tree",
        "tree",
        "Show what lies below a task, and how much of it is done; without TASK_ID, every task with others below it.",
        "TASK_ID DEPTH",
        example="queue-tree B-V3-ACK-001 --depth 2",
    ),
    Tool(
        "queue-export",
        "export",
        "Write tasks of the store into the queue file, touching nothing else in it.",
        "TASK_ID DRY_RUN",
        mutates=True,
        example="queue-export --dry-run",
    ),
    Tool(
        "queue-undo",
        "undo",
        "Revert your last change by a compensating event.",
        "TASK_ID REASON DRY_RUN",
        mutates=True,
        example="queue-undo --reason 'wrong task'",
    ),
    Tool(
        "queue-reclaim",
        "reclaim",
        "Take a task back whose lease has run out.",
        "TASK_ID REASON FORCE",
        mutates=True,
        example="queue-reclaim --task-id B-V3-ACK-001 --reason 'session died'",
    ),
    Tool(
        "session-status",
        "session_status",
        "List the live sessions with what has become of their processes.",
        "ROLE TASK_ID ALL",
        example="session-status --role B-ui",
        targets=("queue-session-status", "agent-session-status"),
    ),
    Tool(
        "session-upsert",
        "session_upsert",
        "Register a session, or change what is named of one; everything else is kept.",
        "SESSION_ID ROLE LANE BACKEND PROVIDER SESSION_NAME TASK_ID PID HOST TMUX_PANE TRANSCRIPT_PATH WORKTREE BRANCH "
        "EXTERNAL_ID STATUS CLEAR",
        mutates=True,
        example="session-upsert --role B-ui --backend manual --task-id B-V3-ACK-001",
        targets=("queue-session-upsert",),
    ),
    Tool(
        "session-heartbeat",
        "session_heartbeat",
        "Say that a session is still there; every command of a session does so too.",
        "SESSION_ID",
        mutates=True,
        example="session-heartbeat --session-id tmux-B-ui-20261121T080000Z",
        targets=("queue-session-heartbeat",),
    ),
    Tool(
        "session-end",
        "session_end",
        "Record that a session ended, and how.",
        "SESSION_ID STATUS EXIT_CODE REASON STOP",
        mutates=True,
        example="session-end --session-id tmux-B-ui-20261121T080000Z --exit-code 0",
        targets=("queue-session-end",),
    ),
    Tool(
        "session-reconcile",
        "session_reconcile",
        "Mark the sessions that are over as stale, and report work in progress that no session attends.",
        "DRY_RUN",
        mutates=True,
        example="session-reconcile --dry-run",
        targets=("queue-session-reconcile",),
    ),
    Tool(
        "session-launch",
        "session_launch",
        "Start a provider on a lane, in a shell, tmux or zellij, after every check has passed.",
        "ROLE TASK_ID BACKEND PROVIDER PROVIDER_COMMAND PROMPT PACKET CLAIM OWNER SESSION_ID SESSION_NAME EXTERNAL_ID "
        "WORKTREE TRANSCRIPT_PATH FOREGROUND FORCE REASON DRY_RUN",
        mutates=True,
        example="session-launch --role B-ui --task-id B-V3-ACK-001 --backend tmux --claim --owner B",
        targets=("agent-launch", "queue-session-launch"),
    ),
    Tool(
        "checkpoint-record",
        "checkpoint_record",
        "Record where a task or a track stands.",
        "TRACK_ID TASK_ID STATE SUMMARY OWNER TARGET_CLOSE_BY ARTIFACT_PATH",
        mutates=True,
        targets=("orchestrator-checkpoint", "queue-checkpoint-record"),
        example="checkpoint-record --track-id docs-sweep --summary 'half of the pages are done' --target-close-by 2d",
    ),
    Tool(
        "checkpoint-status",
        "checkpoint_status",
        "Show where every task and track with an open checkpoint stands.",
        "TRACK_ID TASK_ID ALL",
        targets=("orchestrator-checkpoints", "queue-checkpoint-status"),
        example="checkpoint-status --all",
    ),
    Tool(
        "checkpoint-stale",
        "checkpoint_stale",
        "Show the open checkpoints that are too old or past their target.",
        "BEFORE",
        targets=("orchestrator-checkpoint-stale", "queue-checkpoint-stale"),
        example="checkpoint-stale --before 2026-05-04",
    ),
    Tool(
        "watcher-start",
        "watcher_start",
        "Register a watcher that somebody looks after; nothing is run.",
        "WATCH_ID TASK_ID OWNER PROCESS COMMAND SUCCESS_CONDITION FAILURE_CONDITION ALLOWED_FIXES MUST_NOT_TOUCH "
        "EXPECTED_DURATION POLL_INTERVAL CLOSE_CONDITION ESCALATION_RULES EVIDENCE_REQUIRED NOTES",
        mutates=True,
        task_first=False,
        extras="NOTES_FILE",
        example="watcher-start --task-id B-V3-ACK-001 --process 'deploy to staging' --expected-duration 20m",
    ),
    Tool(
        "watcher-finish",
        "watcher_finish",
        "Finish a watcher and record its evidence, in one change.",
        "WATCH_ID RESULT FAILURE_CLASS ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS COMMIT NOTES",
        mutates=True,
        extras="NOTES_FILE",
        example="watcher-finish W-17 --result pass --artifact-path deploy.log --artifact-type deploy_validation",
    ),
    Tool(
        "watcher-status",
        "watcher_status",
        "Show the watchers that are at work or blocked, and which of them went quiet.",
        "TASK_ID ROLE ALL",
        example="watcher-status --all",
    ),
    Tool(
        "subagent-bridge",
        "subagent_bridge",
        "Record what a sub-agent reports of itself: started, running, waiting, completed, failed, stale.",
        "EXTERNAL_ID STATE SUMMARY ROLE TASK_ID TRACK_ID PROVIDER BACKEND COMMIT ARTIFACT_PATH",
        mutates=True,
        example="subagent-bridge --external-id thread-42 --state started --task-id B-V3-ACK-001",
        targets=("agent-subagent-bridge",),
    ),
    Tool(
        "watcher-run",
        "watcher_run",
        "Run a command under supervision until it is decided, and record how it went.",
        "WATCH_ID TASK_ID COMMAND OWNER PROCESS SUCCESS_CONDITION FAILURE_CONDITION POLL_INTERVAL TIMEOUT "
        "EXPECTED_DURATION MUST_NOT_TOUCH ALLOWED_FIXES CLOSE_CONDITION ESCALATION_RULES EVIDENCE_REQUIRED COMMIT "
        "NOTES",
        mutates=True,
        extras="NOTES_FILE",
        task_first=False,
        example="watcher-run --task-id B-V3-ACK-001 --timeout 20m -- pnpm --dir packages/web test",
    ),
    Tool(
        "regression-packs",
        "regression_packs",
        "List, show, check and choose regression packs, and record a run of one.",
        "PACK_ID CATALOG PATHS REF BASE TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT_PATH ARTIFACT_TYPE "
        "DURATION_SECONDS NOTES COMMIT PRODUCER",
        mutates=True,
        extras="NOTES_FILE",
        task_first=False,
        targets=(
            "workflow-regression-packs",
            "workflow-regression-packs-list list",
            "workflow-regression-packs-show show",
            "workflow-regression-packs-validate validate",
            "workflow-regression-packs-for-paths for-paths",
            "workflow-regression-packs-for-task for-task",
            "workflow-regression-packs-record record",
            "regression-packs-list list",
            "regression-packs-show show",
            "regression-packs-validate validate",
        ),
        example="regression-packs for-paths --ref agent/B-ui",
    ),
    Tool(
        "context-packet",
        "context_packet",
        "Print the bounded brief of a task: goal, limits, acceptance, and what is recorded.",
        "TASK_ID TRACK_ID OWNER OWNER_LANE HANDOFF_REQUIRED GOAL NON_GOALS CURRENT_STATE "
        "ARCHITECTURE_CONTEXT ENVIRONMENT WORKFLOW_REGRESSION_PACK OWNED MUST_NOT_TOUCH COMMANDS "
        "ACCEPTANCE RISKS STOP_CONDITIONS DEVIATION_RULES HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="context-packet B-V3-ACK-001 --owner B --goal 'Acknowledge alerts' --check 'pnpm test'",
        targets=("agent-context-packet",),
    ),
    Tool(
        "bugfix-packet",
        "bugfix_packet",
        "Print the review packet of a bug fix: root cause, proof, coverage, risk.",
        "TASK_ID BUG_SUMMARY OWNING_LAYER WORKFLOW_PACK ROOT_CAUSE IMPACT PROOF_COMMAND "
        "REGRESSION_COVERAGE SCOPE_DRIFT RESIDUAL_RISK FOLLOW_UP REVIEW_QUESTIONS RUN_PROOF "
        "PROOF_TIMEOUT DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="bugfix-packet B-V3-ACK-001 --root-cause 'the retry lost the token' --owning-layer service "
        "--proof-command 'make test' --regression-coverage 'unit test' --residual-risk none",
        targets=("agent-bugfix-packet",),
    ),
    Tool(
        "watcher-packet",
        "watcher_packet",
        "Print the brief of a watch: what to look at, what counts, what is allowed.",
        "TASK_ID WATCH_ID OWNER_LANE PROCESS COMMAND EXPECTED_DURATION POLL_INTERVAL "
        "SUCCESS_CONDITION FAILURE_CONDITION ALLOWED_FIXES MUST_NOT_TOUCH ESCALATION_RULES "
        "EVIDENCE_REQUIRED CLOSE_CONDITION HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="watcher-packet --watch-id W-1 --owner-lane C-ops/watch --process 'CI of master' --command 'ci "
        "status' --expected-duration 20m --success-condition green --failure-condition red",
        targets=("agent-watch-task",),
    ),
    Tool(
        "architecture-map-packet",
        "architecture_map",
        "Print the packet of an architecture map.",
        "TASK_ID SCOPE CURRENT_OWNER TARGET_OWNER MIGRATION_RISK SOURCE_DOCS ACCEPTANCE DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="architecture-map-packet B-1 --scope billing --current-owner A --target-owner B --migration-risk "
        "low --check 'make test'",
    ),
    Tool(
        "boundary-guard-packet",
        "boundary_guard",
        "Print the packet of a boundary guard.",
        "TASK_ID GUARD_INTENT FINDINGS FALSE_POSITIVES GRADUATION_CRITERIA PROOF_COMMANDS DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="boundary-guard-packet B-1 --guard-intent 'no imports of billing' --graduation-criteria 'a week "
        "without findings'",
    ),
    Tool(
        "vertical-slice-packet",
        "vertical_slice",
        "Print the packet of a vertical slice.",
        "TASK_ID TARGET_SEAM OLD_PATH NEW_PATH ADAPTER PROOF_COMMANDS ROLLBACK_PLAN DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="vertical-slice-packet B-1 --target-seam API --old-path cmd/api --new-path packages/api --proof- "
        "command 'make test' --rollback-plan revert",
    ),
    Tool(
        "packet-template",
        "packet_template",
        "Print the packet of a template of the configuration.",
        "TEMPLATE TASK_ID DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="packet-template boundary-guard B-1 --field guard_intent='no imports' --field mode=report",
    ),
    Tool(
        "orchestrator-preflight",
        "orchestrator_preflight",
        "Check everything that should be mended before work is given out.",
        "ROLE",
        example="orchestrator-preflight --role B-ui",
    ),
    Tool(
        "orchestrator-status",
        "orchestrator_status",
        "Show lanes, active and ready tasks, sessions, watchers, checkpoints and health.",
        "ROLE OUTPUT",
        example="orchestrator-status --json",
    ),
    Tool(
        "orchestrator-tick",
        "orchestrator_tick",
        "Show the status and what is to be done next, with the command lines; changes nothing.",
        "ROLE SINCE OUTPUT",
        example="orchestrator-tick --since 1042",
    ),
    Tool(
        "orchestrator-dispatch",
        "orchestrator_dispatch",
        "Plan which lane takes up which task now, and what stands in the way.",
        "ROLE LIMIT",
        example="orchestrator-dispatch --limit 3",
        targets=("orchestrator-dispatch-plan",),
    ),
    Tool("queue-where", "where", "Show which store, queue file, config and lane are used, and why.", "ROLE"),
    Tool("queue-doctor", "doctor", "Check the set-up, the store, git, the lanes and the file system.", "ALL"),
    Tool("queue-help", "help_page", "List every tool with its variables.", "TOPIC", example="queue-help queue-claim"),
    Tool(
        "worktree-setup",
        "worktree_setup",
        "Give every lane its worktree and branch; what is there stays as it is.",
        "ROLE BASE WORKTREE_ROOT DRY_RUN",
        mutates=True,
        example="worktree-setup --worktree-root /srv/lanes",
        targets=("agent-setup-lanes",),
    ),
    Tool(
        "worktree-status",
        "worktree_status",
        "Show every lane's worktree: branch, changes, distance from the base, sessions, tasks.",
        "ROLE BASE WORKTREE_ROOT",
        example="worktree-status --role B-ui",
    ),
    Tool(
        "worktree-prune",
        "worktree_prune",
        "Say why each worktree stays; with YES remove those that nothing keeps.",
        "ROLE YES WORKTREE_ROOT",
        mutates=True,
        example="worktree-prune --role B-ui --yes",
    ),
    Tool(
        "queue-preflight",
        "preflight",
        "Check whether a lane is fit to start work in, with a fix for each issue.",
        "ROLE BASE WORKTREE_ROOT",
        example="queue-preflight B-ui",
        targets=("agent-preflight",),
    ),
    Tool(
        "review-checkout",
        "review_checkout",
        "Check out a task's work on its lane's review branch.",
        "TASK_ID REF",
        example="review-checkout B-V3-ACK-001",
    ),
    Tool(
        "agent-role-config",
        "role_config",
        "Print the role table: lanes with branch, worktree, provider; for shells too.",
        "ROLE FIELD WORKTREE_ROOT",
        example="agent-role-config B-ui --field worktree",
    ),
    Tool(
        "queue-generate",
        "generate",
        "Write a made-up queue file of any size, for trials and benchmarks.",
        "TASKS SEED COMMITS OUTPUT",
        target=False,
        example="queue-generate --tasks 406 --output queue.yaml",
    ),
    Tool(
        "fairway-init",
        "init",
        "Write .fairway/config.toml.",
        "PRESET",
        target=False,
        example="fairway-init --preset gpuaas",
    ),
    Tool(
        "fairway-config",
        "config",
        "Check, show, read or set the configuration.",
        "",
        target=False,
        example="fairway-config validate",
    ),
    Tool("fairway-mk-path", "mk_path", "Print where make/fairway.mk is.", "", target=False),
)
# fmt: on

TOOLS: Final[dict[str, Tool]] = {tool.name: tool for tool in _ALL}
