"""An old database of any size: what an import costs grows with its records, not faster."""

from __future__ import annotations

import sqlite3
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.cutover.bridge import legacy_scope
from fairway_scripts.cutover.bridge.legacy_import import import_legacy
from fairway_scripts.cutover.bridge.mirror import refresh_from_legacy
from fairway_scripts.project.opening import open_as_it_is
from tests.support.old_database import USUAL, OldDatabase, make_folder, set_engine, usual_database
from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.support.stored import rows

WHERE = ".git/agent_queue/agent_queue.db"
REQUESTS = (
    "CREATE TABLE review_requests (id INTEGER PRIMARY KEY, task_id TEXT, lane TEXT, commit_sha TEXT, created_at TEXT)"
)


def busy_project(tmp_path: Path, number: int) -> tuple[Checkout, OldDatabase]:
    """One task with so many handoffs, evidence that names them, reviews and requests."""
    project = make_folder(tmp_path / str(number), queue_text(task("B-1")))
    old = usual_database(project, USUAL + REQUESTS)
    with closing(sqlite3.connect(old.path)) as connection, connection:
        for place in range(1, number + 1):
            at = f"2026-05-04 {place // 3600:02d}:{place // 60 % 60:02d}:{place % 60:02d}"
            for statement, *cells in (
                ("task_handoffs (task_id, owner, created_at)", "ben", at),
                ("task_evidence (task_id, handoff_id, command_text, result, created_at)", place, "make", "pass", at),
                ("task_reviews (task_id, reviewer_role, verdict, created_at)", "D-arch", "approved", at),
                ("review_requests (task_id, lane, created_at)", "D-arch", at),
            ):
                marks = ", ?" * len(cells)
                connection.execute(f"INSERT INTO {statement} VALUES ('B-1'{marks})", cells)
    return project, old


def steps_of_an_import(project: Checkout) -> int:
    """What an import of everything costs, in thousands of SQLite's steps."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.main)
        opened = open_as_it_is(Namespace(tool="queue-import", actor="tester"))
        opened.store.connection.set_progress_handler(count, 1000)
        import_legacy(opened, WHERE, dry_run=False)
        opened.store.close()
    return counted


def test_a_task_with_many_records_costs_no_more_than_many_tasks_with_few(tmp_path: Path) -> None:
    few, many = busy_project(tmp_path, 200)[0], busy_project(tmp_path, 800)[0]
    for project in (few, many):
        project.ok("queue-import")
    assert steps_of_an_import(many) < 6 * steps_of_an_import(few)
    named = [(row["id"], row["handoff_id"]) for row in rows(many, "task_evidence")]
    assert all(number == handoff for number, handoff in named)
    assert [row["answered_by"] for row in rows(many, "review_requests")] == list(range(1, 801))


def test_taking_back_many_verdicts_does_not_either(tmp_path: Path) -> None:
    made: list[Any] = [busy_project(tmp_path, number) for number in (100, 400)]
    for project, old in made:
        old.run("ALTER TABLE task_reviews ADD COLUMN is_deleted INTEGER DEFAULT 0")
        old.run("UPDATE task_reviews SET is_deleted = 1 WHERE id = 1")
        project.ok("queue-import", "--legacy-db", WHERE)
        old.run("UPDATE task_reviews SET is_deleted = 1 WHERE id % 2 = 0")
    few, many = (steps_of_an_import(project) for project, _old in made)
    assert many < 6 * few
    answers = [row["answered_by"] for row in rows(made[1][0], "review_requests")]
    standing = [max((place | 1) - 1, 2) for place in range(1, 400)]  # ours of their next odd one: the first never came
    assert answers == [*standing, None]


def mirrored(tmp_path: Path) -> tuple[Checkout, OldDatabase]:
    """A task of which the older scripts are right, with three handoffs and a session."""
    project = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=[])
    project.ok("queue-import")
    set_engine(project, "B-ui", "legacy")
    old = usual_database(project)
    for number in (1, 2):
        old.state(f"B-{number}", "todo", owner="ben")
    for number in range(3):
        at = f"2026-05-04 10:00:0{number}"
        old.add("task_handoffs", task_id="B-1", owner="ben", risks="none", payload=b"\xff\x00", created_at=at)
    old.add("agent_sessions", id="s-1", role="B-ui", status="running", started_at="2026-05-04 10:00:00")
    project.ok("queue-ready")
    return project, old


def test_a_reading_after_one_new_row_looks_at_that_row_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, old = mirrored(tmp_path)
    looked_at: list[Any] = []
    look = legacy_scope.content_of
    monkeypatch.setattr(legacy_scope, "content_of", lambda row: (looked_at.append(row), look(row))[1])
    monkeypatch.chdir(project.main)
    old.add("task_evidence", task_id="B-1", command_text="make", result="pass", created_at="2026-05-04 10:00:00")
    opened = open_as_it_is(Namespace(tool="queue-ready", actor="tester"))
    assert (refresh_from_legacy(opened) or {}).get("new") == 1
    assert [row["command_text"] for row in looked_at] == ["make"]


@pytest.mark.parametrize(
    ("change", "table", "column", "value"),
    [
        ("UPDATE task_handoffs SET risks = 'many' WHERE id = 2", "task_handoffs", "risks", ["none", "many", "none"]),
        ("UPDATE agent_sessions SET status = 'failed'", "sessions", "status", ["failed"]),
        ("UPDATE task_state SET owner = 'zoe' WHERE task_id = 'B-2'", "task_state", "owner", ["ben", "zoe"]),
    ],
)
def test_a_row_that_changed_in_its_place_is_read_again(
    tmp_path: Path, change: str, table: str, column: str, value: list[str]
) -> None:
    project, old = mirrored(tmp_path)
    old.run(change)
    project.ok("queue-ready")
    assert [row[column] for row in rows(project, table)] == value
    project.ok("queue-verify")
