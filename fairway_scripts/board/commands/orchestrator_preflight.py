"""orchestrator-preflight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK, FairwayError
from fairway_scripts.board.board_text import preflight_lines
from fairway_scripts.board.orchestrator.orchestrator_preflight import preflight
from fairway_scripts.calls.answer import answer
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.opening import open_unchanged

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import OrchestratorPreflight


def run(args: OrchestratorPreflight) -> int:
    """Print every issue with what mends it, then a summary; errors fail the check."""
    project = open_unchanged(args)
    lane = known_lane(project, args.role) if args.role else ""
    found = preflight(project, now=clock.now(), lane=lane)
    answer(args, found, preflight_lines(found))
    if not found["ok"]:
        raise FairwayError("preflight_failed", f"{found['errors']} thing(s) to mend first", found["issues"][0]["fix"])
    return OK
