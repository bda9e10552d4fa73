"""How often a hot command waits for a server: each time costs the way there and back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.base import clock
from fairway_scripts.front.entry import run
from tests.support.server import server
from tests.support.server_checkout import ServerCheckout, server_checkout
from tests.support.shell import queue_text, task

#: What a hot command may ask, beside the connection itself.
MOST = 3


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerCheckout]:
    made = server_checkout(tmp_path, queue_text(task("B-1"), task("B-2")))
    made.ok("queue-ready")
    monkeypatch.chdir(made.main)
    for name, value in server().environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ACTOR", "tester")
    yield made
    clock._ahead = None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each message whose answer was waited for."""
    pytest.importorskip("ctypes")
    from fairway_scripts.store.postgres.libpq import Wire

    found: list[str] = []
    for name in ("ask", "ask_many"):
        plain = getattr(Wire, name)

        def counted(self: Any, *given: Any, plain: Any = plain) -> Any:
            if len(given) == 1:  # one with values asks as one of many
                found.append(str(given[0]))
            return plain(self, *given)

        monkeypatch.setattr(Wire, name, counted)
    return found


HANDOFF = (
    *("--owner", "B", "--branch", "master", "--commit", "HEAD"),
    *("--commands", "make test", "--results", "pass", "--changed-files", "a"),
)
DAY = (
    ("queue-ready", "--role", "B-ui"),
    ("queue-claim", "--role", "B-ui", "--owner", "B"),
    ("queue-task-detail", "--task-id", "B-1"),
    ("queue-record-evidence", "--task-id", "B-1", "--command-text", "make test", "--result", "pass"),
    ("queue-record-handoff", "--task-id", "B-1", *HANDOFF),
    (
        *("queue-record-review", "--task-id", "B-1", "--reviewer-role", "A-backend", "--reviewer", "A"),
        *("--status", "approved", "--commit", "HEAD", "--actor", "other"),
    ),
    ("queue-set-status", "--task-id", "B-1", "--status", "done", "--commit", "HEAD"),
    ("queue-claim", "--role", "B-ui", "--owner", "B", "--request-id", "r-1"),
    ("queue-release", "--task-id", "B-2"),
)


def test_a_hot_command_waits_for_few_answers(project: ServerCheckout, asked: list[str]) -> None:
    counts = {}
    for name, *words in DAY:
        asked.clear()
        assert run(name, list(words)) == 0, name
        counts[" ".join((name, *words))] = len(asked)
    seldom = {line: 4 for line in counts if "review" in line or "--request-id" in line}
    assert {line: count for line, count in counts.items() if count > seldom.get(line, MOST)} == {}
    project.ok("queue-verify")
    assert os.getcwd() == os.path.realpath(project.main)
