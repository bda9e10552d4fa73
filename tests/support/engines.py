"""Which engine the projects of tests use: FAIRWAY_TEST_ENGINE=postgres puts all of their stores on a server.

The fixture `engine` sets it for one test. A test has it by its project; `from tests.support.engines import engine` in
the conftest of a folder makes it known there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

import pytest

from fairway_scripts.base import clock
from tests.support.rings import some
from tests.support.server import SERVICE, server

FILE, SERVER = "file", "server"
#: For a test that every run asks of both engines; the others ask a file, and in a full run the server too.
on_both = pytest.mark.parametrize("engine", [FILE, SERVER], indirect=True)
#: For a test of what only a file has, or only a server.
on_file = pytest.mark.parametrize("engine", [FILE], indirect=True)
on_server = pytest.mark.parametrize("engine", [SERVER], indirect=True)


@pytest.fixture(params=some([FILE, SERVER], FILE))
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the stores of a test lie, for the tools that it calls and for what it does in this process."""
    if request.param == SERVER:
        for name, value in server().environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("FAIRWAY_TEST_ENGINE", "postgres")
    yield request.param
    clock._ahead = None  # a server's clock has been followed


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
