"""Old databases that keep a part of what a task is elsewhere: marks of what is archived, leases, attributes, runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.cutover.shaped import WHERE, take_over
from tests.support.old_database import Folder, OldDatabase, make_folder
from tests.support.shell import queue_text, task
from tests.support.stored import rows, state

if TYPE_CHECKING:
    from pathlib import Path

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
        if "status TEXT" in schema[0]:
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
