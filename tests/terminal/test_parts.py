"""The parts of the page: filters, completion, lines that are run, the table of keys."""

from __future__ import annotations

import ast
import os
import re

import pytest

from fairway_scripts.base.errors import FairwayError
from tests.support.shell import HOME
from tests.terminal.screens import TerminalPage  # where Textual is missing, this skips

from fairway_scripts.terminal.calls import words_of  # isort: skip
from fairway_scripts.terminal.completion import complete  # isort: skip
from fairway_scripts.terminal.keys import KEYS  # isort: skip
from fairway_scripts.terminal.rows import Asked, Row, asked_for, keep  # isort: skip
from tests.support.sources import modules, nodes


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Asked()),
        ("two words", Asked("two words")),
        ("lane:B-ui status:blocked x", Asked("x", lane="B-ui", status="blocked")),
        ("all", Asked(finished=True)),
        ("http://x", Asked("http://x")),
        ("owner: actor:ann kind:claimed", Asked(actor="ann", kind="claimed")),
    ],
)
def test_a_filter_names_what_it_means(text: str, asked: Asked) -> None:
    assert asked_for(text) == asked


def test_a_status_that_is_named_is_shown_though_it_is_final() -> None:
    assert asked_for("status:done").found()["finished"] is True
    assert asked_for("x").found()["finished"] is False


def test_short_lists_are_filtered_by_lane_and_words() -> None:
    rows = [Row("1", ("Review", "B-1"), lane="A"), Row("2", ("handoff", "B-2"), lane="B")]
    assert keep(rows, Asked("REVIEW")) == rows[:1]
    assert keep(rows, Asked(lane="B")) == rows[1:]
    assert keep(rows, Asked("b-")) == rows


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("queue-cl", "queue-claim"),
        ("queue-claim", ""),
        ("", ""),
        ("xyz", ""),
        ("queue-claim ", "queue-claim B-1"),
        ("queue-claim --ro", "queue-claim --role"),
        ("queue-claim --role ", "queue-claim --role B-ui"),
        ("queue-claim --task-id B", "queue-claim --task-id B-1"),
        ("queue-claim --owner x --ro", "queue-claim --owner x --role"),
        ("no-tool --x", ""),
    ],
)
def test_completion(line: str, whole: str) -> None:
    assert complete(line, "B-1", "B-ui") == whole


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("make queue-claim TASK_ID=B-1", ["make", "queue-claim", "TASK_ID=B-1"]),
        ("x --note='a && b; c | d > e'", ["x", "--note=a && b; c | d > e"]),
        ("git merge --ff-only abc", ["git", "merge", "--ff-only", "abc"]),
    ],
)
def test_a_line_is_run_word_by_word(line: str, words: list[str]) -> None:
    assert words_of(line) == words


@pytest.mark.parametrize(
    "line",
    [
        "a && b",
        "a | b",
        "a; b",
        "a > b",
        "(a)",
        "a 'b",
        "make x OWNER='<owner>'",
        "x <task-id>",
        "x --result '<result>'",
    ],
)
def test_a_line_that_wants_a_shell_or_a_value_is_not_run(line: str) -> None:
    with pytest.raises(FairwayError):
        words_of(line)


def test_every_key_has_its_action() -> None:
    for key in KEYS:
        assert hasattr(TerminalPage, f"action_{key.action.partition('(')[0]}"), key.shown


def test_the_page_of_the_manual_has_every_key() -> None:
    with open(os.path.join(HOME, "docs", "tui.md"), encoding="utf-8") as file:
        rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", file.read(), re.MULTILINE)
    assert rows == [(key.shown, key.does) for key in KEYS]


@pytest.mark.parametrize(("page", "screen"), [("docs/tui.md", "1-lanes"), ("README.md", "2-board")])
def test_the_screens_of_the_documents_are_what_the_tests_see(page: str, screen: str) -> None:
    with open(os.path.join(HOME, page), encoding="utf-8") as file:
        (shown,) = [block for block in file.read().split("```")[1::2] if "1 lanes  2 board" in block]
    with open(os.path.join(HOME, "tests", "terminal", "golden", f"{screen}.txt"), encoding="utf-8") as file:
        seen = file.read().splitlines()
    lines = shown.strip("\n").splitlines()
    assert [line for line in lines if line not in seen] == []
    assert lines[:3] == seen[:3]


def test_only_its_own_tool_loads_the_page() -> None:
    for path in (path for path in modules() if not path.startswith("terminal/")):
        loaded = [node.module or "" for node in nodes(path) if isinstance(node, ast.ImportFrom)]
        assert not [name for name in loaded if name.startswith("fairway_scripts.terminal")], path
