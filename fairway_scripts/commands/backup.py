"""queue-backup."""

from __future__ import annotations

import argparse
from typing import Any

from fairway_scripts.errors import OK
from fairway_scripts.operations.maintenance import back_up
from fairway_scripts.operations.unopened import find_project
from fairway_scripts.render.answer import answer, pairs


def run(args: Any) -> int:
    """Back the store up and print where to."""
    project = find_project(args)
    made = back_up(project, args.output)
    to_stdout = argparse.Namespace(**{**vars(args), "output": ""})  # OUTPUT names the backup, not the file of the answer
    answer(to_stdout, made, [f"backed up to {made['path']}", *pairs(made, "size")])
    return OK
