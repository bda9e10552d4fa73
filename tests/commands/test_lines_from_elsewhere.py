"""A line that is proposed in one folder and belongs into another says so, and can be run as it is printed."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.support.providers import path_with, program, put_providers_on_path
from tests.support.ready_made import ready_made
from tests.support.repositories import git, head
from tests.support.shell import Answer, Checkout, make_checkout, queue_text, task

CHECK = "git rev-parse HEAD"


@pytest.fixture
def project() -> Checkout:
    """A task in work in one lane, with a commit that the main checkout lacks."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(
        parent,
        queue_text(task("B-1", acceptance_checks=[CHECK]), task("A-1", "A-backend")),
        lanes=["B-ui", "D-arch"],
    )
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    made.commit("B-ui", "doc/api/x.yaml", message="B-1: the contract")
    return made


def run_line(project: Checkout, line: str, place: str) -> Answer:
    words = shlex.split(line)
    assert words[0] == "make", line
    return project.make(*words[1:], cwd=place)


@pytest.mark.parametrize("place", ["main", "D-arch"])
def test_checks_are_run_in_the_worktree_of_the_task_wherever_the_line_is_typed(project: Checkout, place: str) -> None:
    folder = project.main if place == "main" else project.lanes[place]
    line = project.make("queue-task-detail", "TASK_ID=B-1", "JSON=1", cwd=folder).json["next_step"]["command"]
    assert line == f"make watcher-run TASK_ID=B-1 COMMAND='{CHECK}' WORKTREE={project.lanes['B-ui']}"
    assert run_line(project, line, folder).code == 0
    (row,) = project.detail("B-1")["evidence"]
    assert (row["commit_sha"], row["result"], row["tree_dirty"]) == (head(project.lanes["B-ui"]), "pass", False)
    with open(row["artifact_path"], encoding="utf-8") as log:
        assert head(project.lanes["B-ui"]) in log.read()


def test_in_the_worktree_itself_the_line_needs_no_folder(project: Checkout) -> None:
    step = project.make("queue-task-detail", "TASK_ID=B-1", "JSON=1", cwd=project.lanes["B-ui"]).json["next_step"]
    assert step["command"] == f"make watcher-run TASK_ID=B-1 COMMAND='{CHECK}'"


def test_a_branch_that_is_checked_out_elsewhere_is_found_there(project: Checkout, tmp_path: Path) -> None:
    place = str(tmp_path / "aside")
    git(project.main, "worktree", "add", "--quiet", "-b", "fix/b1", place, "agent/B-ui")
    project.ok(
        "queue-claim", "A-1", "--role", "A-backend", "--owner", "A", "--branch", "fix/b1", "--force", "--reason", "x"
    )
    assert project.detail("A-1")["next_step"]["command"].endswith(f" WORKTREE={place}")


def test_another_repository_and_a_folder_that_is_not_there_are_refused(project: Checkout, tmp_path: Path) -> None:
    git(str(tmp_path), "init", "--quiet", "other")
    for place, word in ((str(tmp_path / "other"), "usage"), (str(tmp_path / "none"), "not_found"), ("/", "usage")):
        refused = project.run("watcher-run", "--task-id", "B-1", "--command", "true", "--worktree", place)
        assert (refused.word, "worktree-status" in refused.err) == (word, True)
        assert project.run("review-checkout", "B-1", "--worktree", place).word == word
    assert project.detail("B-1")["evidence"] == []


def test_a_review_is_read_in_the_worktree_of_the_lane_that_reads(project: Checkout) -> None:
    """The line of the tick checked the work out in the coordinator's own checkout."""
    before = git(project.main, "branch", "--show-current")
    project.ok("queue-route-review", "B-1", "--ref", "agent/B-ui")
    actions = project.make("orchestrator-tick", "JSON=1").json["actions"]
    lines = {row["lane"]: row["command"] for row in actions if row["action"] == "review"}
    assert lines["D-arch"] == f"make review-checkout TASK_ID=B-1 WORKTREE={project.lanes['D-arch']}"
    done = run_line(project, lines["D-arch"], project.main)
    assert done.code == 0
    assert head(project.lanes["D-arch"]) == head(project.lanes["B-ui"])
    assert git(project.main, "branch", "--show-current") == before
    back = next(row for row in done.out.splitlines() if row.startswith("back: "))
    assert back == f"back: git -C {project.lanes['D-arch']} switch agent/D-arch"
    project.ok("queue-route-review", "B-1", "--ref", "agent/B-ui", "--reviewer-role", "C-ops", "--reason", "reads too")
    actions = project.make("orchestrator-tick", "JSON=1").json["actions"]
    assert "make worktree-setup ROLE=C-ops" in [row["command"] for row in actions if row["action"] == "review"]


# --- starting somebody ---------------------------------------------------------------------------------------


def launches(project: Checkout, **env: str) -> list[str]:
    rows = project.make("orchestrator-tick", "JSON=1", env=env).json["actions"]
    return [row["command"] for row in rows if "session-launch" in row["command"]]


def test_a_provider_that_is_here_is_started_by_the_line(
    project: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_providers_on_path(monkeypatch, tmp_path / "providers")
    (line,) = launches(project)
    assert line == "make session-launch ROLE=B-ui TASK_ID=B-1"
    assert run_line(project, f"{line} DRY_RUN=1", project.main).code == 0


def test_one_that_is_not_here_is_a_session_by_hand(project: Checkout, tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"]}
    project.ok("fairway-config", "set", "roles.B-ui.provider", "no-such-program")
    (line,) = launches(project, **env)
    assert line == "make session-launch ROLE=B-ui TASK_ID=B-1 BACKEND=manual"
    assert run_line(project, line, project.main).code == 0
    assert launches(project, **env) == []


def test_a_terminal_that_is_not_here_gives_way_to_a_shell(project: Checkout, tmp_path: Path) -> None:
    program(tmp_path / "bin", "claude", "exit 0")
    project.ok("fairway-config", "set", "sessions.default_backend", "zellij")
    env = path_with(tmp_path / "bin")
    (line,) = launches(project, **env)
    assert line.startswith("make session-launch ROLE=B-ui TASK_ID=B-1 BACKEND=shell")


def test_where_people_work_no_session_is_missing(tmp_path: Path) -> None:
    """A lane without a provider that never had a session: the tick goes on with the task itself."""
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"], config=None)
    made.ok("fairway-init", "--lane", "B-ui")
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "bea")
    assert launches(made) == []
    (row,) = made.make("orchestrator-tick", "JSON=1").json["actions"]
    assert (row["action"], row["command"]) == ("continue", "make queue-task-detail TASK_ID=B-1")
    refused = made.run("session-launch", "--role", "B-ui", "--task-id", "B-1")
    assert "BACKEND=manual" in refused.err, "the refusal of a launch without a provider has a line that works"
