"""session-upsert, session-heartbeat, session-status, session-end: which provider is attached to which lane."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest

from tests.support.providers import kill, session
from tests.support.ready_made import ready_made
from tests.support.shell import Checkout, make_checkout, queue_text, task

NOW = {"FAIRWAY_NOW": "2026-11-21T08:00:00Z"}
LATER = {"FAIRWAY_NOW": "2026-11-21T09:00:00Z"}


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2"), task("A-1", "A-backend")), lanes=["B-ui"])
    made.ok("queue-ready")
    return made


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A project for calls that change nothing."""
    return make_checkout(tmp_path_factory.mktemp("standing"), queue_text(task("B-1")), lanes=[])


def upsert(project: Checkout, *words: str, env: dict[str, str] | None = None) -> Any:
    return project.ok("session-upsert", *words, "--json", env=env).json


def live(project: Checkout) -> list[str]:
    return project.ok("session-status", "--format", "ids").out.split()


class TestRegistering:
    def test_a_new_session_takes_from_the_configuration_what_the_call_does_not_say(self, project: Checkout) -> None:
        row = upsert(project, "--role", "B-ui", "--backend", "manual", "--task-id", "B-1", env=NOW)
        assert row["session_id"] == "manual-B-ui-20261121T080000Z"
        assert (row["created"], row["status"]) == (True, "running")
        assert (row["lane"], row["task_id"], row["provider"]) == ("B-ui", "B-1", "claude")
        assert (row["worktree_path"], row["branch"]) == (project.lanes["B-ui"], "agent/B-ui")
        assert row["host"] == os.uname().nodename

    def test_two_sessions_of_one_second_get_different_ids(self, project: Checkout) -> None:
        ids = [upsert(project, "--role", "B-ui", "--backend", "manual", env=NOW)["session_id"] for _ in range(2)]
        assert ids == ["manual-B-ui-20261121T080000Z", "manual-B-ui-20261121T080000Z-2"]

    def test_the_lane_is_found_from_the_worktree(self, project: Checkout) -> None:
        answer = project.ok("session-upsert", "--json", cwd=project.lanes["B-ui"])
        assert answer.json["lane"] == "B-ui"

    def test_without_any_lane_a_new_session_is_refused(self, project: Checkout) -> None:
        assert project.run("session-upsert", "--id", "s1").word == "usage"

    @pytest.mark.parametrize(
        ("words", "word"),
        [
            (["--role", "Z-none"], "not_found"),
            (["--role", "B-ui", "--task-id", "B-404"], "not_found"),
            (["--role", "B-ui", "--backend", "screen"], "usage"),
            (["--role", "B-ui", "--status", "happy"], "usage"),
            (["--role", "B-ui", "--status", "ended"], "usage"),
            (["--role", "B-ui", "--pid", "0"], "usage"),
            (["--role", "B-ui", "--pid", "x"], "usage"),
            (["--role", "B-ui", "--pid", "4194304000"], "not_found"),
            (["--role", "B-ui", "--id", "../../etc/passwd"], "usage"),
            (["--role", "B-ui", "--id", "a b"], "usage"),
            (["--role", "B-ui", "--provider", "a\nb"], "usage"),
            (["--role", "B-ui", "--clear", "ROLE"], "usage"),
        ],
    )
    def test_bad_input_is_refused_and_registers_nothing(self, standing: Checkout, words: list[str], word: str) -> None:
        assert standing.run("session-upsert", *words).word == word
        assert live(standing) == []

    def test_a_task_of_another_lane_is_remarked_upon(self, project: Checkout) -> None:
        answer = project.ok("session-upsert", "--role", "B-ui", "--task-id", "A-1")
        assert "A-1 belongs to lane A-backend" in answer.err

    def test_a_process_is_kept_with_its_start_and_host(self, project: Checkout) -> None:
        row = upsert(project, "--role", "B-ui", "--pid", str(os.getpid()))
        assert (row["pid"], row["host"]) == (os.getpid(), os.uname().nodename)
        assert row["pid_started_at"]

    def test_the_same_request_registers_once(self, project: Checkout) -> None:
        words = ("--role", "B-ui", "--request-id", "r1")
        assert upsert(project, *words)["session_id"] == upsert(project, *words)["session_id"]
        assert len(live(project)) == 1


class TestUpdating:
    def test_what_is_not_named_is_kept(self, project: Checkout) -> None:
        first = upsert(
            project,
            *("--id", "s1", "--role", "B-ui", "--lane", "B-ui/night", "--backend", "manual", "--provider", "gemini"),
            *("--task-id", "B-1", "--transcript-path", "/tmp/t.log", "--external-id", "x1"),
            env=NOW,
        )
        second = upsert(project, "--id", "s1", "--task-id", "B-2", env=LATER)
        moved = ("task_id", "created", "last_heartbeat_at", "updated_at")
        assert second["task_id"] == "B-2"
        assert second["last_heartbeat_at"] > first["last_heartbeat_at"]
        assert {k: v for k, v in second.items() if k not in moved} == {k: v for k, v in first.items() if k not in moved}

    def test_an_entry_can_be_emptied_by_name(self, project: Checkout) -> None:
        upsert(project, "--id", "s1", "--role", "B-ui", "--task-id", "B-1", "--pid", str(os.getpid()))
        row = upsert(project, "--id", "s1", "--clear", "TASK_ID,PID")
        assert (row["task_id"], row["pid"], row["pid_started_at"]) == (None, None, None)

    def test_a_session_updates_itself_without_naming_itself(self, project: Checkout) -> None:
        upsert(project, "--id", "s1", "--role", "B-ui")
        row = upsert(project, "--task-id", "B-2", env={"FAIRWAY_SESSION_ID": "s1"})
        assert (row["session_id"], row["task_id"], row["created"]) == ("s1", "B-2", False)

    def test_an_ended_session_comes_back_only_when_that_is_said(self, project: Checkout) -> None:
        upsert(project, "--id", "s1", "--role", "B-ui")
        project.ok("session-end", "--id", "s1", "--exit-code", "3")
        assert upsert(project, "--id", "s1", "--transcript-path", "/tmp/t.log")["status"] == "failed"
        row = upsert(project, "--id", "s1", "--status", "running")
        assert (row["status"], row["ended_at"], row["exit_code"]) == ("running", None, None)


class TestLiveness:
    """A number alone never makes a process count as alive."""

    @pytest.fixture
    def pid(self) -> Any:
        process = subprocess.Popen(["sleep", "300"])
        yield process.pid
        process.kill()
        process.wait()

    def process(self, project: Checkout, session_id: str) -> str:
        return str(session(project, session_id)["process"])

    def test_a_running_process_is_alive_and_a_killed_one_dead(self, project: Checkout, pid: int) -> None:
        upsert(project, "--id", "s1", "--role", "B-ui", "--pid", str(pid))
        assert self.process(project, "s1") == "alive"
        kill(pid)
        assert self.process(project, "s1") == "dead"
        assert "session-reconcile" in project.ok("session-status").err

    def test_a_number_that_was_given_out_again_is_dead(self, project: Checkout, pid: int) -> None:
        row = upsert(project, "--id", "s1", "--role", "B-ui", "--pid", str(pid))
        boot, namespace, ticks = row["pid_started_at"].split("/")
        other = "/".join((boot, namespace, str(int(ticks) - 1)))
        change_row(project, "pid_started_at", other)
        assert self.process(project, "s1") == "dead"

    def test_the_same_number_after_a_restart_of_the_machine_is_dead(self, project: Checkout, pid: int) -> None:
        row = upsert(project, "--id", "s1", "--role", "B-ui", "--pid", str(pid))
        _boot, namespace, ticks = row["pid_started_at"].split("/")
        change_row(project, "pid_started_at", f"another-boot/{namespace}/{ticks}")
        assert self.process(project, "s1") == "dead"

    def test_a_process_on_another_host_is_elsewhere_even_when_the_number_runs_here(
        self, project: Checkout, pid: int
    ) -> None:
        upsert(project, "--id", "s1", "--role", "B-ui", "--pid", str(pid), "--host", "other-machine")
        assert self.process(project, "s1") == "elsewhere"

    def test_a_process_in_another_container_is_elsewhere(self, project: Checkout, pid: int) -> None:
        row = upsert(project, "--id", "s1", "--role", "B-ui", "--pid", str(pid))
        boot, _namespace, ticks = row["pid_started_at"].split("/")
        change_row(project, "pid_started_at", f"{boot}/1/{ticks}")
        assert self.process(project, "s1") == "elsewhere"

    def test_a_session_without_a_process_is_unknown(self, project: Checkout) -> None:
        upsert(project, "--id", "s1", "--role", "B-ui")
        assert self.process(project, "s1") == "unknown"


class TestHeartbeat:
    def last(self, project: Checkout) -> str:
        return str(session(project, "s1")["last_heartbeat_at"])

    @pytest.fixture(autouse=True)
    def _registered(self, project: Checkout) -> None:
        upsert(project, "--id", "s1", "--role", "B-ui", env=NOW)

    def test_it_moves_the_time_and_nothing_else(self, project: Checkout) -> None:
        answer = project.ok("session-heartbeat", "--id", "s1", "--json", env=LATER).json
        assert answer["last_heartbeat_at"] == "2026-11-21T09:00:00.000000Z"
        assert (answer["status"], answer["revived"]) == ("running", False)

    @pytest.mark.parametrize("tool", [["queue-ready"], ["queue-claim", "B-1", "--role", "B-ui", "--owner", "B"]])
    def test_every_command_of_the_session_is_one(self, project: Checkout, tool: list[str]) -> None:
        project.ok(*tool, env={**LATER, "FAIRWAY_SESSION_ID": "s1"})
        assert self.last(project) == "2026-11-21T09:00:00.000000Z"

    def test_commands_within_ten_minutes_write_nothing(self, project: Checkout) -> None:
        project.ok("queue-ready", env={"FAIRWAY_NOW": "2026-11-21T08:09:00Z", "FAIRWAY_SESSION_ID": "s1"})
        assert self.last(project) == "2026-11-21T08:00:00.000000Z"

    def test_a_command_of_an_unregistered_session_is_no_fault(self, project: Checkout) -> None:
        project.ok("queue-ready", env={**LATER, "FAIRWAY_SESSION_ID": "nobody"})
        assert self.last(project) == "2026-11-21T08:00:00.000000Z"

    def test_a_session_taken_for_stale_runs_again(self, project: Checkout) -> None:
        project.ok("session-end", "--id", "s1", "--status", "stale", "--reason", "quiet")
        answer = project.ok("session-heartbeat", "--id", "s1", "--json").json
        assert (answer["status"], answer["revived"]) == ("running", True)
        assert live(project) == ["s1"]

    def test_an_ended_session_has_none(self, project: Checkout) -> None:
        project.ok("session-end", "--id", "s1")
        answer = project.run("session-heartbeat", "--id", "s1")
        assert (answer.code, answer.word) == (4, "invalid_transition")

    @pytest.mark.parametrize("tool", ["session-heartbeat", "session-end"])
    def test_an_unknown_session_is_not_found_and_no_session_is_usage(self, project: Checkout, tool: str) -> None:
        assert (project.run(tool, "--id", "nobody").code, project.run(tool).word) == (3, "usage")


class TestEnding:
    @pytest.fixture(autouse=True)
    def _registered(self, project: Checkout) -> None:
        upsert(project, "--id", "s1", "--role", "B-ui")

    @pytest.mark.parametrize(
        ("words", "status"),
        [
            ([], "ended"),
            (["--exit-code", "0"], "ended"),
            (["--exit-code", "2"], "failed"),
            (["--status", "stale"], "stale"),
        ],
    )
    def test_the_exit_code_tells_how_it_ended_unless_it_is_said(
        self, project: Checkout, words: list[str], status: str
    ) -> None:
        assert project.ok("session-end", "--id", "s1", *words, "--json").json["status"] == status
        assert live(project) == []

    def test_the_first_end_stays(self, project: Checkout) -> None:
        project.ok("session-end", "--id", "s1", "--exit-code", "2", "--reason", "crashed")
        answer = project.ok("session-end", "--id", "s1", "--exit-code", "0", "--json").json
        assert (answer["already"], answer["status"], answer["end_reason"]) == (True, "failed", "crashed")

    @pytest.mark.parametrize("words", [["--status", "running"], ["--exit-code", "-1"], ["--exit-code", "x"]])
    def test_bad_input_ends_nothing(self, project: Checkout, words: list[str]) -> None:
        assert project.run("session-end", "--id", "s1", *words).word == "usage"
        assert live(project) == ["s1"]

    def test_the_task_keeps_everything_when_its_session_ends(self, project: Checkout) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann")
        upsert(project, "--id", "s1", "--task-id", "B-1")
        project.ok("session-end", "--id", "s1", "--exit-code", "137")
        after = project.detail("B-1")
        assert (after["status"], after["claimant"], after["fence"]) == ("in_progress", "ann", 1)


def test_every_change_of_a_session_is_in_the_ledger_which_stays_sound(project: Checkout) -> None:
    upsert(project, "--id", "s1", "--role", "B-ui", "--task-id", "B-1")
    upsert(project, "--id", "s1", "--task-id", "B-2")
    project.ok("session-end", "--id", "s1")
    kinds = [event["kind"] for event in project.ok("queue-activity", "--json").json["events"]]
    assert kinds[:3] == ["session_ended", "session_updated", "session_registered"]
    project.ok("queue-verify")


def test_undo_looks_past_sessions_to_the_last_change_of_work(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    upsert(project, "--id", "s1", "--role", "B-ui", "--task-id", "B-1")
    assert project.ok("queue-undo", "--json").json["kind"] == "claimed"


def test_the_names_of_the_make_targets_reach_the_tools(project: Checkout) -> None:
    project.make("queue-session-upsert", "SESSION_ID=s1", "ROLE=B-ui", "TASK_ID=B-1", "BACKEND=manual")
    project.make("queue-session-heartbeat", "SESSION_ID=s1")
    for target in ("queue-session-status", "agent-session-status", "session-status"):
        assert project.make(target, "FORMAT=ids").out == "s1\n"
    assert "dry" not in project.make("queue-session-reconcile", "DRY_RUN=1").err
    project.make("queue-session-end", "SESSION_ID=s1", "EXIT_CODE=0", "REASON=lunch $(shell touch x) `touch y`")
    assert session(project, "s1")["end_reason"] == "lunch $(shell touch x) `touch y`"


def change_row(project: Checkout, column: str, value: str) -> None:
    """Write a session's row behind the tools' back, as another machine would have left it."""
    import sqlite3

    with sqlite3.connect(project.store) as connection:
        connection.execute(f"UPDATE sessions SET {column} = ?", (value,))
