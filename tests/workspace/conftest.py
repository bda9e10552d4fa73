"""Every test of this folder runs git: none may see the user's settings or the variables of a surrounding hook."""

from __future__ import annotations

import pytest

from tests.support.repositories import isolate_git, make_repository


@pytest.fixture(autouse=True)
def _isolated(monkeypatch):
    isolate_git(monkeypatch)


@pytest.fixture
def checkout(tmp_path) -> str:
    """A main checkout with one commit on master."""
    return make_repository(tmp_path)
