"""queue-add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, suggest
from fairway_scripts.calls.answer import say
from fairway_scripts.calls.options import required
from fairway_scripts.queue.commands.task_fields import given_fields, open_for_new, show
from fairway_scripts.queue.editing import add_task

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueAdd


def run(args: QueueAdd) -> int:
    """Add a task to the store, under the next free id of its lane where none is given, and print it."""
    required(args, "TITLE", "ROLE")
    fields = given_fields(args)
    project = open_for_new(args)
    added = add_task(project, args, fields)
    show(args, added, f"added {added['task_id']}")
    if added["ready"]:
        say(f"next: {suggest('queue-claim', ROLE=added['lane'], OWNER=None, TASK_ID=added['task_id'])}")
    return OK
