"""A lane that was forced over while hardly anything of the old database was known: it goes back all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acceptance.cutover_ledger import STORE, read_side
from tests.acceptance.cutover_standins import B
from tests.compat.shadowed import make_shadowed
from tests.legacy_standin.standin import need_ruby
from tests.support.older_scripts import force_over
from tests.support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

need_ruby()


def test_a_lane_that_was_forced_over_unmapped_goes_back_with_every_move(tmp_path: Path) -> None:
    project = make_shadowed(tmp_path, "b", mapped=False)
    refused = project.run("lane-engine", "B-ui", "fairway", "go")
    assert "no table is known to hold the evidence" in refused.err
    assert "work_items.state: what 0 stands for is said nowhere" in refused.err
    force_over(project, "B-ui")
    said = {"task": "B-2", "owner": "bea", "branch": "agent/B-ui", "sha": "", "reason": ""}
    for status in ("in_progress", "blocked", "in_progress"):
        assert project.asked("set-status", **{**said, "status": status, "reason": "as it goes"}).code == 0
    assert project.asked("record-evidence", task="B-2", text="make x", result="pass").code == 0
    head = git(project.main, "rev-parse", "HEAD")
    assert project.asked("set-status", **{**said, "status": "done", "sha": head}).code == 0
    back = project.run("lane-engine", "B-ui", "legacy", "back")
    assert (back.code, back.word) == (0, ""), back
    project.ok("lane-engine", "--deliver")
    here, there = read_side(project.store, STORE), read_side(project.legacy_db, B.tables)
    done = [("todo", "in_progress"), ("in_progress", "blocked"), ("blocked", "in_progress"), ("in_progress", "done")]
    assert (there.moves["B-2"], here.moves["B-2"][:4]) == (done, done)
    assert (here.states["B-2"], there.states["B-2"]) == (("done", "bea"), ("done", "bea"))
    assert "debt" not in project.ok("lane-engine").out
