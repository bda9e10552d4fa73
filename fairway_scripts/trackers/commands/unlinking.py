"""fairway-tracker unlink."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.trackers.linking import unlink

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayTrackerUnlink


def run(args: FairwayTrackerUnlink) -> int:
    """Take back a task's links; no tracker is asked."""
    required(args, "TASK_ID")
    project = open_project(args)
    done = unlink(project, args, args.issue.strip().removeprefix("#"))
    answer(args, done, [f"unlinked {done['task_id']} from {row['tracker']} {row['issue']}" for row in done["unlinked"]])
    say("a comment that stands there stays there")
    return OK
