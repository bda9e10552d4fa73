"""queue-generate."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import OK, FairwayError, suggest, suggest_call
from fairway_scripts.calls.answer import write
from fairway_scripts.calls.options import number
from fairway_scripts.queue.generation import generate_queue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueGenerate

USUAL_TASKS = 406
MOST_TASKS = 1_000_000


def run(args: QueueGenerate) -> int:
    """Write a made-up queue file; it never takes the place of a file that is there."""
    tasks, seed = number(args, "TASKS"), number(args, "SEED")
    if args.format not in ("text", "yaml"):
        raise FairwayError(
            "usage", f"a queue file is made as YAML, not as {args.format}", suggest("queue-generate", TASKS="406")
        )
    if tasks is not None and tasks > MOST_TASKS:
        raise FairwayError(
            "usage", f"TASKS {tasks} is more than {MOST_TASKS}", suggest("queue-generate", TASKS="100000")
        )
    if args.output and os.path.lexists(args.output):
        message = f"{args.output} exists; it may be a real queue"
        raise FairwayError("already_exists", message, suggest_call(OUTPUT=None))
    commits = [word for word in args.commits.replace(",", " ").split() if word]
    text = generate_queue(USUAL_TASKS if tasks is None else tasks, 1 if seed is None else seed, commits=commits)
    write(args, text)
    return OK
