"""A process that makes many calls keeps the store's file open: what others do between two calls counts all the same."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.served.calls import STAYING
from tests.support.running_batch import Ask, running_batch
from tests.support.shell import BIN, Checkout, environment, make_checkout, queue_text, task

#: Runs calls in this process and says which of them opened the store's file but through SQLite.
_WATCHED = """
import json, sys
from fairway_scripts.served import calls

opened = []
def listen(event, values):
    if event == "open" and str(values[0]).endswith("queue.db"):
        opened.append(str(values[0]))
sys.addaudithook(listen)
calls.expect_many()
told = {}
for tool, words in json.loads(sys.argv[1]):
    outcome = calls.call(tool, words)
    told[tool] = [outcome.code, outcome.error and outcome.error["word"], opened[:]]
    opened.clear()
print(json.dumps([told, calls.kept_open._kept.connection is not None]))
"""
#: A call reads half of something, holds it and is refused; another process claims; the next call says what is ready.
_HOLDING = """
import json, subprocess, sys
from fairway_scripts.served import calls

calls.expect_many()
run, held = calls.run, []
def hold(name, words):
    run(name, words)
    held.append(calls.kept_open._kept.connection.execute("SELECT task_id FROM task_state"))
    held[0].fetchone()
    return 1
calls.run = hold
assert calls.call("queue-ready", []).code == 1
calls.run = run
subprocess.run(json.loads(sys.argv[1]), check=True, stdout=sys.stderr)
print(json.dumps([row["task_id"] for row in calls.call("queue-ready", []).answer["tasks"]]))
"""
_DAY = """
queue-ready
queue-list
queue-claim --role B-ui --owner B --task-id B-1 --force --reason r
queue-record-evidence --task-id B-1 --command-text t --result pass
queue-record-handoff --task-id B-1 --owner B --branch b --commit HEAD --commands t --results p --changed-files a
queue-ack-handoff --task-id B-1
queue-record-review --task-id B-1 --reviewer-role D-arch --reviewer D --status approved --commit HEAD
queue-task-detail --task-id B-1
queue-merge-ready --task-id B-1 --ref HEAD
queue-set-status --task-id B-1 --status blocked --reason r
queue-release --task-id B-1 --reason r
session-heartbeat --session-id s
fairway-prime
"""


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    made = make_checkout(tmp_path, queue_text(*(task(f"B-{number}") for number in range(1, 9))), lanes=["B-ui"])
    made.ok("queue-ready")
    return made


@pytest.fixture
def ask(project: Checkout) -> Iterator[Ask]:
    """Gives a call to a batch that is running, and waits for its answer."""
    with running_batch(project.main, environment(), "--actor", "bot") as asked:
        yield asked


def claim(ask: Ask, number: int) -> Any:
    return ask("claim", role="B-ui", owner="B", task_id=f"B-{number}")


class TestWhatOthersChange:
    def test_another_process_s_change_of_the_store(self, project: Checkout, ask: Ask) -> None:
        assert claim(ask, 1)["exit_code"] == 0
        project.ok("queue-claim", "--role", "B-ui", "--owner", "C", "--actor", "c", "--task-id", "B-2")
        assert claim(ask, 2)["error"]["word"] == "already_claimed"
        assert claim(ask, 3)["exit_code"] == 0
        assert project.detail("B-3")["claimant"] == "bot"

    def test_the_queue_file(self, project: Checkout, ask: Ask) -> None:
        assert claim(ask, 1)["exit_code"] == 0
        project.write_queue(queue_text(*(task(f"B-{number}") for number in (*range(1, 9), 20))))
        assert claim(ask, 20)["answer"]["task_id"] == "B-20"

    def test_the_settings(self, project: Checkout, ask: Ask) -> None:
        assert claim(ask, 1)["exit_code"] == 0
        path = os.path.join(project.main, ".fairway", "config.toml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("agent/B-ui", "lane/B-ui"))
        assert claim(ask, 2)["answer"]["branch"] == "lane/B-ui"

    def test_a_store_that_was_restored_is_another_file(self, project: Checkout, ask: Ask, tmp_path: Path) -> None:
        copy = str(tmp_path / "copy.db")
        project.ok("queue-backup", "--output", copy)
        assert claim(ask, 1)["exit_code"] == 0
        project.ok("queue-restore", "--from", copy, "--force")
        assert claim(ask, 1)["answer"]["renewed"] is False
        assert project.detail("B-1")["claimant"] == "bot"

    def test_a_store_that_is_gone_is_not_written_to(self, project: Checkout, ask: Ask) -> None:
        assert claim(ask, 1)["exit_code"] == 0
        for name in ("queue.db", "queue.db-wal", "queue.db-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(os.path.dirname(project.store), name))
        assert claim(ask, 2)["error"]["word"] == "store_lost"

    def test_what_a_refused_call_still_holds_shows_the_next_one_no_old_rows(self, project: Checkout) -> None:
        words = ["queue-claim", "--role", "B-ui", "--owner", "C", "--task-id", "B-1"]
        claiming = [sys.executable, os.path.join(BIN, words[0]), *words[1:]]
        assert script(project, _HOLDING, claiming) == [f"B-{number}" for number in range(2, 9)]


class TestTheFileItself:
    def test_calls_that_handle_the_file_stand_between_others(self, project: Checkout, ask: Ask, tmp_path: Path) -> None:
        for number in range(1, 5):
            assert claim(ask, number)["exit_code"] == 0
            assert ask("backup", output=str(tmp_path / f"{number}.db"))["exit_code"] == 0
            project.ok("queue-list")  # the last to close a file whose locks were given up would take its log away
        assert [project.detail(f"B-{number}")["claimant"] for number in range(1, 5)] == ["bot"] * 4
        assert ask("verify")["exit_code"] == 0

    def test_no_tool_that_stays_opens_the_file_but_through_the_store(self, project: Checkout) -> None:
        calls = [(line.split()[0], line.split()[1:]) for line in _DAY.strip().splitlines()]
        assert {tool for tool, _words in calls} == STAYING
        told, is_kept = watched(project, calls)
        # what is blocked has no claim to give up, and no session is registered
        assert [tool for tool, (code, _word, _opened) in told.items() if code] == ["queue-release", "session-heartbeat"]
        assert {tool: opened for tool, (_code, _word, opened) in told.items() if opened} == {}
        assert is_kept

    def test_a_store_of_which_it_is_not_known_whose_it_is_is_not_kept(self, project: Checkout, tmp_path: Path) -> None:
        copy = str(tmp_path / "copy.db")
        project.ok("queue-backup", "--output", copy)
        told, is_kept = watched(project, [("queue-ready", []), ("queue-list", ["--queue-db", copy])])
        assert [code for code, _word, _opened in told.values()] == [0, 0]
        assert not is_kept


def watched(project: Checkout, calls: list[tuple[str, list[str]]]) -> Any:
    """What came of calls in one process, by tool: exit code, error, what was opened; and whether a file is kept."""
    return script(project, _WATCHED, calls)


def script(project: Checkout, text: str, given: Any) -> Any:
    """What a script prints that is given something."""
    done = subprocess.run(
        [sys.executable, "-c", text, json.dumps(given)],
        cwd=project.main,
        env={**environment(), "PYTHONPATH": os.path.dirname(BIN)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
