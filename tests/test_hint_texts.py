"""Every hint in the package, read from its source: made by the builder, or a sentence that is nobody's command."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

import pytest

from fairway_scripts.catalog import TOOLS, find_tool
from tests.support.shell import HOME
from tests.support.sources import modules
from tests.support.sources import nodes as nodes_of

PACKAGE = os.path.join(HOME, "fairway_scripts")
BUILDERS = ("suggest", "suggest_again", "suggest_program", "suggest_in_document")
#: Lines that the older scripts of a host answer, and one for several programs in a row: no line of this suite.
ELSEWHERE = ("cutover/door/unknown_calls.py", "cutover/parity/parity_ground.py")
#: What a fix is called where it is handed on.
FIXES = ("fix", "hint")
PROGRAMS = frozenset(
    [
        "df",
        "export",
        "git",
        "ls",
        "pip",
        "mkdir",
        "mv",
        "rm",
        "cp",
        "tar",
        "grep",
        "sqlite-utils",
        "sqlite3",
        "tmux",
        "zellij",
        "make",
    ]
)
TARGETS = {target for tool in TOOLS.values() for target in tool.make_targets}


def text_of(node: ast.expr) -> str:
    """A literal text, with a mark where a value goes in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)


def faults_of_prose(text: str) -> list[str]:
    """Why a sentence reads like a command, or names what nobody may type as it stands."""
    first = text.split(" ", 1)[0]
    found = []
    if first in PROGRAMS or first in TOOLS or first.startswith(("./", "bin/", "$")):
        found.append(f"begins like a command: {text}")
    if any(target in TARGETS for target in re.findall(r"\bmake ([a-z][a-z-]+)", text)):
        found.append(f"holds a line for make: {text}")
    if "..." in text or re.search(r"\b[A-Z][A-Z_]{2,}=", text) or re.search(r"<[a-z -]+>", text):
        found.append(f"holds a value to fill in: {text}")
    return found


def literals(node: ast.expr) -> list[ast.expr]:
    """The texts that an expression can come to: both sides of a choice."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in literals(value)]
    return [node] if isinstance(node, ast.JoinedStr) or _is_text(node) else []


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Every node of every module, with the module's path."""
    for path in modules():
        for node in nodes_of(path):
            yield path, node


def places() -> dict[str, set[int]]:
    """Function -> where a fix or hint stands among what it is called with, for all that are called by their name."""
    found: dict[str, set[int]] = {"FairwayError": {2}}
    for _path, node in nodes():
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg not in ("self", "cls")]
            for place in (names.index(name) for name in FIXES if name in names):
                found.setdefault(node.name, set()).add(place)
    return found


def test_a_hint_is_made_by_the_builder_or_is_prose() -> None:
    """Also where it is handed on: to a refusal, to a row of a list, to any function that takes one."""
    found: list[str] = []
    taking = places()
    assert len(taking) > 10
    for path, node in nodes():
        if path in ELSEWHERE:
            continue
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else called(node)
            given = [node.args[place] for place in taking.get(name, ()) if place < len(node.args)]
            given += [word.value for word in node.keywords if word.arg in FIXES]
        elif isinstance(node, ast.Dict):
            given = [value for key, value in zip(node.keys, node.values, strict=True) if _is_fix(key)]
        texts = [text_of(entry) for value in given for entry in literals(value)]
        found += [f"{path}:{node.lineno}: {fault}" for text in texts for fault in faults_of_prose(text)]
    assert found == []


def _is_fix(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value in FIXES


def test_a_line_of_the_builder_names_a_tool_and_its_variables_and_no_proof() -> None:
    for path, node in nodes():
        if not isinstance(node, ast.Call) or called(node) not in ("suggest", "suggest_in_document"):
            continue
        if not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        tool = find_tool(str(node.args[0].value))
        for word in node.keywords:
            assert word.arg is None or word.arg in tool.all_variables, (path, node.lineno, word.arg)
            assert not (word.arg in ("STATUS", "RESULT") and _is_proof(word.value)), (path, node.lineno)


def _is_proof(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in ("approved", "pass", "passed")


@pytest.mark.parametrize(
    "text", ["make queue-list", "git status", "run make queue-list then", "REASON='why'", "say RESULT=pass", "<name>"]
)
def test_what_reads_like_a_command_is_no_prose(text: str) -> None:
    assert faults_of_prose(text)
