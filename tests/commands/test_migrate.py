"""queue-migrate: an older store is brought up to date when somebody asks for it, after a backup."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fairway_scripts.store.schema import SCHEMA_VERSION
from fairway_scripts.store.sqlite.migrations import apply_until
from tests.support.rings import CROWD
from tests.support.shell import Checkout, finish, make_checkout, queue_text, start_tool, task

OLD = 3
AT = "2026-05-04T08:00:00Z"


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A project whose store an older version made, with one archived task in it."""
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=None)
    os.makedirs(os.path.dirname(made.store))
    with closing(sqlite3.connect(made.store, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        apply_until(connection, OLD)
        connection.execute(
            "INSERT INTO archived_tasks (task_id, status, terminal, source) VALUES ('A-0', 'done', 1, 'a.yaml')"
        )
        connection.execute("COMMIT")
    return made


def version(path: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("queue-ready", ()),
        ("queue-claim", ("--role", "B-ui", "--owner", "B")),
        ("queue-import", ()),
        ("queue-verify", ()),
        ("queue-snapshot", ()),
    ],
)
def test_every_other_command_refuses_an_older_store_and_leaves_it(
    project: Checkout, tool: str, arguments: tuple[str, ...]
) -> None:
    answer = project.run(tool, *arguments)
    assert (answer.code, answer.word) == (2, "store_outdated")
    assert "hint: make queue-migrate" in answer.err
    assert version(project.store) == OLD


def test_an_older_store_can_still_be_backed_up(project: Checkout, tmp_path: Path) -> None:
    project.ok("queue-backup", "--output", str(tmp_path / "b.db"))
    assert version(str(tmp_path / "b.db")) == OLD


def test_a_dry_run_lists_the_due_steps_and_changes_nothing(project: Checkout) -> None:
    answer = project.ok("queue-migrate", "--dry-run", "--json").json
    assert len(answer["pending"]) == SCHEMA_VERSION - OLD
    assert (answer["applied"], answer["backup"], answer["schema_version"]) == ([], "", OLD)
    assert version(project.store) == OLD
    assert "backups" not in os.listdir(os.path.dirname(project.store))


def test_applies_the_due_steps_after_a_backup(project: Checkout) -> None:
    due = project.ok("queue-migrate", "--dry-run", "--json").json["pending"]
    answer = project.ok("queue-migrate", "--json", env={"FAIRWAY_NOW": AT}).json
    assert answer["applied"] == due
    assert answer["pending"] == []
    assert os.path.basename(answer["backup"]) == f"queue-before-schema-{SCHEMA_VERSION}-20260504T080000Z.db"
    assert version(answer["backup"]) == OLD
    assert version(project.store) == SCHEMA_VERSION
    with closing(sqlite3.connect(project.store)) as connection:
        assert connection.execute("SELECT task_id FROM archived_tasks").fetchall() == [("A-0",)]
    assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-1"]
    project.ok("queue-verify")


def test_of_processes_that_migrate_at_once_one_does_it(project: Checkout) -> None:
    started = [start_tool("queue-migrate", "--json", cwd=project.main) for _ in range(CROWD)]
    answers = [finish(process) for process in started]
    assert [answer.code for answer in answers] == [0] * CROWD, answers
    assert sorted(len(answer.json["applied"]) for answer in answers) == [0] * (CROWD - 1) + [SCHEMA_VERSION - OLD]
    assert len(os.listdir(os.path.join(os.path.dirname(project.store), "backups"))) == 1
    project.ok("queue-verify")


def test_says_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=None)
    project.ok("queue-import")
    assert project.ok("queue-migrate").out == f"nothing to do: schema {SCHEMA_VERSION} is the newest\n"
    assert project.ok("queue-migrate", "--dry-run").out.startswith("nothing to do")
    assert "backups" not in os.listdir(os.path.dirname(project.store))


def test_makes_no_store(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=None)
    answer = project.run("queue-migrate")
    assert (answer.code, answer.word) == (3, "not_found")
    assert not os.path.exists(project.store)


def test_refuses_a_newer_store(project: Checkout) -> None:
    project.ok("queue-migrate")
    with closing(sqlite3.connect(project.store)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    answer = project.run("queue-migrate")
    assert (answer.code, answer.word) == (2, "store_newer")


def test_through_make(project: Checkout) -> None:
    assert project.make("queue-migrate", "DRY_RUN=1").out.startswith(f"{SCHEMA_VERSION - OLD} step(s) are due\n")
    assert project.make("queue-migrate").out.startswith(f"migrated to schema {SCHEMA_VERSION}\n")
