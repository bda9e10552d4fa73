"""queue-git-check: its time, and how many git processes it starts."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from projects import missing, tool
from stopwatch import Call, Key, environment

if TYPE_CHECKING:
    from projects import Project
    from stopwatch import Stopwatch

NAME = "queue-git-check"


def measure(watch: Stopwatch, projects: list[Project], rounds: int) -> dict[str, Any]:
    """`samples` by size (seconds) and `git_processes` by size; both empty while there is no such tool."""
    if missing(NAME):
        return {"samples": {}, "git_processes": {}}
    calls = [Call(Key(NAME, project.size), tool(NAME), project.main, may_say_no=True) for project in projects]
    samples = watch.rounds(rounds, 1, lambda _place: calls)
    return {
        "samples": {key.size: values for key, values in samples.items()},
        "git_processes": {project.size: git_processes(project, NAME) for project in projects},
    }


def git_processes(project: Project, name: str) -> int:
    """How often a tool starts git, counted by a `git` that stands before the real one on PATH."""
    folder = os.path.join(project.folder, "counting")
    notes = os.path.join(folder, "calls")
    os.makedirs(folder, exist_ok=True)
    open(notes, "w", encoding="utf-8").close()
    wrapper = os.path.join(folder, "git")
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\necho x >> '{notes}'\nexec '{shutil.which('git')}' \"$@\"\n")
    os.chmod(wrapper, 0o755)
    path = folder + os.pathsep + os.environ["PATH"]
    subprocess.run(
        tool(name),
        cwd=project.main,
        env=environment({"PATH": path}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    with open(notes, encoding="utf-8") as file:
        return len(file.read().split())
