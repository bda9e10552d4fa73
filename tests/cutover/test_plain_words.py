"""An old database as most people would write one: keys everywhere, people in a table, payloads, a log of events."""

from __future__ import annotations

import os
from typing import Any

import pytest

from fairway_scripts.cutover.bridge.legacy_values import lane_named
from tests.cutover.shaped import WHERE, take_over
from tests.support.old_database import OldDatabase, set_engine
from tests.support.repositories import write_file
from tests.support.shell import Checkout
from tests.support.stored import rows, state

TABLES = """
CREATE TABLE lanes(id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE);
CREATE TABLE agents(id INTEGER PRIMARY KEY, handle TEXT NOT NULL UNIQUE, lane_id INTEGER REFERENCES lanes(id));
CREATE TABLE tasks(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, state TEXT NOT NULL, payload TEXT,
  assignee_id INTEGER REFERENCES agents(id), touched_at TEXT);
CREATE TABLE events(id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL REFERENCES tasks(id), kind TEXT NOT NULL,
  from_state TEXT, to_state TEXT, actor TEXT, data TEXT, at TEXT NOT NULL);
CREATE TABLE evidence(id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL REFERENCES tasks(id), command TEXT NOT NULL,
  outcome TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE reviews(id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL REFERENCES tasks(id), lane TEXT NOT NULL,
  person TEXT, verdict TEXT NOT NULL DEFAULT 'PENDING', at TEXT NOT NULL);
"""
AT = "2026-05-04 10:00:0"


@pytest.fixture
def plain(project: Checkout) -> OldDatabase:
    made = OldDatabase(os.path.join(project.main, WHERE), TABLES)
    for number, lane in enumerate(("B-ui", "D-arch", "E-governance"), 1):
        made.add("lanes", id=number, slug=lane)
    for number, name in ((1, "Ana O'Brien"), (2, "Ben Li")):
        made.add("agents", id=number, handle=name, lane_id=1)
    for number, (word, who) in enumerate((("in-review", 1), ("todo", None), ("CANCELLED", 2)), 1):
        key = 10 * number
        payload = '{"labels": ["ui"]}'
        made.add("tasks", id=key, key=f"B-{number}", state=word, payload=payload, assignee_id=who, touched_at=f"{AT}9")
    for key, who in ((10, "Ana O'Brien"), (30, "Ben Li")):
        made.add("events", task_id=key, kind="claimed", from_state="todo", to_state="doing", actor=who, at=f"{AT}1")
    made.add("evidence", task_id=10, command="make test all", outcome="ok", at=f"{AT}2")
    made.add("reviews", task_id=10, lane="D-ARCH", person="D", verdict="REWORK", at=f"{AT}4")
    made.add("reviews", task_id=10, lane="E-GOVERNANCE", at=f"{AT}5")
    return made


def look(project: Checkout) -> Any:
    return project.ok("queue-import", "--legacy-db", WHERE, "--dry-run", "--json").json["mapping"]


def history(project: Checkout, task_id: str) -> list[tuple[Any, ...]]:
    found = [row for row in rows(project, "task_state_history") if row["task_id"] == task_id]
    return [(row["to_status"], row["actor"]) for row in found[1:]]


def test_a_key_of_a_person_is_read_as_the_person(project: Checkout, plain: OldDatabase) -> None:
    """Also beside a column of JSON and one that is called `key`, and where the person has a lane."""
    take_over(project)
    assert (state(project, "B-1")["status"], state(project, "B-1")["owner"]) == ("in_progress", "Ana O'Brien")


def test_a_number_that_nobody_can_read_as_a_person_is_named_and_no_owner(project: Checkout, plain: OldDatabase) -> None:
    plain.run("DROP TABLE agents")
    unplaced = look(project)["unplaced"]
    take_over(project)
    assert state(project, "B-1")["owner"] == ""
    assert {"table": "tasks", "column": "assignee_id", "rows": 2} in unplaced


def test_a_word_that_asks_for_a_verdict_is_a_request_until_the_verdict_is_there(
    project: Checkout, plain: OldDatabase
) -> None:
    """The lanes are ours, however they are written."""
    take_over(project)
    assert [(row["role"], row["answered_by"]) for row in rows(project, "review_requests")] == [("E-governance", None)]
    plain.run("UPDATE reviews SET verdict = 'OK', person = 'E' WHERE lane = 'E-GOVERNANCE'")
    take_over(project)
    given = [(row["reviewer_role"], row["verdict"]) for row in rows(project, "task_reviews")]
    assert given == [("D-arch", "changes_requested"), ("E-governance", "approved")]
    assert [bool(row["answered_by"]) for row in rows(project, "review_requests")] == [True]


def test_a_status_that_is_none_of_ours_hides_no_other(project: Checkout, plain: OldDatabase) -> None:
    plain.run("ALTER TABLE tasks RENAME TO work")
    plain.run("ALTER TABLE work RENAME COLUMN state TO phase")
    problems = look(project)["findings"]
    take_over(project)
    assert state(project, "B-1")["status"] == "in_progress"
    assert [problem["decide"][:34] for problem in problems if "CANCELLED" in problem["message"]] == [
        "[legacy_db.words.status] CANCELLED"
    ]


@pytest.mark.parametrize("named", [False, True], ids=["found", "named by the profile"])
def test_a_log_that_also_says_when_something_was_recorded_stays_a_history(
    project: Checkout, plain: OldDatabase, *, named: bool
) -> None:
    """The records have tables of their own, so its rows of other kinds are no records."""
    if named:
        write_file(project.main, "compat/profile.toml", 'schema = "profile/2"\n[legacy_db.history]\ntable = "events"\n')
    take_over(project)
    for kind, data in (("evidence", '{"outcome": "ok"}'), ("review", '{"lane": "D-arch"}')):
        plain.add("events", task_id=10, kind=kind, actor="Ana O'Brien", data=data, at=f"{AT}6")
    plain.run("UPDATE tasks SET state = 'todo' WHERE key = 'B-1'")
    plain.add("events", task_id=10, kind="given back", from_state="doing", to_state="todo", actor="dora", at=f"{AT}8")
    take_over(project)
    assert history(project, "B-1") == [("in_progress", "legacy:Ana O'Brien"), ("todo", "legacy:dora")]


def test_what_lies_beside_the_old_database_and_is_not_read_is_named(project: Checkout, plain: OldDatabase) -> None:
    """A lane is not moved past an old database that is only called otherwise."""
    write_file(project.main, ".git/agent_queue/proofs.jsonl", '{"task": "B-1", "result": "pass"}\n')
    told = [finding["table"] for finding in look(project)["findings"] if "in the same folder" in finding["message"]]
    assert told == ["proofs.jsonl"]
    os.rename(plain.path, os.path.join(os.path.dirname(plain.path), "queue.dev.db"))
    set_engine(project, "B-ui", "legacy")
    assert "queue.dev.db: set bridge.legacy_db" in project.ok("queue-list", env={"FAIRWAY_ENGINE": "fairway"}).err
    got = project.run("lane-engine", "B-ui", "fairway", "why not")
    assert (got.word, "queue.dev.db: set bridge.legacy_db" in got.err) == ("parity_mismatch", True)


def test_a_time_that_lies_ahead_is_told_for_it_may_be_that_of_another_zone(
    project: Checkout, plain: OldDatabase
) -> None:
    plain.add("evidence", task_id=10, command="make", outcome="ok", at="2999-05-04 10:00:00")
    said = project.ok("queue-import", "--legacy-db", WHERE, "--dry-run").out
    assert said.count("lies ahead of now") == 1
    assert "evidence: 1 row(s): at lies ahead of now: a time without a zone is taken for UTC" in said


def test_a_lane_is_itself_before_it_is_one_that_is_written_alike() -> None:
    lanes = ["B-ui", "b_ui", "\u65e5\u672c", "\u524d\u7aef"]
    assert [lane_named(word, lanes) for word in ("b_ui", "B-ui", "\u524d\u7aef", "B UI", "", "\u2014")] == [
        *("b_ui", "B-ui", "\u524d\u7aef", "", "", "")
    ]
    assert lane_named("d_ARCH", ["D-arch", "B-ui"]) == "D-arch"
