"""Completions, in each shell itself: verbs, flags, values, and ids that are in the store."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairway_scripts.calls.call_shapes import verbs
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front.completion import SHELLS
from tests.front.shells import Terminal, need
from tests.support.shell import BIN, Checkout, environment, make_checkout, queue_text, run_tool, task

#: What stands before the cursor, and words that have to be offered; none of them is in the line.
OFFERS = {
    "fairway cl": ["claim"],
    "fairway record ": ["evidence", "handoff", "review"],
    "fairway coordinator t": ["tick"],
    "fairway claim --own": ["--owner"],
    "fairway record evidence --command-t": ["--command-text"],
    "fairway record-evidence B-V3-ALPHA --result ": ["pass", "partial"],
    "fairway set-status B-V3-ALPHA --status ": ["in_progress", "done"],
    "fairway record review --status ": ["approved", "changes_requested"],
    "fairway task-detail B-V3-": ["B-V3-ALPHA", "B-V3-BETA"],
    "fairway claim ": ["B-V3-ALPHA"],
    "fairway --as B-ui claim --task-id ": ["B-V3-ALPHA"],
    "fairway ready --role ": ["B-ui", "D-arch"],
    "fairway --as ": ["B-ui", "D-arch"],
    "fairway --as B-ui cl": ["claim"],
    "fairway --json --format ": ["json", "tsv"],
    "fairway agents ": ["install", "remove", "skill"],
    "fairway config ": ["get", "add-domain"],
    "fairway regression-packs ": ["list", "for-task", "record"],
    "fairway completion ": ["bash", "zsh", "fish"],
    "fairway tracker ": ["import", "export"],
    "lane-engine ": ["B-ui", "D-arch"],
    "queue-claim --task-id B-V3-A": ["B-V3-ALPHA"],
    "queue-claim --reas": ["--reason"],
    "fairway help pack": ["packets"],
    "fairway watcher-run --env": [],
}
#: What must not be offered there.
REFUSED = {
    "fairway --as ": ["claim"],
    "fairway claim ": ["B-V3-BETA"],
    "fairway record-evidence B-V3-ALPHA --notes ": ["pass", "B-V3-ALPHA"],
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A project with one task that can be claimed and one that waits for it."""
    made = make_checkout(
        tmp_path_factory.mktemp("p"),
        queue_text(task("B-V3-ALPHA"), task("B-V3-BETA", depends_on=["B-V3-ALPHA"])),
        lanes=["B-ui"],
    )
    made.ok("queue-ready")
    return made


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The completion script of each shell, in a file."""
    folder = tmp_path_factory.mktemp("scripts")
    found = {}
    for shell in SHELLS:
        found[shell] = str(folder / f"fairway.{shell}")
        text = run_tool("fairway", "completion", shell, cwd="/").out
        (folder / f"fairway.{shell}").write_text(text)
    return found


@pytest.fixture
def terminal(
    request: pytest.FixtureRequest, project: Checkout, scripts: dict[str, str], tmp_path: Path
) -> Iterator[Terminal]:
    shell: str = request.param
    need(shell)
    opened = Terminal(shell, project.main, str(tmp_path), scripts[shell])
    yield opened
    opened.close()


def offered_by_bash(line: str, script: str, folder: str) -> set[str]:
    """What bash offers for a line, by the way that Readline asks."""
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    code = f". {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _fairway 2>&1; "
    code += "printf '%s\\n' \"${COMPREPLY[@]}\""
    return ask([need("bash"), "--norc", "-c", code], folder)


def offered_by_fish(line: str, script: str, folder: str) -> set[str]:
    """What fish offers for a line; a description stands behind a tab."""
    return ask([need("fish"), "--no-config", "-c", f"source {script}; complete -C '{line}'"], folder)


def ask(argv: list[str], folder: str) -> set[str]:
    env = environment(PATH=f"{BIN}:{os.environ['PATH']}")
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return {text.partition("\t")[0] for text in done.stdout.splitlines() if text}


@pytest.mark.parametrize("line", OFFERS)
@pytest.mark.parametrize("offered", [offered_by_bash, offered_by_fish])
def test_what_is_offered_behind_a_line(line: str, offered: object, project: Checkout, scripts: dict[str, str]) -> None:
    shell = "bash" if offered is offered_by_bash else "fish"
    found = offered(line, scripts[shell], project.main)  # type: ignore[operator]
    assert set(OFFERS[line]) <= found
    assert not set(REFUSED.get(line, [])) & found


@pytest.mark.parametrize("terminal", SHELLS, indirect=True)
def test_tab_in_the_shell_itself(terminal: Terminal) -> None:
    """Verb, id and flag are completed as they are typed, and the line that comes of it is right."""
    terminal.line("fairway task-d\tB-V3-AL\t--form\tids; echo fin'ished'")
    seen = terminal.wait_for("finished")
    assert "B-V3-ALPHA" in seen
    assert "error:" not in seen
    terminal.line("fairway --as B-u\tready --form\tids; echo fin'ished'")
    assert "B-V3-ALPHA" in terminal.wait_for("finished")
    terminal.line("fairway cla\t--vers\t; echo fin'ished'")
    assert f"queue-claim {run_tool('queue-claim', '--version', cwd='/').out.split()[1]}" in terminal.wait_for(
        "finished"
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_names_every_tool_and_verb_and_the_shell_reads_it(shell: str, scripts: dict[str, str]) -> None:
    need(shell)
    with open(scripts[shell], encoding="utf-8") as file:
        text = file.read()
    assert "@" not in text.replace("$@", "").replace("[@]", "").replace("user@host", "")
    for verb in verbs():
        assert verb in text
    assert all(name in text for name in TOOLS)
    done = subprocess.run([shell, "-n", scripts[shell]], capture_output=True, text=True, env=environment())
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("words", [[], ["tcsh"], ["bash", "zsh"]])
def test_another_shell_is_refused_with_the_three(words: list[str]) -> None:
    answer = run_tool("fairway-completion", *words, cwd="/")
    assert (answer.code, answer.word, answer.out) == (2, "usage", "")
