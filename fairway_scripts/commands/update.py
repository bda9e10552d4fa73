"""queue-update."""

from __future__ import annotations

from typing import Any

from fairway_scripts.commands.task_fields import given_fields, show
from fairway_scripts.errors import OK, FairwayError
from fairway_scripts.operations.editing import update_task
from fairway_scripts.operations.project import open_project
from fairway_scripts.options import required
from fairway_scripts.rules.editing import cleared


def run(args: Any) -> int:
    """Change a task of the store and print it as it is now."""
    required(args, "TASK_ID")
    given, emptied = given_fields(args), cleared(args.clear)
    both = sorted(given.keys() & emptied.keys())
    if both:
        raise FairwayError("usage", f"{', '.join(both)}: given and cleared in one call", "queue-update --help")
    project = open_project(args)
    task = update_task(project, args, {**given, **emptied})
    names = ", ".join(sorted(task["changed"]))
    first = (
        f"updated {task['task_id']}: {names}" if names else f"{task['task_id']}: nothing differs, nothing was changed"
    )
    show(args, project, task, first)
    return OK
