"""What a command that we run for somebody finds in its environment: the caller's, without what make exported for us."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from fairway_scripts.base import caller
from tests.support.shell import (
    HOME,
    Checkout,
    environment,
    make_checkout,
    make_environment,
    queue_text,
    task,
    write_file,
)
from tests.support.sources import modules, nodes

PACKAGE = os.path.join(HOME, "fairway_scripts")
#: Where programs are started in another environment than the caller's, and why.
OTHERS = {
    "programs/processes.py": "ps is asked in the C locale",
    "programs/process_guard.py": "a shell that waits for the end of a pipe, in an environment of one name",
    "cutover/door/passing.py": "the original takes the place of the call, as make would have started it",
    "cutover/shadow/shadow.py": "the original and its observer get what the call got",
}
#: Where a program is run for somebody in an environment of another kind, and why.
GIVEN = {
    "cutover/scan/make_database.py": "a Makefile is read in an environment of three names",
    "programs/taped_call.py": "the calls of older scripts on a test ground are handed theirs",
}
STARTERS = {"Popen", "posix_spawn", "posix_spawnp", "execv", "execve", "execvp", "execvpe", "execl", "system", "popen"}
#: Words that start a program behind some names only.
RUNS = {"run", "Command"}


@cache
def starting_functions() -> list[tuple[str, ast.FunctionDef]]:
    """Every function of the package that starts a program, with the path of its module."""
    found = []
    for path in modules():
        places = [node.lineno for node in nodes(path) if isinstance(node, ast.Call) and starts(node)]
        functions = [node for node in nodes(path) if places and isinstance(node, ast.FunctionDef)]
        found += [
            (path, node)
            for node in functions
            if any(map(range(node.lineno, (node.end_lineno or 0) + 1).__contains__, places))
        ]
    return found


def starts(node: ast.Call) -> bool:
    called = node.func
    if isinstance(called, ast.Call):  # sh.Command(..)(..)
        called = called.func
    if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) not in {*STARTERS, *RUNS}:
        return False
    text = ast.unparse(called)
    return text.split(".")[-1] in STARTERS or text in {"subprocess.run", "sh.Command"} or text.endswith("].run")


def test_the_walk_finds_the_places_that_start_programs() -> None:
    paths = {path for path, _function in starting_functions()}
    assert {"programs/supervised.py", "programs/runner.py", "sessions/terminal_plain.py"} <= paths
    assert set(OTHERS) <= paths


def test_every_program_is_started_in_an_environment_that_was_chosen() -> None:
    handing_on = []
    for path, function in starting_functions():
        given = {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]}
        text = ast.unparse(function)
        chosen = "caller.environment()" in text or "git_environment()" in text or "environment" in given
        if not chosen and path not in OTHERS:
            handing_on.append(f"{path}: {function.name} hands on whatever make has exported")
    assert handing_on == []


def test_a_supervised_command_gets_the_environment_of_the_caller() -> None:
    for path in modules():
        with open(os.path.join(PACKAGE, path), encoding="utf-8") as file:
            text = file.read()
        runs = ("run_supervised(" in text and "def run_supervised(" not in text) or "runner.run(" in text
        if runs and path not in GIVEN:
            assert "caller." in text, f"{path} runs a command in another environment"


# --- the rule ----------------------------------------------------------------------------------------------------


def test_without_make_the_environment_is_ours_without_what_make_says_to_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in {"TIMEOUT": "5", "MAKEFLAGS": "s -- X=1", "MAKELEVEL": "1", "FAIRWAY_NOW": "x"}.items():
        monkeypatch.setenv(name, value)
    assert caller.environment() == {"TIMEOUT": "5", "FAIRWAY_NOW": "x"}


def test_where_make_cannot_be_asked_its_names_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "_before_make", dict)
    monkeypatch.setenv("FAIRWAY_MADE", "TIMEOUT TASK_ID NOWHERE")
    monkeypatch.setenv("TIMEOUT", "20m")
    monkeypatch.setenv("OWNER", "me")
    found = caller.environment()
    assert "TIMEOUT" not in found
    assert "FAIRWAY_MADE" not in found
    assert found["OWNER"] == "me"


# --- the tools ---------------------------------------------------------------------------------------------------

SHOW = 'env | grep -v -e "^_=" -e "^PWD=" -e "^SHLVL=" -e "^OLDPWD=" | sort > "{}"'
#: tool -> (variables of the call, the one that holds the command)
CALLS = {
    "watcher-run": ({"TASK_ID": "B-1", "WATCH_ID": "{}", "TIMEOUT": "20m", "OWNER": "B", "ROLE": ""}, "COMMAND"),
    "bugfix-packet": (
        {
            "TASK_ID": "B-1",
            "ROOT_CAUSE": "c",
            "OWNING_LAYER": "l",
            "REGRESSION_COVERAGE": "r",
            "RUN_PROOF": "1",
            "RESIDUAL_RISK": "none",
            "OUTPUT": "{}.md",
            "PROOF_TIMEOUT": "20s",
            "IMPACT": "i",
            "SCOPE_DRIFT": "s",
        },
        "PROOF_COMMAND",
    ),
    "deploy-packet": ({"EXPECTED": "expected.yaml", "TIMEOUT": "20s", "OUTPUT": "{}.md"}, "OBSERVED_COMMAND"),
}
#: What the caller had before: names that the call types too, and one that it does not.
BEFORE = {"TIMEOUT": "5", "OWNER": "me", "GOFLAGS": "-v"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = make_checkout(str(tmp_path_factory.mktemp("caller")), queue_text(task("B-1")), lanes=["B-ui"])
    write_file(checkout.main, "expected.yaml", "environments: {s: {services: {a: {version: 1}}}}")
    return checkout


def seen(path: str) -> dict[str, str]:
    with open(path, encoding="utf-8") as file:
        lines = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
    return {name: value for name, value in lines.items() if not name.startswith(("FAIRWAY_TEST", "FAIRWAY_PYTHON"))}


@pytest.mark.parametrize("tool", CALLS)
def test_a_command_runs_in_the_same_environment_through_make_and_through_bin(
    project: Checkout, tool: str, tmp_path: Path
) -> None:
    variables, carrier = CALLS[tool]
    target = tool if tool == "watcher-run" else f"agent-{tool}" if tool == "bugfix-packet" else f"util-{tool}"
    environments = []
    for way in ("make", "bin"):
        out = str(tmp_path / way)
        values = {name: value.format(way) for name, value in variables.items() if value}
        values[carrier] = SHOW.format(out)
        if way == "make":
            project.make(target, *(f"{name}={value}" for name, value in values.items()), env=BEFORE)
        else:
            words = [f"--{name.lower().replace('_', '-')}={value}" for name, value in values.items()]
            subprocess.run(
                [sys.executable, os.path.join(HOME, "bin", tool), *words],
                cwd=project.main,
                env=environment(**BEFORE),
                capture_output=True,
                check=False,
            )
        environments.append({name: value for name, value in seen(out).items() if name != "FAIRWAY_WATCH_ID"})
    assert environments[0] == environments[1]
    expected = BEFORE if os.path.exists("/proc/self/environ") else {"GOFLAGS": "-v"}
    assert {name: environments[0].get(name) for name in expected} == expected
    assert make_environment().keys() & {"MAKEFLAGS", "MAKELEVEL"} == set()
