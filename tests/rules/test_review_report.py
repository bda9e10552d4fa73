"""What recorded reviews add up to."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.reviews.reports.review_report_rules import asks_of, review_report

LANES = ["C-ops", "D-arch", "E-governance"]


def at(minute: int) -> str:
    return f"2026-11-21T08:{minute:02}:00.000000Z"


def request(minute: int, lane: str = "D-arch", commit: str = "c1", **more: Any) -> dict[str, Any]:
    plain = {"task_id": "B-1", "shape": "paired", "answered_by": None, "superseded_at": None}
    return {**plain, "role": lane, "commit_sha": commit, "created_at": at(minute), **more}


def verdict(minute: int, lane: str = "D-arch", word: str = "approved", **more: Any) -> dict[str, Any]:
    plain = {"task_id": "B-1", "findings_count": None, "duration_seconds": None}
    return {**plain, "reviewer_role": lane, "verdict": word, "created_at": at(minute), **more}


def one(requests: list[dict[str, Any]], verdicts: list[dict[str, Any]]) -> dict[str, Any]:
    (ask,) = asks_of(requests, verdicts)
    return ask


# --- one ask ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requests", "verdicts", "state"),
    [
        ([request(0)], [], "open"),
        ([request(0)], [verdict(5)], "done"),
        ([request(0)], [verdict(5, "E-governance")], "open"),
        ([request(0)], [verdict(5, task_id="B-2")], "open"),
        ([request(5)], [verdict(0)], "open"),
        ([request(0, superseded_at=at(3))], [], "replaced"),
        # somebody who was asked and let go again has still spent the time
        ([request(0, superseded_at=at(3))], [verdict(5)], "done"),
        ([request(0, answered_by=7)], [], "covered"),
        ([request(0, answered_by=7)], [verdict(5)], "done"),
        # routed again on the same commit: one ask, and the last routing tells whether it is open
        ([request(0, superseded_at=at(1)), request(1)], [], "open"),
        ([request(0, superseded_at=at(1)), request(1, answered_by=7)], [verdict(0)], "done"),
    ],
)
def test_the_state_of_an_ask(requests: list[dict[str, Any]], verdicts: list[dict[str, Any]], state: str) -> None:
    assert one(requests, verdicts)["state"] == state


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ([verdict(1, findings_count=2)], "found"),
        ([verdict(1, word="changes_requested")], "found"),
        ([verdict(1, word="blocked", findings_count=0)], "found"),
        ([verdict(1, findings_count=0)], "nothing"),
        # no number is no zero
        ([verdict(1)], "unknown"),
        ([verdict(1), verdict(2, findings_count=0)], "unknown"),
        ([verdict(1, word="changes_requested"), verdict(2)], "found"),
        ([], None),
    ],
)
def test_what_an_ask_found(verdicts: list[dict[str, Any]], outcome: str | None) -> None:
    assert one([request(0)], verdicts)["outcome"] == outcome


def test_an_ask_waits_for_its_first_verdict_and_all_of_its_verdicts_take_time() -> None:
    ask = one([request(0)], [verdict(5, duration_seconds=60), verdict(9), verdict(10, duration_seconds=30)])
    assert (ask["wait_seconds"], ask["spent_seconds"], ask["verdicts"]) == (300.0, 90.0, 3)
    assert one([request(0)], [verdict(5)])["spent_seconds"] is None


def test_a_verdict_belongs_to_the_last_ask_that_was_open_when_it_was_given() -> None:
    requests = [request(0, superseded_at=at(10)), request(10, commit="c2")]
    first, second = asks_of(requests, [verdict(5), verdict(12, findings_count=1)])
    assert (first["outcome"], second["outcome"]) == ("unknown", "found")


@pytest.mark.parametrize(("answered", "shape"), [(None, "light"), (1, "full-matrix"), (3, "light")])
def test_an_ask_has_the_shape_in_which_it_was_answered_or_else_asked_last(answered: int | None, shape: str) -> None:
    requests = [request(0, shape="full-matrix", superseded_at=at(2)), request(2, shape="light")]
    assert one(requests, [] if answered is None else [verdict(answered)])["shape"] == shape


def test_an_ask_from_before_shapes_were_recorded_has_none() -> None:
    assert one([request(0, shape=None)], [])["shape"] == "unknown"


# --- all of them -----------------------------------------------------------------------------------------


def report(requests: list[dict[str, Any]], verdicts: list[dict[str, Any]], *waivers: str) -> dict[str, Any]:
    return review_report(asks_of(requests, verdicts), [{"needed": shape} for shape in waivers], LANES)


def test_numbers_add_up_by_shape_and_by_lane() -> None:
    requests = [
        request(0),
        request(0, "E-governance"),
        request(1, "C-ops", shape="light", task_id="B-2"),
        request(2, "C-ops", shape="light", task_id="B-3", answered_by=1),
    ]
    verdicts = [verdict(3, duration_seconds=60), verdict(5, "E-governance", "blocked")]
    found = report(requests, verdicts, "paired")
    light, paired = found["by_shape"]
    assert (light["shape"], paired["shape"]) == ("light", "paired")
    assert (paired["changes"], paired["lanes_asked"], paired["waivers"]) == (1, 2.0, 1)
    assert (paired["asked"], paired["done"], paired["found"], paired["unknown"]) == (2, 2, 1, 1)
    assert paired["waited"] == {"count": 2, "median_seconds": 240.0, "total_seconds": 480.0}
    assert paired["spent"] == {"count": 1, "median_seconds": 60.0, "total_seconds": 60.0}
    assert (light["changes"], light["asked"], light["open"], light["covered"]) == (1, 1, 1, 1)
    assert [(row["shape"], row["lane"]) for row in found["by_lane"]] == [
        ("light", "C-ops"),
        ("paired", "D-arch"),
        ("paired", "E-governance"),
    ]
    for row in [*found["by_shape"], *found["by_lane"]]:
        assert row["asked"] == row["done"] + row["open"] + row["replaced"]
        assert row["done"] == row["found"] + row["nothing"] + row["unknown"]


@pytest.mark.parametrize(
    ("findings", "streak"),
    [([0, 0, 0], 3), ([0, 2, 0], 1), ([0, 0, 2], 0), ([0, 0, None], 0), ([None, 0, 0], 2), ([], 0)],
)
def test_reviews_that_find_nothing_in_a_row_are_counted_from_the_latest(
    findings: list[int | None], streak: int
) -> None:
    requests = [request(at, task_id=f"B-{at}") for at in range(4)]  # the fourth is open and tells nothing
    verdicts = [verdict(10 + at, task_id=f"B-{at}", findings_count=count) for at, count in enumerate(findings)]
    found = report(requests, verdicts)
    assert found["by_lane"][0]["nothing_found_in_a_row"] == streak
    assert found["by_shape"][0]["nothing_found_in_a_row"] == streak


def test_a_change_found_nothing_only_when_every_lane_that_was_asked_found_nothing() -> None:
    requests = [request(0), request(0, "E-governance")]
    nothing, something = verdict(1, findings_count=0), verdict(2, "E-governance", findings_count=1)
    assert report(requests, [nothing, something])["by_shape"][0]["nothing_found_in_a_row"] == 0
    assert report(requests, [nothing, {**something, "findings_count": 0}])["by_shape"][0]["nothing_found_in_a_row"] == 1
    # it is not finished yet
    assert report(requests, [nothing])["by_shape"][0]["nothing_found_in_a_row"] == 0


def test_a_shape_that_was_only_waived_has_a_row() -> None:
    (row,) = report([], [], "full-matrix")["by_shape"]
    assert (row["shape"], row["changes"], row["lanes_asked"], row["waivers"]) == ("full-matrix", 0, None, 1)


def test_nothing_gives_nothing() -> None:
    assert report([], []) == {"by_shape": [], "by_lane": []}
