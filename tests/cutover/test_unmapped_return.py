"""A lane that was forced over while hardly anything of the old database was known: it goes back all the same.

A mapping that is completed afterwards takes nothing in twice.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.acceptance.cutover_ledger import STORE, read_side
from tests.acceptance.cutover_standins import B
from tests.compat.shadowed import Shadowed, make_shadowed
from tests.cutover.lived import TRUTH
from tests.legacy_standin.standin import need_ruby
from tests.support.older_scripts import force_over
from tests.support.repositories import git
from tests.support.rings import some

need_ruby()

MOVES = [("todo", "in_progress"), ("in_progress", "blocked"), ("blocked", "in_progress"), ("in_progress", "done")]


@pytest.fixture
def project(tmp_path: Path) -> Shadowed:
    """Stand-in b, of whose tables nothing is written down."""
    return make_shadowed(tmp_path, "b", mapped=False)


def set_status(project: Shadowed, status: str, sha: str = "") -> None:
    said = {"task": "B-2", "owner": "bea", "branch": "agent/B-ui", "reason": "as it goes"}
    assert project.asked("set-status", **said, status=status, sha=sha).code == 0


def go_there_and_back(project: Shadowed, *, finished: bool) -> None:
    """B-2 is worked on (and finished) on our side, in a lane that was forced over, and the lane goes back."""
    force_over(project, "B-ui")
    for status in ("in_progress", "blocked", "in_progress"):
        set_status(project, status)
    assert project.asked("record-evidence", task="B-2", text="make x", result="pass").code == 0
    if finished:
        set_status(project, "done", git(project.main, "rev-parse", "HEAD"))
    back = project.run("lane-engine", "B-ui", "legacy", "back")
    assert (back.code, back.word) == (0, ""), back


def complete_mapping(project: Shadowed) -> None:
    """Write down what the old database holds, as a person who has found out."""
    with open(os.path.join(project.main, "compat", "profile.toml"), "a", encoding="utf-8") as profile:
        for kind, (table, columns) in TRUTH["b"].items():
            pairs = ", ".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
            profile.write(f'\n[legacy_db.{kind}]\ntable = "{table}"\ncolumns = {{{pairs}}}\n')
    git(project.main, "commit", "--quiet", "--all", "-m", "mapped")


def test_a_lane_that_was_forced_over_unmapped_goes_back_with_every_move(project: Shadowed) -> None:
    refused = project.run("lane-engine", "B-ui", "fairway", "go")
    assert "no table is known to hold the evidence" in refused.err
    assert "work_items.state: what 0 stands for is said nowhere" in refused.err
    go_there_and_back(project, finished=True)
    project.ok("lane-engine", "--deliver")
    here, there = read_side(project.store, STORE), read_side(project.legacy_db, B.tables)
    assert (there.moves["B-2"], here.moves["B-2"][:4]) == (MOVES, MOVES)
    assert (here.states["B-2"], there.states["B-2"]) == (("done", "bea"), ("done", "bea"))
    assert "debt" not in project.ok("lane-engine").out


@pytest.mark.parametrize("finished", some([True, False], True))
def test_a_mapping_that_comes_later_takes_nothing_in_twice_and_misses_nothing(
    project: Shadowed, *, finished: bool
) -> None:
    assert project.asked("record-evidence", task="B-1", text="before", result="pass").code == 0
    project.settle()
    go_there_and_back(project, finished=finished)
    complete_mapping(project)
    project.ok("lane-engine", "B-ui", "shadow", "again")
    for _ in range(2):
        assert "0 new, 0 changed" in project.ok("queue-import", "--legacy-db", project.legacy_db).out
    project.ok("lane-engine", "--deliver")  # what could not be seen before is settled now
    assert "debt" not in project.ok("lane-engine").out
    here, there = read_side(project.store, STORE), read_side(project.legacy_db, B.tables)
    assert sorted(here.records) == [("evidence", "B-1", "before"), ("evidence", "B-2", "make x")]
    moves = MOVES if finished else MOVES[:3]
    assert (here.moves["B-2"], there.moves["B-2"]) == (moves, moves)
    if not finished:  # the older side goes on, with a move like one that it was told of
        set_status(project, "blocked")
        project.settle()
        assert read_side(project.store, STORE).moves["B-2"] == [*moves, ("in_progress", "blocked")]
