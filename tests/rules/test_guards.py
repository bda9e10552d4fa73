"""Guards: what a run says, and when a guard may become blocking."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.reviews.gates.guards_rules import graduation, guard_result

NOW = "2026-11-10T12:00:00.000000Z"
CRITERIA = {"clean_runs": 2, "within": "24h", "max_false_positives": 1}


def run_of(row_id: int, found: int | None = 0, wrong: int = 0, **fields: Any) -> dict[str, Any]:
    result = "pass" if found == wrong else "partial"
    plain = {"result": result, "findings_count": found, "false_positives": wrong, "tree_dirty": 0}
    return {"id": row_id, **plain, "created_at": f"2026-11-10T0{row_id}:00:00.000000Z", **fields}


@pytest.mark.parametrize(
    ("findings", "wrong", "mode", "given", "expected"),
    [
        (0, 0, "blocking", "", "pass"),
        (2, 2, "blocking", "", "pass"),
        (2, 1, "blocking", "", "fail"),
        (2, 0, "report_only", "", "partial"),
        (2, 0, "warning", "", "partial"),
        (2, 0, "warning", "partial", "partial"),
        (None, 0, "warning", "skipped", "skipped"),
        (None, 0, "warning", "blocked", "blocked"),
    ],
)
def test_the_result_follows_from_the_numbers_and_the_mode(
    findings: int | None, wrong: int, mode: str, given: str, expected: str
) -> None:
    assert guard_result(findings, wrong, mode, given) == expected


@pytest.mark.parametrize(
    ("findings", "wrong", "mode", "given"),
    [
        (2, 3, "warning", ""),
        (2, 0, "advisory", ""),
        (None, 0, "warning", ""),
        (None, 0, "warning", "pass"),
        (None, 1, "warning", "skipped"),
        (3, 0, "warning", "pass"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(findings: int | None, wrong: int, mode: str, given: str) -> None:
    with pytest.raises(FairwayError) as refusal:
        guard_result(findings, wrong, mode, given)
    assert refusal.value.word == "usage"


@pytest.mark.parametrize(
    ("runs", "holds", "counted"),
    [
        ([run_of(1), run_of(2)], True, [2, 1]),
        ([run_of(1), run_of(2), run_of(3)], True, [3, 2]),
        ([run_of(1, 5), run_of(2), run_of(3)], True, [3, 2]),
        ([run_of(1), run_of(2, 2, 1), run_of(3)], False, [3]),
        ([run_of(1), run_of(2), run_of(3, 1)], False, []),
        ([run_of(2)], False, [2]),
        ([], False, []),
        ([run_of(1), run_of(2), run_of(3, None, result="skipped")], True, [2, 1]),
        ([run_of(1), run_of(2, tree_dirty=1)], False, [1]),
        ([run_of(1, created_at="2026-11-09T11:59:59.000000Z"), run_of(2)], False, [2]),
        ([run_of(1, created_at="2026-11-09T12:00:00.000000Z"), run_of(2)], True, [2, 1]),
        ([run_of(1), run_of(2, 1, 1)], True, [2, 1]),
        ([run_of(1, 1, 1), run_of(2, 1, 1)], False, [2, 1]),
    ],
    ids=str,
)
def test_a_guard_graduates_after_clean_runs_in_a_row(
    runs: list[dict[str, Any]], holds: bool, counted: list[int]
) -> None:
    found = graduation(CRITERIA, runs, NOW)
    assert (found["holds"], found["runs"], bool(found["reasons"])) == (holds, counted, not holds)


def test_without_criteria_nothing_graduates() -> None:
    assert graduation(None, [run_of(1), run_of(2)], NOW)["reasons"] == ["the gate has no graduation criteria"]


def test_no_false_positive_is_allowed_unless_the_gate_allows_some() -> None:
    found = graduation({"clean_runs": 1}, [run_of(1, 1, 1)], NOW)
    assert found["reasons"] == ["1 false positive in them, at most 0 allowed"]
