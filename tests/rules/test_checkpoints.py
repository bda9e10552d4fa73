"""When a checkpoint is open, when it is stale, and which one of a subject counts."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.runs.checkpoints_rules import (
    checked_before,
    checked_state,
    checked_target,
    is_open,
    latest,
    why_stale,
)

NOON = "2026-05-04T12:00:00.000000Z"
DAY = 86400.0


def row(state: str = "active", **more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "subject_kind": "task",
        "subject_id": "B-1",
        "state": state,
        "target_close_by": "",
        "created_at": NOON,
        "subject_over": 0,
        **more,
    }


@pytest.mark.parametrize(
    ("state", "now", "stale"),
    [
        ("active", "2026-05-05T12:00:00Z", False),
        ("active", "2026-05-05T12:00:01Z", True),
        ("planned", "2026-05-06", True),
        ("review", "2026-05-06", True),
        ("awaiting_input", "2027-05-06", False),
        ("done", "2027-05-06", False),
        ("parked", "2027-05-06", False),
        ("abandoned", "2027-05-06", False),
    ],
)
def test_an_open_checkpoint_is_stale_after_a_day_unless_it_waits_for_somebody(
    state: str, now: str, stale: bool
) -> None:
    assert bool(why_stale(row(state), now, DAY)) == stale


@pytest.mark.parametrize(
    ("target", "before", "stale"),
    [
        ("2026-05-09", "2026-05-09T00:00:00.000000Z", False),
        ("2026-05-09", "2026-05-10T00:00:00.000000Z", True),
        ("2026-05-09T10:00:00.000000Z", "2026-05-09T09:59:59.000000Z", False),
        ("2026-05-09T10:00:00.000000Z", "2026-05-09T10:00:01.000000Z", True),
    ],
)
@pytest.mark.parametrize("state", ["active", "awaiting_input"])
def test_a_target_is_missed_when_it_has_passed(in_utc: None, state: str, target: str, before: str, stale: bool) -> None:
    assert bool(why_stale(row(state, target_close_by=target), NOON, DAY, before)) == stale


def test_what_is_closed_or_over_is_never_stale() -> None:
    for closed in (row("done", target_close_by="2026-01-01"), row(subject_over=1, target_close_by="2026-01-01")):
        assert not is_open(closed)
        assert why_stale(closed, "2027-01-01", DAY) == ""


def test_the_last_row_of_each_subject_counts_newest_first() -> None:
    rows = [row(id=1), row(id=2, subject_kind="track"), row(id=3), row(id=4, subject_id="B-2")]
    assert [entry["id"] for entry in latest(rows)] == [4, 3, 2]


@pytest.mark.parametrize(("word", "state"), [("", "active"), (" Awaiting-Input ", "awaiting_input"), ("DONE", "done")])
def test_a_state_may_be_written_in_a_few_ways(word: str, state: str) -> None:
    assert checked_state(word) == state


@pytest.mark.parametrize("words", ["soon", "2026-02-30", "2026-13-01", "99999999d", "99999999999999999999d"])
def test_a_target_that_is_no_time_is_refused(words: str) -> None:
    with pytest.raises(FairwayError, match="TARGET_CLOSE_BY"):
        checked_target(words, NOON)


def test_the_moment_to_measure_against_is_now_unless_it_is_named(in_utc: None) -> None:
    assert checked_before("", NOON) == NOON
    assert checked_before("2026-05-09", NOON) == "2026-05-09T00:00:00.000000Z"
    with pytest.raises(FairwayError, match="BEFORE"):
        checked_before("2d", NOON)
