"""Rows of an old database: which is which, what the numbers of a status say, and what has no place."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.cutover.bridge.legacy_tables import KINDS
from fairway_scripts.cutover.bridge.legacy_words import WORDS
from tests.support.old_database import OldDatabase, make_folder, set_engine, usual_database
from tests.support.shell import HOME, Checkout, make_checkout, queue_text, task
from tests.support.stored import rows, state

WHERE = ".git/agent_queue/agent_queue.db"
USUAL_STATE = "CREATE TABLE task_state (task_id TEXT, status TEXT)"
DAY = "2026-05-04 10:00:00"


def checkout(tmp_path: Path) -> Checkout:
    return make_folder(tmp_path, queue_text(task("B-1"), task("B-2"), task("B-3")))


def take_over(project: Checkout, *words: str) -> Any:
    return project.ok("queue-import", "--legacy-db", WHERE, "--json", *words).json


# --- which row is which -----------------------------------------------------------------------------------


def evidence(project: Checkout) -> list[tuple[str, str]]:
    return [(row["task_id"], row["command_text"]) for row in rows(project, "task_evidence")]


def test_a_row_that_has_the_number_of_a_pruned_one_is_another_row(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    for name in ("B-1", "B-2"):
        old.add("task_evidence", task_id=name, command_text=f"make {name}", result="pass", created_at=DAY)
    take_over(project)
    old.run("DELETE FROM task_evidence WHERE id = 2")
    assert old.add("task_evidence", task_id="B-3", command_text="make other", result="fail", created_at=DAY) == 2
    answer = take_over(project)
    assert (answer["new"], answer["changed"]) == (1, 0)
    assert evidence(project) == [("B-1", "make B-1"), ("B-2", "make B-2"), ("B-3", "make other")]


@pytest.mark.parametrize("number", [1, 2, 3], ids=["first", "in the middle", "last"])
def test_the_mirror_does_not_miss_it_either(tmp_path: Path, number: int) -> None:
    project = make_checkout(tmp_path, queue_text(task("A-1", "A-backend"), task("A-2", "A-backend")), lanes=[])
    project.ok("queue-import")
    set_engine(project, "A-backend", "legacy")
    old = usual_database(project)
    for second in range(1, 4):
        at = f"2026-05-04 10:00:0{second}"
        old.add("task_evidence", task_id="A-1", command_text=f"make {second}", result="pass", created_at=at)
    project.ok("queue-ready")
    old.run(f"DELETE FROM task_evidence WHERE id = {number}")
    old.add(
        "task_evidence",
        id=number,
        task_id="A-1",
        command_text="make 9",
        result="fail",
        created_at="2026-05-05 10:00:00",
    )
    project.ok("queue-ready")
    assert [row["command_text"] for row in rows(project, "task_evidence")] == ["make 1", "make 2", "make 3", "make 9"]
    project.ok("queue-verify")


def test_what_was_noted_by_its_number_alone_is_still_known(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    old.add("task_evidence", task_id="B-1", command_text="make", result="pass", created_at=DAY)
    take_over(project)
    store = OldDatabase(project.store, "")
    store.run(
        "UPDATE legacy_rows SET legacy_key = '1', content_hash = substr(content_hash, 1, instr(content_hash, ':') - 1)"
    )
    answer = take_over(project)
    assert (answer["new"], answer["changed"]) == (0, 0)
    assert evidence(project) == [("B-1", "make")]


def test_a_mended_mapping_mends_what_came_in(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    schema = "CREATE TABLE task_state (task_id TEXT, status TEXT); CREATE TABLE task_evidence (id INTEGER PRIMARY KEY,"
    old = usual_database(project, f"{schema} task_id TEXT, command_text TEXT, result TEXT, how TEXT, created_at TEXT)")
    old.add("task_evidence", task_id="B-1", command_text="make", result="pass", how="ci-7", created_at=DAY)
    assert {"table": "task_evidence", "column": "how", "rows": 1} in take_over(project)["mapping"]["unplaced"]
    write_profile(project, '[legacy_db.evidence.columns]\nenvironment = "how"\n')
    assert take_over(project)["changed"] == 1
    assert [row["environment"] for row in rows(project, "task_evidence")] == ["ci-7"]


def write_profile(project: Checkout, text: str) -> None:
    os.makedirs(os.path.join(project.main, "compat"), exist_ok=True)
    with open(os.path.join(project.main, "compat", "profile.toml"), "w", encoding="utf-8") as file:
        file.write(text)


# --- the words of numbers ---------------------------------------------------------------------------------

NUMBERS = "CREATE TABLE tasks (id TEXT PRIMARY KEY, status INTEGER NOT NULL{}, owner TEXT, branch TEXT)"


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(NUMBERS.format(", -- 0 todo, 1 in_progress, 2 blocked, 3 done\n  x TEXT"), id="a remark"),
        pytest.param(NUMBERS.format(" /* 0=open 1=wip 2=on_hold 3=closed */"), id="a remark with other words"),
        pytest.param(
            NUMBERS.format(" REFERENCES stages(n)")
            + "; CREATE TABLE stages (n INTEGER PRIMARY KEY, word TEXT);"
            + "INSERT INTO stages VALUES (0, 'todo'), (1, 'in_progress'), (2, 'blocked'), (3, 'done')",
            id="a table of words",
        ),
        pytest.param(
            NUMBERS.format("")
            + "; CREATE TABLE moves (n INTEGER PRIMARY KEY, task TEXT, old INTEGER, new INTEGER, told TEXT, at TEXT);"
            + "INSERT INTO moves VALUES (1, 'B-1', 0, 1, 'todo -> in_progress', '2026-05-04 10:00:00'),"
            + "(2, 'B-1', 1, 3, 'in_progress -> done', '2026-05-04 11:00:00'),"
            + "(3, 'B-2', 0, 2, 'todo -> blocked', '2026-05-04 11:00:00')",
            id="a history that tells it",
        ),
    ],
)
def test_what_a_number_stands_for_is_found_where_the_scripts_say_it(tmp_path: Path, schema: str) -> None:
    project = checkout(tmp_path)
    old = usual_database(project, schema)
    for name, status in (("B-1", 3), ("B-2", 2), ("B-3", 0)):
        old.add("tasks", id=name, status=status, owner="" if status == 0 else "B", branch="")
    take_over(project)
    assert [state(project, name)["status"] for name in ("B-1", "B-2", "B-3")] == ["done", "blocked", "todo"]


def test_a_number_of_which_nothing_is_said_is_named_and_not_guessed(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project, NUMBERS.format(""))
    old.add("tasks", id="B-1", status=3, owner="B", branch="")
    lines = project.ok("queue-import", "--legacy-db", WHERE).out.splitlines()
    [unclear] = [line for line in lines if line.startswith("unclear: tasks.status")]
    assert 'what 3 stands for is said nowhere (status); say [legacy_db.words.status] "3" = "..."' in unclear
    assert state(project, "B-1")["status"] == "todo"
    write_profile(project, '[legacy_db.words.status]\n3 = "done"\n')
    take_over(project)
    assert state(project, "B-1")["status"] == "done"


def test_a_number_that_is_new_gets_its_word_when_it_comes(tmp_path: Path) -> None:
    """Nobody was blocked when the database was looked at first."""
    project = make_checkout(tmp_path, queue_text(task("A-1", "A-backend"), task("A-2", "A-backend")), lanes=[])
    project.ok("queue-import")
    set_engine(project, "A-backend", "legacy")
    moves = "CREATE TABLE moves (n INTEGER PRIMARY KEY, task TEXT, old INTEGER, new INTEGER, told TEXT, at TEXT);"
    old = usual_database(project, f"{NUMBERS.format('')}; {moves}")
    old.add("tasks", id="A-1", status=1, owner="A", branch="")
    old.add("tasks", id="A-2", status=3, owner="A", branch="")
    old.add("moves", task="A-1", old=0, new=1, told="todo -> in_progress", at=DAY)
    old.add("moves", task="A-2", old=0, new=1, told="todo -> in_progress", at=DAY)
    old.add("moves", task="A-2", old=1, new=3, told="in_progress -> done", at=DAY)
    project.ok("queue-ready")
    assert state(project, "A-1")["status"] == "in_progress"
    old.run("UPDATE tasks SET status = 2 WHERE id = 'A-1'")
    old.add("moves", task="A-1", old=1, new=2, told="in_progress -> blocked", at="2026-05-05 10:00:00")
    project.ok("queue-ready")
    assert state(project, "A-1")["status"] == "blocked"


# --- what has no place, what is not sure, and the draft ---------------------------------------------------


def test_what_has_no_place_is_named_at_every_import(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    schema = "CREATE TABLE task_state (task_id TEXT PRIMARY KEY, status TEXT, mood TEXT, empty TEXT);"
    old = usual_database(project, f"{schema} CREATE TABLE budgets (day TEXT, amount REAL)")
    old.add("task_state", task_id="B-1", status="todo", mood="grim")
    old.add("budgets", day="monday", amount=3.5)
    for words in (("--dry-run",), (), ()):
        lines = project.ok("queue-import", "--legacy-db", WHERE, *words).out.splitlines()
        told = [line for line in lines if line.startswith("no place here for:")]
        assert told == [
            "no place here for: task_state.mood: 1 row(s) with a value",
            "no place here for: budgets: 1 row(s) with a value",
        ]


@pytest.mark.parametrize(
    "said", [[900, 901], [900, 1101], [1, 1200]], ids=["between", "in some of those", "at the ends"]
)
def test_a_column_that_says_something_in_a_few_of_many_rows_is_named_with_all_of_them(
    tmp_path: Path, said: list[int]
) -> None:
    """Not those that are deleted; and where it has a place by its cells it gets it."""
    project = checkout(tmp_path)
    schema = "CREATE TABLE task_evidence (id INTEGER PRIMARY KEY, task_id TEXT, command TEXT, result TEXT, mood TEXT,"
    old = usual_database(project, f"{USUAL_STATE}; {schema} whence TEXT, deleted INTEGER DEFAULT 0, at TEXT)")
    old.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO task_evidence"
        f" SELECT i, 'B-1', 'make', 'pass', iif(i BETWEEN {said[0]} AND {said[1]}, 'grim', NULL),"
        f" iif(i = {said[0]}, 'logs/make.log', ''), i % 10 = 0, '{DAY}' FROM n"
    )
    mapping = take_over(project)["mapping"]
    number = sum(place % 10 != 0 for place in range(said[0], said[1] + 1))
    assert {"table": "task_evidence", "column": "mood", "rows": number} in mapping["unplaced"]
    assert mapping["kinds"]["evidence"]["columns"].get("artifact_path") == (None if said[0] % 10 == 0 else "whence")


def test_cells_that_speak_against_a_name_win(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project, "CREATE TABLE task_state (task_id TEXT PRIMARY KEY, status TEXT, owner TEXT)")
    for name in ("B-1", "B-2", "B-3"):
        old.add("task_state", task_id=name, status="in_progress", owner=DAY)
    answer = take_over(project)
    assert "owner" not in answer["mapping"]["kinds"]["state"]["columns"]
    assert "is called like owner, but its cells are: time" in answer["mapping"]["findings"][0]["message"]


def test_the_draft_is_written_once_and_what_a_person_changed_stays(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    old.state("B-1", "done", owner="B", completed_at=DAY)
    first = take_over(project, "--write")
    assert not os.path.exists(project.store)
    path = os.path.join(project.main, first["profile"])
    assert "legacy_db.state" in first["added"]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert 'table = "task_state"  # its name' in text
    assert 'completed_at = "completed_at"  # its name' in text
    changed = text.replace('owner = "owner"  # its name', 'owner = ""  # nobody knows', 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(changed)
    assert take_over(project, "--write")["added"] == []
    with open(path, encoding="utf-8") as file:
        assert file.read() == changed
    take_over(project)
    assert (state(project, "B-1")["status"], state(project, "B-1")["owner"]) == ("done", "")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[legacy_db.state.columns]\ntask_id = 'id'\nstatsu = 'x'\n", 3, "statsu"),
        ("[legacy_db.stat]\ntable = 'x'\n", 1, "stat"),
        ("[legacy_db.words.verdicts]\nyes = 'approved'\n", 1, "verdicts"),
        ("[legacy_db.archive]\ntabel = 'x'\n", 2, "tabel"),
    ],
)
def test_an_unknown_key_is_refused_with_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    project = checkout(tmp_path)
    usual_database(project)
    write_profile(project, text)
    answer = project.run("queue-import", "--legacy-db", WHERE)
    assert answer.word == "invalid_config"
    assert f"profile.toml:{line}: " in answer.err
    assert what in answer.err
    assert "is not known here" in answer.err


def test_the_page_names_every_key_that_the_profile_may_hold() -> None:
    with open(os.path.join(HOME, "docs", "legacy-import.md"), encoding="utf-8") as file:
        table = [line for line in file if line.startswith("| `")]
    for kind in KINDS:
        [line] = [line for line in table if line.startswith(f"| `{kind.name}` |")]
        if kind.name != "archive":  # "the same"
            assert re.findall(r"`(\w+)`", line)[1:] == [column.name for column in kind.columns]
    [line] = [line for line in table if line.startswith("| `words` |")]
    assert re.findall(r"`(\w+)`", line)[1:] == list(WORDS)
