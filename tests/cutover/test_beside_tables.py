"""Old databases that keep a part of what a task is elsewhere: marks of what is archived, leases, attributes, runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cutover.shaped import WHERE, take_over
from tests.support.old_database import Folder, OldDatabase, make_folder
from tests.support.shell import queue_text, task
from tests.support.stored import rows, state

TASKS = ("B-1", "B-2", "B-3", "B-4")
STATUSES = dict(zip(TASKS, ("todo", "in_progress", "in_progress", "done"), strict=True))
AT = "2026-05-04 10:00:0"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return make_folder(tmp_path, queue_text(*(task(name) for name in TASKS)))


def database(folder: Folder, *schema: str) -> OldDatabase:
    """A database with these tables; `tasks` is filled where it has a status of its own."""
    old = OldDatabase(os.path.join(folder.main, WHERE), ";".join(schema))
    for name, status in STATUSES.items():
        if "TABLE tasks" in schema[0] and "status TEXT" in schema[0]:
            old.add("tasks", id=name, status=status)
    return old


def unplaced(answer: Any) -> list[str]:
    return [".".join(filter(None, (place["table"], place["column"]))) for place in answer["mapping"]["unplaced"]]


@pytest.mark.parametrize("status", ["status TEXT", "status_id INTEGER REFERENCES statuses(id)"])
@pytest.mark.parametrize("mark", ["archived", "archived_at", "isArchived"])
def test_what_is_archived_is_no_live_task_but_what_is_finished_is_finished(
    folder: Folder, status: str, mark: str
) -> None:
    old = database(folder, f"CREATE TABLE tasks(id TEXT PRIMARY KEY, {status}, {mark} TEXT)")
    if "status_id" in status:
        old.run("CREATE TABLE statuses(id INTEGER PRIMARY KEY, name TEXT)")
        for number, word in enumerate(("TODO", "IN_PROGRESS", "DONE"), 1):
            old.add("statuses", id=number, name=word)
        for name, word in STATUSES.items():
            old.add("tasks", id=name, status_id={"todo": 1, "in_progress": 2, "done": 3}[word])
    old.run(f"UPDATE tasks SET {mark} = ? WHERE id IN ('B-3', 'B-4')", f"{AT}1" if mark.endswith("at") else "1")
    answer = take_over(folder)
    assert [state(folder, name)["status"] for name in TASKS] == ["todo", "in_progress", "todo", "done"]
    told = [(left["why"], left["keys"]) for entry in answer["tables"] for left in entry["not_placed"]]
    assert told == [(f"marked as deleted ({mark})", ["B-3"])]


def test_an_archived_record_opens_no_gate_and_a_flag_is_no_duration(folder: Folder) -> None:
    old = database(
        folder,
        "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT)",
        "CREATE TABLE evidence(task_id TEXT, no INTEGER, command TEXT, result TEXT, at TEXT, archived INTEGER,"
        " flaky INTEGER, PRIMARY KEY(task_id, no))",
    )
    for number, archived in enumerate((0, 1, 0)):
        cells = {"command": "make test all", "result": "pass", "at": f"{AT}{number}", "flaky": number % 2}
        old.add("evidence", task_id="B-2", no=number, archived=archived, **cells)
    answer = take_over(folder)
    assert [row["duration_seconds"] for row in rows(folder, "task_evidence")] == [None, None]
    assert "evidence.flaky" in unplaced(answer)


def test_a_key_of_two_columns_names_the_task_whatever_it_is_called(folder: Folder) -> None:
    old = database(
        folder,
        "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT, needs_review TEXT)",
        "CREATE TABLE reviews(project TEXT, ref TEXT, lane TEXT, verdict TEXT, who TEXT, commit_id TEXT, at TEXT,"
        " PRIMARY KEY(project, ref, lane)) WITHOUT ROWID",
    )
    old.run("UPDATE tasks SET needs_review = iif(id = 'B-1', 'N', 'Y')")
    for number, lane in enumerate(("D-arch", "E-governance")):
        cells = {"verdict": "approve", "who": "dora", "commit_id": "3993e614", "at": f"{AT}{number}"}
        old.add("reviews", project="gpuaas", ref="B-2", lane=lane, **cells)
    answer = take_over(folder)
    found = [(row["task_id"], row["reviewer_role"], row["reviewed_commit_sha"]) for row in rows(folder, "task_reviews")]
    assert found == [("B-2", "D-arch", "3993e614"), ("B-2", "E-governance", "3993e614")]
    assert [state(folder, name)["review_required"] for name in ("B-1", "B-2")] == [0, 1]
    assert answer["mapping"]["findings"] == []


@pytest.mark.parametrize(
    ("says", "passed", "failed"),
    [("ok TEXT", "Y", "N"), ("passed INTEGER", 1, 0), ("success TEXT", "true", "false"), ("exit_code INTEGER", 0, 2)],
)
def test_how_a_command_ended_may_be_a_flag_or_its_code(
    folder: Folder, says: str, passed: object, failed: object
) -> None:
    old = database(
        folder,
        "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT)",
        f"CREATE TABLE runs(id INTEGER PRIMARY KEY, task_id TEXT, command TEXT, {says}, at TEXT)",
    )
    for number, cell in enumerate((passed, failed)):
        old.run("INSERT INTO runs VALUES (?, 'B-2', 'make test all', ?, ?)", number, cell, f"{AT}{number}")
    assert unplaced(take_over(folder)) == []
    assert [row["result"] for row in rows(folder, "task_evidence")] == ["pass", "fail"]


def test_a_code_beside_a_result_is_none(folder: Folder) -> None:
    old = database(
        folder,
        "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT)",
        "CREATE TABLE runs(id INTEGER PRIMARY KEY, task_id TEXT, command TEXT, result TEXT, rc INTEGER, at TEXT)",
    )
    old.run("INSERT INTO runs VALUES (1, 'B-2', 'make test all', 'fail', 0, ?)", f"{AT}1")
    assert unplaced(take_over(folder)) == ["runs.rc"]
    assert [row["result"] for row in rows(folder, "task_evidence")] == ["fail"]


@pytest.mark.parametrize("arrow", [" -> ", "=>", " to "])
def test_a_history_may_tell_its_moves_as_text_alone(folder: Folder, arrow: str) -> None:
    old = database(
        folder,
        "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT)",
        "CREATE TABLE changes(id INTEGER PRIMARY KEY, task_id TEXT, change TEXT, by_whom TEXT, at TEXT)",
    )
    for number, (before, after) in enumerate((("todo", "in_progress"), ("in_progress", "done"))):
        cells = (number, f"{before.title()}{arrow}{after}", f"{AT}{number}")
        old.run("INSERT INTO changes VALUES (?, 'B-4', ?, 'ben', ?)", *cells)
    assert take_over(folder)["mapping"]["findings"] == []
    found = [
        (row["from_status"], row["to_status"], row["actor"])
        for row in rows(folder, "task_state_history")
        if row["task_id"] == "B-4" and row["actor"] == "legacy:ben"
    ]
    assert found == [("todo", "in_progress", "legacy:ben"), ("in_progress", "done", "legacy:ben")]
    old.run("INSERT INTO changes VALUES (8, 'B-4', ?, 'ben', ?)", f"done{arrow}todo", f"{AT}8")
    old.run("UPDATE tasks SET status = 'todo' WHERE id = 'B-4'")
    take_over(folder)
    assert state(folder, "B-4")["status"] == "todo"


@pytest.mark.parametrize("keys", ["TEXT", "INTEGER"])
@pytest.mark.parametrize("rowid", ["", " WITHOUT ROWID"])
def test_what_a_task_is_may_stand_by_its_name_in_a_table_of_values(folder: Folder, keys: str, rowid: str) -> None:
    own = "id TEXT PRIMARY KEY" if keys == "TEXT" else "id INTEGER PRIMARY KEY, task_key TEXT UNIQUE"
    old = database(
        folder,
        f"CREATE TABLE tasks({own}, phase TEXT)",
        f"CREATE TABLE task_meta(task_id {keys} REFERENCES tasks(id), key TEXT, value TEXT,"
        f" PRIMARY KEY(task_id, key)){rowid}",
    )
    ids = {name: name if keys == "TEXT" else number for number, name in enumerate(TASKS, 1)}
    for name, status in STATUSES.items():
        old.add("tasks", id=ids[name], phase=status, **({"task_key": name} if keys == "INTEGER" else {}))
    for name, key, value in (
        ("B-2", "owner", "ben"),
        ("B-2", "branch", "agent/B-ui"),
        ("B-3", "owner", "cyd"),
        ("B-1", "mood", "fine"),
        ("B-3", "mood", "fine"),
    ):
        old.add("task_meta", task_id=ids[name], key=key, value=value)
    assert unplaced(take_over(folder)) == ["tasks.mood"]
    assert [state(folder, name)["owner"] or "" for name in TASKS] == ["", "ben", "cyd", ""]
    old.add("task_meta", task_id=ids["B-3"], key="blocked_reason", value="waits for a contract")
    old.run("UPDATE tasks SET phase = 'blocked' WHERE id = ?", ids["B-3"])
    columns = take_over(folder)["mapping"]["kinds"]["state"]["columns"]
    assert columns["blocked_reason"] == "blocked_reason"


def test_evidence_may_lie_in_two_tables_and_its_result_come_later(folder: Folder) -> None:
    old = database(
        folder,
        "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT)",
        "CREATE TABLE runs(id INTEGER PRIMARY KEY, task_id TEXT, command TEXT, started TEXT)",
        "CREATE TABLE run_results(run_id INTEGER PRIMARY KEY REFERENCES runs(id), outcome TEXT, log_path TEXT)",
    )
    for number in (1, 2, 3):
        old.add("runs", id=number, task_id="B-2", command="make test all", started=f"{AT}{number}")
    old.add("run_results", run_id=1, outcome="passed", log_path="dist/1.log")
    old.add("run_results", run_id=2, outcome="failed", log_path="dist/2.log")
    assert unplaced(take_over(folder)) == []
    assert [row["result"] for row in rows(folder, "task_evidence")] == ["pass", "fail", "unknown"]
    old.add("run_results", run_id=3, outcome="passed", log_path="dist/3.log")
    take_over(folder)
    found = [(row["result"], row["artifact_path"]) for row in rows(folder, "task_evidence")]
    assert found == [("pass", "dist/1.log"), ("fail", "dist/2.log"), ("pass", "dist/3.log")]


def test_a_half_of_what_is_no_record_is_named(folder: Folder) -> None:
    old = database(
        folder,
        "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT)",
        "CREATE TABLE hosts(id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE host_disks(host_id INTEGER PRIMARY KEY REFERENCES hosts(id), free INTEGER, mount TEXT)",
    )
    for number in (1, 2):
        old.add("hosts", id=number, name=f"node{number}")
        old.add("host_disks", host_id=number, free=number, mount="/")
    assert unplaced(take_over(folder)) == ["host_disks", "hosts"]


LOG = "CREATE TABLE task_log(seq INTEGER PRIMARY KEY, task_id TEXT, status TEXT, owner TEXT, note TEXT, at INTEGER)"
VIEW = "CREATE VIEW now AS SELECT task_id, status, owner FROM task_log AS l"
VIEW += " WHERE seq = (SELECT max(seq) FROM task_log AS m WHERE m.task_id = l.task_id)"


def logged(folder: Folder, *schema: str) -> OldDatabase:
    old = database(folder, *schema)
    for number, (name, status, owner) in enumerate(
        (
            *(("B-1", "todo", None), ("B-2", "todo", None), ("B-2", "in_progress", "ben")),
            *(
                ("B-3", "in_progress", "cyd"),
                ("B-4", "in_progress", "dee"),
                ("B-3", "blocked", "cyd"),
                ("B-4", "done", "dee"),
            ),
        )
    ):
        old.add("task_log", task_id=name, status=status, owner=owner, at=1_777_888_800 + number)
    return old


@pytest.mark.parametrize("schema", [(LOG,), (LOG, VIEW)], ids=["a log", "a view of it"])
def test_where_no_table_is_the_state_the_last_rows_of_a_log_are_or_a_view(folder: Folder, schema: tuple[str]) -> None:
    old = logged(folder, *schema)
    table = "now" if len(schema) > 1 else "task_log[last]"
    assert take_over(folder)["mapping"]["kinds"]["state"]["table"] == table
    assert [state(folder, name)["status"] for name in TASKS] == ["todo", "in_progress", "blocked", "done"]
    assert [state(folder, name)["owner"] or "" for name in TASKS] == ["", "ben", "cyd", "dee"]
    folder.ok("queue-import", "--legacy-db", WHERE, "--write")
    assert (take_over(folder)["new"], take_over(folder)["changed"]) == (0, 0)
    old.add("task_log", task_id="B-1", status="in_progress", owner="eva", at=1_777_889_000)
    take_over(folder)
    assert (state(folder, "B-1")["status"], state(folder, "B-1")["owner"]) == ("in_progress", "eva")


def test_of_two_logs_none_is_the_state(folder: Folder) -> None:
    old = logged(folder, LOG, LOG.replace("task_log", "other_log"))
    old.run("INSERT INTO other_log SELECT * FROM task_log")
    answer = folder.run("queue-import", "--legacy-db", WHERE)
    assert (answer.code != 0, "task_log[last]: may be the state" in answer.err) == (True, True)


def test_a_log_of_what_tasks_were_is_no_table_of_checkpoints(folder: Folder) -> None:
    logged(folder, "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT)", LOG)
    assert unplaced(take_over(folder)) == ["task_log"]


def test_records_that_name_a_deleted_task_by_its_id_are_gone_with_it(folder: Folder) -> None:
    """Also those that were there when the task was deleted; what was made anew stays."""
    old = database(
        folder,
        "CREATE TABLE tasks(id TEXT, status TEXT, deleted_at TEXT)",
        "CREATE TABLE task_history(id INTEGER PRIMARY KEY, task_id TEXT, from_status TEXT, to_status TEXT, at TEXT)",
        "CREATE TABLE evidence(id INTEGER PRIMARY KEY, task_id TEXT, command TEXT, result TEXT, at TEXT)",
    )
    old.run("UPDATE tasks SET deleted_at = ? WHERE id = 'B-4'", f"{AT}9")
    old.run("INSERT INTO tasks VALUES ('B-1', 'done', ?)", f"{AT}9")
    for name in ("B-2", "B-4"):
        old.add("task_history", task_id=name, from_status="todo", to_status="in_progress", at=f"{AT}1")
        old.add("evidence", task_id=name, command="make test all", result="pass", at=f"{AT}2")
    old.add("task_history", task_id="B-4", from_status="in_progress", to_status="done", at=f"{AT}3")
    take_over(folder)
    assert [state(folder, name)["status"] for name in TASKS] == ["todo", "in_progress", "in_progress", "todo"]
    assert [(row["task_id"], row["result"]) for row in rows(folder, "task_evidence")] == [("B-2", "pass")]
    old.run("UPDATE tasks SET deleted_at = ? WHERE id = 'B-2'", f"{AT}9")
    take_over(folder)
    assert [(row["task_id"], row["result"]) for row in rows(folder, "task_evidence")] == [("B-2", "deleted")]
