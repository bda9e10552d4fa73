"""One change is one transaction: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.project.changes import Change
from fairway_scripts.project.project import Project
from fairway_scripts.queue.opening import open_project
from tests.support.shell import make_checkout, queue_text, task


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An open project with one task."""
    checkout = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    monkeypatch.chdir(checkout.main)
    return open_project(arguments())


def arguments(**given: str) -> SimpleNamespace:
    return SimpleNamespace(tool="queue-claim", actor="ann", config="", queue_db="", queue_file="", **given)


def rows(project: Project, table: str) -> int:
    count: int = project.store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return count


def begin_and_fail(project: Project, problem: Exception) -> None:
    with Change(project, arguments()) as change:
        state = change.state("B-1")
        change.move(state, "x", "claim", status="in_progress", owner="B")
        change.record("claimed", "B-1", {})
        raise problem


@pytest.mark.parametrize("problem", [FairwayError("usage", "no"), RuntimeError("a fault"), KeyboardInterrupt()])
def test_what_fails_half_way_leaves_nothing(project: Project, problem: Exception) -> None:
    before = rows(project, "events"), rows(project, "task_state_history")
    with pytest.raises(type(problem)):
        begin_and_fail(project, problem)
    assert (rows(project, "events"), rows(project, "task_state_history")) == before
    with project.store.read() as tx:
        state = tx.one("tasks.state", task_id="B-1")
    assert state is not None
    assert (state["status"], state["owner"], state["version"]) == ("todo", "", 1)


def test_a_state_that_somebody_else_changed_is_not_written_over(project: Project) -> None:
    with Change(project, arguments()) as change:
        state = change.state("B-1")
        change.move(state, "x", "claim", status="in_progress")
        with pytest.raises(FairwayError, match="was changed at the same time"):
            change.move(state, "y", "claim", status="blocked")


def test_every_event_carries_the_hash_of_the_one_before(project: Project) -> None:
    for number in range(3):
        with Change(project, arguments()) as change:
            change.record("noted", "B-1", {"number": number})
    chain = project.store.connection.execute("SELECT previous_hash, hash FROM events WHERE task_id = 'B-1' ORDER BY id")
    found = chain.fetchall()
    assert [previous for previous, _own in found] == ["0" * 64, found[0][1], found[1][1]]
