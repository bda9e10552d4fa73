"""queue-prune-stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, suggest
from fairway_scripts.calls.answer import answer, warn
from fairway_scripts.queue.opening import open_project
from fairway_scripts.queue.pruning import prune_stale

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueuePruneStale


def run(args: QueuePruneStale) -> int:
    """Prune, and print how many rows of each table went."""
    project = open_project(args)
    pruned = prune_stale(project, args)
    for task_id in pruned["claimed"]:
        warn(f"{task_id} left the queue file while it is claimed: {suggest('queue-task-detail', TASK_ID=task_id)}")
    verb = "would prune" if pruned["dry_run"] else "pruned"
    rows = " ".join(f"{name}={pruned['rows'][name]}" for name in ("definitions", "state", "history", "dependencies"))
    lines = [f"{verb} {rows}; archived={len(pruned['archived'])}"]
    lines += [f"{name}: {task_id}" for name in ("removed", "archived") for task_id in pruned[name]]
    answer(args, pruned, lines)
    return OK
