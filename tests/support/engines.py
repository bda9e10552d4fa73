"""Which engine the projects of tests use: FAIRWAY_TEST_ENGINE=postgres puts all of their stores on a server."""

from __future__ import annotations

import hashlib
import os

from tests.support.server import SERVICE, server


def engine_variables(cwd: str) -> dict[str, str]:
    """What a call in `cwd` needs in its environment so that its project's store is on a server; {} for a file."""
    if os.environ.get("FAIRWAY_TEST_ENGINE") != "postgres":
        return {}
    return {**server().environment, "QUEUE_DB": f"postgres:{SERVICE}/{schema_of(cwd)}"}


def schema_of(cwd: str) -> str:
    """The schema of the project that a folder is in: all of its worktrees have one."""
    place = os.path.realpath(cwd)
    while not os.path.exists(os.path.join(place, ".git")) and os.path.dirname(place) != place:
        place = os.path.dirname(place)
    link = os.path.join(place, ".git")
    if os.path.isfile(link):
        with open(link, encoding="utf-8") as file:
            place = file.read().removeprefix("gitdir: ").strip().partition("/.git/worktrees/")[0]
    return "t_" + hashlib.sha256(place.encode()).hexdigest()[:16]
