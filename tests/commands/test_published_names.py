"""What every tool prints as JSON: one name for one idea, one object a line on both streams."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.base.errors import Hint
from fairway_scripts.calls.published import published
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front.entry import run
from tests.support.interface_page import RUNS, prepared
from tests.support.proposed_lines import is_line, lines_without_words, proposed
from tests.support.shell import HOME, Answer, make_checkout, queue_text, task

#: Names of columns that no answer has.
COLUMNS = {"role", "from_role", "to_role", "reviewer_role", "recorded_by", "registered_by", "requested_by", "set_by"}
COLUMNS |= {"session", "id"}
#: Names of lists of what is wrong that no answer has; numbers may be called so.
LISTS = {"faults", "issues", "problems", "obstacles", "todo", "warnings", "errors", "gaps", "checks"}
#: What a finding has under another name.
OF_FINDINGS = {"check", "code", "severity", "what", "hint"}
#: Where names were written elsewhere, as docs/interface.md lists it: (tool, "" for all; the key above them).
EXCEPTIONS = {("queue-snapshot", "tables"), ("", "payload"), ("", "extra"), ("", "settings")}
#: Further calls, of tools whose answer depends on what is asked.
MORE = (
    ("fairway-config", "validate"),
    ("fairway-config", "show"),
    ("fairway-config", "add-lane", "F-data"),
    ("queue-anchor",),
    ("lane-engine", "B-ui"),
    ("regression-packs", "validate", "--catalog", os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml")),
    ("regression-packs", "validate", "--catalog", os.path.join(HOME, "pyproject.toml")),
    ("queue-verify", "--queue-db", "/dev/null"),
    *(("queue-task-detail", f"B-{number}", "--all") for number in (2, 3, 4, 5, 8, 9)),
    ("queue-tree",),
    ("queue-tree", "B-9"),
    ("queue-ready", "--explain", "--role", "B-ui"),
    ("queue-preflight", "--role", "B-ui"),
    ("orchestrator-tick", "--role", "B-ui"),
    ("session-status", "--all"),
    ("watcher-status", "--all"),
    ("checkpoint-status", "--all"),
    ("queue-activity", "--task-id", "B-1"),
    ("queue-merge-ready", "B-1", "--ref", "agent/B-ui", "--base", "master"),
    ("output-report", "--role", "B-ui"),
    ("queue-timing-report", "--open"),
    ("queue-list", "--archived"),
    ("queue-ready", "--role", "B-ui"),
    ("queue-claim", "B-1", "--role", "B-ui", "--owner", "Z", "--actor", "zoe"),
    ("session-launch", "--role", "B-ui", "--task-id", "B-1", "--backend", "shell", "--dry-run"),
    ("worktree-setup", "--role", "C-ops"),
)
#: Lists of prose of a catalogue.
PROSE = {"packs", "regression_packs"}
#: A document for queue-restore and for comparing: a row of a table a line.
DOCUMENT = "queue-snapshot"
LEVELS = {"error", "warning", "note"}


def objects(tool: str, value: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of an answer that is ours, with the name under which it stands."""
    if isinstance(value, dict):
        yield name, value
        for key, entry in value.items():
            if not EXCEPTIONS & {(tool, key), ("", key)}:
                yield from objects(tool, entry, key)
    elif isinstance(value, list):
        for entry in value:
            yield from objects(tool, entry, name)


def wrong_names(tool: str, answer: Any) -> list[str]:
    """What in an answer goes against the names that all tools share."""
    found = []
    for name, row in objects(tool, answer):
        lists = {key for key, value in row.items() if isinstance(value, (list, dict))}
        areas = {key for key in lists if key.endswith("_findings")}
        old = (COLUMNS & set(row)) | (LISTS & lists if name not in PROSE else set()) | areas
        found += [f"{tool}: {name}.{key}" for key in sorted(old)]
        if name == "findings":
            found += [f"{tool}: {name}.{key}" for key in sorted(OF_FINDINGS & set(row))]
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
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Answer]]:
    """Calls of each tool with --json: in a young project, and in the same one when it has seen them all."""
    project = prepared(str(tmp_path_factory.mktemp("names")))
    calls = [*RUNS.items(), *RUNS.items(), *((name, words) for name, *words in MORE)]
    return [(name, project.run(*name.split(), *words, "--json")) for name, words in calls]


def test_every_tool_calls_one_idea_by_one_name(answers: list[tuple[str, Answer]]) -> None:
    wrong = [line for tool, answer in answers if answer.out for line in wrong_names(tool, answer.json)]
    assert sorted(set(wrong)) == []
    assert {tool for tool, answer in answers if answer.out} == {*RUNS, "fairway-config", "queue-anchor"}


def test_both_streams_hold_one_object_a_line(answers: list[tuple[str, Answer]]) -> None:
    for tool, answer in answers:
        if tool != DOCUMENT and answer.out:
            assert len(lines_of(tool, answer.out)) == 1, tool
        for row in lines_of(tool, answer.err):
            assert row["schema"] in ("error/1", "remark/1"), (tool, row)
            assert wrong_names(tool, row) == []


def test_the_words_of_every_line_that_is_proposed_stand_beside_it(answers: list[tuple[str, Answer]]) -> None:
    """In each list and object of an answer, not in `findings` alone; a program runs them without reading the line."""
    seen = 0
    for tool, answer in answers:
        told = [*([answer.json] if answer.out and tool != DOCUMENT else []), *lines_of(tool, answer.err)]
        seen += sum(is_line(text) for text, _row in proposed(told))
        assert lines_without_words(told) == [], tool
    assert seen > 50


def test_the_exceptions_are_those_of_the_page() -> None:
    with open(os.path.join(HOME, "docs", "interface.md"), encoding="utf-8") as file:
        told = file.read()
    table = told.split("Exceptions, each", 1)[1].split("Counts are", 1)[0]
    for tool, key in EXCEPTIONS:
        assert f"`{key}`" in table
        assert f"| `{tool}` |" in table or not tool


def test_a_refusal_is_one_object(subtests: pytest.Subtests) -> None:
    for tool in sorted(TOOLS):
        with subtests.test(tool=tool):
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = run(tool, ["--json", "--no-such-flag"])
            (told,) = lines_of(tool, err.getvalue())
            assert (code, out.getvalue()) == (2, "")
            assert (told["schema"], told["word"], told["tool"]) == ("error/1", "usage", tool)
            assert wrong_names(tool, told) == []


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
    told = {"evidence_id": 7, "lane": "B-ui", "actor": "Mara", "task_id": "B-1"}
    assert published({"evidence": [row]}) == {"evidence": [told]}


def test_a_second_act_of_a_row_keeps_its_name() -> None:
    row = {"acknowledged_by": "Noor", "recorded_by": "Mara"}
    assert published({"handoffs": [row]})["handoffs"] == [{"acknowledged_by": "Noor", "actor": "Mara"}]
    assert published({"acknowledged_by": "Noor"}) == {"actor": "Noor"}


def test_a_name_that_is_there_already_is_not_told_twice() -> None:
    assert published({"tasks": [{"id": "B-1", "task_id": "B-1"}]}) == {"tasks": [{"task_id": "B-1"}]}


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
    assert set(told) == {"findings", "errors"}
    assert all(OF_FINDINGS.isdisjoint(row) for row in told["findings"])
    assert told["errors"] == 1
    assert published({"faults": []})["findings"] == []


def test_what_a_checklist_found_in_order_is_passed() -> None:
    passed = {"check": "status", "level": "pass", "message": "fine", "fix": ""}
    failed = {"check": "review", "level": "fail", "message": "missing", "fix": ""}
    told = published({"checks": [passed, failed]})
    assert told["passed"] == [{"word": "status", "message": "fine"}]
    assert [(row["word"], row["level"]) for row in told["findings"]] == [("review", "error")]
