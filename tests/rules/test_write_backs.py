"""What the legacy side is told, and when both sides agree: rules alone."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.rules import write_backs as rules

SHA = "3993e614" + "a" * 32
OURS = {"status": "done", "owner": "B", "branch": "agent/B-ui", "commit_sha": SHA, "completed_at": "2026-05-04"}


@pytest.mark.parametrize(
    ("kind", "payload", "expected"),
    [
        ("evidence_recorded", {"table": "task_evidence", "row_id": 3}, [("evidence", 3)]),
        ("watcher_finished", {"table": "task_evidence", "row_id": 4}, [("evidence", 4)]),
        ("reviewed", {"table": "task_reviews", "row_id": 5, "after": {}}, [("review", 5)]),
        (
            "evidence_recorded",
            {"rows": [["task_evidence", 1], ["task_evidence", 2]]},
            [("evidence", 1), ("evidence", 2)],
        ),
        ("handoff_acknowledged", {"rows": [["task_handoffs", 1]]}, []),
        ("undone", {"rows": [["task_evidence", 1]]}, []),
        ("checkpoint_recorded", {"table": "checkpoints", "row_id": 1}, []),
        ("status_set", {"after": {"status": "done"}}, []),
    ],
)
def test_the_records_that_an_event_made(kind: str, payload: dict[str, Any], expected: list[Any]) -> None:
    assert rules.records_of(kind, payload) == expected


@pytest.mark.parametrize(
    ("payload", "moves"),
    [
        ({"after": {"status": "done"}}, True),
        ({"after": {"owner": ""}}, True),
        ({"after": {"claimant": None, "fence": 2}}, False),
        ({"after": "text"}, False),
        ({}, False),
    ],
)
def test_whether_an_event_moves_what_both_sides_know(payload: dict[str, Any], moves: bool) -> None:
    assert rules.moves_state(payload) is moves


@pytest.mark.parametrize(
    ("theirs", "named"),
    [
        (OURS, ""),
        ({**OURS, "commit_sha": "3993e614"}, ""),
        ({**OURS, "completed_at": "2026-05-05 10:00:00"}, ""),
        ({"status": "done"}, ""),
        ({**OURS, "status": "todo"}, "status is done here and todo"),
        ({**OURS, "owner": "C"}, "owner is B here and C"),
        ({**OURS, "owner": None}, "owner is B here and -"),
        ({**OURS, "commit_sha": "3993e6"}, "commit_sha is"),
        ({**OURS, "completed_at": None}, "completed_at is"),
        (None, "does not know the task"),
    ],
)
def test_both_sides_agree_or_say_where_they_do_not(theirs: dict[str, Any] | None, named: str) -> None:
    found = "; ".join(rules.differences(OURS, theirs))
    assert named in found
    assert bool(named) == bool(found)


def test_what_is_empty_here_may_be_kept_there() -> None:
    free = {"status": "todo", "owner": "", "branch": None, "commit_sha": None, "completed_at": None}
    assert rules.differences(free, {**free, "owner": "B", "branch": "agent/B-ui"}) == []


def test_only_what_is_set_is_told() -> None:
    row = {"command_text": "make test", "result": "pass", "notes": "", "duration_seconds": 0, "artifact_path": None}
    told = rules.variables(rules.EVIDENCE, "B-1", row)
    assert told == {"TASK_ID": "B-1", "COMMAND_TEXT": "make test", "RESULT": "pass", "DURATION_SECONDS": "0"}


def test_a_record_is_known_by_the_columns_that_the_legacy_side_has() -> None:
    ours = {"reviewer_role": "D-arch", "reviewer": "D", "verdict": "approved"}
    assert rules.is_same_record(rules.REVIEW, ours, {"reviewer": "D", "verdict": "approved"})
    assert not rules.is_same_record(rules.REVIEW, ours, {"reviewer": "E", "verdict": "approved"})
    assert not rules.is_same_record(rules.REVIEW, ours, {"notes": "x"})


def test_the_state_after_each_event_is_told_from_the_state_of_now() -> None:
    now = {**OURS, "completed_at": "t3"}
    events = [
        {"id": 1, "payload": {"before": {"status": "todo", "owner": ""}, "after": {"status": "in_progress"}}},
        {"id": 2, "payload": {"row_id": 1}},
        {"id": 3, "payload": {"before": {"status": "in_progress", "completed_at": None}, "after": {"status": "done"}}},
    ]
    states = rules.states_after(events, now)
    assert [(states[n]["status"], states[n]["owner"], states[n]["completed_at"]) for n in (1, 2, 3)] == [
        ("in_progress", "B", None),
        ("in_progress", "B", None),
        ("done", "B", "t3"),
    ]


def test_the_wait_doubles_up_to_an_hour() -> None:
    assert [rules.wait_seconds(tries) for tries in (1, 2, 3, 20)] == [30.0, 60.0, 120.0, 3600.0]
