"""A drafted explanation can be read back, whatever the two sides said, and fits what they said."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from fairway_scripts.base.patterns.globs import LONGEST_PATTERN
from fairway_scripts.base.patterns.line_patterns import compile_pattern
from fairway_scripts.cutover.explaining import drafts, entry_text
from fairway_scripts.cutover.parity.parity_report import as_text

SAID: list[Any] = [
    "done",
    "",
    ["B-1", "B-2"],
    "a.b*c?[d]{e}|f^g$ \\ 'single' \"double\"",
    "state.branch: text",
    [f"tasks[].name_{number}: text" for number in range(90)],
    "x" * 5000,
    "." * 5000,
    "\\" * 251,
]


def report_of(said: Any) -> dict[str, Any]:
    case = {"differences": [{"field": "shape", "legacy": said, "own": "", "word": None}]}
    return {"lanes": [{"operations": [{"operation": "ready", "open": [case]}]}]}


@pytest.mark.parametrize("said", SAID, ids=lambda said: str(said)[:12] or "nothing")
def test_a_drafted_entry_is_read_as_it_was_meant_and_fits(said: Any) -> None:
    [entry] = drafts(report_of(said), "why", "D-arch", "2026-05-04")
    [read] = tomllib.loads("\n".join(entry_text(entry)))["difference"]
    assert read["match"] == entry["match"]
    assert len(read["match"]["legacy"]) <= LONGEST_PATTERN
    pattern = compile_pattern(read["match"]["legacy"], ignore_case=False)
    assert pattern.search(as_text(said))
    assert not pattern.search("another")
