"""The words of a host's own calls name columns of its database: a guess, which the cells may speak against."""

from __future__ import annotations

from typing import Any

from fairway_scripts.cutover.mapping.mapping_rules import BY_CALLS, find_mapping
from fairway_scripts.cutover.names_in_calls import names_in_calls

SCRIPTS: dict[str, dict[str, Any]] = {
    "ops/q.sh": {
        "pass-on": {
            "tool": "queue-record-handoff",
            "map": {"--job": "TASK_ID", "--came-out": "RESULTS", "--did": "COMMANDS", "--sort": "COMMANDS"},
            "env": {"XQ_TOUCHED_FILES": "CHANGED_FILES", "XQ_DANGER": "RISKS"},
        },
        "also": {"tool": "queue-record-handoff", "map": {"--sort": "RISKS"}, "env": "same"},
        "look": {"tool": "queue-ready", "map": {"--came-out": "ROLE"}},
        "left": {"tool": ""},
    }
}
COLUMNS = dict.fromkeys(("num", "job", "did", "came_out", "danger", "stamp"), "TEXT")
ROW = {
    "num": 1,
    "job": "B-1",
    "did": '["make x"]',
    "came_out": '["ok"]',
    "danger": None,
    "stamp": "2026-05-04 10:00:00",
}


def found(row: dict[str, Any], hints: dict[str, Any] | None = None) -> dict[str, Any]:
    states = {"columns": {"task_id": "TEXT", "status": "TEXT"}, "pk": ["task_id"], "rows": []}
    relays = {"columns": COLUMNS, "pk": ["num"], "rows": [row]}
    given = {"handoffs": {"table": "relay", **(hints or {})}}
    mapping = find_mapping({"task_state": states, "relay": relays}, given, spoken=names_in_calls(SCRIPTS))
    entry: dict[str, Any] = mapping["kinds"]["handoffs"]
    return entry


def test_flags_and_variables_are_names_whole_and_without_their_first_word() -> None:
    names = names_in_calls(SCRIPTS)
    assert names == {
        "handoffs": {
            "job": "task_id",
            "cameout": "results",
            "did": "commands",
            "xqtouchedfiles": "changed_files",
            "touchedfiles": "changed_files",
            "xqdanger": "risks",
            "danger": "risks",
        }
    }  # what a word means twice in one kind it does not mean
    assert names_in_calls({}) == {}


def test_a_column_is_what_the_calls_call_it_also_while_it_is_empty() -> None:
    entry = found(ROW)
    placed = {"commands": "did", "results": "came_out", "risks": "danger"}
    assert {ours: entry["columns"][ours] for ours in placed} == placed
    assert {entry["reasons"][ours] for ours in placed} == {BY_CALLS}


def test_the_profile_and_the_cells_know_better() -> None:
    assert found(ROW, {"columns": {"results": "did"}})["columns"]["results"] == "did"
    assert "results" not in found(ROW, {"columns": {"results": ""}})["columns"]
    assert found({**ROW, "came_out": "2026-05-04 10:00:00"})["columns"].get("results") != "came_out"
