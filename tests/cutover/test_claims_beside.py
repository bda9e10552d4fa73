"""Old databases that keep who holds a task in a table of its own: claims, leases, locks."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import Any

import pytest

from tests.cutover.shaped import WHERE
from tests.support.ready_made import ready_made
from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.support.stored import state

TASKS = """
CREATE TABLE items(id TEXT PRIMARY KEY, state TEXT, sha TEXT, updated_at TEXT);
INSERT INTO items VALUES ('B-1', 'in_progress', NULL, '2026-05-04 10:00:00'),
  ('B-2', 'todo', NULL, '2026-05-04 10:00:00'),
  ('B-3', 'done', '3993e614', '2026-05-04 10:00:00'), ('B-4', 'in_progress', NULL, '2026-05-04 11:00:00');
"""
MS = 1_777_888_800_000  # 2026-05-04T10:00:00Z
#: What each keeps: B-1 was held by ann and is by ben, B-2 was given back by cyd, B-3 was ended by dee, eve holds B-4.
KEPT = {
    "leases with an end": f"""
CREATE TABLE leases(item_id TEXT REFERENCES items(id), holder TEXT, taken_at INTEGER, until INTEGER,
  given_back_at INTEGER);
INSERT INTO leases VALUES ('B-1', 'ben', {MS}, {MS + 9}, NULL),
  ('B-1', 'ann', {MS - 5000}, {MS}, {MS - 3000}),
  ('B-2', 'cyd', {MS}, {MS + 9}, {MS + 5}), ('B-3', 'dee', {MS}, {MS + 9}, {MS + 5}),
  ('B-4', 'eve', {MS}, {MS + 9}, NULL);
""",
    "claims with a flag": """
CREATE TABLE task_claims(n INTEGER PRIMARY KEY, item TEXT, agent TEXT, at TEXT, released INTEGER DEFAULT 0);
INSERT INTO task_claims VALUES (1, 'B-1', 'ann', '2026-05-04 09:00:00', 1), (2, 'B-1', 'ben', '2026-05-04 10:00:00', 0),
  (3, 'B-2', 'cyd', '2026-05-04 10:00:00', 1), (4, 'B-3', 'dee', '2026-05-04 10:00:00', 1),
  (5, 'B-4', 'eve', '2026-05-04 10:00:00', 0);
""",
    "locks of people with numbers": """
CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT UNIQUE);
INSERT INTO people VALUES (101, 'ann'), (102, 'ben'), (103, 'cyd'), (104, 'dee'), (105, 'eve');
CREATE TABLE wq_locks(task TEXT, person_id INTEGER REFERENCES people(id), locked_on TEXT, expires_at TEXT,
  released_on TEXT);
INSERT INTO wq_locks VALUES
  ('B-1', 101, '2026-05-04T09:00:00Z', '2026-05-05T09:00:00Z', '2026-05-04T09:30:00Z'),
  ('B-1', 102, '2026-05-04T10:00:00Z', '2026-05-05T10:00:00Z', NULL),
  ('B-2', 103, '2026-05-04T10:00:00Z', '2026-05-05T10:00:00Z', '2026-05-04T10:30:00Z'),
  ('B-3', 104, '2026-05-04T10:00:00Z', '2026-05-05T10:00:00Z', '2026-05-04T10:30:00Z'),
  ('B-4', 105, '2026-05-04T10:00:00Z', '2026-05-05T10:00:00Z', NULL);
""",
}


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(*(task(f"B-{number}") for number in range(1, 5))), lanes=[])
    made.ok("queue-ready")
    return made


def run(project: Checkout, script: str) -> None:
    path = os.path.join(project.main, WHERE)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
    connection.close()


def take_over(project: Checkout, *words: str) -> Any:
    return project.ok("queue-import", "--legacy-db", WHERE, "--json", *words).json


@pytest.mark.parametrize("kept", KEPT)
def test_who_holds_a_task_is_whose_claim_has_not_ended(project: Checkout, kept: str) -> None:
    run(project, TASKS + KEPT[kept])
    mapping = take_over(project)["mapping"]
    assert {"owner", "claimant", "claimed_at"} <= mapping["kinds"]["state"]["columns"].keys()
    assert mapping["tables"] == []
    found = {name: state(project, name) for name in ("B-1", "B-2", "B-3", "B-4")}
    assert {name: row["claimant"] for name, row in found.items()} == {
        "B-1": "ben", "B-2": None, "B-3": None, "B-4": "eve",
    }  # fmt: skip
    assert (found["B-3"]["owner"], found["B-1"]["claimed_at"]) == ("dee", "2026-05-04T10:00:00.000000Z")


def test_a_claim_that_changes_later_is_seen_though_the_task_s_own_row_is_the_same(project: Checkout) -> None:
    run(project, TASKS + KEPT["claims with a flag"])
    take_over(project)
    before = state(project, "B-4")
    moved = "UPDATE task_claims SET released = 1 WHERE n = 5; "
    run(project, moved + "INSERT INTO task_claims VALUES (6, 'B-4', 'fay', '2026-05-04 12:00:00', 0)")
    take_over(project)
    after = state(project, "B-4")
    assert (before["claimant"], after["claimant"], after["fence"]) == ("eve", "fay", before["fence"] + 1)


def test_what_has_no_place_in_a_claim_is_named(project: Checkout) -> None:
    run(
        project,
        TASKS + KEPT["leases with an end"] + "ALTER TABLE leases ADD COLUMN mood TEXT; UPDATE leases SET mood = 1",
    )
    assert take_over(project, "--dry-run")["mapping"]["unplaced"] == [{"table": "leases", "column": "mood", "rows": 5}]


@pytest.mark.parametrize(
    ("end", "over", "held"),
    [
        ("released_at TEXT", "2026-05-04 10:30:00", None),
        ("released INTEGER", 1, 0),
        ("active INTEGER", 0, 1),
        ("is_active TEXT", "N", "Y"),
        ("state TEXT", "released", "active"),
        ("status TEXT", "EXPIRED", "HELD"),
    ],
)
def test_a_claim_that_has_ended_names_nobody_who_holds_the_task(
    project: Checkout, end: str, over: object, held: object
) -> None:
    """Though the task's status is still that of work, and who holds others is known by their numbers."""
    column = end.partition(" ")[0]
    run(
        project,
        "CREATE TABLE agents(id INTEGER PRIMARY KEY, handle TEXT UNIQUE);"
        "INSERT INTO agents VALUES (7, 'ann'), (8, 'ben');"
        "CREATE TABLE tasks(id INTEGER PRIMARY KEY, key TEXT UNIQUE, status TEXT, updated_ms INTEGER);"
        f"INSERT INTO tasks VALUES (1, 'B-1', 'in_progress', {MS}), (2, 'B-2', 'todo', {MS}), (3, 'B-3', 'done', {MS}),"
        f" (4, 'B-4', 'in_progress', {MS});"
        "CREATE TABLE claims(id INTEGER PRIMARY KEY, task_id INTEGER REFERENCES tasks(id),"
        f" agent_id INTEGER REFERENCES agents(id), claimed_ms INTEGER, lease_until_ms INTEGER, {end});",
    )
    with contextlib.closing(sqlite3.connect(os.path.join(project.main, WHERE))) as connection, connection:
        for task_id, agent, says in (
            (1, 7, over),
            (1, 8, over),
            (2, 7, over),
            (3, 8, over),
            (4, 7, over),
            (4, 8, held),
        ):
            cells = f"task_id, agent_id, claimed_ms, lease_until_ms, {column}"
            connection.execute(
                f"INSERT INTO claims ({cells}) VALUES (?, ?, {MS}, {MS + 60_000}, ?)", (task_id, agent, says)
            )
    assert take_over(project)["mapping"]["unplaced"] == []
    found = [state(project, f"B-{number}") for number in range(1, 5)]
    assert [row["claimant"] for row in found] == [None, None, None, "ben"]
    assert [row["owner"] or "" for row in found] == ["ben", "", "ben", "ben"]
    assert [row["lease_expires_at"] for row in found] == [None, None, None, "2026-05-04T10:01:00.000000Z"]


#: Columns beside `agent`, and a task and they in a row.
UNCLEAR = {
    "two people": ("worker TEXT, at TEXT", "B-1", "'bob', '2026-05-04 10:00:00'"),
    "a state of an unknown word": ("at TEXT, state TEXT", "B-1", "'2026-05-04 10:00:00', 'limbo'"),
    "no time": ("why TEXT", "B-1", "'it was free'"),
    "no task": ("at TEXT", "a bill", "'2026-05-04 10:00:00'"),
}


@pytest.mark.parametrize("unclear", UNCLEAR)
def test_a_table_of_claims_that_is_not_clear_stays_unread_and_is_named(project: Checkout, unclear: str) -> None:
    columns, about, cells = UNCLEAR[unclear]
    row = f"('{about}', 'ann', {cells})"
    run(
        project,
        f"{TASKS} CREATE TABLE claims(item TEXT, agent TEXT, {columns}); INSERT INTO claims VALUES {row}, {row}",
    )
    mapping = take_over(project, "--dry-run")["mapping"]
    assert mapping["tables"] == ["claims"]
    assert {"table": "claims", "column": "", "rows": 2} in mapping["unplaced"]


def test_what_the_tasks_say_themselves_goes_before_their_claims(project: Checkout) -> None:
    run(project, TASKS.replace("updated_at TEXT", "updated_at TEXT, claimed_by TEXT") .replace(":00')", ":00', 'gus')")
        + KEPT["claims with a flag"])  # fmt: skip
    take_over(project)
    assert (state(project, "B-1")["claimant"], state(project, "B-1")["owner"]) == ("gus", "ben")


@pytest.mark.parametrize("name", ["exit_code", "attempts", "rc", "bytes"])
def test_a_number_that_is_called_otherwise_is_no_duration(project: Checkout, name: str) -> None:
    columns = f"id INTEGER PRIMARY KEY, task_id TEXT, command TEXT, result TEXT, {name} INTEGER, at TEXT"
    row = "(1, 'B-1', 'make test', 'pass', 3, '2026-05-04 10:00:00')"
    run(project, f"{TASKS} CREATE TABLE evidence({columns}); INSERT INTO evidence VALUES {row}")
    mapping = take_over(project, "--dry-run")["mapping"]
    assert "duration_seconds" not in mapping["kinds"]["evidence"]["columns"]
    assert {"table": "evidence", "column": name, "rows": 1} in mapping["unplaced"]
