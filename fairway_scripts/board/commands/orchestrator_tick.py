"""orchestrator-tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.board.board_text import tick_entries, tick_lines
from fairway_scripts.board.orchestrator.orchestrator import cut_off, look
from fairway_scripts.calls.answer import answer
from fairway_scripts.calls.options import number
from fairway_scripts.cutover.shadow.left_overs import mention_left_calls
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.older_scripts import tell_left_overs
from fairway_scripts.project.opening import open_unchanged
from fairway_scripts.project.watching import Seen, watch

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import Seen as Look
    from fairway_scripts.calls.tool_calls import OrchestratorTick
    from fairway_scripts.project.project import Project


def run(args: OrchestratorTick) -> int:
    """Print the board, what is to be done next, and with SINCE what changed; nothing is written, not even a lease.

    But what earlier commands owe to the legacy side during a cut-over is delivered first. With WATCH, again at every
    change.
    """
    if args.watch:
        return watch(args, lambda: _seen(args))
    _project, seen = _look(args)
    answer(args, seen, tick_lines(seen))
    return OK


def _look(args: OrchestratorTick) -> tuple[Project, Look]:
    limit = number(args, "LIMIT")
    project = open_unchanged(args)
    lane = known_lane(project, args.role) if args.role else ""
    tell_left_overs(project)
    mention_left_calls(project)
    return project, cut_off(look(project, now=clock.now(), lane=lane, since=args.since), limit)


def _seen(args: OrchestratorTick) -> Seen:
    project, seen = _look(args)
    return Seen(project, seen, list(tick_lines(seen)), tick_entries(seen))
