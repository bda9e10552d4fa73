"""What a test or a person saw of a flow, and which flows a result belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Unpack

from fairway_scripts.base.patterns.globs import compile_glob

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.utilities.uat.uat_shapes import Flow, KnownResult, Result

PASS, FAIL, FLAKY, NOT_RUN = "pass", "fail", "flaky", "not run"
#: Every word of a cell, the worst first; of several results in a cell the worst counts.
OUTCOMES = (FAIL, FLAKY, PASS, NOT_RUN)
#: What stands between the titles of nested describes, and between a file and a title in a pattern.
BETWEEN = " > "


def result_row(document: str, environment: str, browser: str, outcome: str, **known: Unpack[KnownResult]) -> Result:
    """A result; `known` are its entries that are known.

    `titles` are those of the describes and the test, outermost first, `flows` the flows that the test itself names,
    `by` and `date` tell of a person.
    """
    row: Result = {
        "kind": "test",
        "document": document,
        "environment": environment,
        "browser": browser,
        "outcome": outcome,
        "file": "",
        "file_line": None,
        "titles": [],
        "flows": [],
        "tags": [],
        "seconds": None,
        "retries": 0,
        "message": "",
        "note": "",
        "by": "",
        "date": "",
    }
    return {**row, **known}


def title_of(row: Result) -> str:
    """The titles of a result as one text, else who saw it."""
    return BETWEEN.join(row["titles"]) or f"seen by {row['by']} on {row['date']}"


def worst(outcomes: Iterable[str]) -> str:
    """The word for several results together: fail, flaky or pass when any is so; else not run."""
    found = set(outcomes)
    return next((word for word in OUTCOMES if word in found), NOT_RUN)


def flows_named(row: Result, flows: Iterable[Flow]) -> list[str]:
    """The ids of the flows that a result belongs to, in the order of the catalogue.

    A test names a flow by an annotation or a property `flow`, by a tag `flow:ID` or `@ID`, by the id as a word of its
    titles; or the flow names the test by a pattern of its `tests`.
    """
    said = {*row["flows"], *(tag.removeprefix("flow:") for tag in row["tags"])}
    text = BETWEEN.join(row["titles"])
    return [
        flow["id"]
        for flow in flows
        if flow["id"] in said or _is_word(flow["id"], text) or any(fits(pattern, row) for pattern in flow["tests"])
    ]


def flows_unknown(row: Result, flows: Iterable[Flow]) -> list[str]:
    """The flows that a test names itself and that the catalogue does not have."""
    known = {flow["id"] for flow in flows}
    said = [*row["flows"], *(tag.removeprefix("flow:") for tag in row["tags"] if tag.startswith("flow:"))]
    return [name for name in dict.fromkeys(said) if name not in known]


def fits(pattern: str, row: Result) -> bool:
    """Whether a pattern of a flow (`FILES`, or `FILES > TITLE`) means a test; TITLE may be the beginning of titles."""
    files, _sign, title = pattern.partition(BETWEEN)
    if not compile_glob(files).match(row["file"]):
        return False
    text = BETWEEN.join(row["titles"])
    return not title or text == title or text.startswith(title + BETWEEN)


def _is_word(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None
