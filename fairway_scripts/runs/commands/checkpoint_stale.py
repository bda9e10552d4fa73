"""checkpoint-stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.checkpoints import stale_checkpoints
from fairway_scripts.runs.commands.checkpoint_status import lines_of

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import CheckpointStale


def run(args: CheckpointStale) -> int:
    """Print the open checkpoints that are too old or whose target has passed."""
    project = open_project(args)
    found = stale_checkpoints(project, args)
    answer(args, found, lines_of(found["checkpoints"], args.format))
    if found["checkpoints"]:
        say("record where each one stands, or close it: STATE=done, parked or abandoned")
    else:
        say("no stale checkpoint")
    sign_of_life(project)
    return OK
