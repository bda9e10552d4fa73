"""Which lane a call means, and which one a list is about."""

from __future__ import annotations

import os

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest_again
from fairway_scripts.project.project import is_born

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import LaneList
    from fairway_scripts.project.project import Project


def listed_lane(project: Project, args: LaneList, *, several: bool = False) -> str:
    """The lane that a list is about: ROLE, with MINE the lane that the caller stands in, "" for every lane.

    With `several` ROLE may name more than one, with commas between. Raises FairwayError: `usage` for ROLE beside MINE
    and where nothing tells which lane is meant, `not_found` for a lane that is not there.
    """
    if not args.mine:
        lanes = [lane.strip() for lane in args.role.split(",")] if several else [args.role]
        return ",".join(_listable(project, lane) for lane in lanes if lane)
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


def _listable(project: Project, lane: str) -> str:
    """`lane` when the project has it, or tasks of it that the configuration left behind."""
    if lane not in settings_of.lanes(project.settings) and is_born(project.store):
        with project.store.read() as tx:
            if lane in tx.column("tasks.lanes"):
                return lane
    return known_lane(project, lane)


def known_lane(project: Project, lane: str) -> str:
    """`lane` when the project has it; raises FairwayError `not_found` naming the lanes that exist."""
    known = settings_of.lanes(project.settings)
    if known and lane not in known:
        from fairway_scripts.project import lane_declaration

        raise lane_declaration.unknown_lane(project, lane, known)
    return lane


def lane_here(project: Project) -> tuple[str, str]:
    """The lane that the caller most likely means, and how that was found: ("", "") when nothing tells.

    AGENT_ROLE or FAIRWAY_ROLE, then the branch of the work tree, then the folder of a lane's worktree.
    """
    for variable in ("AGENT_ROLE", "FAIRWAY_ROLE"):
        if os.environ.get(variable):
            return known_lane(project, os.environ[variable]), variable
    if project.repository is None or project.repository.worktree is None:
        return "", ""
    from fairway_scripts.git.references import head_branch

    branch, names = head_branch(project.repository), settings_of.lanes(project.settings)
    for name in names:
        if branch == settings_of.lane_branch(project.settings, name):
            return name, f"the branch {branch}"
    for name in names:
        expected = settings_of.worktree_path(project.settings, name, project.root, worktree_root())
        if os.path.realpath(expected) == project.repository.worktree:
            return name, f"the worktree {os.path.basename(expected)}"
    return "", ""


def chosen_lane(project: Project, given: str) -> str:
    """The lane of a call: `given` (checked), else `lane_here`, else ""."""
    return known_lane(project, given) if given else lane_here(project)[0]


def worktree_root() -> str:
    """`WORKTREE_ROOT` of the environment, which moves all lane worktrees."""
    return os.environ.get("WORKTREE_ROOT", "")
