"""Which lane a list is about."""

from __future__ import annotations

from fairway_scripts.errors import FairwayError, suggest_again
from fairway_scripts.operations.project import known_lane, lane_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.operations.project import Project


def listed_lane(project: Project, args: Any, *, several: bool = False) -> str:
    """The lane that a list is about: ROLE, with MINE the lane that the caller stands in, "" for every lane.

    With `several` ROLE may name more than one, with commas between. Raises FairwayError: `usage` for ROLE beside MINE
    and where nothing tells which lane is meant, `not_found` for a lane that is not there.
    """
    if not args.mine:
        lanes = [lane.strip() for lane in args.role.split(",")] if several else [args.role]
        return ",".join(known_lane(project, lane) for lane in lanes if lane)
    if args.role:
        raise FairwayError(
            "usage", "ROLE and MINE are both given: a list is about one of them", suggest_again(args, ROLE="")
        )
    lane = lane_here(project)[0]
    if not lane:
        message = (
            "nothing tells which lane is meant: AGENT_ROLE is not set, and this is no branch or worktree of a lane"
        )
        raise FairwayError("usage", message, suggest_again(args, MINE=False, ROLE=None))
    return lane
