"""queue-ack-handoff."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer
from fairway_scripts.calls.options import number, required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.records import acknowledge_handoffs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueAckHandoff


def run(args: QueueAckHandoff) -> int:
    """Acknowledge handoffs and print which."""
    handoff_id = number(args, "HANDOFF_ID", least=1)
    if handoff_id is None:
        required(args, "TASK_ID")
    project = open_project(args)
    done = acknowledge_handoffs(project, args, handoff_id=handoff_id)
    lines = [f"acknowledged handoff {row_id} of {done['task_id']}" for row_id in done["acknowledged"]]
    lines += [
        f"handoff {row['handoff_id']} of {done['task_id']} was acknowledged by {row['acknowledged_by']} "
        f"at {row['acknowledged_at']}"
        for row in done["already"]
    ]
    answer(args, done, lines)
    return OK
