"""Gates of workstream profiles: which apply to a task, and which records satisfy them."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.reviews.gates import profile_gates_rules as rules
from fairway_scripts.settings.review_needs import needed_count

NOW = "2026-11-10T12:00:00.000000Z"
HERE, THERE = "a" * 40, "b" * 40


def gate(name: str = "guard", **fields: Any) -> dict[str, Any]:
    plain = {
        "evidence_type": "guard-report",
        "required_evidence_count": 1,
        "accepted_results": ["pass", "partial"],
        "artifact_required": False,
        "owner_signoff_required": False,
        "expires_after": "",
        "description": "",
        "group": "",
        "task_kinds": [],
        "mode": "advisory",
        "graduation": None,
    }
    return {**plain, "name": name, **fields}


def record(row_id: int = 1, **fields: Any) -> dict[str, Any]:
    plain = {
        "artifact_type": "guard-report",
        "result": "pass",
        "artifact_path": "r.txt",
        "signed_off_by": None,
        "gate": None,
        "commit_sha": HERE,
        "tree_dirty": 0,
        "created_at": "2026-11-10T11:00:00.000000Z",
    }
    return {**plain, "id": row_id, **fields}


def evaluate(entry: dict[str, Any], *rows: dict[str, Any], stale: str = "warn", commit: str = HERE) -> dict[str, Any]:
    whole = rules.gates_with_modes([{**entry, "profile": "P"}], {})[0]
    return rules.evaluate(whole, rows, now=NOW, commit=commit, stale=stale)


SETTINGS = {
    "workstream_profiles": [
        {"name": "P", "task_kinds": ["guard", "facade"], "gates": [gate("all"), gate("some", task_kinds=["facade"])]},
        {"name": "Q", "task_kinds": [], "gates": [gate("every")]},
        {"name": "R", "task_kinds": ["release"], "gates": [gate("last")]},
    ]
}


@pytest.mark.parametrize(
    ("kind", "profile", "expected"),
    [
        ("guard", "", ["P/all", "Q/every"]),
        ("facade", "", ["P/all", "P/some", "Q/every"]),
        ("task", "", ["Q/every"]),
        ("release", "", ["Q/every", "R/last"]),
        ("task", "P", ["P/all"]),
        ("facade", "P", ["P/all", "P/some"]),
        ("facade", "R", ["R/last"]),
        ("guard", "unheard-of", ["P/all", "Q/every"]),
    ],
)
def test_the_profile_field_decides_and_else_the_kind(kind: str, profile: str, expected: list[str]) -> None:
    found = rules.gates_of(kind, profile, SETTINGS)
    assert [rules.gate_key(entry["profile"], entry["name"]) for entry in found] == expected


def test_a_record_of_the_right_type_and_result_satisfies_a_gate() -> None:
    found = evaluate(gate(), record(7))
    assert (found["status"], found["satisfied_by"], found["reasons"]) == ("satisfied", [7], [])


@pytest.mark.parametrize(
    ("asked", "row", "why"),
    [
        ({}, {"result": "fail"}, "its result is fail"),
        ({"artifact_required": True}, {"artifact_path": ""}, "it has no artifact"),
        ({"owner_signoff_required": True}, {"notes": "signed off by Lead"}, "nobody has signed it off"),
        ({"expires_after": "1h"}, {}, "it is older than 1h"),
        ({"expires_after": "59m"}, {}, "it is older than 59m"),
    ],
)
def test_a_record_that_lacks_something_does_not_count_and_the_gate_says_why(
    asked: dict[str, Any], row: dict[str, Any], why: str
) -> None:
    found = evaluate(gate(**asked), record(3, **row))
    assert found["status"] == "missing"
    assert found["rejected"][0]["id"] == 3
    assert why in found["rejected"][0]["why"]
    assert f"evidence 3: {why}" in "; ".join(found["reasons"])


@pytest.mark.parametrize(
    ("asked", "row"),
    [
        ({"owner_signoff_required": True}, {"signed_off_by": "Lead"}),
        ({"expires_after": "61m"}, {}),
        ({"artifact_required": True}, {}),
        ({"accepted_results": []}, {"result": "fail"}),
        ({"evidence_type": ""}, {"artifact_type": "anything"}),
    ],
)
def test_a_record_that_has_what_is_asked_counts(asked: dict[str, Any], row: dict[str, Any]) -> None:
    assert evaluate(gate(**asked), record(3, **row))["status"] == "satisfied"


def test_records_of_other_types_are_no_candidates() -> None:
    found = evaluate(gate(), record(artifact_type="screenshot"))
    assert (found["rejected"], found["reasons"]) == ([], ["no evidence of type guard-report"])


def test_a_report_for_one_gate_is_none_for_another_of_the_same_type() -> None:
    assert evaluate(gate("one"), record(gate="P/one"))["status"] == "satisfied"
    assert evaluate(gate("other"), record(gate="P/one"))["status"] == "missing"
    assert evaluate(gate("other"), record(gate="P/one"))["rejected"] == []


@pytest.mark.parametrize(
    ("row", "stale", "status", "named"),
    [
        ({"commit_sha": THERE}, "refuse", "missing", []),
        ({"tree_dirty": 1}, "refuse", "missing", []),
        ({"commit_sha": THERE}, "warn", "satisfied", [1]),
        ({"commit_sha": THERE}, "accept", "satisfied", []),
        ({}, "refuse", "satisfied", []),
    ],
)
def test_records_of_another_commit_follow_the_policy_of_stale_evidence(
    row: dict[str, Any], stale: str, status: str, named: list[int]
) -> None:
    found = evaluate(gate(), record(**row), stale=stale)
    assert (found["status"], found["stale"]) == (status, named)


def test_as_many_records_are_needed_as_the_gate_says_and_fresh_ones_go_first() -> None:
    two = gate(required_evidence_count=2)
    assert evaluate(two, record(1))["reasons"] == ["1 of 2 records of type guard-report"]
    rows = [record(1), record(2), record(3, commit_sha=THERE)]
    assert evaluate(two, *rows)["satisfied_by"] == [2, 1]
    assert evaluate(two, *rows)["matching_evidence_count"] == 3


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 1),
        ({"required_evidence_count": 0}, 1),
        ({"required_evidence_count": 3}, 3),
        ({"required_evidence_count": 0, "evidence_type": "", "accepted_results": []}, 0),
        ({"required_evidence_count": 0, "evidence_type": "", "accepted_results": [], "expires_after": "1h"}, 1),
    ],
)
def test_a_gate_that_asks_for_anything_asks_for_one_record_at_least(asked: dict[str, Any], count: int) -> None:
    assert needed_count(gate(**asked)) == count


def test_a_later_record_that_speaks_against_it_is_named() -> None:
    assert evaluate(gate(), record(1), record(2, result="fail"))["against"] == 2
    assert evaluate(gate(), record(1, result="fail"), record(2))["against"] is None
    assert evaluate(gate(), record(1), record(2, result="fail", commit_sha=THERE))["against"] is None


def test_the_latest_graduation_is_the_mode_and_the_configured_one_stays_visible() -> None:
    rows = [{"profile": "P", "gate": "guard", "mode": mode} for mode in ("blocking", "report_only", "blocking")]
    found = rules.gates_with_modes([{**gate(), "profile": "P"}], rules.modes_now(rows))[0]
    assert (found["mode"], found["configured_mode"]) == ("blocking", "advisory")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"evidence_type": "guard-report"}, "make record-guard-report TASK_ID=B-1 COMMAND_TEXT='<command-text>'"),
        (
            {"evidence_type": "release-risk", "owner_signoff_required": True},
            "RESULT='<result>' ARTIFACT_TYPE=release-risk SIGNED_OFF",
        ),
    ],
)
def test_the_line_that_records_what_a_gate_asks_for(asked: dict[str, Any], expected: str) -> None:
    assert expected in rules.record_line(evaluate(gate(**asked)), "B-1")
