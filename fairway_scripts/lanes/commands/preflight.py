"""queue-preflight."""

from __future__ import annotations

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, pairs, shown
from fairway_scripts.lanes.lanes import preflight
from fairway_scripts.project.lane_choice import chosen_lane, worktree_root
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import QueuePreflight
    from fairway_scripts.lanes.lane_shapes import Fitness


def arguments(parser: argparse.ArgumentParser) -> None:
    """What queue-preflight takes besides the common flags: the lane, standing alone."""
    parser.add_argument("lane_given", nargs="?", default="", metavar="LANE", help="the lane")


def run(args: QueuePreflight) -> int:
    """Print whether a lane is fit to start work in, each issue with the command that mends it."""
    if args.role and args.lane_given and args.role != args.lane_given:
        raise FairwayError(
            "usage", f"two lanes are named: {args.lane_given} and {args.role}", suggest("queue-preflight", "--help")
        )
    project = open_project(args)
    lane = chosen_lane(project, args.role or args.lane_given)
    if not lane:
        raise FairwayError(
            "usage", "ROLE is required: nothing here tells which lane is meant", suggest("queue-preflight", ROLE=None)
        )
    found = preflight(project, lane=lane, root=args.worktree_root or worktree_root(), base=args.base)
    answer(args, found, _lines(found))
    sign_of_life(project)
    if not found["ok"]:
        errors = [issue for issue in found["issues"] if issue["level"] == "error"]
        count = "1 issue" if len(errors) == 1 else f"{len(errors)} issues"
        raise FairwayError("preflight_failed", f"lane {lane} has {count}", errors[0]["fix"], lane=lane)
    return OK


def _lines(found: Fitness) -> list[str]:
    lines = [f"{'OK' if found['ok'] else 'FAILED'} {found['lane']}"]
    lines += pairs(found, "path", "branch", "base", "ahead", "behind", "sessions", "tasks")
    for issue in found["issues"]:
        lines += [f"{issue['level']}  {issue['check']}  {shown(issue['message'])}", f"  fix: {issue['fix']}"]
    return lines
