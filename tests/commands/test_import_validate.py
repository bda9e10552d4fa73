"""queue-import and queue-validate: reading a queue file because somebody asked for it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.shell import QUEUE_FILE, Checkout, make_checkout, queue_text, run_tool, task

FAULTY = """version: 1
roles: [A-backend, B-ui]
tasks:
- id: B-1
  title: First
  role: B-ui
  depends_on: [B-2]
- id: B-2
  title:
  role: X-none
  priority: soon
  depends_on: [B-1, B-3, B-2]
- id: B-1
  title: Again
  role: B-ui
  status: done
  estimate: 5
  acceptance_checks:
  - all tests pass
"""


def checkout(tmp_path: Path, *tasks: dict[str, object]) -> Checkout:
    return make_checkout(tmp_path, queue_text(*tasks), lanes=[], config=None)


def task_ids(project: Checkout) -> list[str]:
    with closing(sqlite3.connect(project.store)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM task_definitions ORDER BY id")]


# --- import -----------------------------------------------------------------------------------------------


def test_import_makes_the_store_and_counts_what_it_did(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2"))
    assert (
        project.ok("queue-import").out
        == f"imported 2 tasks from {QUEUE_FILE}: 2 added, 0 changed, 0 left, 0 archived\n"
    )
    project.write_queue(queue_text(task("B-1", title="Other"), task("B-3")))
    answer = project.ok("queue-import", "--json").json
    assert {name: answer[name] for name in ("tasks", "added", "changed", "left", "dry_run")} == {
        "tasks": 2,
        "added": 1,
        "changed": 1,
        "left": 1,
        "dry_run": False,
    }


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    project.ok("queue-import")
    events = project.ok("queue-snapshot").json["tables"]["events"]
    assert project.ok("queue-import").out == f"nothing new since the last import of 1 tasks from {QUEUE_FILE}\n"
    assert project.ok("queue-snapshot").json["tables"]["events"] == events


def test_import_never_touches_the_state_of_a_known_task(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.write_queue(queue_text(task("B-1", title="Other", status="todo", owner="file", commit="abc12345")))
    project.ok("queue-import")
    row = project.ok("queue-snapshot").json["tables"]["task_state"][0]
    assert (row["status"], row["owner"], row["commit_sha"]) == ("in_progress", "B", None)


def test_import_of_another_file(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    other = tmp_path / "other queue.yaml"
    other.write_text(queue_text(task("B-9")))
    assert project.make("queue-import", f"QUEUE_FILE={other}").code == 0
    assert task_ids(project) == ["B-9"]


def test_import_of_a_faulty_file_lists_every_fault_and_imports_nothing(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    project.ok("queue-import")
    project.write_queue(FAULTY)
    answer = project.run("queue-import")
    assert (answer.code, answer.word) == (1, "invalid_queue")
    assert f"{QUEUE_FILE}:9: B-2: title: " in answer.err
    assert f"{QUEUE_FILE}:13: B-1: id: " in answer.err
    assert task_ids(project) == ["B-1"]


def test_import_without_a_file_makes_no_store(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    os.unlink(project.queue_file)
    answer = project.run("queue-import")
    assert (answer.code, answer.word) == (3, "not_found")
    assert not os.path.exists(project.store)


def test_a_dry_import_counts_and_makes_no_store(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    assert project.ok("queue-import", "--dry-run").out.startswith("would import 1 tasks")
    assert not os.path.exists(project.store)


def test_a_dry_import_into_a_store_changes_nothing(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    project.ok("queue-import")
    before = project.ok("queue-snapshot").out
    project.write_queue(queue_text(task("B-2")))
    answer = project.ok("queue-import", "--dry-run", "--json").json
    assert (answer["added"], answer["left"], answer["dry_run"]) == (1, 1, True)
    assert project.ok("queue-snapshot").out == before


def test_a_dry_import_of_a_faulty_file_is_refused(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    project.write_queue(FAULTY)
    assert project.run("queue-import", "--dry-run").word == "invalid_queue"


# --- validate ---------------------------------------------------------------------------------------------


def validate(project: Checkout, *arguments: str) -> Any:
    return project.run("queue-validate", "--json", *arguments).json


def test_every_fault_is_a_line_in_the_order_of_the_file(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    project.write_queue(FAULTY)
    answer = project.run("queue-validate")
    assert (answer.code, answer.word) == (1, "invalid_queue")
    lines = answer.out.splitlines()
    numbers = [int(line.split(":")[1]) for line in lines]
    assert numbers == sorted(numbers)
    for start in (
        f"{QUEUE_FILE}:7: B-1: depends_on: dependency cycle: B-1 -> B-2 -> B-1",
        f"{QUEUE_FILE}:9: B-2: title: ",
        f"{QUEUE_FILE}:10: B-2: role: unknown lane X-none",
        f"{QUEUE_FILE}:11: B-2: priority: must be a whole number",
        f"{QUEUE_FILE}:12: B-2: depends_on: unknown dependency B-3",
        f"{QUEUE_FILE}:12: B-2: depends_on: a task cannot depend on itself",
        f"{QUEUE_FILE}:13: B-1: id: id is already taken",
        f"{QUEUE_FILE}:13: B-1: commit: status is done",
        f"{QUEUE_FILE}:19: B-1: acceptance_checks: warning: ",
    ):
        assert any(line.startswith(start) for line in lines), (start, lines)
    assert any(line.startswith(f"{QUEUE_FILE}:17: estimate: note: ") for line in lines)
    assert f"{QUEUE_FILE}: 8 error(s)" in answer.err


def test_a_valid_file_gives_no_line_and_a_summary_on_stderr(tmp_path: Path) -> None:
    answer = checkout(tmp_path, task("B-1")).ok("queue-validate")
    assert answer.out == ""
    assert f"{QUEUE_FILE} is valid (minimal): 1 task(s)" in answer.err


def test_warnings_and_notes_alone_are_valid(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1", acceptance_checks=["all tests pass"], colour="red"))
    answer = validate(project)
    assert (answer["ok"], answer["errors"], answer["warnings"], answer["notes"]) == (True, 0, 1, 1)
    assert [fault["level"] for fault in answer["findings"]] == ["warning", "note"]


def test_json_has_every_finding(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    project.write_queue(FAULTY)
    answer = validate(project, "--format", "json")
    assert (answer["schema"], answer["path"], answer["ok"]) == ("queue-validate/1", QUEUE_FILE, False)
    fault = next(fault for fault in answer["findings"] if fault["word"] == "duplicate_id")
    assert (fault["line"], fault["task_id"], fault["field"], fault["level"]) == (13, "B-1", "id", "error")
    assert fault["text"].startswith(f"{QUEUE_FILE}:13: B-1: id: ")


def test_the_profile_decides_what_is_required(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    assert validate(project, "--profile", "minimal")["ok"]
    missing = {fault["field"] for fault in validate(project, "--profile", "strict")["findings"]}
    assert {"priority", "status", "owner", "branch", "depends_on", "acceptance_checks", "notes"} <= missing
    answer = project.run("queue-validate", "--profile", "loose")
    assert (answer.code, answer.word) == (2, "usage")


def test_dependencies_may_be_in_the_store_or_in_an_archive(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("A-STORED", "A-backend"))
    project.ok("queue-import")
    archive = tmp_path / "gpuaas" / "doc/governance/archive/2026.yaml"
    archive.parent.mkdir()
    archive.write_text(queue_text(task("A-OLD", "A-backend", status="done", commit="abc12345")))
    project.write_queue(queue_text(task("B-1", depends_on=["A-STORED", "A-OLD"])))
    project.ok("queue-validate")
    project.write_queue(queue_text(task("B-1", depends_on=["A-NOWHERE"])))
    assert "A-NOWHERE" in project.run("queue-validate").out


def test_needs_and_makes_no_store(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    project.ok("queue-validate")
    assert not os.path.exists(project.store)


def test_works_on_a_lone_file_outside_any_project(tmp_path: Path) -> None:
    (tmp_path / "q.yaml").write_text(queue_text(task("B-1"), task("B-1")))
    answer = run_tool("queue-validate", "--queue-file", "q.yaml", cwd=str(tmp_path))
    assert (answer.code, answer.word) == (1, "invalid_queue")
    assert answer.out.startswith("q.yaml:")
    assert os.listdir(tmp_path) == ["q.yaml"]


def test_works_beside_a_store_that_cannot_be_used_and_says_so(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    os.makedirs(os.path.dirname(project.store))
    with open(project.store, "wb") as file:
        file.write(b"rubbish " * 1000)
    answer = project.ok("queue-validate")
    assert "without the store" in answer.err


def test_changes_nothing_in_the_store(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    project.ok("queue-import")
    before = project.ok("queue-snapshot").out
    project.write_queue(queue_text(task("B-2")))
    project.ok("queue-validate")
    assert project.ok("queue-snapshot").out == before


@pytest.mark.parametrize(("content", "line"), [("tasks: [\n", 2), ("tasks:\n- id: &a B-1\n", 2), ("- id: 'B\n", 2)])
def test_a_file_that_is_no_yaml_is_a_fault_with_a_line(tmp_path: Path, content: str, line: int) -> None:
    project = checkout(tmp_path)
    project.write_queue(content)
    faults = validate(project)["findings"]
    assert any(fault["line"] in (line - 1, line, line + 1) and fault["level"] == "error" for fault in faults), faults


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    answer = project.run("queue-validate", "--queue-file", "nowhere.yaml")
    assert (answer.code, answer.word) == (3, "not_found")
    assert "nowhere.yaml" in answer.err


def test_through_make_from_a_lane(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1"), task("B-1")), lanes=["B-ui"])
    answer = project.make("queue-validate", "PROFILE=minimal", cwd=project.lanes["B-ui"])
    assert answer.code == 2  # make's own
    assert answer.word == "invalid_queue"
    assert "id is already taken" in answer.out


def test_a_task_that_loses_its_last_dependency_is_ready(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2", depends_on=["B-1"]))
    assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-1"]
    project.write_queue(queue_text(task("B-1"), task("B-2", depends_on=[])))
    assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-1", "B-2"]
    project.ok("queue-verify")
