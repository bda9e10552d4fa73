"""checkpoint-record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.checkpoints import record_checkpoint, required_subject

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import CheckpointRecord


def run(args: CheckpointRecord) -> int:
    """Record a checkpoint and print it."""
    required(args, "SUMMARY")
    clean_name(args.owner, "OWNER")
    project = open_project(args)
    required_subject(project, args)
    recorded = record_checkpoint(project, args)
    lines = [f"recorded checkpoint {recorded['checkpoint_id']} for {recorded['subject_kind']} {recorded['subject_id']}"]
    lines += pairs(recorded, "state", "owner", "target_close_by", "summary", "artifact_path")
    answer(args, recorded, lines)
    return OK
