"""gate-select."""

from __future__ import annotations

from typing import Any

from fairway_scripts.commands.utility_call import finish
from fairway_scripts.operations.gate_select import gate_select
from fairway_scripts.operations.project import open_project
from fairway_scripts.render.gate_select import selection_lines


def run(args: Any) -> int:
    """Print what a change has to pass."""
    project = open_project(args, sync=bool(args.task_id))
    found = gate_select(project, args)
    return finish(args, found, selection_lines(found), title="what the change has to pass", project=project)
