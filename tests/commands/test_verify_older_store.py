"""A store that an older version made can be verified after queue-migrate; what cannot be proven of its past is said."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.base import jsonio
from fairway_scripts.store.ledger import START, event_hash
from fairway_scripts.store.sqlite.migrations import apply_until
from tests.support.shell import Checkout, make_checkout, queue_text, task

#: The last schema whose events held no rows.
OLD = 8
AT = "2026-05-04T08:00:00.000000Z"


def add(connection: sqlite3.Connection, table: str, **values: Any) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))


def old_store(path: str) -> None:
    """A store with a task in progress and one failed run, as the version before wrote it."""
    os.makedirs(os.path.dirname(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        apply_until(connection, OLD)
        about = {"title": "T", "role": "B-ui", "content_hash": "0" * 16, "created_at": AT, "updated_at": AT}
        add(connection, "task_definitions", id="B-1", source="q.yaml", position=0, **about)
        state = {"terminal": 0, "ready": 0, "open_blockers": 0, "role": "B-ui", "sort_priority": 1000}
        times = {"status_since": AT, "updated_at": AT, "claimed_at": AT, "claimant": "bee", "owner": "B"}
        numbers = {"sort_sequence": 0, "version": 2, "fence": 1}
        add(connection, "task_state", task_id="B-1", status="in_progress", **state, **times, **numbers)
        first = {"task_id": "B-1", "actor": "bee", "at": AT}
        add(connection, "task_state_history", to_status="todo", **first)
        moved = {"from_status": "todo", "to_status": "in_progress", "to_owner": "B"}
        add(connection, "task_state_history", **moved, **first)
        evidence = {"command_text": "make test", "result": "fail", "producer": "claim", "notes": "twice"}
        add(connection, "task_evidence", task_id="B-1", **evidence, recorded_by="bee", created_at=AT)
        before = {"status": "todo", "owner": None, "claimant": None, "claimed_at": None, "fence": 0}
        after = {"status": "in_progress", "owner": "B", "claimant": "bee", "claimed_at": AT, "fence": 1}
        hash_ = add_event(connection, START, "claimed", {"before": before, "after": after, "version": 2})
        told = {"table": "task_evidence", "row_id": 1, **evidence}
        add_event(connection, hash_, "evidence_recorded", told)
        connection.execute("COMMIT")


def add_event(connection: sqlite3.Connection, previous: str, kind: str, payload: dict[str, Any]) -> str:
    event = {"at": AT, "actor": "bee", "session_id": None, "tool": "t", "task_id": "B-1", "kind": kind}
    event |= {"payload": jsonio.dumps(payload), "request_id": None, "reverts": None, "previous_hash": previous}
    event["hash"] = event_hash(event)
    add(connection, "events", **event)
    return str(event["hash"])


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=None)
    old_store(made.store)
    return made


def tamper(project: Checkout, statement: str) -> None:
    with closing(sqlite3.connect(project.store)) as connection:
        connection.execute(statement)
        connection.commit()


def messages(project: Checkout) -> list[str]:
    answer = project.run("queue-verify", "--json")
    assert (answer.code, answer.word) == (1, "verify_failed"), answer
    return [problem["message"] for problem in answer.json["findings"]]


def test_a_migrated_store_is_sound_and_says_once_what_cannot_be_checked(project: Checkout) -> None:
    project.ok("queue-migrate")
    lines = project.ok("queue-verify").out.splitlines()
    assert lines[0].startswith("ok: ")
    assert lines[1].startswith("cannot be checked: 5 rows were recorded by an older version and are held only since")
    found = project.ok("queue-verify", "--json").json
    assert found["unproven"] == {
        "rows": 5,
        "event_id": 3,
        "tables": {"task_definitions": 1, "task_evidence": 1, "task_state": 1, "task_state_history": 2},
    }


def test_what_changes_after_the_migration_is_proven(project: Checkout) -> None:
    project.ok("queue-migrate")
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--blocked-reason", "x", "--actor", "bee")
    found = project.ok("queue-verify", "--json").json
    assert "task_state" not in found["unproven"]["tables"]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE task_evidence SET result = 'pass'", "result is pass, event 3 recorded fail"),
        ("UPDATE task_state SET fence = 7", "fence is 7, its events lead to 1"),
        ("DELETE FROM task_evidence", "task_evidence 1 of B-1: it is gone, event 3 holds it"),
        ("UPDATE task_definitions SET title = 'U'", "title is U, event 3 recorded T"),
        ("DELETE FROM events WHERE id = 2", "does not follow event 1 in the store"),
    ],
)
def test_an_edit_after_the_migration_is_found(project: Checkout, statement: str, told: str) -> None:
    project.ok("queue-migrate")
    tamper(project, statement)
    assert any(told in message for message in messages(project)), messages(project)


def test_an_edit_before_the_migration_is_found_where_the_older_events_say_something(project: Checkout) -> None:
    tamper(project, "UPDATE task_evidence SET result = 'pass'")
    tamper(project, "UPDATE task_state SET owner = 'Mallory'")
    project.ok("queue-migrate")
    found = messages(project)
    assert "task_evidence 1 of B-1: result is pass, event 2 recorded fail" in found
    assert "B-1: owner is Mallory, its events lead to B" in found


def test_a_snapshot_and_a_backup_of_an_older_store_come_in_sound(project: Checkout, tmp_path: Path) -> None:
    backup = str(tmp_path / "old.db")
    project.ok("queue-backup", "--output", backup)
    project.ok("queue-restore", "--from", backup, "--force")
    project.ok("queue-verify")
    snapshot = str(tmp_path / "s.json")
    project.ok("queue-snapshot", "--output", snapshot)
    project.ok("queue-restore", "--from", snapshot, "--force")
    project.ok("queue-verify")
