"""The file of explained differences: what an entry needs, and what is said of one that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fairway_scripts.documents.differences_file import read_differences
from tests.support.shell import HOME

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
# why we differ
[[difference]]
operation = "ready"
field = "ready"
reason = "the order of the file"
owner = "D-arch"
date = 2026-05-04
"""


def faults_of(folder: Path, text: str) -> list[str]:
    path = folder / "differences.toml"
    path.write_text(text, encoding="utf-8")
    reading = read_differences(str(path), "differences.toml")
    assert bool(reading.faults) != bool(reading.entries)
    return [fault.text() for fault in reading.faults]


def test_an_entry_says_where_it_stands_and_what_it_explains(tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    path.write_text(GOOD + 'match = {legacy = "^B-1"}\nlanes = ["B-ui"]\nexpires = "2026-06-01"\n', encoding="utf-8")
    assert read_differences(str(path), "d.toml").entries == [
        {
            "place": "d.toml:2",
            "operation": "ready",
            "field": "ready",
            "reason": "the order of the file",
            "owner": "D-arch",
            "match": {"legacy": "^B-1"},
            "either": False,
            "lanes": ["B-ui"],
            "date": "2026-05-04",
            "expires": "2026-06-01",
        }
    ]


def test_a_plain_match_may_fit_either_side(tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    path.write_text(GOOD + 'match = "B-1"\n', encoding="utf-8")
    entry = read_differences(str(path)).entries[0]
    assert (entry["match"], entry["either"]) == ({"legacy": "B-1", "own": "B-1"}, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace('reason = "the order of the file"\n', ""), "differences.toml:2: reason: reason is required"),
        (GOOD.replace('"D-arch"', '"  "'), "differences.toml:6: owner: owner is required"),
        (GOOD.replace("date = 2026-05-04\n", ""), "differences.toml:2: date: date is required, as a day"),
        (GOOD.replace("2026-05-04", '"soon"'), "differences.toml:7: date: date is required, as a day"),
        (GOOD + "expires = 7\n", "differences.toml:8: expires: expires is required, as a day"),
        (GOOD + 'because = "x"\n', "differences.toml:8: because: because is no key of a difference"),
        (GOOD + 'match = "("\n', "differences.toml:8: match: match is a regular expression"),
        (GOOD + 'match = {old = "x"}\n', "differences.toml:8: old: old is no key of match"),
        (GOOD + "match = {legacy = 3}\n", "differences.toml:8: match: match is a regular expression"),
        (GOOD + 'lanes = "B-ui"\n', "differences.toml:8: lanes: lanes is a list of names"),
        (GOOD.replace('"ready"\nfield', '"dance"\nfield'), "'dance' is none of what is compared"),
        (GOOD.replace("[[difference]]", "[difference]"), "two brackets"),
        (GOOD.replace("[[difference]]", "[[differences]]"), "differences.toml:2: differences: differences is no key"),
        (GOOD.replace('"ready"\n', "ready\n"), "differences.toml:3: "),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in fault for fault in faults_of(tmp_path, text)), faults_of(tmp_path, text)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = '[[difference]]\noperation = "ready"\n[[difference]]\nfield = "x"\n'
    assert len(faults_of(tmp_path, text)) == 8


def test_no_file_explains_nothing(tmp_path: Path) -> None:
    assert read_differences(str(tmp_path / "none.toml")) == ([], [])


def test_text_that_is_no_utf8_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    path.write_bytes(b"\xff")
    assert [fault.code for fault in read_differences(str(path)).faults] == ["unreadable"]


def test_the_suite_s_own_file_is_sound() -> None:
    assert read_differences(f"{HOME}/compat/differences.toml").faults == []
