"""kill -9 of our processes during a cut-over: the old side keeps what it did, and the next call puts ours right."""

from __future__ import annotations

import glob
import os
import random
import signal
import sqlite3
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from fairway_scripts.workspace.legacy_command import delivery_lock
from tests.acceptance.cutover_ledger import STORE, read_side
from tests.acceptance.cutover_standins import A
from tests.compat.shadowed import OBSERVER, Shadowed, make_shadowed
from tests.legacy_standin.standin import QUEUE_SCRIPT, legacy_environment, need_ruby
from tests.support.older_scripts import force_over
from tests.support.rings import length

if TYPE_CHECKING:
    from pathlib import Path

need_ruby()

KILLS = length(1, 5)
#: About as long as a call takes: (before the original starts .. after everything is written).
SHADOW_SECONDS = (0.01, 0.2)
OBSERVER_SECONDS = (0.0, 0.6)
HAND_ON_SECONDS = (0.02, 0.5)


@pytest.fixture
def project(tmp_path: Path) -> Shadowed:
    """B-ui in shadow; B-2 is in work."""
    found = make_shadowed(tmp_path)
    claim = ["claim", "--role", "B-ui", "--owner", "bea", "--task-id", "B-2"]
    assert found.call(*claim).code == 0
    return found


def kill_while_running(project: Shadowed, words: list[str], after: float) -> None:
    """Start a call under the older name, kill our process, and wait until nothing that it started still runs."""
    ours, theirs = os.pipe()
    process = subprocess.Popen(
        [os.path.join(project.main, QUEUE_SCRIPT), *words],
        cwd=project.main,
        env=legacy_environment(ACTOR="bea"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[theirs],
    )
    os.close(theirs)
    time.sleep(after)
    process.kill()
    process.wait()
    assert os.read(ours, 1) == b""  # the original has the other end as well, until it ends
    os.close(ours)


def evidence(text: str) -> list[str]:
    return ["record-evidence", "--task-id", "B-2", "--command-text", text, "--result", "pass"]


def assert_both_sides_agree(project: Shadowed) -> list[str]:
    """Both sides are sound and have the same records, moves and states; the texts of the evidence."""
    project.ok("queue-ready", env={"FAIRWAY_ENGINE": "fairway"})
    project.ok("queue-verify")
    connection = sqlite3.connect(f"file:{project.legacy_db}?mode=ro", uri=True)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    here, there = read_side(project.store, STORE), read_side(project.legacy_db, A.tables)
    assert sorted(here.records) == sorted(there.records)
    assert moved(here.moves) == moved(there.moves)
    assert here.states == there.states
    texts = [text for _kind, _task, text in there.records]
    assert len(texts) == len(set(texts)), texts
    return texts


def moved(moves: dict[str, list[tuple[str, str]]]) -> dict[str, list[tuple[str, str]]]:
    """The moves without those that went nowhere: the other side need not be told of them."""
    return {
        task_id: real for task_id, all_of in moves.items() if (real := [move for move in all_of if len(set(move)) > 1])
    }


def test_a_shadow_call_that_is_killed_leaves_what_the_original_did(project: Shadowed) -> None:
    chance = random.Random(1)
    for number in range(KILLS):
        kill_while_running(project, evidence(f"killed {number}"), chance.uniform(*SHADOW_SECONDS))
        assert project.call(*evidence(f"quiet {number}")).code == 0  # the next call puts everything right
        texts = assert_both_sides_agree(project)
        assert f"quiet {number}" in texts
    assert project.waiting == []


def test_an_observer_that_is_killed_is_followed_by_the_next(project: Shadowed) -> None:
    chance = random.Random(2)
    for number in range(KILLS):
        with delivery_lock(f"{project.spool}.lock", seconds=60) as held:
            assert held is not None
            assert project.queue(*evidence(f"seen {number}"), env={"ACTOR": "bea"}).code == 0
            (call_id,) = project.waiting
            observer = process_of(call_id)
        time.sleep(chance.uniform(*OBSERVER_SECONDS))
        with_luck_kill(observer)
        assert project.call("ready", "--role", "B-ui").code == 0
        assert project.waiting == []
        assert f"seen {number}" in assert_both_sides_agree(project)
    calls = [row["call_id"] for row in project.observed()]
    assert len(calls) == len(set(calls)) == 1 + 2 * KILLS


def test_a_status_that_is_handed_on_while_we_are_killed_arrives_once(project: Shadowed) -> None:
    force_over(project, "B-ui")
    chance = random.Random(3)
    for number in range(KILLS):
        status = ("blocked", "in_progress")[number % 2]
        move = ["set-status", "--task-id", "B-2", "--status", status, "--reason", "as it goes"]
        kill_while_running(project, move, chance.uniform(*HAND_ON_SECONDS))
        assert project.queue(*evidence(f"quiet {number}"), env={"ACTOR": "bea"}).code == 0
        project.ok("lane-engine", "--deliver")
        project.ok("queue-verify")
        here, there = read_side(project.store, STORE), read_side(project.legacy_db, A.tables)
        assert moved(here.moves) == moved(there.moves)
        assert here.states == there.states
        assert f"quiet {number}" in [text for _kind, _task, text in here.records]


def process_of(call_id: str) -> int:
    """The number of the observer of a call, as soon as it runs."""
    if not os.path.isdir("/proc/self"):
        pytest.skip("processes are found through /proc")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if call_id.encode() in words and OBSERVER.encode() in words:
                return int(path.split("/")[2])
        time.sleep(0.01)
    raise AssertionError("nobody compares the call")


def with_luck_kill(number: int) -> None:
    """Kill a process that may have ended already."""
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        return
