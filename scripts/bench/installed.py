"""An installed tool beside the checkout's, both by the interpreter of the same environment."""

from __future__ import annotations

import os
import statistics
import sys
from typing import TYPE_CHECKING

from projects import HOME, PYTHON, Project
from stopwatch import Call, Key, run

if TYPE_CHECKING:
    from stopwatch import Stopwatch

TOOLS = ("queue-ready", "queue-task-detail")
_CHECKOUT, _INSTALLED = "checkout", "installed"


def measure(watch: Stopwatch, project: Project, rounds: int, folder: str) -> dict[str, float]:
    """How many times the checkout's time each tool takes when it is installed: the median of the ratios in a round."""
    scripts = _install(folder)
    words = {"queue-ready": ("--limit=20",), "queue-task-detail": (f"--task-id={project.spare[0]}",)}
    calls = []
    for name in TOOLS:
        # its own first line finds the interpreter, as it does for whoever types the name
        lines = {
            _CHECKOUT: (os.path.join(scripts, "python"), "-S", os.path.join(HOME, "bin", name)),
            _INSTALLED: (os.path.join(scripts, name),),
        }
        calls += [Call(Key(f"{name} {kind}", 0), (*line, *words[name]), project.main) for kind, line in lines.items()]
    samples = watch.rounds(rounds, 2, lambda _place: calls)
    found = {}
    for name in TOOLS:
        ours, theirs = (samples[Key(f"{name} {kind}", 0)] for kind in (_INSTALLED, _CHECKOUT))
        found[name] = statistics.median(installed / plain for installed, plain in zip(ours, theirs, strict=True))
    return found


def _install(folder: str) -> str:
    """Build the wheel and install it alone into an environment in `folder`; the folder with its commands."""
    place, wheels = os.path.join(folder, "installed"), os.path.join(folder, "wheels")
    run((sys.executable, "-m", "venv", "--without-pip", place), folder)
    run((PYTHON, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels), HOME)
    [wheel] = os.listdir(wheels)
    scripts = os.path.join(place, "bin")
    pip = (PYTHON, "-m", "pip", "--python", os.path.join(scripts, "python"))
    run((*pip, "install", "--quiet", "--no-deps", "--no-index", os.path.join(wheels, wheel)), folder)
    return scripts
