"""The field tables of packets, the sections of notes, and the rules of a bug-fix packet."""

from __future__ import annotations

import pytest

from fairway_scripts.calls import options
from fairway_scripts.packets import checks
from fairway_scripts.packets.fields import PACKETS, from_template
from fairway_scripts.packets.notes import lines_of, split_notes

SECTIONS = {
    "context": [
        *["Goal", "Non-Goals", "Current State", "Architecture Context", "Environment", "Workflow Regression Pack"],
        *["Owned Files / Systems", "Must Not Touch", "Commands To Run", "Acceptance", "Known Risks", "Stop Conditions"],
        *["Deviation Rules", "Handoff Format"],
    ],
    "bugfix": [
        *["Root Cause", "Impact", "Proof Command", "Regression Coverage", "Scope Drift", "Residual Risk"],
        *["Follow-Up / Blocker", "Review Questions"],
    ],
    "architecture-map": ["Scope", "Ownership", "Migration Risk", "Source Docs", "Acceptance"],
    "boundary-guard": [
        *["Guard Intent", "Report-Only Findings", "False Positives", "Graduation Criteria", "Proof Commands"],
    ],
    "vertical-slice": ["Target Seam", "Path Movement", "Adapter", "Proof Commands", "Rollback Plan"],
}


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_a_packet_has_its_sections_in_their_order(name: str) -> None:
    titles = dict.fromkeys(field.title for field in PACKETS[name].fields if field.title)
    assert list(titles) == SECTIONS[name]


@pytest.mark.parametrize("name", sorted(PACKETS))
def test_every_field_of_a_call_is_a_variable(name: str) -> None:
    for field in PACKETS[name].fields:
        if field.name not in ("authority", "failure_classes"):
            assert field.variable in options.VALUES


def test_every_missing_field_is_named_at_once() -> None:
    faults = checks.missing_fields(PACKETS["bugfix"], {"root_cause": ["x"]})
    assert [fault["field"] for fault in faults] == [
        *["BUG_SUMMARY", "OWNING_LAYER", "PROOF_COMMAND", "REGRESSION_COVERAGE", "RESIDUAL_RISK"],
    ]


@pytest.mark.parametrize(
    ("coverage", "open_tasks", "refused"),
    [
        ("unit test", [], False),
        ("Deferred until the harness exists", [], True),
        ("deferred", ["B-1"], True),
        ("deferred", ["B-2"], False),
    ],
)
def test_deferred_coverage_needs_another_open_task(coverage: str, open_tasks: list[str], refused: bool) -> None:
    faults = checks.bugfix_faults({"regression_coverage": [coverage]}, "B-1", open_tasks)
    assert [fault["field"] for fault in faults] == ["FOLLOW_UP"] * refused


@pytest.mark.parametrize(("pack", "refused"), [([], True), (["none"], True), (["terminal"], False)])
def test_a_workflow_fix_names_a_pack(pack: list[str], refused: bool) -> None:
    faults = checks.bugfix_faults({"owning_layer": ["CI workflow"], "workflow_pack": pack}, "B-1", [])
    assert [fault["field"] for fault in faults] == ["WORKFLOW_PACK"] * refused


@pytest.mark.parametrize(
    ("notes", "sections"),
    [
        ("", []),
        ("just words", [("", "just words")]),
        ("Context: here\nmore\n\n## Scope\na.py", [("context", "here\nmore"), ("scope", "a.py")]),
        ("**Pre-read (required):** doc", [("pre-read", "doc")]),
        ("Evidence required in handoff: log", [("evidence", "log")]),
        ("scope is a word in this sentence", [("", "scope is a word in this sentence")]),
    ],
)
def test_notes_are_split_at_their_headings(notes: str, sections: list[tuple[str, str]]) -> None:
    assert split_notes(notes) == sections


def test_entries_lose_their_list_marks() -> None:
    assert lines_of("- a\n\n 2. b\n* c\nd") == ["a", "b", "c", "d"]


def test_a_template_becomes_a_packet() -> None:
    packet = from_template("release-note", ["what_changed"], ["risk"])
    assert packet.title == "Release Note Packet"
    assert [(field.title, field.required) for field in packet.fields] == [("What Changed", True), ("Risk", False)]
