"""What the documentation says to type works: each tool's own example, the README's blocks, and every line elsewhere.

The README's lines and each `--help`'s example are run for real; command lines in the other pages and in the hints of
refusals are held against the catalogue, so that none names a target, variable or flag that does not exist.
"""

from __future__ import annotations

import ast
import glob
import importlib
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from fairway_scripts.calls.command_line import parse
from fairway_scripts.calls.options import FALSE, SWITCHES, VARIABLE_ALIASES, flags
from fairway_scripts.catalog import TOOLS, find_tool
from tests.acceptance.typed import type_line
from tests.support.repositories import commit_file, git, head
from tests.support.shell import HOME, Checkout, make_checkout, queue_text, task
from tests.support.sources import nodes

TASK = "B-V3-ACK-001"
SHA = "3993e614"
PAGE = "packages/web/src/App.tsx"
LONG_AGO = {"FAIRWAY_NOW": "2026-01-01"}

CLAIM = ["queue-claim", TASK, "--role", "B-ui", "--owner", "B", "--actor", "ann"]
EVIDENCE = ["queue-record-evidence", TASK, "--command-text", "pnpm test", "--result", "pass"]
ADD = ["queue-add", "B-V3-NEW-001", "--role", "B-ui", "--title", "New"]
HANDOFF = [
    *["queue-record-handoff", TASK, "--owner", "B", "--branch", "agent/B-ui", "--commit", SHA],
    *["--commands", "pnpm test", "--results", "pass", "--changed-files", PAGE],
]
#: What has to have happened before a tool's example can do what it says.
BEFORE: dict[str, list[list[str]]] = {
    "queue-list": [CLAIM],
    "queue-release": [CLAIM],
    "queue-set-status": [CLAIM, EVIDENCE],
    "queue-ack-handoff": [HANDOFF],
    "queue-merge-ready": [CLAIM, EVIDENCE],
    "queue-restore": [["queue-backup", "--output", "queue-backup.db"]],
    "queue-undo": [CLAIM],
    "queue-reclaim": [CLAIM],
    "queue-update": [ADD],
    "queue-verify": [["queue-anchor"]],
    "queue-export": [ADD],
    "queue-record-push-intent": [CLAIM],
}
#: The other families (sessions, worktrees, watchers, packets) act on terminals and folders outside a project, or on
#: what an earlier call has named; their own tests show them at work.
FAMILIES = ("queue-", "fairway-")
#: Tools that talk with a terminal, a server or another program; their own tests do.
TALKING = ("fairway-tui", "fairway-batch", "fairway-mcp", "fairway-dashboard", "queue-store-move", "queue-store-check")


def project_in(parent: str | os.PathLike[str], *, config: bool = True) -> Checkout:
    """A project with the task that the examples speak of, its lane's worktree, and a commit of it."""
    queue = queue_text(task(TASK, notes="n"), task("A-1", "A-backend"))
    return make_checkout(parent, queue) if config else make_checkout(parent, queue, config=None)


def work(project: Checkout) -> str:
    """The work itself: a commit in the lane's worktree; its short id."""
    return commit_file(project.lanes["B-ui"], PAGE, "export {}\n", f"{TASK}: page")[:8]


# --- examples of --help ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [x for x in TOOLS if x.startswith(FAMILIES) and x not in TALKING])
def test_the_example_of_a_tools_help_does_what_it_says(tmp_path: Path, name: str) -> None:
    project = project_in(tmp_path)
    if name == "fairway-init":
        os.unlink(os.path.join(project.main, ".fairway", "config.toml"))
    sha = work(project)
    project.ok("queue-list")
    for words in BEFORE.get(name, []):
        env = LONG_AGO if name == "queue-reclaim" else None
        project.ok(*(word.replace(SHA, sha) for word in words), env=env)
    if name == "queue-restore":  # an example for a store that was lost
        for path in glob.glob(f"{project.store}*"):
            os.unlink(path)
    if name == "queue-record-push-intent":
        git(project.main, "remote", "add", "origin", project.main)
    if name == "queue-set-status":  # its task is done once its commit is merged
        git(project.main, "merge", "--quiet", "--ff-only", sha)
    tool, *words = shlex.split(example_of(project, name).replace(SHA, sha))
    assert tool == name
    place = project.lanes["B-ui"] if "--mine" in words else project.main  # my lane: that of the worktree
    answer = project.run(tool, *words, cwd=place, env={"ACTOR": "ann", "XDG_STATE_HOME": str(tmp_path / "state")})
    assert answer.code == 0, f"an example speaks of {TASK}; what has to be done before it stands in BEFORE: {answer}"
    assert answer.out or answer.err


def example_of(project: Checkout, name: str) -> str:
    """The line behind `example:` in the help of a tool."""
    text = " ".join(project.ok(name, "--help").out.split("example: ")[-1].partition("\n\n")[0].split())
    assert text
    return text


# --- the README -----------------------------------------------------------------------------------------------


def blocks(path: str) -> list[str]:
    """The ```sh blocks of a page."""
    with open(os.path.join(HOME, path), encoding="utf-8") as file:
        return re.findall(r"^```sh\n(.*?)^```", file.read(), re.DOTALL | re.MULTILINE)


def block_with(line: str) -> list[str]:
    """The lines of the README's block that holds `line`."""
    (found,) = [block for block in blocks("README.md") if line in block]
    return found.splitlines()


def test_the_daily_workflow_of_the_readme_runs_from_claim_to_done(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    sha, merged = "", False
    for line in block_with("make queue-prune-stale"):
        if "work and commit" in line:
            sha = work(project)
        elif "git merge --ff-only" in line:
            git(project.main, "merge", "--quiet", "--ff-only", sha)
            merged = True
        elif not line.startswith("#"):
            answer = type_line(line.replace(SHA, sha), project.main)
            assert answer.code == 0, (line, answer)
    assert merged
    detail = project.detail(TASK)
    assert (detail["status"], detail["commit_sha"]) == ("done", head(project.main))


def test_the_readmes_lines_for_adopting_it_work_in_a_repository_without_a_configuration(tmp_path: Path) -> None:
    project = project_in(tmp_path, config=False)
    os.symlink(HOME, tmp_path / "fairway-scripts")
    set_up, *lines = block_with("fairway-init")
    assert set_up.startswith("make -C ../fairway-scripts setup")  # it has made the environment that this test runs in
    for line in lines:
        answer = type_line(line.replace("<lane>", "B-ui"), project.main)
        assert answer.code == 0, (line, answer)
    assert git(project.main, "status", "--porcelain") == ""
    for lane in project.lanes.values():
        git(lane, "merge", "--quiet", "--ff-only", "master")
    assert os.path.exists(project.store)


def test_the_error_that_the_readme_shows_is_the_real_one(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    project.ok("queue-ready")  # the first call has to tell what it read, too
    answer = project.run("queue-set-status", TASK, "--status", "done")
    with open(os.path.join(HOME, "README.md"), encoding="utf-8") as file:
        assert answer.err.replace(os.path.dirname(project.main), "/src") in file.read()


# --- command lines everywhere else ----------------------------------------------------------------------------


class Line(NamedTuple):
    """A command line somewhere in the project."""

    place: str
    text: str

    def __str__(self) -> str:
        """The name of the test case."""
        return f"{self.place}: {self.text}"


PAGES = ["README.md", "CHANGELOG.md", "compat/README.md", *sorted(glob.glob("docs/*.md", root_dir=HOME))]
SOURCES = sorted(glob.glob("fairway_scripts/**/*.py", root_dir=HOME, recursive=True))
_DOCUMENTED = re.compile(r"(?:^\s*(?:\$ |hint: )?|`)((?:make|bin/)[ ]?queue-[^`\n]*)", re.MULTILINE)
_VALUE = r"""(?:'[^']*'|"[^"]*"|[^\s,;)'"]*)"""
_HINTED = re.compile(
    rf"(?<![\w/-])(?:make )?queue-[a-z-]+(?: +(?:[A-Z_]+=|--[a-z-]+){_VALUE})+"  # with variables or flags
    r"|make queue-[a-z-]+"
)
#: Settings that every target hands on in the environment.
HANDED_ON = {"AGENT_ROLE", "WORKTREE_ROOT", "AGENT_QUEUE_DB", "AGENT_QUEUE_FILE", "FAIRWAY_CONFIG"}


def documented() -> Iterator[Line]:
    """Command lines at the start of a line, and in code spans, of the pages."""
    for page in PAGES:
        path = os.path.join(HOME, page)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for text in _DOCUMENTED.findall(file.read()):
                    if not re.match(r"(?:make |bin/)queue-\*", text):
                        yield Line(page, text.strip())


def hinted() -> Iterator[Line]:
    """Command lines in the texts of the program: hints of refusals, notes, help. What is filled in shows as `X`."""
    for source in SOURCES:
        tree = nodes(os.path.join(HOME, source))
        parts = {id(part) for node in tree if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in tree:
            text = ""
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                text = node.value
            for found in _HINTED.findall(text):
                yield Line(f"{source}:{node.lineno}", found)


#: Every make target, under its own and its other names.
TARGETS = {name: tool for tool in TOOLS.values() for name in tool.make_targets}


def faults_of(text: str) -> list[str]:
    """What is wrong with a command line: unknown tools, targets, variables, flags."""
    words = shlex.split(text, comments=True)
    by_make = words[0] == "make"
    tool = TARGETS.get(words[1]) if by_make else TOOLS.get(os.path.basename(words[0]))
    if tool is None:
        return [f"there is no {'target' if by_make else 'tool'} in: {text}"]
    names = tool.all_variables
    if by_make:
        known = {*names, *HANDED_ON, *(alias for name in names for alias in VARIABLE_ALIASES.get(name, ()))}
        given = [word.split("=", 1) for word in words[2:]]
        return [f"{tool.name} takes no {name[0]}" for name in given if len(name) < 2 or name[0] not in known] + [
            f"{tool.name}: {name}={value} is no switch"
            for name, value in (one for one in given if len(one) == 2)
            if name in SWITCHES and value not in (*FALSE, "1")
        ]
    known = {"--config", "--help", *(word for name in names for word in flags(name, names))}
    return [
        f"{tool.name} takes no {word}"
        for word in words[1:]
        if word.startswith("--") and word.split("=")[0] not in known
    ]


def test_a_documented_line_names_what_exists() -> None:
    assert {str(line): faults for line in sorted(set(documented())) if (faults := faults_of(line.text))} == {}


def test_a_documented_line_of_a_tool_is_understood(subtests: pytest.Subtests) -> None:
    for line in sorted(set(documented())):
        if line.text.startswith("bin/"):
            with subtests.test(line=str(line)):
                name, *words = shlex.split(line.text.removeprefix("bin/"), comments=True)
                word = f"{name} {words[0]}" if words else name
                tool = find_tool(word) if word in {each.name for each in TOOLS[name].words} else TOOLS[name]
                words = words[tool is not TOOLS[name] :]
                assert parse(tool, words, importlib.import_module(f"fairway_scripts.{tool.module}"))


def test_the_lines_that_refusals_and_notes_suggest_name_what_exists() -> None:
    lines = list(hinted())
    assert lines  # few: hints are made by the builder, and tests/test_hint_texts.py reads those
    assert {str(line): faults for line in lines if (faults := faults_of(line.text))} == {}


def test_the_search_finds_lines_in_every_kind_of_place() -> None:
    places = {line.place for line in documented()}
    assert {"README.md", "docs/make.md"} <= places
    texts = {line.text for line in documented()}
    assert "make queue-git-check" in texts
    assert any(text.startswith("bin/queue-claim --role") for text in texts)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("make queue-clame TASK_ID=B-1", "there is no target in: make queue-clame TASK_ID=B-1"),
        ("make queue-generate TASKS=3", "there is no target in: make queue-generate TASKS=3"),
        ("make queue-claim VERDICT=x", "queue-claim takes no VERDICT"),
        ("make queue-claim B-1", "queue-claim takes no B-1"),
        ("make queue-claim FORCE=maybe", "queue-claim: FORCE=maybe is no switch"),
        ("queue-claim --verdict x", "queue-claim takes no --verdict"),
        ("bin/queue-clame", "there is no tool in: bin/queue-clame"),
    ],
)
def test_a_wrong_line_is_noticed(text: str, fault: str) -> None:
    assert faults_of(text) == [fault]
