"""What the older scripts are told of a lane that has moved: rules alone."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.cutover.bridge import hand_on_rules as rules

STATE = {"status": "in_progress", "owner": "B", "branch": "agent/B-ui", "commit_sha": None, "completed_at": None}


@pytest.mark.parametrize(
    ("payload", "changes"),
    [
        ({"before": {"status": "todo"}, "after": {"status": "done"}}, True),
        ({"after": {"status": "done"}}, True),
        ({"before": {"status": "done"}, "after": {"status": "done", "owner": "C"}}, False),
        ({"before": {"owner": "B"}, "after": {"owner": ""}}, False),
        ({"after": {"claimant": None, "fence": 2}}, False),
        ({"table": "task_evidence", "row_id": 3}, False),
        ({"after": "text"}, False),
        ({}, False),
    ],
)
def test_only_another_status_is_handed_on(payload: dict[str, Any], changes: bool) -> None:
    assert rules.changes_status(payload) is changes


def test_a_status_is_one_call_with_what_both_sides_know() -> None:
    ((kind, payload),) = rules.messages_for(STATE, terminal=False, reason="why")
    values = {"TASK_ID": "B-1", "STATUS": "in_progress", "OWNER": "B", "BRANCH": "agent/B-ui"}
    assert rules.variables(kind, "B-1", payload) == values


def test_a_closed_task_comes_with_the_evidence_that_the_older_gate_wants() -> None:
    done = {**STATE, "status": "done", "commit_sha": "28be438aea"}
    (first, proof), (second, _status) = rules.messages_for(done, terminal=True)
    assert (first, second) == ("evidence", "state")
    values = rules.variables(first, "B-1", proof, "3f" * 32)
    assert values["COMMAND_TEXT"] == "fairway ledger 3f3f3f3f3f3f3f3f: B-1 done at 28be438aea"
    assert values["RESULT"] == "pass"


@pytest.mark.parametrize(("reason", "told"), [("no contract; $(x)", "no contract; $(x)"), ("", "blocked")])
def test_a_blocked_task_says_why(reason: str, told: str) -> None:
    ((kind, payload),) = rules.messages_for({**STATE, "status": "blocked"}, terminal=False, reason=reason)
    assert rules.variables(kind, "B-1", payload)["BLOCKED_REASON"] == told


@pytest.mark.parametrize(
    ("theirs", "missing"),
    [
        ("todo", ["in_progress", "blocked", "in_progress", "done"]),
        (None, ["in_progress", "blocked", "in_progress", "done"]),
        ("in_progress", ["done"]),
        ("blocked", ["in_progress", "done"]),
        ("done", []),
    ],
)
def test_the_older_side_follows_from_where_it_is(theirs: str | None, missing: list[str]) -> None:
    path = [{"status": status} for status in ("in_progress", "blocked", "in_progress", "done")]
    assert [state["status"] for state in rules.not_told_yet(path, theirs)] == missing


def test_each_failure_waits_twice_as_long_and_never_more_than_an_hour() -> None:
    assert [rules.wait_seconds(tries) for tries in (0, 1, 2, 3, 50)] == [30.0, 30.0, 60.0, 120.0, 3600.0]
