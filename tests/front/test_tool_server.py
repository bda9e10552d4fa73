"""A tool that the tests fork is to its caller what a tool with an interpreter of its own is."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

import pytest

from tests.support import tool_server
from tests.support.shell import (
    Answer,
    Checkout,
    finish,
    make_checkout,
    queue_text,
    run_tool,
    start_tool,
    task,
    tool_environment,
)

#: Calls in their order: answers, refusals of every exit code, usage, help, text that needs quoting.
DAY = [
    ["queue-ready"],
    ["queue-ready", "--json"],
    ["queue-claim", "B-1", "--role", "B-ui", "--owner", "Ann", "--actor", "ann"],
    ["queue-claim", "B-1", "--role", "B-ui", "--owner", "Bea", "--actor", "bea"],
    ["queue-claim", "B-9", "--role", "B-ui", "--owner", "Bea"],
    ["queue-set-status", "B-1", "--status", "done", "--actor", "ann"],
    ["queue-record-evidence", "B-1", "--command-text", "two\nlines é '\"", "--result", "pass", "--actor", "ann"],
    ["queue-ready", "--bogus"],
    ["queue-list", "--help"],
    ["fairway", "task", "detail", "B-1"],
    ["queue-backup"],
    ["queue-verify", "--json"],
]
NOON = {"FAIRWAY_NOW": "2026-05-04T12:00:00Z"}

needs_fork = pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="tools are forked where processes have descriptors"
)


@pytest.fixture
def twins(tmp_path: Path) -> tuple[Checkout, Checkout]:
    """Two projects that differ in nothing but the folder above them."""
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(make_checkout(tmp_path / name, queue_text(task("B-1"), task("B-2")), lanes=["B-ui"]))
    return made[0], made[1]


def plain(answer: Answer, project: Checkout) -> tuple[int, str, str]:
    """An answer without the place of its project, and without hashes, which are never twice the same."""
    place = os.path.dirname(project.main)
    out, err = (re.sub(r"\b[0-9a-f]{64}\b", "HASH", text.replace(place, "/x")) for text in (answer.out, answer.err))
    return answer.code, out, err


@needs_fork
@pytest.mark.parametrize("separate", [False, True])
def test_a_day_of_calls_is_answered_alike(
    twins: tuple[Checkout, Checkout], monkeypatch: pytest.MonkeyPatch, separate: bool
) -> None:
    monkeypatch.setattr("tests.support.rings.FULL", False)
    tool_server.begin_test(separate=separate)
    forked, fresh = twins
    assert tool_server.answers(tool_environment(forked.main, NOON))
    for words in DAY:
        here = plain(run_tool(*words, cwd=forked.main, env=NOON), forked)
        there = plain(finish(start_tool(*words, cwd=fresh.main, env=NOON)), fresh)
        assert here == there, words


@needs_fork
def test_nothing_of_a_call_is_there_in_the_next(
    twins: tuple[Checkout, Checkout], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder, its project, its actor, its time, its configuration."""
    monkeypatch.setattr("tests.support.rings.FULL", False)
    one, two = twins
    one.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "Ann", env={"FAIRWAY_ACTOR": "ann", **NOON})
    two.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "Bea", env={"FAIRWAY_ACTOR": "bea"})
    assert (one.detail("B-1")["owner"], two.detail("B-1")["owner"]) == ("Ann", "Bea")
    assert one.detail("B-1")["claimed_at"].startswith("2026-05-04T12:00:00")
    assert not two.detail("B-1")["claimed_at"].startswith("2026-05-04T12:00:00")
    with open(os.path.join(one.main, ".fairway", "config.toml"), "a", encoding="utf-8") as file:
        file.write("\n[nonsense]\n")
    assert one.run("queue-ready").err != two.run("queue-ready").err


@needs_fork
def test_calls_at_once_are_processes_beside_each_other(
    twins: tuple[Checkout, Checkout], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.rings.FULL", False)
    project = twins[0]
    project.ok("queue-ready")
    answers: list[Answer] = []

    def claim(number: int) -> None:
        words = ["B-1", "--role", "B-ui", "--owner", f"W{number}", "--actor", f"w{number}"]
        answers.append(project.run("queue-claim", *words))

    crowd = [threading.Thread(target=claim, args=(number,)) for number in range(6)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(answer.code for answer in answers) == [0, 4, 4, 4, 4, 4]


@needs_fork
@pytest.mark.parametrize("name", ["PYTHONHASHSEED", "LC_ALL", "FAIRWAY_BUSY_SECONDS", "MAKELEVEL"])
def test_what_is_read_at_the_start_of_a_process_gets_a_fresh_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setattr("tests.support.rings.FULL", False)
    assert tool_server.answers(tool_environment(str(tmp_path), {"FAIRWAY_ACTOR": "ann"}))
    assert not tool_server.answers(tool_environment(str(tmp_path), {name: "1"}))
