"""queue-export: tasks of the store go into the queue file, and nothing else in it changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import git
from tests.support.shell import Answer, Checkout, make_checkout, run_tool
from tests.support.stored import events, rows, state

FILE = """\
# The queue of the lanes. Keep the order.
version: 1
roles:   [A-backend, B-ui]   # odd   blanks

tasks:
  - id: B-1
    title:   "Quoted"   # a remark
    role: B-ui
    notes: |
      Context: one

      # not a comment
# The end.
"""
NEW = """\
  - id: B-9
    title: New
    role: B-ui
    status: todo
    priority: 1
    owner: ''
    branch: ''
    completed_at: ''
    commit: ''
    depends_on:
    - B-1
    acceptance_checks:
    - make test
    notes: |-
      one
      two
"""


@pytest.fixture
def project() -> Checkout:
    """A queue file with comments and one task; B-9 in the store."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    project = make_checkout(parent, FILE, lanes=["B-ui"])
    words = ["--role", "B-ui", "--title", "New", "--priority", "1", "--notes", "one\ntwo"]
    project.ok("queue-add", "B-9", *words, "--depends-on", "B-1", "--acceptance", "make test")
    return project


def text_of(project: Checkout) -> str:
    with open(project.queue_file, encoding="utf-8", newline="") as file:
        return file.read()


def source(project: Checkout, task_id: str) -> str:
    (row,) = [row for row in rows(project, "task_definitions") if row["id"] == task_id]
    return str(row["source"])


def test_the_task_is_added_behind_the_last_and_the_rest_stays_byte_for_byte(project: Checkout) -> None:
    answer = project.ok("queue-export")
    assert answer.out == "exported 1 task(s) to doc/governance/Agent_Work_Queue.yaml:13\nB-9\n"
    assert text_of(project) == FILE.replace("# The end.\n", NEW + "# The end.\n")
    changed = git(project.main, "diff", "--numstat").split()
    assert changed[:2] == [str(NEW.count("\n")), "0"]
    project.ok("queue-validate")


def test_the_file_owns_the_task_afterwards_and_its_state_stays(project: Checkout) -> None:
    project.ok("queue-claim", "--task-id", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("queue-set-status", "B-1", "--status", "done", "--force", "--reason", "r", "--commit", "HEAD")
    project.ok("queue-claim", "B-9", "--role", "B-ui", "--owner", "Bea", "--actor", "ann")
    before, history = state(project, "B-9"), rows(project, "task_state_history", "B-9")
    project.ok("queue-export")
    after = state(project, "B-9")
    assert {**after, "sort_sequence": 0} == {**before, "sort_sequence": 0}
    assert rows(project, "task_state_history", "B-9") == history
    assert source(project, "B-9") == "doc/governance/Agent_Work_Queue.yaml"
    refused = project.run("queue-update", "B-9", "--title", "x")
    assert refused.word == "file_owned"
    assert "Agent_Work_Queue.yaml:13" in refused.err
    project.ok("queue-verify")


def test_a_fresh_store_reads_the_same_tasks_from_the_file(project: Checkout, tmp_path: Path) -> None:
    project.ok("queue-export")
    fresh = {"QUEUE_DB": str(tmp_path / "fresh.db")}
    here, there = project.detail("B-9"), project.ok("queue-task-detail", "B-9", "--json", env=fresh).json
    for name in ("title", "lane", "notes", "priority", "acceptance_checks", "dependencies", "status", "metadata"):
        assert there[name] == here[name], name


def test_a_second_export_has_nothing_to_do(project: Checkout) -> None:
    project.ok("queue-export")
    before = text_of(project)
    answer = project.ok("queue-export")
    assert "exported 0 task(s)" in answer.out
    assert "in the queue file already" in answer.err
    assert text_of(project) == before
    assert len(events(project, "", "tasks_exported")) == 1


def test_a_dry_run_shows_the_lines_and_changes_nothing(project: Checkout) -> None:
    answer = project.ok("queue-export", "--dry-run")
    assert answer.out.splitlines()[1:] == ["+" + line for line in NEW.splitlines()]
    assert text_of(project) == FILE
    assert source(project, "B-9") == "store"


def test_one_task_takes_along_what_it_names_and_leaves_the_others(project: Checkout) -> None:
    project.ok("queue-add", "B-E", "--role", "B-ui", "--title", "Epic", "--kind", "epic")
    project.ok("queue-add", "B-10", "--role", "B-ui", "--title", "Ten", "--parent", "B-E", "--depends-on", "B-9")
    project.ok("queue-add", "B-11", "--role", "B-ui", "--title", "Eleven")
    exported = project.ok("queue-export", "B-10", "--json").json
    assert exported["tasks"] == ["B-9", "B-E", "B-10"]
    assert source(project, "B-11") == "store"
    assert project.ok("queue-export", "--json").json["tasks"] == ["B-11"]


def test_line_ends_and_mode_of_the_file_are_kept(project: Checkout) -> None:
    with open(project.queue_file, "w", encoding="utf-8", newline="") as file:
        file.write(FILE.replace("\n", "\r\n"))
    os.chmod(project.queue_file, 0o640)
    project.ok("queue-export")
    assert text_of(project) == FILE.replace("# The end.\n", NEW + "# The end.\n").replace("\n", "\r\n")
    assert os.stat(project.queue_file).st_mode & 0o777 == 0o640


def test_a_lane_exports_into_the_coordinators_file(project: Checkout) -> None:
    run_tool("queue-export", cwd=project.lanes["B-ui"])
    assert NEW in text_of(project)
    assert git(project.lanes["B-ui"], "status", "--porcelain") == ""


def _broken_file(project: Checkout) -> None:
    project.write_queue(FILE + "  - id: [\n")


def _flow_list(project: Checkout) -> None:
    project.write_queue("tasks: [{id: B-1, title: t, role: B-ui}]\n")


def _no_file(project: Checkout) -> None:
    os.unlink(project.queue_file)


def _done_without_commit(project: Checkout) -> None:
    import sqlite3

    with sqlite3.connect(project.store) as connection:
        connection.execute("UPDATE task_state SET status = 'done', terminal = 1, ready = 0 WHERE task_id = 'B-9'")


@pytest.mark.parametrize(
    ("prepare", "words", "word", "said"),
    [
        (_broken_file, [], "invalid_queue", "cannot be edited"),
        (_flow_list, [], "invalid_queue", "laid out"),
        (_no_file, [], "not_found", "no queue file"),
        (_done_without_commit, [], "invalid_queue", "commit must be given"),
        (None, ["B-77"], "not_found", "B-77"),
        (None, ["B-1"], "file_owned", "Agent_Work_Queue.yaml:6"),
    ],
)
def test_an_export_that_cannot_be_done_changes_nothing(
    project: Checkout, prepare: object, words: list[str], word: str, said: str
) -> None:
    if callable(prepare):
        prepare(project)
    before = text_of(project) if os.path.exists(project.queue_file) else None
    answer: Answer = project.run("queue-export", *words)
    assert answer.word == word, answer
    assert said in answer.err
    assert source(project, "B-9") == "store"
    assert (text_of(project) if before is not None else None) == before
    assert not [name for name in os.listdir(os.path.dirname(project.queue_file)) if name.startswith(".Agent")]


def test_a_repeated_request_exports_once(project: Checkout) -> None:
    first = project.ok("queue-export", "--request-id", "r", "--json").json
    assert project.ok("queue-export", "--request-id", "r", "--json").json == first
    assert text_of(project).count("B-9") == 1
