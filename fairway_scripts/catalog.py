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

    __slots__ = ("example", "extras", "module", "mutates", "name", "summary", "target", "targets", "task_first", "variables")

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
    Tool("queue-git-check", "git_check", "Compare the queue with git: branches, commits, lane worktrees.", "ROLE BASE ALL"),
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
    Tool("queue-where", "where", "Show which store, queue file, config and lane are used, and why.", "ROLE"),
    Tool("queue-doctor", "doctor", "Check the set-up, the store, git, the lanes and the file system.", "ALL"),
    Tool("queue-help", "help_page", "List every tool with its variables.", "TOPIC", example="queue-help queue-claim"),
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
