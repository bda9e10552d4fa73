"""orchestrator-dispatch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.board.board_text import plan_lines
from fairway_scripts.board.orchestrator.orchestrator_preflight import dispatch
from fairway_scripts.calls.answer import answer
from fairway_scripts.calls.options import number
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.opening import open_unchanged

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import OrchestratorDispatch


def run(args: OrchestratorDispatch) -> int:
    """Print which lane takes up which task now; nothing is claimed."""
    limit = number(args, "LIMIT")
    project = open_unchanged(args)
    lane = known_lane(project, args.role) if args.role else ""
    found = dispatch(project, now=clock.now(), lane=lane, limit=limit)
    answer(args, found, plan_lines(found))
    return OK
