"""What the tests of both engines share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fairway_scripts.base import clock
from tests.support.server import server


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The server of this process, which calls in this test find; the clock is this machine's again afterwards."""
    found = server()
    for name, value in found.environment.items():
        monkeypatch.setenv(name, value)
    yield found
    clock._ahead = None
