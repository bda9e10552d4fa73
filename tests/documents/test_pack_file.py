"""The catalogue of regression packs: what is read, and every fault with its line."""

from __future__ import annotations

import json
import os

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.reviews.gates.pack_file import PackFile, read_pack_file, read_pack_text
from tests.support.shell import HOME

LANES = ["A-backend", "B-ui", "C-ops"]
GOOD = """\
version: 1
updated_at: 2026-05-04
packs:
- id: terminal
  title: A terminal
  owner: A-backend
  target_environments: [kind, demo]
  lowest_reliable_layer: remote_validation
  required_proof:
  - it opens
"""


def read(text: str, path: str = "packs.yaml") -> PackFile:
    return read_pack_text(text.encode(), path, LANES)


def said(text: str) -> list[str]:
    return [fault.text() for fault in read(text).faults]


def test_the_catalogue_of_gpuaas_is_valid_as_it_stands() -> None:
    found = read_pack_file(os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml"), lanes=LANES)
    assert [pack["id"] for pack in found.packs] == ["auth-session", "terminal"]
    assert not found.errors
    assert {(fault.task_id, fault.code) for fault in found.faults} == {("terminal", "other_environments")}


def test_a_pack_is_read_with_every_field() -> None:
    (pack,) = read(GOOD).packs
    assert (pack["id"], pack["owner"], pack["target_environments"]) == ("terminal", "A-backend", ["kind", "demo"])
    assert pack["blocking"] == {"default": False, "per_environment": {}}
    assert (pack["gaps"], pack["paths"], pack["line"]) == ([], [], 4)
    assert said(GOOD) == []


def test_the_layer_is_free_text_and_numbers_stay_text() -> None:
    (pack,) = read(GOOD.replace("remote_validation", "017").replace("kind", "1.0")).packs
    assert (pack["lowest_reliable_layer"], pack["target_environments"]) == ("017", ["1.0", "demo"])


@pytest.mark.parametrize(
    ("written", "default", "places"),
    [
        ("true", True, {}),
        ("no", False, {}),
        ("{demo: true, kind: false}", True, {"demo": True, "kind": False}),
        ("{demo: off, kind: False}", False, {"demo": False, "kind": False}),
        ("", False, {}),
    ],
)
def test_blocking_is_one_word_or_one_for_each_environment(written: str, default: bool, places: dict[str, bool]) -> None:
    found = read(GOOD + f"  blocking: {written}\n")
    assert found.packs[0]["blocking"] == {"default": default, "per_environment": places}
    assert not found.faults


@pytest.mark.parametrize(
    "written", ['"true"', "maybe", "1", "[demo]", '{demo: "yes", kind: true}', "{demo: 2, kind: no}"]
)
def test_blocking_that_is_neither_true_nor_false_is_an_error(written: str) -> None:
    (fault,) = read(GOOD + f"  blocking: {written}\n").faults
    assert (fault.line, fault.task_id, fault.field, fault.code) == (11, "terminal", "blocking", "wrong_type")


def test_json_is_read_by_its_suffix() -> None:
    pack = {"id": "a", "title": "A", "owner": "B-ui", "target_environments": ["demo"], "blocking": {"demo": True}}
    text = json.dumps({"packs": [{**pack, "lowest_reliable_layer": "unit", "required_proof": ["x"]}]})
    found = read(text, "packs.json")
    assert not found.faults
    assert found.packs[0]["blocking"] == {"default": True, "per_environment": {"demo": True}}


def test_every_fault_is_reported_at_once_each_with_its_line() -> None:
    text = """\
owner: me
packs:
- id: a
  title: T
  blocking: "true"
  owner: Z
  paths: ["/x"]
- id: a
  extra: 1
  required_proof: [a, {b: c}]
  target_environments: demo
- zz
"""
    assert [(fault.line, fault.task_id, fault.field, fault.severity, fault.code) for fault in read(text).faults] == [
        (1, "", "owner", "warning", "unknown_field"),
        (3, "a", "target_environments", "error", "missing_field"),
        (3, "a", "lowest_reliable_layer", "error", "missing_field"),
        (3, "a", "required_proof", "error", "missing_field"),
        (5, "a", "blocking", "error", "wrong_type"),
        (6, "a", "owner", "warning", "unknown_owner"),
        (7, "a", "paths", "error", "bad_pattern"),
        (8, "a", "title", "error", "missing_field"),
        (8, "a", "owner", "error", "missing_field"),
        (8, "a", "lowest_reliable_layer", "error", "missing_field"),
        (8, "a", "id", "error", "duplicate_id"),
        (9, "a", "extra", "warning", "unknown_field"),
        (10, "a", "required_proof", "error", "wrong_type"),
        (11, "a", "target_environments", "error", "wrong_type"),
        (12, "", "packs", "error", "not_a_pack"),
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("id: terminal", "id:"), "packs.yaml:4: id: is empty; every pack needs it"),
        (
            ("  - it opens\n", "  - ''\n"),
            "packs.yaml:10: terminal: required_proof: entry 1 must be text, found nothing",
        ),
        (("[kind, demo]", "[]"), "packs.yaml:7: terminal: target_environments: is empty; every pack needs it"),
        (
            ("  - it opens\n", "  - it: opens\n"),
            (
                "packs.yaml:10: terminal: required_proof: entry 1 must be text, found a mapping; "
                "quote an entry that holds `: `"
            ),
        ),
        (
            ("[kind, demo]", "[kind, kind]"),
            "packs.yaml:7: terminal: target_environments: warning: names kind more than once",
        ),
    ],
)
def test_a_fault_says_what_is_wrong_in_words(change: tuple[str, str], message: str) -> None:
    assert said(GOOD.replace(*change)) == [message]


def test_blocking_and_target_environments_that_differ_are_warnings() -> None:
    text = GOOD + "  blocking: {demo: true, prod: true}\n"
    assert said(text) == [
        "packs.yaml:11: terminal: blocking: warning: names prod, which target_environments does not have",
        "packs.yaml:11: terminal: blocking: warning: says nothing of kind, which then do not block",
    ]
    assert not read(text).errors


def test_an_owner_is_not_checked_where_no_lanes_are_known() -> None:
    assert not read_pack_text(GOOD.replace("A-backend", "somebody").encode(), "packs.yaml", []).faults


@pytest.mark.parametrize("text", ["packs: []\n", "version: 1\npacks:\n"])
def test_a_catalogue_may_be_empty(text: str) -> None:
    assert (read(text).packs, read(text).faults) == ([], [])


@pytest.mark.parametrize(
    "text", ["", "- id: a\n", "packs: text\n", "version: 1\n", "packs: [\n", "a: &x 1\n", "packs: []\npacks: []\n"]
)
def test_what_is_no_catalogue_is_an_error_and_never_a_crash(text: str) -> None:
    assert read(text).errors


def test_a_file_that_is_not_there_is_told_with_what_names_another(tmp_path: object) -> None:
    with pytest.raises(FairwayError) as refusal:
        read_pack_file(f"{tmp_path}/packs.yaml", "packs.yaml")
    assert refusal.value.word == "not_found"
    assert "CATALOG" in refusal.value.hint


def test_a_folder_in_its_place_is_told(tmp_path: object) -> None:
    with pytest.raises(FairwayError) as refusal:
        read_pack_file(str(tmp_path))
    assert refusal.value.word == "file_unavailable"
