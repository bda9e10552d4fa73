"""Summing up observations: what explains a difference, what is unused, what a lane still lacks."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.cutover.parity.parity_report import (
    concerns,
    explanation_of,
    judge,
    summarise,
    unproven,
    unused_entries,
)
from fairway_scripts.cutover.parity.parity_rules import CORE

TODAY = "2026-05-04"
DIFFERENCE = {"field": "ready.B-ui", "legacy": ["B-1", "B-2"], "own": ["B-2", "B-1"]}


def entry(**changes: Any) -> dict[str, Any]:
    basis: dict[str, Any] = {"place": "d.toml:1", "operation": "ready", "field": "ready", "lanes": [], "word": ""}
    basis |= {"match": {"legacy": "^B-1 B-2$", "own": "^B-2"}, "expires": "2026-08-01"}
    return {**basis, "owner": "D-arch", "reason": "x", "date": TODAY, **changes}


def seen(call_id: str = "c1", **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "call_id": call_id,
        "at": "2026-05-04T10:00:00.000000Z",
        "role": "B-ui",
        "operation": "ready",
    }
    row |= {"task_id": None, "verdict": "mismatch", "note": None, "differences": [DIFFERENCE], "replay": "x"}
    return {**row, "ends": ["done", "done"], "legacy_ms": 100, "own_ms": 50, **changes}


@pytest.mark.parametrize(
    ("changes", "explains"),
    [
        ({}, True),
        ({"field": "ready.B-ui"}, True),
        ({"field": "*"}, False),
        ({"operation": "*"}, False),
        ({"word": "usage"}, False),
        ({"field": "ready.A-backend"}, False),
        ({"field": "read"}, False),
        ({"operation": "claim"}, False),
        ({"lanes": ["B-ui"]}, True),
        ({"lanes": ["A-backend"]}, False),
        ({"expires": "2026-05-04"}, True),
        ({"expires": "2026-05-03"}, False),
        ({"match": {"legacy": "^B-2", "own": "^B-2"}}, False),
        ({"match": {"legacy": "^B-1", "own": "^B-1"}}, False),
    ],
)
def test_an_entry_explains_what_it_names(changes: dict[str, Any], explains: bool) -> None:
    found = explanation_of([entry(**changes)], "ready", "B-ui", DIFFERENCE, TODAY)
    assert (found is not None) == explains


def test_a_call_of_no_lane_is_explained_by_the_lane_of_the_field() -> None:
    assert explanation_of([entry(lanes=["B-ui"])], "ready", "*", DIFFERENCE, TODAY) is not None


def test_a_call_counts_as_explained_when_all_its_differences_are() -> None:
    other = {"field": "exit", "legacy": "done", "own": "refused"}
    rows = [judge(seen(differences=[DIFFERENCE, other]), [entry()], TODAY), judge(seen("c2"), [entry()], TODAY)]
    row = summarise(rows)[0]
    assert (row["explained"], row["unexplained"]) == (1, 1)
    assert [case["differences"] for case in row["open"]] == [[other]]
    assert row["explained_by"] == [{"place": "d.toml:1", "calls": 2}]


def test_what_was_unclear_is_counted_apart_and_never_compared() -> None:
    rows = [
        judge(seen("c1", verdict="unclear", note="another call changed the task"), [], TODAY),
        judge(seen("c2", verdict="interrupted", own_ms=None), [], TODAY),
        judge(seen("c3", verdict="match", differences=[], own_ms=200), [], TODAY),
    ]
    row = summarise(rows)[0]
    assert [row[name] for name in ("observations", "match", "unclear", "interrupted", "unexplained")] == [3, 1, 1, 1, 0]
    assert row["unclear_why"] == "another call changed the task"
    assert row["latency"] == 1.25
    assert row["open"] == []


def test_every_unexplained_call_names_the_command_that_does_it_again() -> None:
    case = summarise([judge(seen(), [], TODAY)])[0]["open"][0]
    assert case["replay"] == "make parity-report REPLAY=c1"


def test_entries_that_explain_nothing_are_listed() -> None:
    used, unused = entry(), entry(place="d.toml:9", operation="claim")
    explaining = [entry for _difference, entry in judge(seen(), [used, unused], TODAY)["explained"]]
    assert [row["place"] for row in unused_entries([used, unused], explaining)] == ["d.toml:9"]


def test_a_refusal_is_explained_with_the_word_it_had() -> None:
    end = {"field": "exit", "legacy": "done", "own": "refused", "word": "evidence_required"}
    told = entry(field="exit", match={"legacy": "done", "own": "refused"})
    for word, explains in (("evidence_required", True), ("", False), ("usage", False)):
        assert (explanation_of([{**told, "word": word}], "ready", "B-ui", end, TODAY) is not None) == explains


def test_a_call_that_could_not_be_translated_is_never_explained() -> None:
    call = {"field": "call", "legacy": "done", "own": "untranslated: --as"}
    told = entry(field="call", match={"legacy": "done", "own": "untranslated"})
    assert explanation_of([told], "ready", "B-ui", call, TODAY) is None


def lacking(*rows: dict[str, Any], entries: list[dict[str, Any]] | None = None) -> list[str]:
    """Which of claim and ready a lane still lacks after these calls, oldest first."""
    judged = [judge(row, entries or [], TODAY) for row in rows]
    return [name for name in unproven(judged, "B-ui") if name in ("claim", "ready")]


AGREED = {"verdict": "match", "differences": []}
REFUSED = {**AGREED, "ends": ["refused", "refused"]}


def test_nothing_is_shown_by_nothing() -> None:
    assert unproven([], "B-ui") == list(CORE)


@pytest.mark.parametrize(
    "changes",
    [
        REFUSED,
        {**AGREED, "ends": ["unavailable", "unavailable"]},
        {**AGREED, "ends": ["", ""]},
        {"verdict": "unclear", "differences": []},
        {"verdict": "interrupted", "differences": []},
        {**AGREED, "role": "C-ops"},
        {**AGREED, "role": "*"},
        {"differences": [{"field": "state", "legacy": "unread", "own": {}}]},
    ],
)
def test_an_operation_is_shown_by_a_call_that_both_sides_did_and_nothing_else(changes: dict[str, Any]) -> None:
    assert lacking(seen(operation="claim", **changes)) == ["ready", "claim"]
    assert lacking(seen(operation="claim", **AGREED), seen(operation="claim", **REFUSED)) == ["ready"]


def test_a_list_of_every_lane_shows_the_list_of_this_one() -> None:
    assert lacking(seen(role="*", **AGREED)) == ["claim"]


def test_what_was_shown_before_a_difference_has_to_be_shown_again() -> None:
    agreed = seen(operation="claim", **AGREED)
    differs = seen(operation="claim", differences=[{"field": "records", "legacy": [], "own": []}])
    assert lacking(agreed, differs) == ["ready", "claim"]
    assert lacking(agreed, differs, agreed) == ["ready"]


def test_a_different_end_counts_also_when_somebody_explains_it() -> None:
    end = {"field": "exit", "legacy": "done", "own": "refused", "word": "usage"}
    told = entry(operation="claim", field="exit", match={"legacy": "done", "own": "refused"}, word="usage")
    differs = seen(operation="claim", differences=[end], ends=["done", "refused"])
    agreed = seen(operation="claim", **AGREED)
    assert lacking(agreed, differs, entries=[told]) == ["ready", "claim"]
    assert lacking(differs, agreed, entries=[told]) == ["ready"]


def test_an_explained_difference_between_two_calls_that_were_done_shows_the_operation() -> None:
    assert lacking(seen(), entries=[entry()]) == ["claim"]


@pytest.mark.parametrize(
    ("role", "field", "speaks"),
    [
        ("B-ui", "exit", True),
        ("A-backend", "exit", False),
        ("*", "ready.B-ui", True),
        ("*", "ready.A-backend", False),
        ("*", "next.A-backend", False),
        ("*", "exit", True),
    ],
)
def test_a_difference_speaks_against_its_own_lane(role: str, field: str, speaks: bool) -> None:
    assert concerns({"role": role}, {"field": field}, "B-ui") == speaks
