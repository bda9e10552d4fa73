"""kill -9 of our processes during a cut-over: the old side keeps what it did, and the next call puts ours right."""

from __future__ import annotations

import glob
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fairway_scripts.programs.legacy_command import delivery_lock
from tests.acceptance.cutover_ledger import STORE, Side, read_side
from tests.acceptance.cutover_standins import STAND_INS, Typed
from tests.compat.shadowed import OBSERVER, Shadowed, make_shadowed
from tests.legacy_standin.standin import legacy_environment, need_ruby
from tests.support.older_scripts import force_over
from tests.support.rings import length, some
from tests.support.shell import BIN

need_ruby()

KILLS = length(1, 3)
#: About as long as a call takes: (before the original starts .. after everything is written).
SHADOW_SECONDS = (0.01, 0.2)
OBSERVER_SECONDS = (0.0, 0.6)
HAND_ON_SECONDS = (0.02, 0.5)
ENGINE_SECONDS = (0.05, 0.9)


@pytest.fixture(params=some(sorted(STAND_INS), "a"))
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Shadowed:
    """B-ui in shadow, on each stand-in; B-2 is in work."""
    found = make_shadowed(tmp_path, request.param)
    assert found.asked("claim", role="B-ui", owner="bea", task="B-2").code == 0
    found.settle()
    return found


def kill_while_running(project: Shadowed, line: Typed, after: float) -> None:
    """Start a call, kill our process, and wait until nothing that it started still runs."""
    ours, theirs = os.pipe()
    process = subprocess.Popen(
        line.words,
        cwd=project.main,
        env=legacy_environment(ACTOR="bea", **line.environment),
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


def moments(seed: int, span: tuple[float, float]) -> list[float]:
    """When to kill, in seconds: somewhere in the first part of a span, in the second, and so on."""
    chance = random.Random(seed)
    first, last = span
    return [first + (number + chance.random()) * (last - first) / KILLS for number in range(KILLS)]


def evidence(text: str) -> dict[str, str]:
    return {"operation": "record-evidence", "task": "B-2", "text": text, "result": "pass"}


def move_of(status: str) -> dict[str, str]:
    said = {"operation": "set-status", "task": "B-2", "status": status, "owner": "bea", "branch": "agent/B-ui"}
    return {**said, "sha": "", "reason": "as it goes"}


def sides(project: Shadowed) -> tuple[Side, Side]:
    """What our store and the old database hold."""
    return read_side(project.store, STORE), read_side(project.legacy_db, STAND_INS[project.stand_in].tables)


def assert_both_sides_agree(project: Shadowed) -> list[str]:
    """Both sides are sound and have the same records, moves and states; the texts of the evidence."""
    project.ok("queue-ready", env={"FAIRWAY_ENGINE": "fairway"})
    project.ok("queue-verify")
    connection = sqlite3.connect(f"file:{project.legacy_db}?mode=ro", uri=True)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    here, there = sides(project)
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
    for number, moment in enumerate(moments(1, SHADOW_SECONDS)):
        kill_while_running(project, project.line(**evidence(f"killed {number}")), moment)
        assert project.asked(**evidence(f"quiet {number}")).code == 0
        project.settle()  # the next call puts everything right
        texts = assert_both_sides_agree(project)
        assert f"quiet {number}" in texts
    assert project.waiting == []


def test_an_observer_that_is_killed_is_followed_by_the_next(project: Shadowed) -> None:
    for number, moment in enumerate(moments(2, OBSERVER_SECONDS)):
        with delivery_lock(f"{project.spool}.lock", seconds=60) as held:
            assert held is not None
            assert project.asked(**evidence(f"seen {number}")).code == 0
            (call_id,) = project.waiting
            observer = process_of(call_id)
        time.sleep(moment)
        with_luck_kill(observer)
        assert project.asked("ready", role="B-ui").code == 0
        project.settle()
        assert project.waiting == []
        assert f"seen {number}" in assert_both_sides_agree(project)
    calls = [row["call_id"] for row in project.observed()]
    assert len(calls) == len(set(calls)) == 1 + 2 * KILLS


def test_a_status_that_is_handed_on_while_we_are_killed_arrives_once(project: Shadowed) -> None:
    force_over(project, "B-ui")
    for number, moment in enumerate(moments(3, HAND_ON_SECONDS)):
        kill_while_running(project, project.line(**move_of(("blocked", "in_progress")[number % 2])), moment)
        assert project.asked(**evidence(f"quiet {number}")).code == 0
        project.ok("lane-engine", "--deliver")
        assert f"quiet {number}" in assert_moves_agree(project)


def test_a_lane_that_is_killed_on_its_way_there_and_back_goes_on_where_it_was(project: Shadowed) -> None:
    """Once it is asked again it arrives; each status is on both sides once, whenever it was told."""
    done = [*sides(project)[1].moves["B-2"]]
    for number, moment in enumerate(moments(4, ENGINE_SECONDS)):
        status = ("blocked", "in_progress")[number % 2]
        kill_while_running(project, engine_line(force_words(project)), moment)
        force_over(project, "B-ui")
        assert project.asked(**move_of(status)).code == 0
        assert project.asked(**evidence(f"ours {number}")).code == 0
        kill_while_running(project, engine_line(["legacy", "back"]), moment)
        project.ok("lane-engine", "B-ui", "legacy", "back")
        assert project.asked(**evidence(f"theirs {number}")).code == 0
        texts = assert_moves_agree(project)
        assert {f"ours {number}", f"theirs {number}"} <= {*texts}
        done.append((done[-1][1], status))
        assert moved(sides(project)[1].moves)["B-2"] == done
    assert "debt" not in project.ok("lane-engine").out


def engine_line(words: list[str]) -> Typed:
    return Typed([sys.executable, os.path.join(BIN, "lane-engine"), "B-ui", *words], {})


def force_words(project: Shadowed) -> list[str]:
    """The words that move the lane past everything that speaks against it now."""
    refused = project.run("lane-engine", "B-ui", "fairway", "go")
    numbers = re.findall(r"^#\d+", refused.err, re.MULTILINE)
    return ["fairway", f"go: {' '.join(numbers)}", "--force"]


def assert_moves_agree(project: Shadowed) -> list[str]:
    """Both sides are sound and have the same moves and states; the texts of the evidence on our side, each once."""
    project.ok("queue-ready", env={"FAIRWAY_ENGINE": "fairway"})
    project.ok("queue-verify")
    here, there = sides(project)
    assert moved(here.moves) == moved(there.moves)
    assert here.states == there.states
    texts = [text for _kind, _task, text in here.records]
    assert len(texts) == len(set(texts)), texts
    return texts


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
