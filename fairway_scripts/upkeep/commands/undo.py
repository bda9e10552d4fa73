"""queue-undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs, shown
from fairway_scripts.queue.opening import open_project
from fairway_scripts.upkeep.undo import undo

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueUndo


def run(args: QueueUndo) -> int:
    """Undo the caller's last change and print what is as it was."""
    project = open_project(args)
    undone = undo(project, args)
    verb = "would undo" if undone["dry_run"] else "undone"
    lines = [f"{verb}: {undone['kind']} of {undone['task_id']} (event {undone['event_id']}, {undone['at']})"]
    for name, value in undone["restored"].items():
        before, after = shown(undone["before"][name]), shown(value)
        if before != after:
            lines.append(f"{name}: {before} -> {after}")
    lines += [f"{word}: {table} {row_id}" for word in ("withdrawn", "reopened") for table, row_id in undone[word]]
    answer(args, undone, [*lines, *pairs(undone, "fence")])
    return OK
