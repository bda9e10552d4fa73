"""queue-record-push-intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import required
from fairway_scripts.lanes.push_intents import record_push_intent, withdraw_push_intents
from fairway_scripts.queue.opening import open_project

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueRecordPushIntent


def run(args: QueueRecordPushIntent) -> int:
    """Record what a task's branch on a remote is for, or end what was recorded."""
    required(args, "TASK_ID", *(() if args.withdraw else ("REASON",)))
    project = open_project(args)
    if args.withdraw:
        done = withdraw_push_intents(project, args)
        ids = ", ".join(str(row_id) for row_id in done["withdrawn"])
        answer(args, done, [f"withdrew push intent {ids} of {done['task_id']}"])
        return OK
    row = record_push_intent(project, args)
    first = f"{row['branch']} may be on {row['remote']} for {row['task_id']} (intent {row['intent_id']})"
    answer(args, row, [first, *pairs(row, "reason", "recorded_by")])
    return OK
