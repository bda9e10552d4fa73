"""Old databases whose tables are not one a kind.

Keys in the place of task ids, one table for all records, rows marked as deleted, lists in tables of their own: read as
they are meant, or listed; never wrongly in silence.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.old_database import OldDatabase, make_folder, set_engine
from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.support.stored import rows, state

if TYPE_CHECKING:
    from pathlib import Path

WHERE = ".git/agent_queue/agent_queue.db"
#: 2026-05-04T10:00:00Z
AT = 1_777_888_800_000
TABLES = """
CREATE TABLE wq_phase(id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
INSERT INTO wq_phase VALUES (10, 'OPEN'), (20, 'ACTIVE'), (30, 'HELD'), (90, 'CLOSED');
CREATE TABLE wq_task(uid TEXT PRIMARY KEY, taskKey TEXT NOT NULL, phaseId INTEGER NOT NULL REFERENCES wq_phase(id),
  heldBecause TEXT, ownerName TEXT, branchName TEXT, commitSha TEXT, finishedMs INTEGER, isDeleted TEXT DEFAULT 'f');
CREATE TABLE wq_entry(uid TEXT PRIMARY KEY, taskId TEXT NOT NULL REFERENCES wq_task(uid),
  entryType TEXT NOT NULL CHECK(entryType IN ('evidence', 'review', 'review_request', 'remark')),
  authorName TEXT, authorRole TEXT, bodyText TEXT, outcome TEXT, commitSha TEXT, durationMs INTEGER, askedRole TEXT,
  createdMs INTEGER NOT NULL, isDeleted TEXT DEFAULT 'f');
CREATE TABLE wq_handoff(uid TEXT PRIMARY KEY, taskId TEXT NOT NULL REFERENCES wq_task(uid), ownerName TEXT,
  branchName TEXT, commitSha TEXT, createdMs INTEGER NOT NULL);
CREATE TABLE wq_handoffLine(handoffId TEXT NOT NULL REFERENCES wq_handoff(uid),
  section TEXT NOT NULL CHECK(section IN ('command', 'result', 'file')), lineNo INTEGER NOT NULL,
  lineText TEXT NOT NULL, PRIMARY KEY(handoffId, section, lineNo)) WITHOUT ROWID;
CREATE TABLE wq_transition(id INTEGER PRIMARY KEY, taskId TEXT NOT NULL, fromPhaseId INTEGER, toPhaseId INTEGER,
  actorName TEXT, atMs INTEGER NOT NULL);
CREATE TABLE wq_trail(seq INTEGER PRIMARY KEY, taskKey TEXT, status TEXT, owner TEXT, commitSha TEXT, atMs INTEGER);
"""


class Shaped(OldDatabase):
    """A database of this shape, in which B-1 is worked on and B-2 was deleted and made anew."""

    def key(self, number: int) -> Any:
        """The key of a row."""
        return number if self.number is int else f"u-{number}"

    def fill(self, number: type = str) -> None:
        self.number = number
        for uid, key, phase, gone in (
            (self.key(1), "B-1", 20, "f"),
            (self.key(2), "B-2", 90, "t"),
            (self.key(3), "B-2", 10, "f"),
            (self.key(4), "B-3", 30, "f"),
        ):
            why = "waits for a contract" if phase == 30 else None
            self.add("wq_task", uid=uid, taskKey=key, phaseId=phase, heldBecause=why, ownerName="", isDeleted=gone)
        self.run("UPDATE wq_task SET ownerName = 'ben', branchName = 'agent/B-ui' WHERE uid = ?", self.key(1))
        for place, (uid, before, after) in enumerate(
            (
                (self.key(1), 10, 20),
                (self.key(2), 10, 20),
                (self.key(2), 20, 90),
                (self.key(4), 10, 20),
                (self.key(4), 20, 30),
            )
        ):
            self.add("wq_transition", taskId=uid, fromPhaseId=before, toPhaseId=after, actorName="ben", atMs=AT + place)
        for key, word in (("B-1", "ACTIVE"), ("B-2", "ACTIVE"), ("B-2", "CLOSED"), ("B-3", "HELD")):
            self.add("wq_trail", taskKey=key, status=word, owner="ben", commitSha="3993e614", atMs=AT)

    def entry(self, uid: Any, kind: str, task: Any, second: int = 0, **cells: Any) -> None:
        self.add("wq_entry", uid=uid, entryType=kind, taskId=task, createdMs=AT + 1000 * second, **cells)


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    made = make_checkout(tmp_path, queue_text(*(task(name) for name in ("B-1", "B-2", "B-3"))), lanes=[])
    made.ok("queue-import")
    return made


@pytest.fixture
def old(project: Checkout) -> Shaped:
    made = Shaped(os.path.join(project.main, WHERE), TABLES)
    made.fill()
    made.entry("e-1", "evidence", "u-1", 1, bodyText="make test all", outcome="OK", durationMs=95_000)
    made.entry(
        "e-2", "review", "u-1", 4, authorName="dora", authorRole="D-arch", outcome="REWORK", commitSha="3993e614"
    )
    made.entry("e-3", "review_request", "u-1", 3, askedRole="D-arch,E-governance", commitSha="3993e614")
    return made


def take_over(project: Checkout) -> Any:
    return project.ok("queue-import", "--legacy-db", WHERE, "--json").json


def test_keys_are_read_as_the_tasks_and_words_that_they_stand_for(project: Checkout, old: Shaped) -> None:
    answer = take_over(project)
    assert {kind: entry["table"] for kind, entry in answer["mapping"]["kinds"].items()} == {
        "state": "wq_task",
        "history": "wq_transition",
        "evidence": "wq_entry[evidence]",
        "handoffs": "wq_handoff",
        "reviews": "wq_entry[review]",
        "requests": "wq_entry[review_request]",
    }
    assert [(name, state(project, name)["status"]) for name in ("B-1", "B-2", "B-3")] == [
        ("B-1", "in_progress"),
        ("B-2", "todo"),
        ("B-3", "blocked"),
    ]
    assert [row["command_text"] for row in rows(project, "task_evidence")] == ["make test all"]


@pytest.mark.parametrize("keys", ["uid TEXT", "uid INTEGER"], ids=["texts", "numbers"])
def test_references_need_not_be_declared(project: Checkout, keys: str) -> None:
    """Then a column is called like the table that it refers to, and each of its cells is a key there."""
    schema = re.sub(r" REFERENCES \w+\(\w+\)", "", TABLES).replace("uid TEXT", keys)
    old = Shaped(os.path.join(project.main, WHERE), schema)
    old.fill(number=int if "INTEGER" in keys else str)
    old.entry(old.key(1), "evidence", old.key(1), bodyText="make test all", outcome="OK")
    old.entry(old.key(2), "review", old.key(1), authorName="dora", authorRole="D-arch", outcome="REWORK")
    old.add("wq_handoff", uid=old.key(1), taskId=old.key(1), ownerName="ben", commitSha="3993e614", createdMs=AT)
    old.add("wq_handoffLine", handoffId=old.key(1), section="command", lineNo=1, lineText="make test")
    take_over(project)
    found = [(name, state(project, name)["status"]) for name in ("B-1", "B-2", "B-3")]
    assert found == [("B-1", "in_progress"), ("B-2", "todo"), ("B-3", "blocked")]
    assert [row["task_id"] for row in rows(project, "task_evidence")] == ["B-1"]
    assert [row["commands"] for row in rows(project, "task_handoffs")] == ["make test"]


def test_a_log_of_what_tasks_were_is_neither_their_state_nor_anything_else(project: Checkout, old: Shaped) -> None:
    """It has tasks, statuses, owners, commits and times; its name says nothing, and it is told of."""
    mapping = take_over(project)["mapping"]
    assert "wq_trail" in mapping["tables"]
    assert {"table": "wq_trail", "column": "", "rows": 4} in mapping["unplaced"]


def test_each_kind_of_entry_is_its_own_and_one_that_has_no_place_is_told(project: Checkout, old: Shaped) -> None:
    old.entry("e-4", "remark", "u-1", bodyText="nice work so far")
    mapping = take_over(project)["mapping"]
    assert {"table": "wq_entry[remark]", "column": "", "rows": 1} in mapping["unplaced"]
    assert len(rows(project, "task_evidence")) == 1


def test_a_kind_that_is_new_is_seen_although_no_table_changed(project: Checkout, old: Shaped) -> None:
    old.run("DROP TABLE wq_entry")
    old.run(
        "CREATE TABLE wq_entry(uid TEXT PRIMARY KEY, taskId TEXT REFERENCES wq_task(uid), kind TEXT, bodyText TEXT,"
        " outcome TEXT, authorRole TEXT, authorName TEXT, createdMs INTEGER)"
    )
    for uid, kind, outcome in (("e-1", "evidence", "ok"), ("e-2", "review", "rework")):
        old.add(
            "wq_entry",
            uid=uid,
            taskId="u-1",
            kind=kind,
            bodyText="make test all",
            outcome=outcome,
            authorRole="D-arch",
            authorName="dora",
            createdMs=AT,
        )
    take_over(project)
    old.add("wq_entry", uid="e-3", taskId="u-1", kind="handoff", bodyText="over to you", createdMs=AT)
    assert "wq_entry[handoff]" in str(take_over(project)["mapping"])


def test_what_was_marked_as_deleted_is_not_taken_in(project: Checkout, old: Shaped) -> None:
    """Also not the history of a task whose row was deleted before it was made anew."""
    old.entry("e-5", "evidence", "u-1", bodyText="make lint now", outcome="OK", isDeleted="t")
    answer = take_over(project)
    assert [row["command_text"] for row in rows(project, "task_evidence")] == ["make test all"]
    assert "done" not in [row["to_status"] for row in rows(project, "task_state_history") if row["task_id"] == "B-2"]
    told = [left for entry in answer["tables"] for left in entry["not_placed"]]
    assert {"why": "marked as deleted (isDeleted)", "rows": 1, "keys": ["u-2"]} in told


def test_evidence_that_is_taken_back_later_opens_no_gate(project: Checkout, old: Shaped) -> None:
    set_engine(project, "B-ui", "legacy")
    project.ok("queue-ready")
    old.run("UPDATE wq_entry SET isDeleted = 't' WHERE uid = 'e-1'")
    project.ok("queue-ready")
    assert [row["result"] for row in rows(project, "task_evidence")] == ["deleted"]
    project.ok("queue-verify")


@pytest.mark.parametrize("keys", ["uid TEXT", "uid INTEGER"], ids=["texts", "numbers"])
def test_what_belongs_to_a_task_that_is_deleted_later_opens_no_gate(project: Checkout, keys: str) -> None:
    """Numbered rows are not read again while they are what they were; that their task is gone is told by no cell."""
    old = Shaped(os.path.join(project.main, WHERE), TABLES.replace("uid TEXT", keys))
    old.fill(number=int if "INTEGER" in keys else str)
    old.entry(old.key(1), "evidence", old.key(1), bodyText="make test all", outcome="OK")
    old.entry(old.key(2), "review", old.key(1), authorName="dora", authorRole="D-arch", outcome="APPROVED")
    set_engine(project, "B-ui", "legacy")
    project.ok("queue-ready")
    old.run("UPDATE wq_task SET isDeleted = 't' WHERE uid = ?", old.key(1))
    old.add("wq_task", uid=old.key(9), taskKey="B-1", phaseId=10, isDeleted="f")
    project.ok("queue-ready")
    (evidence,), (review,) = rows(project, "task_evidence"), rows(project, "task_reviews")
    assert (evidence["task_id"], evidence["result"], review["verdict"]) == ("B-1", "deleted", "deleted")
    left = [left["why"] for entry in take_over(project)["tables"] for left in entry["not_placed"]]
    assert "its task is marked as deleted" in left, "its history"
    project.ok("queue-verify")


def test_one_row_may_ask_several_lanes_and_a_later_review_answers(project: Checkout, old: Shaped) -> None:
    take_over(project)
    (review,) = rows(project, "task_reviews")
    asked = {row["role"]: row["answered_by"] for row in rows(project, "review_requests")}
    assert asked == {"D-arch": review["id"], "E-governance": None}
    old.entry("e-6", "review", "u-1", 9, authorName="eva", authorRole="E-governance", outcome="APPROVED")
    assert take_over(project)["new"] == 1
    assert all(row["answered_by"] for row in rows(project, "review_requests"))


def test_a_row_that_asks_nobody_we_know_is_told(project: Checkout, old: Shaped) -> None:
    old.entry("e-7", "review_request", "u-1", askedRole="")
    left = [left for entry in take_over(project)["tables"] for left in entry["not_placed"]]
    assert "it asks nobody, which is no lane" in [entry["why"] for entry in left]


def test_a_duration_has_the_unit_that_its_column_names(project: Checkout, old: Shaped) -> None:
    take_over(project)
    assert [row["duration_seconds"] for row in rows(project, "task_evidence")] == [95]


def test_the_lines_of_a_handoff_are_found_in_their_own_table(project: Checkout, old: Shaped) -> None:
    old.add(
        "wq_handoff",
        uid="h-1",
        taskId="u-1",
        ownerName="ben",
        branchName="agent/B-ui",
        commitSha="3993e614",
        createdMs=AT,
    )
    for section, number, text in (("command", 2, "make lint"), ("command", 1, "make test"), ("file", 1, "web/a.ts")):
        old.add("wq_handoffLine", handoffId="h-1", section=section, lineNo=number, lineText=text)
    take_over(project)
    (handoff,) = rows(project, "task_handoffs")
    assert (handoff["commands"], handoff["changed_files"]) == ("make test\nmake lint", "web/a.ts")


def test_a_status_of_which_nobody_says_what_it_stands_for_is_listed(project: Checkout, old: Shaped) -> None:
    old.run("UPDATE wq_phase SET word = 'ON_ICE' WHERE id = 30")
    (problem,) = [entry for entry in take_over(project)["mapping"]["findings"] if "ON_ICE" in entry["message"]]
    assert problem["decide"].startswith("[legacy_db.words.status] ON_ICE = ")
    assert state(project, "B-3")["status"] == "todo", "not even as far as the history is known"


def test_the_second_time_nothing_is_new(project: Checkout, old: Shaped) -> None:
    take_over(project)
    again = take_over(project)
    assert (again["new"], again["changed"]) == (0, 0)


def test_what_came_from_a_table_that_is_of_another_kind_opens_no_gate_any_more(project: Checkout, old: Shaped) -> None:
    """The profile is mended; what was taken in by mistake is not forgotten, and is told."""
    profile = os.path.join(project.main, "compat", "profile.toml")
    os.makedirs(os.path.dirname(profile), exist_ok=True)
    with open(profile, "w", encoding="utf-8") as file:
        file.write('[legacy_db.reviews]\ntable = "wq_trail"\ncolumns = {task_id = "taskKey", verdict = "status"}\n')
    take_over(project)
    assert {row["verdict"] for row in rows(project, "task_reviews")} >= {"ACTIVE", "CLOSED"}
    os.unlink(profile)
    answer = take_over(project)
    assert sorted({row["verdict"] for row in rows(project, "task_reviews")}) == ["changes_requested", "deleted"]
    (told,) = [entry for table in answer["tables"] for entry in table["remarks"] if "wq_trail" in entry["why"]]
    assert (told["why"], told["rows"]) == ("wq_trail holds no reviews; what was taken in from it stays as deleted", 4)
    assert take_over(project)["new"] == 0
    project.ok("queue-verify")


def test_a_column_that_means_nothing_can_be_named(tmp_path: Path) -> None:
    project = make_folder(tmp_path, queue_text(task("B-1")))
    schema = "CREATE TABLE task_state(task_id TEXT PRIMARY KEY, status TEXT, owner TEXT, mood TEXT)"
    old = OldDatabase(os.path.join(project.main, WHERE), schema)
    old.add("task_state", task_id="B-1", status="todo", owner="", mood="fine")
    assert [entry["column"] for entry in take_over(project)["mapping"]["unplaced"]] == ["mood"]
    os.makedirs(os.path.join(project.main, "compat"), exist_ok=True)
    with open(os.path.join(project.main, "compat", "profile.toml"), "w", encoding="utf-8") as file:
        file.write('[legacy_db]\nignore = ["task_state.mood"]\n')
    assert take_over(project)["mapping"]["unplaced"] == []
