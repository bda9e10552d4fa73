"""An old database without a table of states: moves and a view over them, composite keys, JSON objects, Julian days.

What says nothing of a row is told; what could be two things is asked; nothing is taken for something else.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.cutover.shaped import WHERE
from tests.support.repositories import write_file
from tests.support.shell import Checkout
from tests.support.stored import rows, state

SHA = "3993e614" * 5
SCHEMA = """
CREATE TABLE lanes (lane_no INTEGER PRIMARY KEY, lane TEXT NOT NULL UNIQUE);
CREATE TABLE moves (queue TEXT DEFAULT 'main', job TEXT, step INTEGER, state TEXT, holder TEXT DEFAULT '', sha TEXT,
  why TEXT, mover TEXT, jd REAL, PRIMARY KEY (queue, job, step)) WITHOUT ROWID;
CREATE TABLE proofs (queue TEXT DEFAULT 'main', job TEXT, n INTEGER, doc TEXT, jd REAL, PRIMARY KEY (queue, job, n))
  WITHOUT ROWID;
CREATE TABLE handovers (queue TEXT DEFAULT 'main', job TEXT, n INTEGER, giver TEXT, sha TEXT, doc TEXT, jd REAL,
  PRIMARY KEY (queue, job, n)) WITHOUT ROWID;
CREATE TABLE signoffs (queue TEXT DEFAULT 'main', job TEXT, lane_no INTEGER REFERENCES lanes(lane_no), sha TEXT,
  asked_at TEXT, given_at TEXT, verdict TEXT, reader TEXT, PRIMARY KEY (queue, job, lane_no, sha)) WITHOUT ROWID;
CREATE VIEW board AS SELECT job, state, holder, sha, why, datetime(jd) AS since FROM moves m
  WHERE step = (SELECT max(step) FROM moves x WHERE x.job = m.job);
INSERT INTO lanes VALUES (20, 'B-ui'), (40, 'D-arch'), (50, 'E-governance');
"""
PROFILE = """
[legacy_db]
ignore = ["signoffs.asked_at"]
[legacy_db.state]
table = "board"
columns = {owner = "holder", claimant = ""}
[legacy_db.history]
table = "moves"
columns = {to_owner = "holder", actor = "mover"}
[legacy_db.handoffs]
columns = {owner = "giver"}
[legacy_db.reviews]
columns = {created_at = "given_at"}
"""


class Moves:
    """Such a database, in which B-1 is done, B-2 is worked on and B-3 is blocked."""

    def __init__(self, main: str) -> None:
        self.path = os.path.join(main, WHERE)
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self.run(SCHEMA)
        for place, (job, step, word, holder, why) in enumerate(
            (
                *(("B-1", 1, "OPEN", "", None), ("B-2", 1, "OPEN", "", None), ("B-3", 1, "OPEN", "", None)),
                *(("B-1", 2, "WORKING", "bea", None), ("B-1", 3, "CLOSED", "bea", None)),
                *(("B-2", 2, "WORKING", "ben", None), ("B-3", 2, "STUCK", "bea", "waits for a contract")),
            )
        ):
            cells = {"job": job, "step": step, "state": word, "holder": holder, "why": why}
            mover, sha = holder or "queue file", SHA if word == "CLOSED" else ""
            self.add("moves", **cells, mover=mover, sha=sha, jd=2461101.75 + place / 24)
        self.add("proofs", job="B-1", n=1, doc={"ran": "make test", "outcome": "FAIL", "secs": 12}, jd=2461101.8)
        self.add("proofs", job="B-1", n=2, doc={"ran": "make all", "outcome": "PASS", "secs": 14}, jd=2461101.9)
        for job, ran in (("B-1", ["make test", "make all"]), ("B-2", ["make all"])):
            said = {"ran": ran, "files": ["web/app.ts"], "next": "review"}
            self.add("handovers", job=job, n=1, giver="bea", sha=SHA, doc=said, jd=2461101.95)
        asked = {"job": "B-1", "sha": SHA, "asked_at": "2026-03-02T17:00:00+01:00"}
        given = {"given_at": "2026-03-03T10:00:00+01:00", "verdict": "APPROVED", "reader": "dora"}
        self.add("signoffs", **asked, lane_no=40, **given)
        self.add("signoffs", **asked, lane_no=50)

    def run(self, text: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(text)

    def add(self, table: str, **cells: Any) -> None:
        values = [json.dumps(cell) if isinstance(cell, dict) else cell for cell in cells.values()]
        with closing(sqlite3.connect(self.path)) as connection, connection:
            marks = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {table} ({', '.join(cells)}) VALUES ({marks})", values)


@pytest.fixture
def moves(project: Checkout) -> Moves:
    return Moves(project.main)


def take_over(project: Checkout, profile: str = PROFILE) -> Any:
    write_file(project.main, "compat/profile.toml", profile)
    return project.ok("queue-import", "--legacy-db", WHERE, "--json").json


def test_without_a_table_of_states_the_one_view_of_them_is_read_and_of_two_both_are_told(
    project: Checkout, moves: Moves
) -> None:
    found = project.ok("queue-import", "--legacy-db", WHERE, "--dry-run", "--json").json
    assert found["mapping"]["kinds"]["state"]["table"] == "board"
    moves.run("CREATE VIEW wall AS SELECT * FROM board")
    answer = project.run("queue-import", "--legacy-db", WHERE)
    assert answer.word == "invalid_document"
    assert "board: may be the state: it is a view that names each task once; wall: may be the state" in answer.err
    assert "a view may be named as well: board, wall" in answer.err


def test_a_view_that_is_named_is_read_and_moves_are_what_they_are(project: Checkout, moves: Moves) -> None:
    """Not handoffs, though they hold tasks, commits and texts."""
    answer = take_over(project)
    assert {kind: entry["table"] for kind, entry in answer["mapping"]["kinds"].items()} == {
        "state": "board",
        "history": "moves",
        "evidence": "proofs",
        "handoffs": "handovers",
        "reviews": "signoffs[answered]",
        "requests": "signoffs[open]",
    }
    assert answer["mapping"]["unplaced"] == []
    found = {name: state(project, name) for name in ("B-1", "B-2", "B-3")}
    assert [row["status"] for row in found.values()] == ["done", "in_progress", "blocked"]
    assert [row["owner"] for row in found.values()] == ["bea", "ben", "bea"]
    moves.add("moves", job="B-2", step=3, state="OPEN", jd=2461105.5)
    project.ok("queue-import", "--legacy-db", WHERE)
    assert (state(project, "B-2")["status"], state(project, "B-2")["owner"]) == ("todo", "")


def test_objects_are_read_by_their_keys_and_julian_days_as_times(project: Checkout, moves: Moves) -> None:
    take_over(project)
    told = ("command_text", "result", "duration_seconds", "created_at")
    assert [tuple(row[name] for name in told) for row in rows(project, "task_evidence")] == [
        ("make test", "fail", 12, "2026-03-02T07:12:00.000000Z"),
        ("make all", "pass", 14, "2026-03-02T09:36:00.000000Z"),
    ]
    assert [row["commands"] for row in rows(project, "task_handoffs")] == ["make test\nmake all", "make all"]
    moves.add("proofs", job="B-2", n=1, doc={"ran": "x y", "outcome": "PASS", "remark": "by hand"}, jd=2461106.5)
    project.ok("queue-import", "--legacy-db", WHERE)
    assert rows(project, "task_evidence")[-1]["notes"] == "by hand"


def test_a_row_that_asks_until_a_verdict_is_put_into_it_is_a_request_until_then(
    project: Checkout, moves: Moves
) -> None:
    """Its lane is a part of its key and counts all the same."""
    take_over(project)
    reviews, requests = rows(project, "task_reviews"), rows(project, "review_requests")
    told = [(row["reviewer_role"], row["reviewer"], row["verdict"], row["created_at"][:16]) for row in reviews]
    assert told == [("D-arch", "dora", "approved", "2026-03-03T09:00")]
    assert [(row["role"], row["answered_by"]) for row in requests] == [("E-governance", None)]
    moves.run("UPDATE signoffs SET verdict = 'REWORK', reader = 'ed', given_at = '2026-03-04T10:00:00+01:00' "
              "WHERE verdict IS NULL")  # fmt: skip
    project.ok("queue-import", "--legacy-db", WHERE)
    reviews = rows(project, "task_reviews")
    assert [(row["reviewer_role"], row["verdict"]) for row in reviews[1:]] == [("E-governance", "changes_requested")]
    assert [row["answered_by"] for row in rows(project, "review_requests")] == [reviews[1]["id"]]


def test_the_first_row_that_asks_is_a_request_though_every_other_was_answered_when_the_table_was_read(
    project: Checkout, moves: Moves
) -> None:
    """And the reviews that came in before stay the ones they are."""
    moves.run("DELETE FROM signoffs WHERE verdict IS NULL")
    take_over(project)
    before = rows(project, "task_reviews")
    moves.add("signoffs", job="B-1", sha=SHA, asked_at="2026-03-02T17:00:00+01:00", lane_no=50)
    answer = project.ok("queue-import", "--legacy-db", WHERE, "--json").json
    assert [row["role"] for row in rows(project, "review_requests")] == ["E-governance"]
    assert rows(project, "task_reviews") == before
    assert answer["left"] == 0


def test_a_task_of_several_rows_is_left_as_it_is_and_told(project: Checkout, moves: Moves) -> None:
    """Another queue has a task of the same name: whichever row is read last is not its state."""
    take_over(project)
    moves.add("moves", queue="zold", job="B-2", step=9, state="CLOSED", holder="zed", sha=SHA, jd=2461000.5)
    moves.run("DROP VIEW board; " + SCHEMA[SCHEMA.index("CREATE VIEW") : SCHEMA.index(";\nINSERT")].replace(
        "x.job = m.job", "x.job = m.job AND x.queue = m.queue"))  # fmt: skip
    answer = project.ok("queue-import", "--legacy-db", WHERE, "--json").json
    told = next(entry for entry in answer["tables"] if entry["kind"] == "state")["not_placed"]
    assert [(entry["rows"], entry["keys"]) for entry in told] == [(1, ["B-2"])]
    assert (state(project, "B-2")["status"], state(project, "B-2")["owner"]) == ("in_progress", "ben")


def test_another_database_beside_it_is_told_where_something_is_missing(project: Checkout, moves: Moves) -> None:
    with closing(sqlite3.connect(os.path.join(os.path.dirname(moves.path), "ops.db"))) as other:
        other.execute("CREATE TABLE seats (seat TEXT)")
    assert "sessions" in take_over(project)["mapping"]["missing"]
    said = project.ok("queue-import", "--legacy-db", WHERE, "--dry-run").out
    assert "unclear: ops.db: is another database in the same folder" in said


def test_a_refusal_names_each_column_that_is_not_clear_with_the_line_that_decides(project: Checkout) -> None:
    path = os.path.join(project.main, "two.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE work_items (slug TEXT PRIMARY KEY, desk TEXT, stage TEXT, rank INTEGER)")
        words = ("open", "wip", "held", "launched")
        kept = [(f"B-{number}", "B-ui", words[number % 4], number % 5 + 1) for number in range(1, 41)]
        connection.executemany("INSERT INTO work_items VALUES (?, ?, ?, ?)", kept)
        connection.commit()
    write_file(project.main, "compat/profile.toml", '[legacy_db.state]\ntable = "work_items"\n')
    answer = project.run("queue-import", "--legacy-db", path, "--dry-run")
    assert answer.word == "invalid_document", answer
    said = answer.err.splitlines()[0].split("; ")
    assert [line for line in said if line.startswith("work_items.rank: ")], said
    assert [line for line in said if line.startswith("say [legacy_db.words.status] ")], said
