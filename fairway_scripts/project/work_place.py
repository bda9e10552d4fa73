"""The worktree in which a task is worked on, for calls that come from another one.

What runs or checks something out does so in the folder of its caller. A line that is proposed elsewhere says where it
belongs (`WORKTREE`), and a call that says so is answered as one from there.
"""

from __future__ import annotations

import os

from fairway_scripts.base import paths
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.git.references import worktrees
from fairway_scripts.project.lane_choice import worktree_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.errors import Hint
    from fairway_scripts.base.git_folder import Worktree
    from fairway_scripts.project.project import Project


def elsewhere(project: Project, lane: str, branch: str | None = None) -> str:
    """The worktree where a lane works on `branch` (default: its own), "" where the caller is in it or there is none.

    It is the one that has the branch checked out, else the lane's. Read from git's files: no process is started.
    """
    repository = project.repository
    if repository is None or not lane:
        return ""
    name = branch or settings_of.lane_branch(project.settings, lane)
    there = [entry["path"] for entry in listed(project) if entry["branch"] == name and not entry["prunable"]]
    if not there:
        there = _lanes_own(project, lane)
    return "" if not there or project.worktree in there else str(there[0])


def listed(project: Project) -> list[Worktree]:
    """The worktrees of the project's repository as they were when this call first asked; [] outside of one."""
    if project.trees is None:
        project.trees = worktrees(project.repository) if project.repository else []
    return project.trees


def stand_in(project: Project, given: str) -> None:
    """Make the worktree `given` the one that the call comes from; "" leaves the caller where it is.

    Raises FairwayError `not_found` for a folder that is not there, `usage` for one of another repository.
    """
    if not given:
        return
    if not os.path.isdir(given):
        raise FairwayError("not_found", f"WORKTREE {given}: there is no such folder", suggest("worktree-status"))
    found = paths.find_repository(given)
    own = project.repository
    if found is None or own is None or found.common_dir != own.common_dir or found.worktree is None:
        message = f"WORKTREE {given} is no worktree of this repository"
        raise FairwayError("usage", message, suggest("worktree-status"))
    project.repository = found


def reading_line(project: Project, lane: str, task_id: str) -> Hint:
    """The line that checks a task's work out for the lane that reads it: in its worktree, made where there is none."""
    repository = project.repository
    if repository is None or lane not in settings_of.lanes(project.settings):
        return suggest("review-checkout", TASK_ID=task_id)
    if not _lanes_own(project, lane):
        return suggest("worktree-setup", ROLE=lane)
    return suggest("review-checkout", TASK_ID=task_id, WORKTREE=elsewhere(project, lane))


def _lanes_own(project: Project, lane: str) -> list[str]:
    """The lane's worktree, [] where there is none; what looks for it is loaded when it is asked for."""
    from fairway_scripts.git.lane_state import lane_worktree

    if project.repository is None:
        return []
    place = lane_worktree(project.repository, project.settings, lane, worktree_root(), listed(project))
    return [str(place["path"])] if place["exists"] else []
