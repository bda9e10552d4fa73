"""queue-git-check: the queue against git. What is checked in detail is tested with its rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.repositories import count_git_calls, git, git_calls, head, write_file
from tests.support.shell import Checkout, make_checkout, queue_text, run_tool, task


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("A-1", "A-backend"), task("B-1"), task("B-2")))


def claim(project: Checkout, task_id: str = "B-1") -> None:
    project.ok("queue-claim", task_id, "--role", "B-ui", "--owner", "B", "--actor", "ann")


def test_a_clean_queue_gets_one_summary_line(project: Checkout) -> None:
    assert project.ok("queue-git-check").out == "OK 3 task(s) and 5 lane(s) against master\n"


def test_work_on_the_lanes_branch_that_names_its_task_is_fine(project: Checkout) -> None:
    claim(project)
    project.commit("B-ui", "a.txt", message="B-1: the button")
    lines = project.ok("queue-git-check").out.splitlines()
    assert lines[0].startswith("note  ahead_of_base  B-ui  ")
    assert lines[-1] == "OK 3 task(s) and 5 lane(s) against master: 1 note(s)"


def test_a_warning_does_not_fail_the_check(project: Checkout) -> None:
    write_file(project.lanes["B-ui"], "half.txt", "x")
    lines = project.ok("queue-git-check").out.splitlines()
    assert lines[0].startswith("warning  uncommitted_changes  B-ui  ")
    assert lines[1].startswith("  fix: commit what belongs to the work in ")
    assert lines[-1].endswith("1 warning(s)")


def test_an_error_fails_it_with_the_findings_on_stdout_and_the_word_on_stderr(project: Checkout) -> None:
    project.write_queue(queue_text(task("B-9", status="done", commit="feed1234", completed_at="2026-05-04")))
    answer = project.run("queue-git-check")
    assert (answer.code, answer.word) == (1, "git_inconsistent")
    assert answer.out.splitlines()[0].startswith("error  done_commit_unknown  B-9  ")
    assert answer.out.splitlines()[-1].startswith("FAILED 1 task(s)")
    assert "hint: " in answer.err


def test_done_work_has_to_be_on_the_integration_branch(project: Checkout) -> None:
    claim(project)
    sha = project.commit("B-ui", "a.txt", message="B-1")
    project.ok("queue-set-status", "B-1", "--status", "done", "--commit", sha, "--force", "--reason", "test")
    answer = project.run("queue-git-check", "--json")
    found = [row for row in answer.json["findings"] if row["level"] == "error"]
    assert (answer.json["ok"], [row["word"] for row in found]) == (False, ["done_commit_not_integrated"])
    git(project.main, "merge", "--quiet", "--ff-only", sha)
    assert project.ok("queue-git-check", "--json").json["ok"] is True


def test_a_lane_on_a_foreign_branch_is_an_error(project: Checkout) -> None:
    git(project.lanes["B-ui"], "switch", "--quiet", "--create", "elsewhere")
    answer = project.run("queue-git-check", "--role", "B-ui", "--json")
    assert (answer.code, [row["word"] for row in answer.json["findings"]]) == (1, ["wrong_branch"])


def test_one_lane_alone(project: Checkout) -> None:
    write_file(project.lanes["B-ui"], "half.txt", "x")
    found = project.ok("queue-git-check", "--role", "A-backend", "--json").json
    assert ([lane["lane"] for lane in found["lanes"]], found["tasks"], found["findings"]) == (["A-backend"], 1, [])


def test_another_base_can_be_named(project: Checkout) -> None:
    git(project.main, "branch", "release/platform-control")
    found = project.ok("queue-git-check", "--base", "release/platform-control", "--json").json
    assert (found["base"], found["base_sha"]) == ("release/platform-control", head(project.main))


def test_an_unknown_base_is_an_error(project: Checkout) -> None:
    answer = project.run("queue-git-check", "--base", "nowhere", "--json")
    assert (answer.code, answer.json["findings"][0]["word"]) == (1, "base_missing")


def test_a_commit_may_name_a_task_of_another_lane_or_of_an_archive(project: Checkout) -> None:
    archive = "doc/governance/archive/Agent_Work_Queue_2026-03-09.yaml"
    write_file(project.main, archive, queue_text(task("A-0", "A-backend", status="done")))
    project.write_queue(queue_text(task("A-1", "A-backend"), task("B-1")))
    for message in ("A-0: after all", "A-1: shared"):
        project.commit("B-ui", "a.txt", text=message, message=message)
    found = project.ok("queue-git-check", "--role", "B-ui", "--json").json
    assert [row["word"] for row in found["findings"]] == ["ahead_of_base"]
    project.commit("B-ui", "a.txt", text="zzz", message="no task at all")
    found = project.ok("queue-git-check", "--role", "B-ui", "--json").json
    assert [row["word"] for row in found["findings"]] == ["commits_without_task", "ahead_of_base"]


def test_the_answer_is_the_same_from_a_lane_worktree(project: Checkout) -> None:
    assert project.ok("queue-git-check", cwd=project.lanes["B-ui"]).out == project.ok("queue-git-check").out


def test_the_number_of_git_processes_does_not_grow_with_the_tasks(
    project: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.ok("queue-ready")  # which makes the store, and asks git whose it is
    notes = count_git_calls(monkeypatch, tmp_path)
    counts = []
    for tasks in (3, 60):
        done = [
            task(f"B-D{n}", status="done", commit=head(project.main), completed_at="2026-05-04") for n in range(tasks)
        ]
        project.write_queue(queue_text(*done, task("B-1")))
        before = len(git_calls(notes))
        project.ok("queue-git-check")
        counts.append(len(git_calls(notes)) - before)
    assert counts[0] == counts[1] > 0


def test_outside_git_there_is_nothing_to_compare(tmp_path: Path) -> None:
    write_file(str(tmp_path), "q.yaml", queue_text(task("B-1")))
    assert run_tool("queue-git-check", cwd=str(tmp_path), env={"QUEUE_FILE": "q.yaml"}).word == "git_unavailable"
