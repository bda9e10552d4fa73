"""checkpoint-status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.checkpoints import checkpoint_status

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import CheckpointStatus
    from fairway_scripts.runs.run_shapes import ShownCheckpoint

COLUMNS = ("subject_id", "subject_kind", "state", "owner", "age", "target_close_by", "stale", "summary")


def run(args: CheckpointStatus) -> int:
    """Print where every task and track stands that has an open checkpoint, the newest first."""
    project = open_project(args)
    found = checkpoint_status(project, args, everything=args.everything)
    answer(args, found, lines_of(found["checkpoints"], args.format))
    if not found["checkpoints"]:
        say("no checkpoint" if args.everything else "no open checkpoint (ALL=1 shows the closed ones)")
    sign_of_life(project)
    return OK


def lines_of(rows: list[ShownCheckpoint], form: str) -> list[str]:
    """A line for each checkpoint: what it is about first."""
    return table([{**row, "age": clock.span_text(row["age_seconds"])} for row in rows], COLUMNS, form=form)
