"""Tasks as they are defined: the queue file, and tasks that are added to the store."""

from __future__ import annotations

from fairway_scripts.catalog.tool import Tool

TOOLS = (
    Tool(
        "queue-validate",
        "queue.commands.validate",
        "Report every fault of the queue file, each with its line.",
        "PROFILE",
        example="queue-validate --queue-file doc/governance/Agent_Work_Queue.yaml",
    ),
    Tool(
        "queue-import",
        "cutover.commands.import_queue",
        "Import the definitions of the queue file now, and what an old database knows of its tasks.",
        "DRY_RUN LEGACY_DB WRITE ANEW",
        mutates=True,
        example="queue-import --queue-file doc/governance/Agent_Work_Queue.yaml",
    ),
    Tool(
        "queue-add",
        "queue.commands.add",
        "Add a task to the store.",
        "TASK_ID TITLE ROLE KIND PARENT PRIORITY SEQUENCE NOTES DEPENDENCIES ACCEPTANCE PROFILE "
        "OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS",
        mutates=True,
        extras="NOTES_FILE",
        example="queue-add B-V3-NEW-001 --role B-ui --title 'Show the queue' --priority 2",
    ),
    Tool(
        "queue-update",
        "queue.commands.update",
        "Change the definition of a task that the store owns.",
        "TASK_ID TITLE TO_ROLE KIND PARENT PRIORITY SEQUENCE NOTES DEPENDENCIES ACCEPTANCE PROFILE "
        "OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS CLEAR",
        mutates=True,
        extras="NOTES_FILE",
        example="queue-update B-V3-NEW-001 --priority 1 --tags ui,queue",
    ),
    Tool(
        "queue-spawn",
        "sessions.commands.spawn",
        "Add a task beside the one that is being worked on; lane, priority and metadata come from it.",
        "TASK_ID TITLE FROM_TASK PLACE PARENT TO_ROLE KIND PRIORITY SEQUENCE NOTES DEPENDENCIES ACCEPTANCE PROFILE "
        "OWNING_DOMAIN OWNING_LAYER SOURCE_PATHS TARGET_PATHS REVIEW_DOMAINS RISK_LEVEL MIGRATION_TYPE TAGS FORCE",
        mutates=True,
        extras="NOTES_FILE",
        example="queue-spawn B-V3-NEW-001 --title 'Also the footer' --from-task B-V3-ACK-001",
    ),
    Tool(
        "queue-tree",
        "queue.commands.tree",
        "Show what lies below a task, and how much of it is done; without TASK_ID, every task with others below it.",
        "TASK_ID DEPTH",
        example="queue-tree B-V3-ACK-001 --depth 2",
    ),
    Tool(
        "queue-export",
        "upkeep.commands.export",
        "Write tasks of the store into the queue file, touching nothing else in it.",
        "TASK_ID DRY_RUN",
        mutates=True,
        example="queue-export --dry-run",
    ),
    Tool(
        "queue-prune-stale",
        "queue.commands.prune_stale",
        "Remove untouched tasks that left the queue file; archive the others.",
        "DRY_RUN",
        mutates=True,
        example="queue-prune-stale --actor coordinator",
    ),
    Tool(
        "queue-generate",
        "queue.commands.generate",
        "Write a made-up queue file of any size, for trials and benchmarks.",
        "TASKS SEED COMMITS OUTPUT",
        target=False,
        example="queue-generate --tasks 406 --output queue.yaml",
    ),
)
