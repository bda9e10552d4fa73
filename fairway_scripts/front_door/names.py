"""The older scripts' names and subcommands, and which tool answers each."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_QUEUE = {
    **{
        word: f"queue-{word}"
        for word in (
            *("ready", "claim", "release", "reclaim", "set-status", "record-evidence", "record-handoff"),
            *("ack-handoff", "route-review", "record-review", "merge-ready", "list", "task-detail", "validate"),
            *("git-check", "prune-stale", "import", "export", "snapshot", "status-report", "timing-report"),
            *("health-report", "activity", "preflight", "add", "update", "spawn", "tree", "undo", "verify", "where"),
            *("doctor", "backup", "restore", "migrate", "help"),
        )
    },
    "next": "queue-ready",
    "take": "queue-claim",
    "status-set": "queue-set-status",
    "update-status": "queue-set-status",
    "evidence": "queue-record-evidence",
    "handoff": "queue-record-handoff",
    "review": "queue-record-review",
    "route": "queue-route-review",
    "detail": "queue-task-detail",
    "show": "queue-task-detail",
    "git-consistency": "queue-git-check",
    "prune": "queue-prune-stale",
    "sync": "queue-import",
    "status": "queue-status-report",
    "timing": "queue-timing-report",
    "health": "queue-health-report",
    "history": "queue-activity",
    "session-upsert": "session-upsert",
    "session-status": "session-status",
    "sessions": "session-status",
    "session-heartbeat": "session-heartbeat",
    "session-end": "session-end",
    "session-reconcile": "session-reconcile",
    "checkpoint": "checkpoint-record",
    "checkpoint-record": "checkpoint-record",
    "checkpoints": "checkpoint-status",
    "checkpoint-status": "checkpoint-status",
    "checkpoint-stale": "checkpoint-stale",
    "tick": "orchestrator-tick",
    "dispatch": "orchestrator-dispatch",
}
_BRIDGE_STATES = (*("started", "running", "waiting_on_approval", "waiting_on_input", "completed", "failed", "stale"),)

#: script -> {subcommand: the tool and the words that come before the call's own}. The entry "" answers a call
#: without a subcommand; a script that has only that takes none.
SCRIPTS: dict[str, dict[str, str]] = {
    "agent_queue.sh": _QUEUE,
    "agent_queue_store.rb": _QUEUE,
    "orchestrate_agents.sh": {
        "status": "orchestrator-status",
        "tick": "orchestrator-tick",
        "preflight": "orchestrator-preflight",
        "dispatch": "orchestrator-dispatch",
        "dispatch-plan": "orchestrator-dispatch",
        "checkpoint": "checkpoint-record",
        "checkpoints": "checkpoint-status",
        "checkpoint-stale": "checkpoint-stale",
        "sessions": "session-status",
        "reconcile": "session-reconcile",
        "prune-stale": "queue-prune-stale",
    },
    "agent_session_adapter.sh": {
        "preflight": "queue-preflight",
        "launch": "session-launch",
        "upsert": "session-upsert",
        "status": "session-status",
        "heartbeat": "session-heartbeat",
        "end": "session-end",
        "stop": "session-end --stop",
        "reconcile": "session-reconcile",
    },
    "codex_subagent_session_bridge.sh": {
        "": "subagent-bridge",
        "record": "subagent-bridge",
        "upsert": "subagent-bridge",
        **{state.replace("_", "-"): f"subagent-bridge --state={state}" for state in _BRIDGE_STATES},
    },
    "workflow_regression_packs.sh": {
        word: f"regression-packs {word}" for word in ("list", "show", "validate", "for-paths", "for-task", "record")
    },
    "agent_role_config.sh": {
        "": "agent-role-config",
        "list": "agent-role-config",
        "branch": "agent-role-config --field=branch",
        "provider": "agent-role-config --field=provider",
        "worktree": "agent-role-config --field=worktree",
    },
    "setup_agent_lanes.sh": {"": "worktree-setup"},
    "agent_preflight.sh": {"": "queue-preflight"},
    "agent_context_packet.sh": {"": "context-packet"},
    "agent_watch_task.sh": {"": "watcher-packet"},
    "bugfix_review_packet.sh": {"": "bugfix-packet"},
    "agent_queue_validate.sh": {"": "queue-validate"},
    "agent_queue_git_consistency.sh": {"": "queue-git-check"},
    "agent_queue_postgres_compat.sh": {},
}
#: The scripts that live in scripts/ci; the others are in scripts/ops.
IN_CI = frozenset({"agent_queue_validate.sh", "agent_queue_git_consistency.sh"})
#: Scripts that keep or change the record of the queue: without an original such a call cannot be left to luck.
KEEPS_RECORD = frozenset({"agent_queue.sh", "agent_queue_store.rb", "agent_session_adapter.sh"})


def place_of(script: str) -> str:
    """Where a script is in a checkout: `scripts/ops/agent_queue.sh`."""
    return f"scripts/{'ci' if script in IN_CI else 'ops'}/{script}"


def subcommands(data: dict[str, Any] | None, script: str) -> dict[str, str]:
    """The subcommands of a script, with what the host's profile adds or changes."""
    own = ((data or {}).get("scripts") or {}).get(script) or {}
    return {**SCRIPTS.get(script, {}), **own}


def plain(word: str) -> str:
    """A subcommand as the table spells it: `queue_set_status` is `set-status`."""
    return word.replace("_", "-").removeprefix("queue-")
