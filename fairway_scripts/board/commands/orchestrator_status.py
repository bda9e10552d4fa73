"""orchestrator-status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.board.board_text import status_lines
from fairway_scripts.board.orchestrator.orchestrator import look
from fairway_scripts.calls.answer import answer
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.opening import open_unchanged

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import OrchestratorStatus


def run(args: OrchestratorStatus) -> int:
    """Print the board, for all lanes or one; unlike other readers it renews no lease."""
    project = open_unchanged(args)
    lane = known_lane(project, args.role) if args.role else ""
    seen = look(project, now=clock.now(), lane=lane)
    answer(args, seen, status_lines(seen))
    return OK
