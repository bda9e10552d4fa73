"""orchestrator-status."""

from __future__ import annotations

from typing import Any

from fairway_scripts import clock
from fairway_scripts.errors import OK
from fairway_scripts.operations.lane_choice import known_lane
from fairway_scripts.operations.looking import open_unchanged
from fairway_scripts.operations.orchestrator import look
from fairway_scripts.render.answer import answer, say_all
from fairway_scripts.render.board import status_lines


def run(args: Any) -> int:
    """Print the board, for all lanes or one; unlike other readers it renews no lease."""
    project = open_unchanged(args)
    lane = known_lane(project, args.role) if args.role else ""
    seen = look(project, now=clock.now(), lane=lane)
    say_all(project.notes)
    answer(args, seen, status_lines(seen))
    return OK
