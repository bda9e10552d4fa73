"""guard-graduate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.gates.guards import graduate_guard

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import GuardGraduate


def run(args: GuardGraduate) -> int:
    """Change the mode of a gate and print on what grounds."""
    required(args, "PROFILE", "GATE", "MODE")
    project = open_project(args)
    done = graduate_guard(project, args)
    forced = ", forced" if done["forced"] else ""
    lines = [f"{done['profile']}/{done['gate']}: {done['mode_before']} -> {done['mode']}{forced}"]
    lines += pairs(done, "reason", "recorded_by", "configured_mode")
    lines.append(f"clean runs in a row: {', '.join(f'evidence {row_id}' for row_id in done['runs']) or 'none counted'}")
    lines += [f"criteria: {reason}" for reason in done["reasons"]]
    answer(args, done, lines)
    return OK
