"""What every test needs: no setting of the tester reaches the code under test."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from tests.support.repositories import isolate_git


def pytest_configure() -> None:
    """Let children be interrupted: a run in the background starts with these signals ignored, and hands that down."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; look at the diff")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate_git(monkeypatch)
    for name in (
        "ACTOR",
        "AGENT_ROLE",
        "AGENT_QUEUE_DB",
        "AGENT_QUEUE_FILE",
        "QUEUE_DB",
        "QUEUE_FILE",
        "WORKTREE_ROOT",
    ):
        if name in os.environ:
            monkeypatch.delenv(name)
