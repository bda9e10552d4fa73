"""What the text of an anchor has to hold before anything is compared with it."""

from __future__ import annotations

import json

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.git.anchor_ref import Anchor
from fairway_scripts.upkeep.anchors import SCHEMA, read_anchor

HEAD = {"schema": SCHEMA, "event_id": 2, "events": 2, "hash": "a" * 64, "at": "2026-07-01T00:00:00Z", "actor": "ada"}


def anchor(**other: object) -> Anchor:
    return Anchor("c" * 40, json.dumps({**HEAD, **other}).encode(), b"")


def test_a_head_is_read() -> None:
    assert read_anchor(anchor())["hash"] == "a" * 64


@pytest.mark.parametrize("name", ["hash", "actor", "at", "events"])
def test_a_head_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(FairwayError, match=f"is not one of {SCHEMA}"):
        read_anchor(anchor(**{name: ["x"]}))
