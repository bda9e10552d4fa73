"""Recognising the tables and columns of old databases that nobody has described."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from fairway_scripts.cutover.bridge.legacy_values import Unreadable, normal_time, our_word, whole_value
from fairway_scripts.cutover.mapping.mapping_rules import find_mapping
from fairway_scripts.store.legacy_source import LegacySource
from tests.support.old_database import USUAL


def mapping(schema: str, hints: dict[str, Any] | None = None) -> dict[str, Any]:
    """What is found in a database with this schema."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(schema)
        return find_mapping(LegacySource("", connection).tables(), hints)


def tables(found: dict[str, Any]) -> dict[str, str]:
    return {kind: entry["table"] for kind, entry in found["kinds"].items()}


def test_the_published_names_are_all_recognised() -> None:
    found = mapping(USUAL)
    assert tables(found) == {
        "state": "task_state",
        "history": "task_state_history",
        "evidence": "task_evidence",
        "handoffs": "task_handoffs",
        "reviews": "task_reviews",
        "sessions": "agent_sessions",
        "checkpoints": "track_checkpoints",
    }
    assert found["missing"] == ["requests"]
    assert found["problems"] == found["tables"] == []
    assert all(entry["unused"] == [] for entry in found["kinds"].values())


@pytest.mark.parametrize(
    ("schema", "kind", "table", "columns"),
    [
        pytest.param(
            "CREATE TABLE TaskState (taskId TEXT PRIMARY KEY, Status TEXT, Owner TEXT, gitBranch TEXT)",
            "state",
            "TaskState",
            {"task_id": "taskId", "status": "Status", "owner": "Owner", "branch": "gitBranch"},
            id="other case and punctuation",
        ),
        pytest.param(
            "CREATE TABLE tasks (id TEXT PRIMARY KEY, state TEXT, assignee TEXT, branch_name TEXT, sha TEXT)",
            "state",
            "tasks",
            {"task_id": "id", "status": "state", "owner": "assignee", "branch": "branch_name", "commit_sha": "sha"},
            id="synonyms",
        ),
        pytest.param(
            "CREATE TABLE work_items (ticket TEXT, status TEXT, owner TEXT, branch TEXT, done_at INTEGER)",
            "state",
            "work_items",
            {"task_id": "ticket", "status": "status", "owner": "owner", "branch": "branch", "completed_at": "done_at"},
            id="a table known by its shape only",
        ),
        pytest.param(
            "CREATE TABLE moves (id INTEGER PRIMARY KEY, task TEXT, old_status TEXT, new_status TEXT, ts INTEGER)",
            "history",
            "moves",
            {"task_id": "task", "from_status": "old_status", "to_status": "new_status", "at": "ts"},
            id="transitions under another name",
        ),
        pytest.param(
            "CREATE TABLE proofs (task_id TEXT, cmd TEXT, outcome TEXT, comment TEXT, created_at TEXT)",
            "evidence",
            "proofs",
            {
                "task_id": "task_id",
                "command_text": "cmd",
                "result": "outcome",
                "notes": "comment",
                "created_at": "created_at",
            },
            id="evidence under another name",
        ),
        pytest.param(
            "CREATE TABLE reviews (task_id TEXT, role TEXT, reviewed_by TEXT, decision TEXT, reviewed_commit TEXT)",
            "reviews",
            "reviews",
            {
                "task_id": "task_id",
                "reviewer_role": "role",
                "reviewer": "reviewed_by",
                "verdict": "decision",
                "reviewed_commit_sha": "reviewed_commit",
            },
            id="reviews with other columns",
        ),
    ],
)
def test_other_names_are_recognised(schema: str, kind: str, table: str, columns: dict[str, str]) -> None:
    found = mapping(schema)
    assert tables(found) == {kind: table}
    assert found["kinds"][kind]["columns"] == columns


def test_a_known_name_wins_over_a_table_of_the_same_shape() -> None:
    copy = USUAL.split(";")[0].replace("task_state", "task_state_backup")
    assert tables(mapping(f"{USUAL};{copy};"))["state"] == "task_state"


def test_nothing_is_chosen_between_two_equally_good_tables() -> None:
    columns = "(task_id TEXT, status TEXT, owner TEXT, branch TEXT)"
    found = mapping(f"CREATE TABLE one {columns}; CREATE TABLE two {columns};")
    assert found["kinds"] == {}
    assert [(entry["table"], entry["message"]) for entry in found["problems"]] == [
        ("one", "could be state, and so could two"),
        ("two", "could be state, and so could one"),
    ]


def test_nothing_is_chosen_between_two_equally_good_columns() -> None:
    found = mapping("CREATE TABLE task_state (task_id TEXT, status TEXT, assignee TEXT, owned_by TEXT)")
    assert "owner" not in found["kinds"]["state"]["columns"]
    (problem,) = found["problems"]
    assert (problem["column"], problem["message"]) == ("assignee", "could be owner, and so could owned_by")


def test_the_exact_name_wins_over_a_synonym() -> None:
    found = mapping("CREATE TABLE task_state (task_id TEXT, status TEXT, owner TEXT, assignee TEXT)")
    assert found["kinds"]["state"]["columns"]["owner"] == "owner"
    assert found["kinds"]["state"]["unused"] == ["assignee"]


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE settings (name TEXT, value TEXT)",
        "CREATE TABLE people (id INTEGER PRIMARY KEY, status TEXT, owner TEXT)",
        "CREATE TABLE task_tags (task_id TEXT, tag TEXT)",
    ],
)
def test_a_table_of_something_else_is_named_and_left_alone(schema: str) -> None:
    found = mapping(schema)
    assert found["kinds"] == {}
    assert found["tables"] == [schema.split()[2]]


def test_hints_of_the_host_win() -> None:
    schema = "CREATE TABLE a (ref TEXT, st TEXT, mood TEXT); CREATE TABLE task_state (task_id TEXT, status TEXT);"
    hints = {"state": {"table": "a", "columns": {"task_id": "ref", "status": "st"}}, "ignore": ["task_state"]}
    found = mapping(schema, hints)
    assert tables(found) == {"state": "a"}
    assert found["kinds"]["state"]["columns"] == {"task_id": "ref", "status": "st"}
    assert found["kinds"]["state"]["unused"] == ["mood"]


def test_a_hint_settles_what_was_unclear() -> None:
    schema = "CREATE TABLE task_state (task_id TEXT, status TEXT, assignee TEXT, owned_by TEXT)"
    found = mapping(schema, {"state": {"columns": {"owner": "owned_by"}}})
    assert found["kinds"]["state"]["columns"]["owner"] == "owned_by"
    assert found["problems"] == []


@pytest.mark.parametrize(
    ("hints", "message"),
    [
        ({"state": {"table": "nowhere"}}, "there is no such table"),
        ({"state": {"columns": {"owner": "nowhere"}}}, "it is not there"),
        ({"stat": {}}, "unknown entry stat"),
        ({"evidence": {"table": "task_state"}}, "no column is its command_text"),
    ],
)
def test_a_hint_that_cannot_be_followed_is_told(hints: dict[str, Any], message: str) -> None:
    problems = mapping("CREATE TABLE task_state (task_id TEXT, status TEXT)", hints)["problems"]
    assert any(message in problem["message"] for problem in problems), problems


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2026-05-04 10:00:00", "2026-05-04T10:00:00.000000Z"),
        ("2026-05-04 10:00:00 UTC", "2026-05-04T10:00:00.000000Z"),
        ("2026-05-04 12:00:00 +0200", "2026-05-04T10:00:00.000000Z"),
        ("2026-05-04T12:00:00+02:00", "2026-05-04T10:00:00.000000Z"),
        ("2026-05-04T10:00:00.25Z", "2026-05-04T10:00:00.250000Z"),
        ("2026-05-04", "2026-05-04T00:00:00.000000Z"),
        (1777888800, "2026-05-04T10:00:00.000000Z"),
        (1777888800.5, "2026-05-04T10:00:00.500000Z"),
        ("1777888800", "2026-05-04T10:00:00.000000Z"),
        (1777888800123, "2026-05-04T10:00:00.123000Z"),
        (1777888800123456, "2026-05-04T10:00:00.123456Z"),
        ("  ", None),
        (None, None),
    ],
)
def test_times_come_in_the_stored_form(given: Any, stored: str | None) -> None:
    assert normal_time(given) == stored


@pytest.mark.parametrize("given", ["last tuesday", "04.05.2026", "0", 2026, -5, float("inf"), float("nan"), "9" * 40])
def test_what_is_no_time_is_not_guessed(given: Any) -> None:
    with pytest.raises(Unreadable):
        normal_time(given)


@pytest.mark.parametrize(
    ("family", "word", "ours"),
    [
        ("status", "In-Progress", "in_progress"),
        ("status", "WIP", "in_progress"),
        ("status", "closed", "done"),
        ("status", "someday", None),
        ("result", "OK", "pass"),
        ("result", "blocked", "blocked"),
        ("verdict", "approve", "approved"),
        ("verdict", "Changes requested", "changes_requested"),
        ("verdict", "reject", "blocked"),
        ("verdict", "pending", None),
    ],
)
def test_words_are_translated_by_the_table_only(family: str, word: str, ours: str | None) -> None:
    statuses = ["todo", "in_progress", "blocked", "done"] if family == "status" else None
    assert our_word(family, word, None, statuses) == ours


def test_a_word_of_the_host_wins_and_an_own_word_stays() -> None:
    statuses = ["todo", "open", "done"]
    assert our_word("status", "open", None, statuses) == "open"
    assert our_word("status", "someday", {"someday": "todo"}, statuses) == "todo"
    assert our_word("status", "someday", {"someday": "nowhere"}, statuses) is None


@pytest.mark.parametrize(("given", "whole"), [("12", 12), (1.6, 2), ("true", 1), ("f", 0), ("", None), (None, None)])
def test_whole_numbers(given: Any, whole: int | None) -> None:
    assert whole_value(given) == whole


@pytest.mark.parametrize("given", ["twelve", float("nan"), float("inf")])
def test_what_is_no_number_is_not_guessed(given: Any) -> None:
    with pytest.raises(Unreadable):
        whole_value(given)
