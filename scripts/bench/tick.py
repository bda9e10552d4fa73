"""orchestrator-tick beside orchestrator-status: the time of both, and how many git processes a tick starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import git_check
from projects import missing, tool
from stopwatch import Call, Key, run

if TYPE_CHECKING:
    from projects import Project
    from stopwatch import Stopwatch

STATUS, TICK = "orchestrator-status", "orchestrator-tick"
LANES = ("A-backend", "B-ui", "C-ops", "D-arch", "E-governance")


def measure(watch: Stopwatch, projects: list[Project], rounds: int) -> dict[str, Any]:
    """`samples` by name and size (seconds) and `git_processes` by size; every lane gets a worktree first."""
    if missing(STATUS, TICK):
        return {"samples": {}, "git_processes": {}}
    for project in projects:
        _add_worktrees(project)
    calls = [Call(Key(name, project.size), tool(name), project.main) for name in (STATUS, TICK) for project in projects]
    samples = watch.rounds(rounds, 1, lambda _place: calls)
    counts = {project.size: git_check.git_processes(project, TICK) for project in projects}
    return {"samples": samples, "git_processes": counts}


def _add_worktrees(project: Project) -> None:
    for lane in LANES:
        path = os.path.join(project.folder, f"gpuas-{lane}")
        if not os.path.exists(path):
            run(["git", "worktree", "add", "--quiet", "--no-track", "-b", f"agent/{lane}", path], project.main)
