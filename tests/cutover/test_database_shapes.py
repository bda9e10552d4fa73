"""Old databases whose tables are not one a kind.

Keys in the place of task ids, one table for all records, rows marked as deleted, lists in tables of their own: read as
they are meant, or listed; never wrongly in silence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from fairway_scripts.cutover.bridge import legacy_import, legacy_mapping
from fairway_scripts.project.opening import open_as_it_is
from tests.cutover.shaped import AT, TABLES, WHERE, Shaped, take_over
from tests.support.old_database import OldDatabase, make_folder
from tests.support.shell import Checkout, queue_text, task
from tests.support.stored import rows, state


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


@pytest.mark.parametrize(
    ("declared", "meant", "commands"),
    [
        (r"REFERENCES (\w+)\((\w+)\)", lambda found: found[0].upper(), "make test"),
        (r"(wq_task|wq_handoff)\(uid TEXT PRIMARY KEY", r"\1(uid TEXT UNIQUE", "make test"),
        (r"(?<=REFERENCES wq_handoff)\(uid\)", "(id)", "make test"),
        (r"(?<=wq_handoff\(uid TEXT) PRIMARY KEY|(?<=REFERENCES wq_handoff)\(uid\)", "", ""),
    ],
    ids=["in capitals", "to unique columns", "to a column that is not there", "to a table without a key"],
)
def test_references_are_read_as_they_are_declared(
    project: Checkout, declared: str, meant: str | Callable[[re.Match[str]], str], commands: str
) -> None:
    """In any case, to any column that tells the rows apart; a list of which nobody says whose it is, is none."""
    old = Shaped(os.path.join(project.main, WHERE), re.sub(declared, meant, TABLES))
    old.fill()
    old.entry("e-1", "evidence", "u-1", bodyText="make test all", outcome="OK")
    old.entry("e-2", "review", "u-1", authorName="dora", authorRole="D-arch", outcome="REWORK")
    old.add("wq_handoff", uid="h-1", taskId="u-1", ownerName="ben", commitSha="3993e614", createdMs=AT)
    old.add("wq_handoffLine", handoffId="h-1", section="command", lineNo=1, lineText="make test")
    answer = take_over(project)
    assert state(project, "B-1")["status"] == "in_progress"
    assert [row["task_id"] for row in rows(project, "task_evidence")] == ["B-1"]
    assert [row["commands"] for row in rows(project, "task_handoffs")] == [commands]
    assert bool(commands) != ("wq_handoffLine" in answer["mapping"]["tables"])


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


@pytest.mark.parametrize(
    ("sorting", "evidence", "counts"),
    [
        ("", "i % 2", (496, 497)),
        (" COLLATE NOCASE", "i % 2", (496, 497)),
        ("", "i NOT BETWEEN 401 AND 600", (799, 194)),
    ],
    ids=["as written", "in any case", "one kind at both ends"],
)
def test_every_row_of_a_table_of_several_kinds_is_counted(
    project: Checkout,
    old: Shaped,
    sorting: str,
    evidence: str,
    counts: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also what stands far from its first and its last rows, and rows that say no kind; nothing is looked for twice."""
    old.run("DROP TABLE wq_entry")
    old.run(
        f"CREATE TABLE wq_entry(id INTEGER PRIMARY KEY, taskId TEXT REFERENCES wq_task(uid), kind TEXT{sorting},"
        " bodyText TEXT, outcome TEXT, authorRole TEXT, authorName TEXT, createdMs INTEGER)"
    )
    old.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO wq_entry"
        f" SELECT i, 'u-1', iif({evidence}, 'evidence', 'review'), 'make test all', iif({evidence}, 'ok', 'rework'),"
        f" 'D-arch', 'dora', {AT} + i FROM n"
    )
    for number, kind in (
        (1, None),
        (500, "handoff"),
        (501, None),
        (502, "Remark"),
        (503, ""),
        (504, "remark"),
        (505, "none of these"),
    ):
        old.run("UPDATE wq_entry SET kind = ? WHERE id = ?", kind, number)
    answer = take_over(project)
    read = {entry["table"]: entry["rows"] for entry in answer["tables"] if "wq_entry" in entry["table"]}
    beside = {place["table"]: place["rows"] for place in answer["mapping"]["unplaced"] if not place["column"]}
    assert read == {"wq_entry[evidence]": counts[0], "wq_entry[review]": counts[1], "wq_entry[handoff]": 1}
    assert {"wq_entry[none of these]": 4, "wq_entry[Remark]": 1, "wq_entry[remark]": 1}.items() <= beside.items()
    assert sum(read.values()) + sum(rows for name, rows in beside.items() if "wq_entry" in name) == 1000
    old.run("UPDATE wq_entry SET kind = NULL WHERE id IN (502, 504)")
    told = take_over(project)["mapping"]["unplaced"]
    assert {"table": "wq_entry[none of these]", "column": "", "rows": 6} in told
    monkeypatch.chdir(project.main)
    monkeypatch.delattr(legacy_mapping, "find_mapping")
    legacy_import.data_without_a_place(open_as_it_is(SimpleNamespace(actor="ana", tool="lane-engine")))


def test_a_column_that_says_nothing_where_it_is_looked_at_is_looked_into_once(
    project: Checkout, old: Shaped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cells are in rows that are deleted; a further one counts again."""
    old.run("ALTER TABLE wq_entry ADD COLUMN aside TEXT")
    old.entry("e-5", "evidence", "u-1", bodyText="make lint now", outcome="OK", isDeleted="t", aside="not this one")
    take_over(project)
    monkeypatch.chdir(project.main)
    monkeypatch.setattr(legacy_mapping, "find_mapping", lambda *_facts: pytest.fail("it was looked into again"))
    legacy_import.data_without_a_place(open_as_it_is(SimpleNamespace(actor="ana", tool="lane-engine")))
    old.entry("e-6", "evidence", "u-1", bodyText="make lint again", outcome="OK", aside="a word of its own")
    assert [row["notes"] for row in rows(project, "task_evidence")] == [""]
    take_over(project)
    assert {row["notes"] for row in rows(project, "task_evidence")} == {"", "a word of its own"}


def test_what_was_marked_as_deleted_is_not_taken_in(project: Checkout, old: Shaped) -> None:
    """Also not the history of a task whose row was deleted before it was made anew."""
    old.entry("e-5", "evidence", "u-1", bodyText="make lint now", outcome="OK", isDeleted="t")
    answer = take_over(project)
    assert [row["command_text"] for row in rows(project, "task_evidence")] == ["make test all"]
    assert "done" not in [row["to_status"] for row in rows(project, "task_state_history") if row["task_id"] == "B-2"]
    told = [left for entry in answer["tables"] for left in entry["not_placed"]]
    assert {"why": "marked as deleted (isDeleted)", "rows": 1, "keys": ["u-2"]} in told


def test_a_count_of_removed_lines_marks_no_row_as_deleted(project: Checkout, old: Shaped) -> None:
    """Nor does a column that says nothing yet, however it is called, until it says something."""
    for column in ("linesRemoved INTEGER", "files_deleted INTEGER", "deletedMs INTEGER"):
        old.run(f"ALTER TABLE wq_handoff ADD COLUMN {column}")
    for number, lines in enumerate((1, 0, None)):
        cells = {"ownerName": "ben", "commitSha": "3993e614", "createdMs": AT + number, "linesRemoved": lines}
        old.add("wq_handoff", uid=f"h-{number}", taskId="u-1", branchName="agent/B-ui", **cells)
    shape = take_over(project)["mapping"]["shape"]
    assert (len(rows(project, "task_handoffs")), "wq_handoff" in shape["void"]) == (3, False)
    old.add(
        "wq_handoff", uid="h-9", taskId="u-1", ownerName="ben", createdMs=AT + 9, files_deleted=1, deletedMs=AT + 10
    )
    answer = take_over(project)
    assert (len(rows(project, "task_handoffs")), answer["mapping"]["shape"]["void"]["wq_handoff"]) == (3, "deletedMs")
    told = [left["why"] for entry in answer["tables"] for left in entry["not_placed"]]
    assert "marked as deleted (deletedMs)" in told


@pytest.mark.parametrize("declared", ["INTEGER", "INTEGER NOT NULL DEFAULT 0"])
def test_the_only_row_may_be_deleted_later_too(project: Checkout, old: Shaped, declared: str) -> None:
    """The mark says nothing, or no, until then; then it says a time in every row."""
    old.run("ALTER TABLE wq_entry DROP COLUMN isDeleted")
    old.run(f"ALTER TABLE wq_entry ADD COLUMN deletedMs {declared}")
    old.run("DELETE FROM wq_entry WHERE entryType <> 'evidence'")
    take_over(project)
    assert [row["result"] for row in rows(project, "task_evidence")] == ["pass"]
    old.run(f"UPDATE wq_entry SET deletedMs = {AT}")
    take_over(project)
    assert [row["result"] for row in rows(project, "task_evidence")] == ["deleted"]


def test_a_table_of_what_was_removed_is_not_deleted_itself(project: Checkout, old: Shaped) -> None:
    old.run("CREATE TABLE wq_task_archive(task_id TEXT PRIMARY KEY, status TEXT, commit_sha TEXT, removed_at INTEGER)")
    old.add("wq_task_archive", task_id="B-9", status="CLOSED", commit_sha="3993e614", removed_at=AT)
    answer = take_over(project)
    assert (
        answer["mapping"]["kinds"]["archive"]["table"],
        "wq_task_archive" in answer["mapping"]["shape"]["void"],
    ) == (
        "wq_task_archive",
        False,
    )


def test_one_row_may_ask_several_lanes_and_a_later_review_answers(project: Checkout, old: Shaped) -> None:
    take_over(project)
    (review,) = rows(project, "task_reviews")
    asked = {row["role"]: row["answered_by"] for row in rows(project, "review_requests")}
    assert asked == {"D-arch": review["id"], "E-governance": None}
    old.entry("e-6", "review", "u-1", 9, authorName="eva", authorRole="E-governance", outcome="APPROVED")
    assert take_over(project)["new"] == 1
    assert all(row["answered_by"] for row in rows(project, "review_requests"))


def test_a_row_that_asks_nobody_we_know_is_told(project: Checkout, old: Shaped) -> None:
    """Once, however many it asks."""
    take_over(project)
    old.entry("e-7", "review_request", "u-1", askedRole="")
    old.entry("e-8", "review_request", "u-1", askedRole="nobody,noone")
    told = {left["why"]: left["rows"] for entry in take_over(project)["tables"] for left in entry["not_placed"]}
    assert told["it asks nobody, which is no lane"] == 1
    assert told["it asks nobody, which is no lane; it asks noone, which is no lane"] == 1


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
