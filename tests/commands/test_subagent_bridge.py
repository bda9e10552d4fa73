"""subagent-bridge: what coordinator-spawned sub-agents report, kept by the provider's own thread."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.support.providers import session
from tests.support.ready_made import ready_made
from tests.support.shell import Checkout, make_checkout, queue_text, task


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("A-1", "A-backend")), lanes=["B-ui"])
    made.ok("queue-ready")
    return made


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A project for calls that change nothing."""
    return make_checkout(tmp_path_factory.mktemp("standing"), queue_text(task("B-1")), lanes=["B-ui"])


def report(project: Checkout, state: str, *words: str, thread: str = "thread-42") -> Any:
    return project.ok("subagent-bridge", "--external-id", thread, "--state", state, *words, "--json").json


def checkpoint(project: Checkout, track: str = "subagent/thread-42") -> Any:
    rows = project.ok("queue-snapshot").json["tables"]["checkpoints"]
    return [row for row in rows if row["subject_id"] == track][-1]


@pytest.mark.parametrize(
    ("state", "status", "checkpoint_state"),
    [
        ("started", "starting", "active"),
        ("running", "running", "active"),
        ("waiting_on_approval", "running", "awaiting_input"),
        ("waiting-on-input", "running", "awaiting_input"),
        ("completed", "ended", "done"),
        ("failed", "failed", "abandoned"),
        ("stale", "stale", "parked"),
        ("no_progress", "stale", "parked"),
    ],
)
def test_every_state_moves_the_session_and_leaves_a_checkpoint(
    project: Checkout, state: str, status: str, checkpoint_state: str
) -> None:
    told = report(project, state, "--task-id", "B-1", "--provider", "codex")
    assert told["status"] == status
    row = session(project, told["session_id"])
    assert (row["external_id"], row["lane"], row["provider"], row["backend"]) == (
        "thread-42",
        "B-ui",
        "codex",
        "codex-api",
    )
    last = checkpoint(project)
    assert (last["state"], last["owner"], last["id"]) == (checkpoint_state, "codex", told["checkpoint_id"])


def test_one_thread_is_one_session(project: Checkout) -> None:
    states = ("started", "running", "waiting_on_approval", "running", "completed")
    assert len({report(project, state, "--task-id", "B-1")["session_id"] for state in states}) == 1


def test_finished_work_is_handed_over_once(project: Checkout) -> None:
    report(project, "started", "--task-id", "B-1")
    told = report(project, "completed", "--summary", "wrote the form", "--commit", "HEAD")
    again = report(project, "completed", "--summary", "wrote the form")
    handoffs = project.detail("B-1")["handoffs"]
    assert [entry["results"] for entry in handoffs] == ["wrote the form"]
    assert len(handoffs[0]["commit_sha"]) == 40
    assert (told["handoff_id"], told["repeated"]) == (handoffs[0].get("id", handoffs[0].get("handoff_id")), False)
    assert (again["handoff_id"], again["repeated"]) == (None, True)


def test_failed_work_is_evidence_that_did_not_pass(project: Checkout) -> None:
    log = os.path.join(project.main, "log.txt")
    with open(log, "w", encoding="utf-8") as file:
        file.write("boom\n")
    report(project, "failed", "--task-id", "B-1", "--summary", "the build broke", "--artifact-path", log)
    evidence = project.detail("B-1")["evidence"][0]
    assert (evidence["result"], evidence["notes"], evidence["producer"]) == ("fail", "the build broke", "claim")
    assert (evidence["artifact_path"], len(evidence["artifact_sha256"])) == ("log.txt", 64)


def test_a_completion_alone_does_not_open_the_evidence_gate(project: Checkout) -> None:
    report(project, "completed", "--task-id", "B-1")
    assert project.run("queue-set-status", "B-1", "--status", "done", "--owner", "B").word == "evidence_required"


def test_without_a_task_there_is_a_checkpoint_alone_and_that_is_said(project: Checkout) -> None:
    answer = project.ok("subagent-bridge", "--external-id", "t1", "--state", "completed", "--role", "B-ui")
    assert "no TASK_ID" in answer.err
    assert checkpoint(project, "subagent/t1")["state"] == "done"


def test_the_track_can_be_named(project: Checkout) -> None:
    report(project, "running", "--role", "B-ui", "--track-id", "docs-sweep")
    assert checkpoint(project, "docs-sweep")["state"] == "active"


def test_the_same_state_again_is_a_heartbeat_and_no_second_checkpoint(project: Checkout) -> None:
    first = report(project, "running", "--task-id", "B-1")
    assert report(project, "running")["repeated"] is True
    assert checkpoint(project)["id"] == first["checkpoint_id"]
    assert report(project, "running", "--summary", "half way")["checkpoint_id"] > first["checkpoint_id"]


@pytest.mark.parametrize("late", ["running", "waiting_on_approval", "stale"])
def test_a_late_report_does_not_wake_a_finished_thread(project: Checkout, late: str) -> None:
    report(project, "completed", "--task-id", "B-1")
    answer = project.run("subagent-bridge", "--external-id", "thread-42", "--state", late)
    assert (answer.code, answer.word) == (4, "invalid_transition")
    assert "STATE=started" in answer.err


def test_a_thread_that_starts_again_lives_again(project: Checkout) -> None:
    report(project, "failed", "--task-id", "B-1")
    told = report(project, "started")
    assert (told["status"], session(project, told["session_id"])["ended_at"]) == ("starting", None)


def test_a_stale_thread_may_go_on(project: Checkout) -> None:
    report(project, "stale", "--task-id", "B-1")
    assert report(project, "running")["status"] == "running"


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["--external-id", "t", "--state", "happy", "--role", "B-ui"], "usage"),
        (["--external-id", "t", "--state", "started"], "usage"),
        (["--external-id", "t", "--role", "B-ui"], "usage"),
        (["--state", "started", "--role", "B-ui"], "usage"),
        (["--external-id", "a\nb", "--state", "started", "--role", "B-ui"], "usage"),
        (["--external-id", "t", "--state", "started", "--role", "Z"], "not_found"),
        (["--external-id", "t", "--state", "started", "--task-id", "B-404"], "not_found"),
        (["--external-id", "t", "--state", "completed", "--task-id", "B-1", "--commit", "nope"], "not_found"),
        (
            ["--external-id", "t", "--state", "failed", "--task-id", "B-1", "--artifact-path", "nope"],
            "file_unavailable",
        ),
    ],
)
def test_bad_input_is_refused_and_leaves_nothing(standing: Checkout, words: list[str], word: str) -> None:
    standing.ok("queue-import")
    assert standing.run("subagent-bridge", *words).word == word
    tables = standing.ok("queue-snapshot").json["tables"]
    assert (tables["sessions"], tables["checkpoints"]) == ([], [])


def test_what_a_sub_agent_handed_over_can_be_undone(project: Checkout) -> None:
    report(project, "completed", "--task-id", "B-1")
    project.ok("queue-undo", "--task-id", "B-1")
    assert project.detail("B-1")["handoffs"] == []
    project.ok("queue-verify")
