"""Many processes at once: one winner, nothing lost, nobody told that the store is locked."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.rings import CROWD, some
from tests.support.shell import Answer, Checkout, finish, make_checkout, queue_text, run_tool, start_tool, task


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """Forty tasks of one lane; no worktree, so that claims only warn."""
    project = make_checkout(tmp_path, queue_text(*(task(f"B-{n:03}") for n in range(40))), lanes=[])
    project.ok("queue-ready")
    return project


def all_at_once(project: Checkout, calls: list[list[str]]) -> list[Answer]:
    running = [start_tool(*call, cwd=project.main) for call in calls]
    return [finish(process) for process in running]


def assert_sound(project: Checkout) -> None:
    verdict = project.run("queue-verify")
    assert verdict.code == 0, verdict


@pytest.mark.parametrize("attempt", some(range(3), 0))
def test_one_task_has_one_winner_and_the_losers_learn_who(project: Checkout, attempt: int) -> None:
    calls = [
        ["queue-claim", f"B-00{attempt}", "--role", "B-ui", "--owner", f"W{n}", "--actor", f"w{n}"]
        for n in range(CROWD)
    ]
    answers = all_at_once(project, calls)
    assert sorted(answer.code for answer in answers) == [0] + [4] * (CROWD - 1)
    assert {answer.word for answer in answers} == {"", "already_claimed"}
    winner = next(n for n, answer in enumerate(answers) if answer.code == 0)
    assert all(f"claimed by w{winner} " in answer.err for answer in answers if answer.code)
    assert_sound(project)


def test_claim_next_never_gives_two_agents_the_same(project: Checkout) -> None:
    calls = [["queue-claim", "--role", "B-ui", "--owner", f"W{n}", "--actor", f"w{n}", "--json"] for n in range(CROWD)]
    answers = all_at_once(project, calls)
    assert [answer.code for answer in answers] == [0] * CROWD
    taken = sorted(answer.json["task_id"] for answer in answers)
    assert taken == [f"B-{n:03}" for n in range(CROWD)]
    assert_sound(project)


def test_every_concurrent_record_is_kept(project: Checkout) -> None:
    calls = [
        ["queue-record-evidence", "B-000", "--command-text", f"run {n}", "--result", "pass", "--actor", f"w{n}"]
        for n in range(CROWD)
    ]
    assert [answer.code for answer in all_at_once(project, calls)] == [0] * CROWD
    kept = {row["command_text"] for row in project.detail("B-000")["evidence"]}
    assert kept == {f"run {n}" for n in range(CROWD)}
    assert_sound(project)


def test_one_request_sent_many_times_is_carried_out_once(project: Checkout) -> None:
    calls = [["queue-claim", "--role", "B-ui", "--owner", "B", "--request-id", "r-1", "--json"]] * CROWD
    answers = all_at_once(project, calls)
    assert {answer.out for answer in answers} == {answers[0].out}
    assert answers[0].json["task_id"] == "B-000"
    assert len(project.ok("queue-list", "--status", "in_progress", "--format", "ids").out.split()) == 1


def test_many_first_commands_make_one_store(tmp_path: Path) -> None:
    fresh = make_checkout(tmp_path, queue_text(*(task(f"B-{n}") for n in range(20))), lanes=[], name="fresh")
    answers = all_at_once(fresh, [["queue-ready", "--format", "ids"]] * CROWD)
    assert [answer.code for answer in answers] == [0] * CROWD, answers
    assert {answer.out for answer in answers} == {answers[0].out}
    assert_sound(fresh)
    imports = sqlite3.connect(fresh.store).execute("SELECT count(*) FROM events WHERE kind = 'queue_imported'")
    assert imports.fetchone() == (1,)


def test_readers_go_on_while_writers_write(project: Checkout) -> None:
    calls: list[list[str]] = []
    for n in range(CROWD // 2):
        calls.append(["queue-claim", "--role", "B-ui", "--owner", f"W{n}", "--actor", f"w{n}"])
        calls.append(["queue-ready", "--format", "ids"])
    answers = all_at_once(project, calls)
    assert [answer.code for answer in answers] == [0] * len(calls), answers


def test_a_reader_needs_no_lock_although_there_is_something_to_keep_for_the_next_time(project: Checkout) -> None:
    """The queue file was saved again as it was: its new time is worth keeping, and nobody has to wait for that."""
    project.ok("queue-ready")
    os.utime(project.queue_file, (1_700_000_000, 1_700_000_000))
    with closing(sqlite3.connect(project.store, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        answer = project.run("queue-ready", "--limit", "1", env={"FAIRWAY_BUSY_SECONDS": "0.2"})
        holder.execute("ROLLBACK")
    assert answer.code == 0, answer


def test_a_writer_that_cannot_get_the_lock_says_so_and_changes_nothing(project: Checkout) -> None:
    holder = sqlite3.connect(project.store, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        answer = run_tool(
            "queue-claim",
            "B-000",
            "--role",
            "B-ui",
            "--owner",
            "B",
            cwd=project.main,
            env={"FAIRWAY_BUSY_SECONDS": "0.2"},
        )
        assert (answer.code, answer.word) == (2, "store_busy")
        assert "run the command again" in answer.err
        project.ok("queue-ready")
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    project.ok("queue-claim", "B-000", "--role", "B-ui", "--owner", "B")
