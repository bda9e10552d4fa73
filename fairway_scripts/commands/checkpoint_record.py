"""checkpoint-record."""

from __future__ import annotations

from typing import Any

from fairway_scripts.errors import OK
from fairway_scripts.identity import clean_name
from fairway_scripts.operations.checkpoints import record_checkpoint, required_subject
from fairway_scripts.operations.project import open_project
from fairway_scripts.options import required
from fairway_scripts.render.answer import answer, pairs, say_all


def run(args: Any) -> int:
    """Record a checkpoint and print it."""
    required(args, "SUMMARY")
    clean_name(args.owner, "OWNER")
    project = open_project(args)
    required_subject(project, args)
    project.notes.clear()
    recorded = record_checkpoint(project, args)
    say_all(project.notes)
    lines = [f"recorded checkpoint {recorded['checkpoint_id']} for {recorded['subject_kind']} {recorded['subject_id']}"]
    lines += pairs(recorded, "state", "owner", "target_close_by", "summary", "artifact_path")
    answer(args, recorded, lines)
    return OK
