"""What the tests of this folder have in common: a checkout."""

from __future__ import annotations

import pytest

from tests.support.repositories import make_repository


@pytest.fixture
def checkout(tmp_path) -> str:
    """A main checkout with one commit on master."""
    return make_repository(tmp_path)
