"""queue-update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.options import required
from fairway_scripts.queue.commands.task_fields import add_lane_flag, given_fields, settle_lane, show
from fairway_scripts.queue.editing import update_task
from fairway_scripts.queue.editing_rules import cleared
from fairway_scripts.queue.opening import open_project

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import QueueUpdate


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--role`: make says TO_ROLE."""
    add_lane_flag(parser)


def run(args: QueueUpdate) -> int:
    """Change a task of the store and print it as it is now."""
    required(args, "TASK_ID")
    settle_lane(args)
    given, emptied = given_fields(args), cleared(args.clear)
    both = sorted(given.keys() & emptied.keys())
    if both:
        raise FairwayError(
            "usage", f"{', '.join(both)}: given and cleared in one call", suggest("queue-update", "--help")
        )
    project = open_project(args)
    task = update_task(project, args, {**given, **emptied})
    names = ", ".join(sorted(task["changed"]))
    first = (
        f"updated {task['task_id']}: {names}" if names else f"{task['task_id']}: nothing differs, nothing was changed"
    )
    show(args, task, first)
    return OK
