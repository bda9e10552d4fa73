"""A mapping that is completed only after a lane was forced over and returned: nothing is taken in twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.acceptance.cutover_ledger import STORE, read_side
from tests.acceptance.cutover_standins import B
from tests.compat.shadowed import make_shadowed
from tests.cutover.lived import TRUTH
from tests.legacy_standin.standin import need_ruby
from tests.support.older_scripts import force_over
from tests.support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.compat.shadowed import Shadowed

need_ruby()


def complete_mapping(project: Shadowed) -> None:
    """Write down what the old database holds, as a person who has found out."""
    with open(os.path.join(project.main, "compat", "profile.toml"), "a", encoding="utf-8") as profile:
        for kind, (table, columns) in TRUTH["b"].items():
            pairs = ", ".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
            profile.write(f'\n[legacy_db.{kind}]\ntable = "{table}"\ncolumns = {{{pairs}}}\n')
    git(project.main, "commit", "--quiet", "--all", "-m", "mapped")


def test_each_record_and_each_move_is_there_once_on_either_side(tmp_path: Path) -> None:
    project = make_shadowed(tmp_path, "b", mapped=False)
    assert project.asked("record-evidence", task="B-1", text="before", result="pass").code == 0
    project.settle()
    force_over(project, "B-ui")
    said = {"task": "B-2", "owner": "bea", "branch": "agent/B-ui", "sha": "", "reason": ""}
    for status in ("in_progress", "blocked", "in_progress"):
        assert project.asked("set-status", **{**said, "status": status, "reason": "as it goes"}).code == 0
    assert project.asked("record-evidence", task="B-2", text="make x", result="pass").code == 0
    head = git(project.main, "rev-parse", "HEAD")
    assert project.asked("set-status", **{**said, "status": "done", "sha": head}).code == 0
    project.ok("lane-engine", "B-ui", "legacy", "back")
    complete_mapping(project)
    project.ok("lane-engine", "B-ui", "shadow", "again")
    for _ in range(2):
        assert "0 new, 0 changed" in project.ok("queue-import", "--legacy-db", project.legacy_db).out
    project.ok("lane-engine", "--deliver")  # what could not be seen before is settled now
    assert "debt" not in project.ok("lane-engine").out
    here, there = read_side(project.store, STORE), read_side(project.legacy_db, B.tables)
    assert sorted(here.records) == [("evidence", "B-1", "before"), ("evidence", "B-2", "make x")]
    assert [entry[:2] for entry in sorted(there.records)] == [("evidence", "B-1"), ("evidence", "B-2")]
    moves = [("todo", "in_progress"), ("in_progress", "blocked"), ("blocked", "in_progress"), ("in_progress", "done")]
    assert (here.moves["B-2"], there.moves["B-2"]) == (moves, moves)
