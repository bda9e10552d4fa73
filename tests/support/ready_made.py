"""Projects that are made once a process: every test finds its own at the same place, as it was when it was made.

A store, a worktree and what a repository remembers of them name their places: elsewhere a copy of them is no good.
"""

from __future__ import annotations

import atexit
import copy
import shutil
import subprocess
from collections.abc import Callable
from typing import Any, TypeVar

from tests.support.folders import fresh_folder

Made = TypeVar("Made")

#: Who makes it, and of what -> where it stands, and what came of it.
_made: dict[tuple[Any, ...], tuple[str, Any]] = {}


def ready_made(make: Callable[..., Made], *words: str) -> Made:
    """What `make(folder, *words)` made in its folder, which is brought back if it was asked for before."""
    wanted = (make, *words)
    if wanted not in _made:
        place = fresh_folder("ready-")
        atexit.register(_remove, place)
        _made[wanted] = (place, make(place, *words))
        subprocess.run(["cp", "-a", place, f"{place}.kept"], check=True)
    else:
        place = _made[wanted][0]
        subprocess.run(["rm", "-rf", place], check=True)
        subprocess.run(["cp", "-a", f"{place}.kept", place], check=True)
    found: Made = copy.copy(_made[wanted][1])
    return found


def _remove(place: str) -> None:
    for folder in (place, f"{place}.kept"):
        shutil.rmtree(folder, ignore_errors=True)
