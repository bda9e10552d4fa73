"""queue-export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.queue.opening import open_project
from fairway_scripts.upkeep.exporting import export_tasks

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueExport


def run(args: QueueExport) -> int:
    """Write tasks of the store into the queue file, or show the lines that would be added."""
    project = open_project(args)
    exported = export_tasks(project, args)
    count = len(exported["tasks"])
    if not count:
        say("every task is in the queue file already: the store holds none of its own")
    verb = "would export" if exported["dry_run"] else "exported"
    lines = [f"{verb} {count} task(s) to {exported['path']}{':' + str(exported['line']) if count else ''}"]
    if exported["dry_run"]:
        lines += [f"+{line}" for line in exported["added_text"].splitlines()]
    else:
        lines += exported["tasks"]
    answer(args, exported, lines)
    return OK
