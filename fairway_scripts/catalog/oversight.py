"""Looking at the whole queue: checks, reports, the coordinator's tick."""

from __future__ import annotations

from fairway_scripts.catalog.tool import Tool

TOOLS = (
    Tool(
        "queue-git-check",
        "lanes.commands.git_check",
        "Compare the queue with git: branches, commits, lane worktrees.",
        "ROLE MINE BASE ALL",
        example="queue-git-check --mine",
    ),
    Tool(
        "queue-record-push-intent",
        "lanes.commands.push_intent",
        "Record what a task's branch on a remote is for.",
        "TASK_ID BRANCH REMOTE REASON WITHDRAW",
        mutates=True,
        example="queue-record-push-intent B-V3-ACK-001 --reason 'CI of the vendor runs on a pushed branch only'",
    ),
    Tool(
        "queue-closeout",
        "lanes.commands.closeout",
        "Show what is left of work that is over: branches on a remote, push intents, sessions.",
        "ROLE MINE",
        example="queue-closeout --mine",
    ),
    Tool("queue-status-report", "board.commands.status_report", "Count tasks by status and lane.", "ROLE OUTPUT"),
    Tool("queue-health-report", "board.commands.health_report", "Show what has been waiting too long.", "ROLE OUTPUT"),
    Tool(
        "queue-timing-report",
        "board.commands.timing_report",
        "Show cycle, wait, blocked and review time by lane and task.",
        "ROLE TASK_ID SINCE LIMIT OUTPUT",
    ),
    Tool(
        "queue-activity",
        "board.commands.activity",
        "Show what happened, newest first.",
        "TASK_ID ROLE SINCE LIMIT ALL_PROJECTS",
        example="queue-activity --limit 20",
    ),
    Tool(
        "fairway-notify",
        "notify.commands.notify",
        "Tell what happened since last time to a program, a webhook or a service; once, or again and again.",
        "NOTIFIER ROLE KIND COMMAND WEBHOOK DESKTOP APPRISE TIMEOUT AFTER DRY_RUN",
        target=False,
        example="fairway-notify once --kind handoff_recorded,reviewed --command ./tell.sh",
    ),
    Tool(
        "orchestrator-preflight",
        "board.commands.orchestrator_preflight",
        "Check everything that should be mended before work is given out.",
        "ROLE",
        example="orchestrator-preflight --role B-ui",
    ),
    Tool(
        "orchestrator-status",
        "board.commands.orchestrator_status",
        "Show lanes, active and ready tasks, sessions, watchers, checkpoints and health.",
        "ROLE ALL_PROJECTS OUTPUT",
        example="orchestrator-status --json",
    ),
    Tool(
        "orchestrator-tick",
        "board.commands.orchestrator_tick",
        "Show the status and what is to be done next, with the command lines; changes nothing.",
        "ROLE SINCE LIMIT ALL_PROJECTS OUTPUT WATCH",
        example="orchestrator-tick --since 1042",
    ),
    Tool(
        "orchestrator-dispatch",
        "board.commands.orchestrator_dispatch",
        "Plan which lane takes up which task now, and what stands in the way.",
        "ROLE LIMIT",
        example="orchestrator-dispatch --limit 3",
        targets=("orchestrator-dispatch-plan",),
    ),
    Tool(
        "fairway-tui",
        "terminal.commands.terminal_page",
        "Show lanes, board, reviews, sessions, activity and what is next on one page of the terminal, with keys.",
        "ROLE",
        example="fairway-tui --role B-ui",
    ),
)
