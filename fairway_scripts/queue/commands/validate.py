"""queue-validate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.project.opening import find_project
from fairway_scripts.project.queue_faults import line_that_declares
from fairway_scripts.queue.validation import validate_queue

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueValidate


def run(args: QueueValidate) -> int:
    """Print every finding of the queue file as `file:line: task-id: field: what`."""
    project = find_project(args)
    found = validate_queue(project, args.profile.strip().lower())
    answer(args, found, [fault["text"] for fault in found["faults"]])
    counts = f"{found['errors']} error(s), {found['warnings']} warning(s), {found['notes']} note(s)"
    if not found["ok"]:
        raise FairwayError(
            "invalid_queue",
            f"{found['path']}: {counts} in {found['tasks']} task(s)",
            line_that_declares(found["faults"])
            or f"mend the lines above in {found['path']}, then run queue-validate again",
            path=found["path"],
            errors=found["errors"],
        )
    say(f"{found['path']} is valid ({found['profile']}): {found['tasks']} task(s), {counts}")
    return OK
