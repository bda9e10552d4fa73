"""The part of a check-up that looks at the lanes' worktrees, from git's own files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import suggest, suggest_program
from fairway_scripts.board.orchestrator.findings import ERROR, NOTE, WARNING, finding
from fairway_scripts.git import references
from fairway_scripts.git.lane_state import lane_worktree
from fairway_scripts.lanes.elsewhere import on_other_machines
from fairway_scripts.project.lane_choice import worktree_root
from fairway_scripts.work.preflight import switch_command

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import DoctorFinding
    from fairway_scripts.project.project import Project


def lane_findings(project: Project) -> list[DoctorFinding]:
    """Lanes without a worktree on any machine, worktrees on other branches than their lanes, and ones that are gone."""
    if project.repository is None:
        return []
    worktrees = references.worktrees(project.repository)
    branches = {entry["path"]: entry["branch"] for entry in worktrees}
    gone = {entry["path"]: "" for entry in worktrees if entry["prunable"]}
    base = project.settings["fairway"]["main_branch"]
    found, places = [], on_other_machines(project)
    for lane in settings_of.lanes(project.settings):
        place = lane_worktree(project.repository, project.settings, lane, worktree_root(), worktrees)
        expected = settings_of.lane_branch(project.settings, lane)
        if not place["exists"] and lane in places:
            continue
        if place["path"] in gone:
            gone[place["path"]] = f", lane {lane} worked there"
        elif not place["exists"]:
            fix: str = suggest("worktree-setup", ROLE=lane)
            found.append(finding("worktree_missing", WARNING, f"lane {lane} has no worktree at {place['path']}", fix))
        elif branches.get(place["path"]) != expected:
            here = branches.get(place["path"]) or "no branch (detached)"
            message = f"{place['path']} is on {here}, lane {lane} works on {expected}"
            there = references.read_ref(project.repository, f"refs/heads/{expected}") is not None
            fix = switch_command(place["path"], expected, base, has_branch=there)
            reads = settings_of.is_review_branch(project.settings, branches.get(place["path"]))
            found.append(finding("wrong_branch", NOTE if reads else ERROR, message, fix))
    for path in branches:
        if _is_unlinked(path):
            message = f"{path} looks for its repository where it is not: no tool and no git works there"
            fix = suggest_program("git", "worktree", "repair")
            found.append(finding("worktree_unlinked", ERROR, message, fix))
    for path, worked in gone.items():
        message = f"git remembers a worktree at {path}, which is gone{worked}"
        found.append(finding("worktree_gone", WARNING, message, suggest_program("git", "worktree", "prune")))
    return found


def _is_unlinked(path: str) -> bool:
    """Whether the `.git` file of a worktree names a folder that is not there, as after the repository was moved."""
    try:
        with open(os.path.join(path, ".git"), "rb") as file:
            named = os.fsdecode(file.read(8192)).removeprefix("gitdir:").strip()
    except OSError:  # a main checkout has a folder there, a gone worktree nothing
        return False
    return not os.path.isdir(os.path.join(path, named))
