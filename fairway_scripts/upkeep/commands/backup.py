"""queue-backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.project.opening import find_project
from fairway_scripts.upkeep.maintenance import back_up

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueBackup


def run(args: QueueBackup) -> int:
    """Back the store up and print where to."""
    project = find_project(args)
    made = back_up(project, args.output)
    args.output = ""  # it named the backup, not a file for the answer
    answer(args, made, [f"backed up to {made['path']}", *pairs(made, "size")])
    return OK
