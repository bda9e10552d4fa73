"""The scripts that GPUaaS published: their subcommands, the tool that answers each, and the way back."""

from __future__ import annotations

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
    **{
        word: word
        for word in (
            *("session-upsert", "session-status", "session-heartbeat", "session-end", "session-reconcile"),
            *("checkpoint-record", "checkpoint-status", "checkpoint-stale"),
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
    "sessions": "session-status",
    "checkpoint": "checkpoint-record",
    "checkpoints": "checkpoint-status",
    "tick": "orchestrator-tick",
    "dispatch": "orchestrator-dispatch",
}
_BRIDGE_STATES = (*("started", "running", "waiting_on_approval", "waiting_on_input", "completed", "failed", "stale"),)

#: The published scripts: path -> {subcommand: the tool and the words that come before the call's own}. The entry ""
#: answers a call without a subcommand; a script that has only that takes none.
SCRIPTS: dict[str, dict[str, str]] = {
    "scripts/ops/agent_queue.sh": _QUEUE,
    "scripts/ops/agent_queue_store.rb": _QUEUE,
    "scripts/ops/orchestrate_agents.sh": {
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
    "scripts/ops/agent_session_adapter.sh": {
        "preflight": "queue-preflight",
        "launch": "session-launch",
        "upsert": "session-upsert",
        "status": "session-status",
        "heartbeat": "session-heartbeat",
        "end": "session-end",
        "stop": "session-end --stop",
        "reconcile": "session-reconcile",
    },
    "scripts/ops/codex_subagent_session_bridge.sh": {
        "": "subagent-bridge",
        "record": "subagent-bridge",
        "upsert": "subagent-bridge",
        **{state.replace("_", "-"): f"subagent-bridge --state={state}" for state in _BRIDGE_STATES},
    },
    "scripts/ops/workflow_regression_packs.sh": {
        "": "regression-packs",
        **{
            word: f"regression-packs {word}" for word in ("list", "show", "validate", "for-paths", "for-task", "record")
        },
    },
    "scripts/ops/agent_role_config.sh": {
        "": "agent-role-config",
        "list": "agent-role-config",
        "branch": "agent-role-config --field=branch",
        "provider": "agent-role-config --field=provider",
        "worktree": "agent-role-config --field=worktree",
    },
    "scripts/ops/setup_agent_lanes.sh": {"": "worktree-setup"},
    "scripts/ops/agent_preflight.sh": {"": "queue-preflight"},
    "scripts/ops/agent_context_packet.sh": {"": "context-packet"},
    "scripts/ops/agent_watch_task.sh": {"": "watcher-packet"},
    "scripts/ops/bugfix_review_packet.sh": {"": "bugfix-packet"},
    "scripts/ci/agent_queue_validate.sh": {"": "queue-validate"},
    "scripts/ci/agent_queue_git_consistency.sh": {"": "queue-git-check"},
    "scripts/ops/agent_queue_postgres_compat.sh": {"": "queue-store-check", "check": "queue-store-check"},
}
#: Scripts that keep or change the record of the queue: without an original such a call cannot be left to luck.
KEEPS_RECORD = frozenset(
    ("scripts/ops/agent_queue.sh", "scripts/ops/agent_queue_store.rb", "scripts/ops/agent_session_adapter.sh")
)
_OPS, _QUEUE_SCRIPT, _CONDUCTOR = "scripts/ops/", "scripts/ops/agent_queue.sh", "scripts/ops/orchestrate_agents.sh"
_ADAPTER = "scripts/ops/agent_session_adapter.sh"
#: What the originals had of the store's own words; the others are ours alone.
_PLAIN = (
    *("ready", "claim", "release", "reclaim", "set-status", "record-evidence", "record-handoff", "ack-handoff"),
    *("route-review", "record-review", "merge-ready", "list", "task-detail", "undo", "add", "update", "spawn"),
    *("import", "prune-stale", "status-report", "health-report", "timing-report", "activity", "snapshot"),
)
#: tool -> the published calls that did the same, best first: (script, subcommand).
ORIGINALS: dict[str, tuple[tuple[str, str], ...]] = {
    **{f"queue-{word}": ((_QUEUE_SCRIPT, word),) for word in _PLAIN},
    "queue-validate": (("scripts/ci/agent_queue_validate.sh", ""), (_QUEUE_SCRIPT, "validate")),
    "queue-git-check": (("scripts/ci/agent_queue_git_consistency.sh", ""), (_QUEUE_SCRIPT, "git-check")),
    "queue-preflight": ((_OPS + "agent_preflight.sh", ""), (_ADAPTER, "preflight")),
    **{f"orchestrator-{word}": ((_CONDUCTOR, word),) for word in ("status", "tick", "preflight", "dispatch")},
    "checkpoint-record": ((_QUEUE_SCRIPT, "checkpoint"),),
    "checkpoint-status": ((_QUEUE_SCRIPT, "checkpoints"),),
    "checkpoint-stale": ((_QUEUE_SCRIPT, "checkpoint-stale"),),
    **{f"session-{word}": ((_QUEUE_SCRIPT, f"session-{word}"),) for word in ("upsert", "status", "end", "reconcile")},
    "session-launch": ((_ADAPTER, "launch"),),
    "subagent-bridge": ((_OPS + "codex_subagent_session_bridge.sh", ""),),
    "worktree-setup": ((_OPS + "setup_agent_lanes.sh", ""),),
    "agent-role-config": ((_OPS + "agent_role_config.sh", ""),),
    "regression-packs": ((_OPS + "workflow_regression_packs.sh", ""),),
    "context-packet": ((_OPS + "agent_context_packet.sh", ""),),
    "watcher-packet": ((_OPS + "agent_watch_task.sh", ""),),
    "bugfix-packet": ((_OPS + "bugfix_review_packet.sh", ""),),
}
