"""gate-select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.gates.gate_select import gate_select
from fairway_scripts.reviews.gates.gate_select_text import selection_lines
from fairway_scripts.work.utility_call import finish

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import GateSelect


def run(args: GateSelect) -> int:
    """Print what a change has to pass."""
    project = open_project(args) if args.task_id else open_as_it_is(args)
    found = gate_select(project, args)
    return finish(args, found, selection_lines(found), title="what the change has to pass", project=project)
