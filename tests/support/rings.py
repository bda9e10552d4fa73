"""The rings of the suite, and how long each of its tests takes: short for `make test`, full for `make test-all`.

A ring is a marker that every test has by the place of its file: `pytest -m unit`. Tests that are marked `endurance` as
well are left out of a short run; others have fewer examples, kills or places in it. No test is of the short run only.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Whether this run is the full one: FAIRWAY_TEST_LENGTH=full, which `make test-all` sets.
FULL = os.environ.get("FAIRWAY_TEST_LENGTH") == "full"
#: So many processes do the same at once.
CROWD = 16 if FULL else 6
#: folder of tests, or module right in tests/ -> ring; any other module there is of `unit`
RINGS = {
    **dict.fromkeys(("rules", "documents", "store", "operations", "workspace", "registry"), "unit"),
    **dict.fromkeys(("commands", "concurrency", "notify", "trackers", "agents"), "verbs"),
    **dict.fromkeys(("front", "served", "terminal", "dashboard"), "front"),
    **dict.fromkeys(("test_entry.py", "test_streams.py", "test_caller.py", "test_progress.py"), "front"),
    **dict.fromkeys(("make", "compat", "legacy_standin", "legacy_standin_b"), "make"),
    **dict.fromkeys(("acceptance", "cutover", "release", "test_hint_walk.py"), "acceptance"),
}


def ring(path: str) -> str:
    """The ring of a test file, given its path below `tests/`."""
    return RINGS.get(path.split("/", maxsplit=1)[0], "unit")


def length(short: int, full: int) -> int:
    """How much of something a test does: `short` for `make test`, `full` for `make test-all`."""
    return full if FULL else short


def some(cases: Iterable[Any], *short: Any) -> list[Any]:
    """Cases to parametrise by, of which a short run has those that are named: the others are not even collected.

    Without any that is named the test is of `endurance`.
    """
    found = list(cases)
    assert set(short) <= set(found), "a case for the short run does not exist any more"
    if short or FULL:
        return found if FULL else [case for case in found if case in short]
    return [pytest.param(*case if isinstance(case, tuple) else (case,), marks=pytest.mark.endurance) for case in found]
