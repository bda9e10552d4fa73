"""The word of a refusal says what happened: the families in which one word stands for one thing, in every tool."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairway_scripts.base.errors import EXIT_CODES
from fairway_scripts.front import entry
from tests.support.hint_states import make_state
from tests.test_hint_texts import called, nodes, text_of

NO_REPOSITORY = "git_unavailable"
NOT_THERE = "not_found"
ANOTHER_KIND = "invalid_document"
#: What the text of a refusal says -> the words that may stand before it. Read from the source, wherever it is.
FAMILIES = {
    r"is in no git repository|no git repository here": {NO_REPOSITORY},
    r"^there is no |: no such |^no queue file at|^git knows no commit": {NOT_THERE, NO_REPOSITORY},
    r" (exists|already)(;|$)": {"already_exists"},
    r"is locked by|is being written to all the time": {"store_busy", "file_unavailable"},
    r"is no (snapshot|SQLite database|case file)|neither a backup|but no backup": {ANOTHER_KIND},
    r"is not on PATH|is not installed(:|$)": {"missing_dependency", "file_unavailable"},
    r"cannot be read: ": {"file_unavailable", NOT_THERE, "store_unavailable"},
    r"needs a REASON|^REASON is required": {"reason_required"},
    r"\bis required(:|$)": {"usage", "reason_required"},
}


def refusals() -> Iterator[tuple[str, str, str]]:
    """Every refusal whose word and text are written out: its place, word and text."""
    import ast

    for path, node in nodes():
        if isinstance(node, ast.Call) and called(node) == "FairwayError" and len(node.args) > 1:
            word, text = node.args[:2]
            if isinstance(word, ast.Constant) and isinstance(text, (ast.Constant, ast.JoinedStr)):
                yield f"{path}:{node.lineno}", str(word.value), text_of(text)


def words_of(node: ast.AST) -> Iterator[ast.Constant]:
    """The word of a refusal, where the node is one that is written out."""
    import ast

    if isinstance(node, ast.Call) and called(node) == "FairwayError":
        yield from (word for word in node.args[:1] if isinstance(word, ast.Constant))


def test_what_a_refusal_says_and_its_word_are_of_one_family() -> None:
    seen = dict.fromkeys(FAMILIES, 0)
    wrong = []
    for place, word, text in refusals():
        for pattern, words in FAMILIES.items():
            if re.search(pattern, text):
                seen[pattern] += 1
                wrong += [f"{place}: {word}: {text}"] if word not in words else []
    assert wrong == []
    assert min(seen.values()) > 1, seen


def test_a_docstring_that_names_error_words_names_those_that_its_function_raises() -> None:
    """What docs/interface.md says of a tool is read from there."""
    import ast

    missing, seen = [], 0
    for path, node in nodes():
        if not isinstance(node, ast.FunctionDef):
            continue
        named = set(re.findall(r"`(\w+)`", (ast.get_docstring(node) or "").partition("Raises")[2])) & set(EXIT_CODES)
        if not named or node.name.startswith("_"):
            continue
        seen += 1
        raised = {str(word.value) for call in ast.walk(node) for word in words_of(call)}
        missing += [f"{path}: {node.name}: say `{word}` behind Raises" for word in sorted(raised - named)]
    assert missing == []
    assert seen > 100


@pytest.mark.parametrize(
    ("tool", "words", "word"),
    [
        ("queue-task-detail", ["NOPE"], NOT_THERE),
        ("queue-approve-run", ["X-1", "--command-class=nope", "--approved-by=Lead", "--reason=x"], NOT_THERE),
        ("packet-template", ["nope"], NOT_THERE),
        ("queue-ready", ["--role=nowhere"], NOT_THERE),
        ("queue-route-review", ["X-1", "--ref=nope"], NOT_THERE),
        ("queue-restore", ["--from=none.db"], NOT_THERE),
        ("ci-packet", ["none.json"], NOT_THERE),
        ("evidence-bundle", ["X-1", "--from=none"], NOT_THERE),
        ("regression-packs", ["validate", "--catalog=none.yaml"], NOT_THERE),
        ("queue-import", ["--legacy-db=none.db"], NOT_THERE),
        ("queue-restore", ["--from=text.txt", "--force"], ANOTHER_KIND),
        ("queue-import", ["--legacy-db=text.txt"], ANOTHER_KIND),
        ("queue-backup", ["--output=."], "file_unavailable"),
        ("queue-backup", ["--output=text.txt"], "already_exists"),
        ("queue-reclaim", ["X-1"], "reason_required"),
        ("queue-set-status", ["X-1"], "usage"),
    ],
)
def test_a_missing_thing_is_not_found_and_a_file_of_another_kind_is_an_invalid_document(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tool: str,
    words: list[str],
    word: str,
) -> None:
    make_state("claimed", tmp_path, monkeypatch.chdir)
    with open("text.txt", "w", encoding="utf-8") as file:
        file.write("just words\n")
    capsys.readouterr()
    assert entry.run(tool, ["--json", *words]) != 0
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["word"] == word


@pytest.mark.parametrize("tool", ["queue-git-check", "worktree-setup", "queue-anchor", "release-verify"])
def test_where_there_is_no_repository_git_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tool: str
) -> None:
    os.mkdir(tmp_path / "plain")
    monkeypatch.chdir(tmp_path / "plain")
    with open("queue.yaml", "w", encoding="utf-8") as file:
        file.write("version: 1\ntasks: []\n")
    words = ["--queue-file=queue.yaml", "--queue-db=queue.db"]
    entry.run("queue-list", words)
    capsys.readouterr()
    assert entry.run(tool, ["--json", *words]) == 2
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["word"] == NO_REPOSITORY
