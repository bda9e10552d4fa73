"""The file of explained differences: what an entry needs, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairway_scripts.cutover.parity.differences_file import read_differences
from tests.support.shell import HOME

GOOD = """\
# why we differ
[[difference]]
operation = "ready"
field = "ready"
reason = "the order of the file"
owner = "D-arch"
date = 2026-05-04
match = { legacy = "^B-1", own = "^B-2" }
expires = "2026-06-01"
"""


def faults_of(folder: Path, text: str) -> list[str]:
    path = folder / "differences.toml"
    path.write_text(text, encoding="utf-8")
    reading = read_differences(str(path), "differences.toml")
    assert bool(reading.faults) != bool(reading.entries)
    return [fault.text() for fault in reading.faults]


def test_an_entry_says_where_it_stands_and_what_it_explains(tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    path.write_text(GOOD + 'lanes = ["B-ui"]\nword = "usage"\n', encoding="utf-8")
    assert read_differences(str(path), "d.toml").entries == [
        {
            "place": "d.toml:2",
            "operation": "ready",
            "field": "ready",
            "reason": "the order of the file",
            "owner": "D-arch",
            "match": {"legacy": "^B-1", "own": "^B-2"},
            "word": "usage",
            "lanes": ["B-ui"],
            "date": "2026-05-04",
            "expires": "2026-06-01",
        }
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace('reason = "the order of the file"\n', ""), "differences.toml:2: reason: reason is required"),
        (GOOD.replace('"D-arch"', '"  "'), "differences.toml:6: owner: owner is required"),
        (GOOD.replace("date = 2026-05-04\n", ""), "differences.toml:2: date: date is required, as a day"),
        (GOOD.replace("2026-05-04", '"soon"'), "differences.toml:7: date: date is required, as a day"),
        (GOOD.replace('expires = "2026-06-01"\n', ""), "differences.toml:2: expires: expires is required, as a day"),
        (GOOD.replace('"2026-06-01"', "7"), "differences.toml:9: expires: expires is required, as a day"),
        (GOOD + 'because = "x"\n', "differences.toml:10: because: because is no key of a difference"),
        (GOOD + "word = 3\n", "differences.toml:10: word: word is required, as text"),
        (GOOD.replace("match = {", "other = {"), "differences.toml:2: match: match is required"),
        (GOOD.replace('legacy = "^B-1", ', ""), "differences.toml:8: match: match is required"),
        (GOOD.replace('"^B-1"', '"("'), "differences.toml:8: legacy: match is of regular expressions"),
        (GOOD.replace('"^B-1"', "3"), "differences.toml:8: legacy: match is of regular expressions: 3 is no text"),
        (GOOD.replace('"^B-1"', '".*"'), "'.*' fits whatever is said"),
        (GOOD.replace('"^B-1"', '""'), "'' fits whatever is said"),
        (GOOD.replace('"^B-1"', '"^"'), "'^' fits whatever is said"),
        (GOOD.replace('field = "ready"', 'field = "call"'), "a call that could not be translated is not explained"),
        (GOOD.replace('operation = "ready"', 'operation = "*"'), "'*' is none of what is compared"),
        (GOOD + 'lanes = "B-ui"\n', "differences.toml:10: lanes: lanes is a list of names"),
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
    assert len(faults_of(tmp_path, text)) == 12


def test_no_file_explains_nothing(tmp_path: Path) -> None:
    assert read_differences(str(tmp_path / "none.toml")) == ([], [])


def test_text_that_is_no_utf8_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    path.write_bytes(b"\xff")
    assert [fault.code for fault in read_differences(str(path)).faults] == ["unreadable"]


def test_the_suite_s_own_file_is_sound() -> None:
    assert read_differences(f"{HOME}/compat/differences.toml").faults == []
