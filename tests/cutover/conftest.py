"""A checkout and an old database of the shape of `tests.cutover.shaped`, for the tests that ask for them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cutover.shaped import TABLES, WHERE, Shaped
from tests.support.shell import Checkout, make_checkout, queue_text, task


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    made = make_checkout(tmp_path, queue_text(*(task(name) for name in ("B-1", "B-2", "B-3"))), lanes=[])
    made.ok("queue-import")
    return made


@pytest.fixture
def old(project: Checkout) -> Shaped:
    made = Shaped(os.path.join(project.main, WHERE), TABLES)
    made.fill()
    made.entry("e-1", "evidence", "u-1", 1, bodyText="make test all", outcome="OK", durationMs=95_000)
    made.entry(
        "e-2", "review", "u-1", 4, authorName="dora", authorRole="D-arch", outcome="REWORK", commitSha="3993e614"
    )
    made.entry("e-3", "review_request", "u-1", 3, askedRole="D-arch,E-governance", commitSha="3993e614")
    return made
