"""What every tool prints as JSON: one name for one idea, one object a line on both streams."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from fairway_scripts.catalog import TOOLS
from fairway_scripts.entry import run
from fairway_scripts.errors import Hint
from fairway_scripts.render.published import _HANDED_ON, published
from tests.support.interface_page import RUNS, prepared
from tests.support.proposed_lines import is_line, lines_without_words, proposed
from tests.support.shell import make_checkout, queue_text, task

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.shell import Answer

#: Names of columns -> the name under which an answer has the same.
NAMES = {"role": "lane", "from_role": "from_lane", "to_role": "to_lane", "reviewer_role": "reviewer_lane"}
NAMES |= dict.fromkeys(("recorded_by", "registered_by", "requested_by", "set_by"), "actor")
NAMES |= {"session": "session_id"}
#: Lists of what is wrong that are in `findings` too.
WRONG = {"faults", "issues", "problems", "obstacles", "todo", "warnings", "errors"}
#: Artifacts, whose form is that of a document.
UTILITIES = {"ci-packet", "deploy-packet", "uat-matrix", "evidence-bundle", "evidence-verify", "output-report"}
UTILITIES |= {"readiness-report", "gate-select", "release-verify", "review-report"}
#: A document for queue-restore and for comparing: a row of a table a line.
DOCUMENT = "queue-snapshot"
LEVELS = {"error", "warning", "note"}
#: Tools whose answer is no JSON: what a file holds, a path, another program's.
PLAIN = {"fairway-init", "fairway-mk-path", "queue-generate", "queue-restore", "compat-call", "parity-capture"}


def objects(value: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of an answer that is ours, with the name under which it stands."""
    if isinstance(value, dict):
        yield name, value
        for key, entry in value.items():
            was_there = key in WRONG or key == "checks" or key.endswith("_findings")
            if not (was_there or (key in _HANDED_ON and isinstance(entry, dict))):
                yield from objects(entry, key)
    elif isinstance(value, list):
        for entry in value:
            yield from objects(entry, name)


def _is_id(name: str) -> bool:
    return name.endswith("_id") and name != "parent_id"


def wrong_names(tool: str, answer: Any) -> list[str]:
    """What in an answer goes against the names that all tools share."""
    found = []
    for name, row in objects(answer):
        found += [f"{tool}: {name}.{key}" for key in set(NAMES) & set(row) if NAMES[key] not in row]
        found += [f"{tool}: {name}.id is of nothing" for key in row if key == "id" and not any(map(_is_id, row))]
        if name != "changes":
            lists = [key for key in WRONG & set(row) if isinstance(row[key], list)]
            found += [f"{tool}: {name}.{key} is not in findings" for key in lists if "findings" not in row]
        if name == "findings":
            missing = {"level", "word", "message", "fix", "argv"} - set(row)
            found += [f"{tool}: a finding without {key}: {row}" for key in sorted(missing)]
            found += [f"{tool}: level {row['level']}"] if row.get("level") not in LEVELS else []
            found += [f"{tool}: no message: {row}"] if not row.get("message") else []
    return found


def lines_of(tool: str, text: str) -> list[Any]:
    """The objects of a stream, a line each."""
    try:
        return [json.loads(line) for line in text.splitlines()]
    except ValueError as fault:
        raise AssertionError((tool, text)) from fault


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """Tool -> what a call of it prints with --json in a project where it has something to say."""
    project = prepared(str(tmp_path_factory.mktemp("names")))
    return {name: project.run(name, *words, "--json") for name, words in RUNS.items()}


def test_every_tool_calls_one_idea_by_one_name(answers: dict[str, Answer]) -> None:
    wrong = [line for tool in sorted(set(RUNS) - UTILITIES) for line in wrong_names(tool, answers[tool].json)]
    assert wrong == []


def test_both_streams_hold_one_object_a_line(answers: dict[str, Answer]) -> None:
    for tool, answer in answers.items():
        if tool not in {DOCUMENT, *UTILITIES}:
            assert len(lines_of(tool, answer.out)) == 1, tool
        for row in lines_of(tool, answer.err):
            assert row["schema"] in ("error/1", "remark/1"), (tool, row)
            assert wrong_names(tool, row) == []


def test_the_words_of_every_line_that_is_proposed_stand_beside_it(answers: dict[str, Answer]) -> None:
    """In each list and object of an answer, not in `findings` alone; a program runs them without reading the line."""
    seen = 0
    for tool, answer in answers.items():
        told = [answer.json, *lines_of(tool, answer.err)]
        seen += sum(is_line(text) for text, _row in proposed(told))
        assert lines_without_words(told) == [], tool
    assert seen > 50


@pytest.mark.parametrize("tool", sorted(TOOLS))
def test_a_refusal_is_one_object(tool: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(tool, ["--json", "--no-such-flag"])
    (told,) = lines_of(tool, err.getvalue())
    assert (code, out.getvalue()) == (2, "")
    assert (told["schema"], told["word"], told["tool"]) == ("error/1", "usage", tool)
    assert wrong_names(tool, told) == []


def test_every_tool_that_answers_is_looked_at() -> None:
    assert set(TOOLS) - set(RUNS) == PLAIN | {"fairway-config", "queue-anchor"}


def test_pretty_is_the_same_answer_for_people(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    project.ok("queue-ready")
    plain = project.ok("queue-list", "--json")
    pretty = project.ok("queue-list", "--pretty")
    assert pretty.json == plain.json
    assert plain.out.count("\n") == 1
    assert pretty.out.splitlines()[:2] == ["{", '  "schema": "queue-list/1",']


# --- the names themselves -----------------------------------------------------------------------------------------


def test_a_row_of_the_store_gets_the_names_of_answers() -> None:
    row = {"id": 7, "role": "B-ui", "recorded_by": "Mara", "task_id": "B-1"}
    assert published({"evidence": [row]}) == {"evidence": [{**row, "evidence_id": 7, "lane": "B-ui", "actor": "Mara"}]}


def test_a_second_act_of_a_row_keeps_its_name() -> None:
    row = {"acknowledged_by": "Noor", "recorded_by": "Mara"}
    assert published({"handoffs": [row]})["handoffs"] == [{**row, "actor": "Mara"}]
    assert published({"acknowledged_by": "Noor"})["actor"] == "Noor"


def test_what_is_handed_on_keeps_its_names() -> None:
    told = {"payload": {"role": "x", "faults": ["y"]}, "by_lane": {"role": 3}, "extra": {"id": 1}}
    assert published(told) == told


def test_lists_of_what_is_wrong_are_told_as_one() -> None:
    fix = Hint("make x")
    fix.argv = ["make", "x"]
    told = published(
        {
            "faults": [{"severity": "warning", "code": "odd", "message": "a"}],
            "git_findings": [{"check": "behind", "level": "warn", "message": "b", "fix": fix}],
            "warnings": ["c"],
            "errors": 1,
        }
    )
    brief = [(row["level"], row["word"], row["message"], row["fix"], row["argv"]) for row in told["findings"]]
    assert brief == [
        ("warning", "odd", "a", "", []),
        ("warning", "behind", "b", "make x", ["make", "x"]),
        ("warning", "warning", "c", "", []),
    ]
    assert told["findings"][1]["area"] == "git"
    assert told["errors"] == 1
    assert published({"faults": []})["findings"] == []


def test_a_check_list_keeps_what_passed() -> None:
    passed = {"check": "status", "level": "pass", "message": "fine", "fix": ""}
    failed = {"check": "review", "level": "fail", "message": "missing", "fix": ""}
    told = published({"checks": [passed, failed]})
    assert told["checks"] == [passed, failed]
    assert [(row["word"], row["level"]) for row in told["findings"]] == [("review", "error")]
