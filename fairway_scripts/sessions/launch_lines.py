"""The line that puts somebody to work in a lane, as it can be run on this machine with this configuration."""

from __future__ import annotations

import functools
import os
import shutil
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import suggest
from fairway_scripts.base.words import provider_commands as commands
from fairway_scripts.git.lane_state import lane_worktree
from fairway_scripts.project.lane_choice import worktree_root
from fairway_scripts.project.work_place import listed
from fairway_scripts.sessions.launch_plan import BY_HAND, UNSTARTED
from fairway_scripts.sessions.terminals import backends

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.base.errors import Hint
    from fairway_scripts.project.project import Project

ANYWHERE = "shell"
#: The tools of the lines that are made here.
TOOLS = ("session-launch", "worktree-setup")


def launch_lines(project: Project) -> Callable[[str, str], Hint]:
    """What makes the line for a lane and a task ("" for none): it launches the lane, or makes its worktree before.

    The lane's provider is started where its program is here, in the configured backend or else in a shell; where
    there is none to start, the session is opened by hand. A lane is looked at once, however many tasks it has.
    """
    how = functools.cache(functools.partial(_how, project))

    def line(lane: str, task_id: str) -> Hint:
        values = how(lane)
        if values is None:
            return suggest("worktree-setup", ROLE=lane)
        return suggest("session-launch", ROLE=lane, TASK_ID=task_id, **values)

    return line


def _how(project: Project, lane: str) -> dict[str, str | None] | None:
    """What a launch in the lane says besides its task; None while there is no worktree to launch in."""
    if _lacks_worktree(project, lane):
        return None
    backend = project.settings["sessions"]["default_backend"]
    if backend in UNSTARTED:
        return {}
    template = settings_of.provider_command(project.settings, settings_of.lane_provider(project.settings, lane))
    if commands.template_fault(template) or not shutil.which(commands.command_words(template, {})[0]):
        return {"BACKEND": BY_HAND}
    packet: dict[str, str | None] = {"PACKET": None} if "packet" in commands.placeholders(template) else {}
    return {**packet, "BACKEND": ANYWHERE if backends()[backend].available() else ""}


def is_launch_line(line: str) -> bool:
    """Whether a line is one of `launch_lines`."""
    words = getattr(line, "argv", [])[:3]
    return any(os.path.basename(word) in TOOLS for word in words)


def _lacks_worktree(project: Project, lane: str) -> bool:
    if project.repository is None or lane not in settings_of.lanes(project.settings):
        return False
    place = lane_worktree(project.repository, project.settings, lane, worktree_root(), listed(project))
    return not place["exists"]
