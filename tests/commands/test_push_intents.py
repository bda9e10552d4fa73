"""queue-record-push-intent and queue-closeout: no branch of a task stands on a remote without a reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import git
from tests.support.shell import Checkout, make_checkout, queue_text, run_tool, task

WHY = "the vendor's CI runs on a pushed branch only"


@pytest.fixture
def project() -> Checkout:
    """A project with a remote that has its integration branch; B-1 is claimed on agent/B-ui."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("A-1", "A-backend"), task("B-1"), task("B-2")))
    remote = os.path.join(parent, "remote.git")
    git(parent, "init", "--quiet", "--bare", "--initial-branch", "master", remote)
    git(made.main, "remote", "add", "origin", remote)
    git(made.main, "push", "--quiet", "origin", "master")
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann")
    return made


def push(project: Checkout, branch: str = "agent/B-ui") -> None:
    git(project.main, "push", "--quiet", "origin", branch)


def intend(project: Checkout, *words: str) -> dict[str, object]:
    return project.ok("queue-record-push-intent", "B-1", "--reason", WHY, "--actor", "ann", *words, "--json").json


def finish(project: Checkout, sha: str) -> None:
    forced = ("--force", "--reason", "test")
    project.ok("queue-set-status", "B-1", "--status", "done", "--commit", sha, *forced, "--actor", "ann")


def checks(project: Checkout, *words: str) -> list[tuple[str, str]]:
    answer = project.run("queue-closeout", "--json", *words)
    return [(item["level"], item["word"]) for item in answer.json["findings"]]


class TestRecording:
    def test_branch_and_remote_are_those_of_the_task_and_the_repository(self, project: Checkout) -> None:
        row = intend(project)
        assert (row["branch"], row["remote"], row["reason"], row["actor"]) == ("agent/B-ui", "origin", WHY, "ann")
        (event, *_) = project.ok("queue-activity", "--task-id", "B-1", "--json").json["events"]
        assert (event["kind"], event["actor"]) == ("push_intended", "ann")

    def test_a_second_one_for_the_same_branch_names_the_first(self, project: Checkout) -> None:
        intend(project)
        answer = project.run("queue-record-push-intent", "B-1", "--reason", "another")
        assert (answer.code, answer.word) == (4, "already_exists")
        assert WHY in answer.err

    def test_withdrawn_it_makes_room_for_another(self, project: Checkout) -> None:
        intend(project)
        gone = project.ok("queue-record-push-intent", "B-1", "--withdraw", "--json").json
        assert gone["withdrawn"] == [1]
        assert intend(project)["intent_id"] == 2
        project.ok("queue-verify")

    def test_undo_takes_it_back(self, project: Checkout) -> None:
        intend(project)
        project.ok("queue-undo", "--task-id", "B-1", "--actor", "ann")
        assert project.ok("queue-closeout", "--json").json["intents"] == []
        project.ok("queue-verify")

    @pytest.mark.parametrize(
        ("words", "code", "word", "said"),
        [
            (["B-1"], 2, "usage", "REASON"),
            (["B-9", "--reason", "x"], 3, "not_found", "B-9"),
            (["B-2", "--reason", "x"], 2, "usage", "no branch of its own"),
            (["B-1", "--reason", "x", "--branch", "master"], 2, "usage", "integration branch"),
            (["B-1", "--reason", "x", "--branch", "a..b"], 2, "usage", "no name of a branch"),
            (["B-1", "--reason", "x", "--branch=--force"], 2, "usage", "no name of a branch"),
            (["B-1", "--reason", "x", "--remote", "upstream"], 3, "not_found", "the remotes are origin"),
            (["B-1", "--withdraw"], 3, "not_found", "no open push intent"),
        ],
    )
    def test_what_it_refuses(self, project: Checkout, words: list[str], code: int, word: str, said: str) -> None:
        answer = project.run("queue-record-push-intent", *words)
        assert (answer.code, answer.word) == (code, word)
        assert said in answer.err
        assert project.ok("queue-closeout", "--json").json["intents"] == []

    def test_of_a_finished_task_nothing_is_to_be_pushed(self, project: Checkout) -> None:
        finish(project, project.commit("B-ui", "a.txt", message="B-1"))
        answer = project.run("queue-record-push-intent", "B-1", "--reason", "late", "--branch", "agent/B-ui")
        assert (answer.code, answer.word) == (4, "invalid_transition")

    def test_without_a_remote_there_is_nothing_to_push_to(self, tmp_path: Path) -> None:
        made = make_checkout(tmp_path, queue_text(task("B-1")))
        answer = made.run("queue-record-push-intent", "B-1", "--reason", "x", "--branch", "b")
        assert (answer.code, answer.word) == (3, "not_found")
        assert "the repository has no remote" in answer.err


class TestCloseout:
    def test_nothing_is_left_where_only_the_integration_branch_is_on_the_remote(self, project: Checkout) -> None:
        told = project.ok("queue-closeout").out
        assert told == "OK 0 open push intent(s), 1 remote(s) as of the last fetch\n"

    def test_a_pushed_branch_without_a_reason_is_an_error_with_the_line_that_gives_one(self, project: Checkout) -> None:
        push(project)
        answer = project.run("queue-closeout")
        assert (answer.code, answer.word) == (1, "git_inconsistent")
        assert answer.out.startswith("error  remote_branch_without_intent  B-1  agent/B-ui is on origin, and nobody")
        assert "make queue-record-push-intent TASK_ID=B-1 BRANCH=agent/B-ui REMOTE=origin REASON=" in answer.out

    def test_a_recorded_reason_is_all_it_takes(self, project: Checkout) -> None:
        push(project)
        intend(project)
        found = project.ok("queue-closeout", "--json").json
        assert (found["ok"], found["findings"]) == (True, [])
        assert [(row["branch"], row["on_remote"]) for row in found["intents"]] == [("agent/B-ui", True)]

    def test_a_branch_that_outlives_its_task_is_to_be_removed_once_it_is_integrated(self, project: Checkout) -> None:
        intend(project)
        sha = project.commit("B-ui", "a.txt", message="B-1")
        push(project)
        finish(project, sha)
        assert checks(project) == [("error", "remote_branch_left")]
        assert "log origin/master..origin/agent/B-ui" in project.run("queue-closeout").out  # not removed unread
        git(project.main, "merge", "--quiet", "--ff-only", sha)
        push(project, "master")
        line = "push origin --delete agent/B-ui"
        assert line in project.run("queue-closeout").out
        git(project.main, *line.split())
        assert checks(project) == [("note", "push_intent_open")]

    def test_the_branch_of_a_lane_without_a_task_counts_too(self, project: Checkout) -> None:
        push(project, "agent/A-backend")
        assert checks(project) == [("error", "remote_branch_without_intent")]
        assert checks(project, "--role", "B-ui") == []

    def test_branches_that_are_nobodys_here_are_none_of_its_business(self, project: Checkout) -> None:
        git(project.main, "branch", "release-1", "master")
        push(project, "release-1")
        assert checks(project) == []

    def test_a_remote_that_was_never_fetched_is_not_an_empty_one(self, project: Checkout, tmp_path: Path) -> None:
        git(project.main, "remote", "add", "team/one", str(tmp_path / "remote.git"))
        found = project.ok("queue-closeout", "--json").json
        assert found["unread"] == ["team/one"]
        assert [item["word"] for item in found["findings"]] == ["remote_never_fetched"]

    def test_a_session_of_a_finished_task_is_named(self, project: Checkout) -> None:
        project.ok("session-upsert", "--session-id", "s1", "--role", "B-ui", "--task-id", "B-1", "--backend", "manual")
        finish(project, project.commit("B-ui", "a.txt", message="B-1"))
        answer = project.run("queue-closeout")
        assert "warning  session_of_finished_task  B-1  session s1 goes on" in answer.out
        assert "fix: " in answer.out

    def test_outside_a_repository_it_cannot_be_told(self, tmp_path: Path) -> None:
        (tmp_path / "queue.yaml").write_text(queue_text(task("B-1")))
        answer = run_tool("queue-closeout", "--queue-file", "queue.yaml", "--queue-db", "q.db", cwd=str(tmp_path))
        assert answer.code == 2
        assert answer.word == "git_unavailable"
