"""worktree-setup."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, table, warn
from fairway_scripts.lanes.lanes import set_up
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import WorktreeSetup

COLUMNS = ("lane", "action", "branch", "path")


def run(args: WorktreeSetup) -> int:
    """Make the missing lane worktrees and print every lane with where it works."""
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    done = set_up(project, args, lane=lane)
    for row in done["worktrees"]:
        if row["warning"]:
            warn(row["warning"])
    answer(args, done, table(done["worktrees"], COLUMNS, form=args.format))
    return OK
