"""Taking and moving work, and what is recorded of it: the tools of an agent's day."""

from __future__ import annotations

from fairway_scripts.catalog.tool import EVIDENCE, Tool

TOOLS = (
    Tool(
        "queue-ready",
        "work.commands.ready",
        "List the tasks that can be claimed now, in the order to take them: of every lane, of one, or of yours (MINE).",
        "ROLE MINE LIMIT PRIORITY IN EXPLAIN WATCH ALL_PROJECTS",
        example="queue-ready --mine --limit 5",
    ),
    Tool(
        "queue-claim",
        "work.commands.claim",
        "Claim a task for a lane, or the lane's next ready task when no TASK_ID is given.",
        "ROLE OWNER TASK_ID BRANCH IN FORCE REASON",
        mutates=True,
        example="queue-claim --role B-ui --owner B --task-id B-V3-ACK-001",
    ),
    Tool(
        "queue-release",
        "work.commands.release",
        "Give a claimed task back to the queue.",
        "TASK_ID REASON",
        mutates=True,
        example="queue-release --task-id B-V3-ACK-001 --reason 'wrong lane'",
    ),
    Tool(
        "queue-reclaim",
        "work.commands.reclaim",
        "Take a task back whose lease has run out.",
        "TASK_ID REASON FORCE",
        mutates=True,
        example="queue-reclaim --task-id B-V3-ACK-001 --reason 'session died'",
    ),
    Tool(
        "queue-set-status",
        "reviews.commands.set_status",
        "Move a task to another status, through the gates.",
        "TASK_ID STATUS OWNER BRANCH COMMIT BLOCKED_REASON REASON NOTE REOPEN FORCE",
        mutates=True,
        example="queue-set-status --task-id B-V3-ACK-001 --status done --owner B --branch agent/B-ui --commit 3993e614",
    ),
    Tool(
        "queue-record-evidence",
        "work.commands.record_evidence",
        "Record a command and its result as evidence for a task.",
        "TASK_ID COMMAND_TEXT RESULT ARTIFACT_PATH ARTIFACT_TYPE DURATION_SECONDS NOTES COMMIT PRODUCER "
        + " ".join(EVIDENCE),
        mutates=True,
        extras="NOTES_FILE",
        example="queue-record-evidence --task-id B-V3-ACK-001 --command-text 'pnpm test' --result pass",
    ),
    Tool(
        "queue-record-handoff",
        "work.commands.record_handoff",
        "Record a handoff: what was done, on which commit, with what results.",
        "TASK_ID OWNER BRANCH COMMIT COMMANDS RESULTS CHANGED_FILES RISKS BLOCKERS NEXT_STEP TO_ROLE NOTES",
        mutates=True,
        extras="NOTES_FILE",
        example="queue-record-handoff --task-id B-V3-ACK-001 --owner B --branch agent/B-ui --commit 3993e614 "
        "--commands 'pnpm test' --results 'all green' --changed-files packages/web/a.ts",
    ),
    Tool(
        "queue-ack-handoff",
        "work.commands.ack_handoff",
        "Acknowledge a task's open handoffs.",
        "TASK_ID HANDOFF_ID NOTE",
        mutates=True,
        example="queue-ack-handoff --task-id B-V3-ACK-001",
    ),
    Tool(
        "queue-route-review",
        "reviews.commands.route_review",
        "Say which lanes must review a commit, and open the review requests.",
        "TASK_ID REF BASE PATHS REVIEWER_ROLE REASON",
        mutates=True,
        example="queue-route-review --task-id B-V3-ACK-001 --ref 3993e614",
    ),
    Tool(
        "queue-record-review",
        "reviews.commands.record_review",
        "Record a review verdict, bound to the commit it was read on.",
        "TASK_ID REVIEWER_ROLE REVIEW_DOMAIN REVIEWER STATUS COMMIT NOTE BASE WAIVER FINDINGS_COUNT DURATION_SECONDS",
        mutates=True,
        extras="NOTE_FILE",
        example="queue-record-review --task-id B-V3-ACK-001 --reviewer-role D-arch --reviewer D --status approved "
        "--commit 3993e614 --note 'No findings.'",
    ),
    Tool(
        "queue-merge-ready",
        "reviews.commands.merge_ready",
        "Check whether a commit of a task may be merged, line by line.",
        "TASK_ID REF BASE",
        example="queue-merge-ready --task-id B-V3-ACK-001 --ref 3993e614",
    ),
    Tool(
        "queue-list",
        "board.commands.list_tasks",
        "List tasks by lane, status or owner.",
        "ROLE MINE STATUS OWNER IN LIMIT ALL",
        example="queue-list --status todo,in_progress",
    ),
    Tool(
        "queue-task-detail",
        "board.commands.task_detail",
        "Show everything that is recorded about a task.",
        "TASK_ID ALL",
        example="queue-task-detail B-V3-ACK-001",
    ),
    Tool(
        "fairway-prime",
        "agents.commands.prime",
        "Print what a session has to know: its lane, its work, what is missing, and the next three lines.",
        "HOOK_JSON FOR",
        target=False,
        targets=("queue-prime",),
        example="fairway-prime --hook-json",
    ),
    Tool(
        "queue-undo",
        "upkeep.commands.undo",
        "Revert your last change by a compensating event.",
        "TASK_ID REASON DRY_RUN",
        mutates=True,
        example="queue-undo --reason 'wrong task'",
    ),
)
