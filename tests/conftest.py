"""What every test needs: no setting of the tester reaches the code under test."""

from __future__ import annotations

import os

import pytest

from tests.support.repositories import isolate_git


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
