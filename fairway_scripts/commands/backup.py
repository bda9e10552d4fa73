"""queue-backup."""

from __future__ import annotations

from typing import Any

from fairway_scripts.errors import OK
from fairway_scripts.operations.maintenance import back_up
from fairway_scripts.operations.unopened import find_project
from fairway_scripts.render.answer import answer, pairs


def run(args: Any) -> int:
    """Back the store up and print where to."""
    project = find_project(args)
    made = back_up(project, args.output)
    args.output = ""  # it named the backup, not a file for the answer
    answer(args, made, [f"backed up to {made['path']}", *pairs(made, "size")])
    return OK
