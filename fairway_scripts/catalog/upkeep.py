"""Keeping the store and the set-up in order."""

from __future__ import annotations

from fairway_scripts.catalog.tool import Tool

TOOLS = (
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
    Tool("queue-migrate", "migrate", "Bring the store to the newest schema, after a backup.", "ADOPT DRY_RUN"),
    Tool(
        "queue-verify",
        "verify",
        "Recompute the ledger, and compare every row with what its events recorded.",
        "ANCHOR ALLOWED_SIGNERS",
        example="queue-verify --anchor refs/fairway/ledger",
    ),
    Tool(
        "queue-anchor",
        "anchor",
        "Keep the head of the ledger in a git ref that can be pushed, signed where a key is configured.",
        "FORCE",
        example="queue-anchor",
    ),
    Tool("queue-where", "where", "Show which store, queue file, config and lane are used, and why.", "ROLE"),
    Tool("queue-doctor", "doctor", "Check the set-up, the store, git, the lanes and the file system.", "ALL"),
    Tool(
        "queue-help",
        "help_page",
        "Show the ten commands of the day and the families of tools; with ALL every tool, with TOPIC one of them.",
        "TOPIC ALL",
        first="TOPIC",
        example="queue-help queue-claim",
    ),
    Tool(
        "fairway",
        "front_page",
        "One command over all tools: `fairway claim` is queue-claim; alone it shows the ten commands of the day.",
        target=False,
        example="fairway claim --role B-ui --owner B",
    ),
    Tool(
        "fairway-init",
        "init",
        "Give a repository all that a first task needs: configuration, lanes, queue file, store.",
        "PRESET",
        target=False,
        example="fairway-init --lane api --lane web",
    ),
    Tool(
        "fairway-config",
        "config",
        "Check, show, read or set the configuration, or declare lanes in it.",
        "",
        target=False,
        example="fairway-config validate",
    ),
    Tool(
        "fairway-agents",
        "agents",
        "Tell agent programs of the suite in the project's own files, take that back, or write a skill folder.",
        "FOR DRY_RUN",
        target=False,
        example="fairway-agents install --for claude,codex",
    ),
    Tool(
        "fairway-batch",
        "batch",
        "Answer JSON lines of calls with JSON lines, each call one transaction, in one process.",
        target=False,
        example="fairway-batch < calls.jsonl",
    ),
    Tool(
        "fairway-completion",
        "completion",
        "Print the completion script for bash, zsh or fish: verbs, flags and values, with ids from the store.",
        target=False,
        example="fairway-completion bash",
    ),
    Tool(
        "fairway-man",
        "manual",
        "Print the manual page of a tool, or write all of them into a folder.",
        "TOPIC",
        target=False,
        first="TOPIC",
        example="fairway-man queue-claim",
    ),
    Tool("fairway-mk-path", "mk_path", "Print where make/fairway.mk is.", "", target=False),
)
