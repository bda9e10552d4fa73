"""queue-restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs, say
from fairway_scripts.calls.options import required
from fairway_scripts.project.opening import find_project
from fairway_scripts.upkeep.maintenance import restore

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueRestore


def run(args: QueueRestore) -> int:
    """Restore the store and print what it holds now."""
    args.source = args.source.strip()
    required(args, "FROM")
    project = find_project(args)
    restored = restore(project, args.source, force=args.force)
    if restored["backup"]:
        say(f"what the store held before is in {restored['backup']}")
    if restored["set_aside"]:
        say(f"the damaged store was moved to {restored['set_aside']}")
    lines = [f"restored {restored['tasks']} tasks and {restored['events']} events from the {restored['form']}"]
    lines += pairs(restored, "source", "path", "backup", "set_aside")
    answer(args, restored, lines)
    return OK
