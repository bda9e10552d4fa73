"""session-reconcile: what does not fit between sessions, processes, panes and tasks. Tasks are never changed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.providers import kill, need, put_providers_on_path, session, tmux_folder
from tests.support.shell import Checkout, make_checkout, queue_text, task

NOW = {"FAIRWAY_NOW": "2026-11-21T08:00:00Z"}
NEXT_DAY = {"FAIRWAY_NOW": "2026-11-22T08:00:00Z"}


@pytest.fixture(autouse=True)
def _providers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_providers_on_path(monkeypatch, tmp_path / "providers")


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1"), task("A-1", "A-backend")), lanes=["B-ui", "A-backend"])


@pytest.fixture
def pid() -> Iterator[int]:
    """A process that stands for a provider."""
    process = subprocess.Popen(["sleep", "300"])
    yield process.pid
    process.kill()
    process.wait()


def findings(project: Checkout, *words: str, env: dict[str, str] | None = None) -> list[Any]:
    found: list[Any] = project.ok("session-reconcile", "--json", *words, env=env).json["findings"]
    return found


def checks(project: Checkout, *words: str, env: dict[str, str] | None = None) -> list[tuple[str, str, bool]]:
    found = findings(project, *words, env=env)
    return [(entry["session_id"] or entry["task_id"], entry["word"], entry["applied"]) for entry in found]


def status(project: Checkout, session_id: str = "s1") -> str:
    return str(session(project, session_id)["status"])


def test_sessions_that_fit_are_left_alone(project: Checkout, pid: int) -> None:
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--pid", str(pid), "--task-id", "B-1")
    answer = project.ok("session-reconcile")
    assert answer.out == "1 live sessions checked, 0 marked stale\nnothing to do\n"
    assert status(project) == "running"


def test_a_dead_process_makes_its_session_stale(project: Checkout, pid: int) -> None:
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--pid", str(pid))
    kill(pid)
    assert checks(project) == [("s1", "dead_process", True)]
    row = session(project, "s1")
    assert (row["status"], row["ended_at"] is not None) == ("stale", True)
    assert str(pid) in row["end_reason"]


def test_a_dry_run_says_the_same_and_changes_nothing(project: Checkout, pid: int) -> None:
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--pid", str(pid))
    kill(pid)
    assert checks(project, "--dry-run") == [("s1", "dead_process", False)]
    assert "would be marked stale" in project.ok("session-reconcile", "--dry-run").out
    assert status(project) == "running"


def test_a_second_run_finds_nothing(project: Checkout, pid: int) -> None:
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--pid", str(pid))
    kill(pid)
    assert checks(project) != []
    assert checks(project) == []


def test_a_missing_pane_makes_its_session_stale(project: Checkout) -> None:
    need("tmux")
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--backend", "tmux", "--tmux-pane", "%7")
    with tmux_folder() as folder:
        assert checks(project, env={"TMUX_TMPDIR": folder}) == [("s1", "missing_pane", True)]


def test_a_pane_is_not_looked_for_on_another_host(project: Checkout) -> None:
    words = ("--id", "s1", "--role", "B-ui", "--backend", "tmux", "--tmux-pane", "%7", "--host", "elsewhere")
    project.ok("session-upsert", *words)
    with tmux_folder() as folder:
        assert checks(project, env={"TMUX_TMPDIR": folder}) == []


@pytest.mark.parametrize("backend", ["manual", "codex-api", "shell"])
def test_a_session_without_a_heartbeat_becomes_stale(project: Checkout, backend: str) -> None:
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--backend", backend, env=NOW)
    assert checks(project, env={"FAIRWAY_NOW": "2026-11-21T19:59:00Z"}) == []
    assert checks(project, env=NEXT_DAY) == [("s1", "no_heartbeat", True)]


def test_a_quiet_session_on_another_host_becomes_stale_too(project: Checkout) -> None:
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--pid", "1", "--host", "elsewhere", env=NOW)
    assert checks(project, env=NEXT_DAY) == [("s1", "no_heartbeat", True)]


def test_of_a_quiet_session_it_is_said_that_the_process_still_runs(project: Checkout, pid: int) -> None:
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--pid", str(pid), env=NOW)
    assert f"process {pid} still runs" in findings(project, env=NEXT_DAY)[0]["reason"]


def test_the_configured_time_decides(project: Checkout) -> None:
    project.ok("fairway-config", "set", "sessions.stale_after", "30m")
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", env=NOW)
    assert checks(project, env={"FAIRWAY_NOW": "2026-11-21T08:31:00Z"}) == [("s1", "no_heartbeat", True)]


def test_a_session_whose_task_is_finished_becomes_stale(project: Checkout) -> None:
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--task-id", "B-1")
    project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass")
    project.ok("queue-set-status", "B-1", "--status", "done", "--owner", "B", "--commit", "HEAD")
    assert checks(project) == [("s1", "task_finished", True)]


def test_a_session_whose_task_is_gone_becomes_stale(project: Checkout) -> None:
    project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--task-id", "B-1")
    project.write_queue(queue_text(task("A-1", "A-backend")))
    project.ok("queue-prune-stale", "--actor", "coordinator")
    assert checks(project) == [("s1", "task_gone", True)]


class TestWorkWithoutASession:
    """A task in progress that no live session attends is reported; its state is its own."""

    @pytest.fixture(autouse=True)
    def _claimed(self, project: Checkout) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann")

    def test_it_is_reported_with_the_command_that_attaches_one(self, project: Checkout) -> None:
        found = findings(project)
        assert [(entry["word"], entry["action"], entry["task_id"]) for entry in found] == [
            ("unattended", "report", "B-1")
        ]
        assert found[0]["fix"] == "make session-launch ROLE=B-ui TASK_ID=B-1"

    def test_the_task_is_not_changed(self, project: Checkout) -> None:
        before = project.detail("B-1")
        findings(project)
        after = project.detail("B-1")
        assert (after["status"], after["claimant"], after["history"]) == (
            before["status"],
            before["claimant"],
            before["history"],
        )

    def test_a_live_session_of_the_task_attends_it(self, project: Checkout) -> None:
        project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--task-id", "B-1")
        assert checks(project) == []

    def test_a_live_session_of_the_lane_that_names_no_task_attends_it(self, project: Checkout) -> None:
        project.ok("session-upsert", "--id", "s1", "--role", "B-ui")
        assert checks(project) == []

    def test_a_session_of_another_lane_or_task_does_not(self, project: Checkout) -> None:
        project.ok("session-upsert", "--id", "s1", "--role", "A-backend", "--task-id", "A-1")
        assert checks(project) == [("B-1", "unattended", False)]

    def test_a_dead_session_does_not(self, project: Checkout, pid: int) -> None:
        project.ok("session-upsert", "--id", "s1", "--role", "B-ui", "--task-id", "B-1", "--pid", str(pid))
        kill(pid)
        assert checks(project) == [("s1", "dead_process", True), ("B-1", "unattended", False)]
