"""agent-role-config: the role table in the shapes that a shell wants."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import GPUAAS_LANES
from tests.support.rings import some
from tests.support.shell import BIN, Checkout, environment, make_checkout, queue_text, task

#: What an attacker, or a mere accident, may write into a configuration: none may run when the output is evaluated.
HOSTILE = [
    "$(touch CANARY)",
    "`touch CANARY`",
    "'; touch CANARY; '",
    '"; touch CANARY; "',
    "'$(touch CANARY)'",
    'x\' "y" \\ $HOME * ?',
    "--flag",
    "~",
    "two  blanks",
    "é ☃",
    "\\",
    "'",
    "!!",
    "#",
    "&& touch CANARY",
]


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1")), lanes=["B-ui"])
    made.ok("queue-ready")
    return made


def in_shell(project: Checkout, script: str, shell: str = "sh") -> str:
    """What a shell script prints in the coordinator checkout; `role_config` stands for the tool."""
    tool = f'role_config() {{ "{sys.executable}" "{BIN}/agent-role-config" "$@"; }}\n'
    done = subprocess.run(
        [shell, "-eu", "-c", tool + script], cwd=project.main, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def set_provider(project: Checkout, provider: str) -> None:
    """Leave one lane in the configuration, with this text as its provider label."""
    written = "".join(f"\\u{ord(char):04x}" for char in provider)
    with open(os.path.join(project.main, ".fairway", "config.toml"), "w", encoding="utf-8") as file:
        file.write('[fairway]\nproject_name = "p"\nmain_branch = "master"\n')
        file.write(f'[[roles]]\nname = "B-ui"\nprovider = "{written}"\n')


def test_every_lane_is_listed_with_what_a_launcher_needs(project: Checkout) -> None:
    lanes = project.ok("agent-role-config", "--json").json["lanes"]
    assert [lane["lane"] for lane in lanes] == list(GPUAAS_LANES)
    assert lanes[1] == {
        "lane": "B-ui",
        "branch": "agent/B-ui",
        "worktree": project.lanes["B-ui"],
        "review_branch": "review/B-ui",
        "provider": "claude",
        "lease": "12h",
        "main_branch": "master",
        "main_worktree": project.main,
    }


def test_text_is_a_table_with_the_lane_first(project: Checkout) -> None:
    lines = project.ok("agent-role-config").out.splitlines()
    assert [line.split()[0] for line in lines] == list(GPUAAS_LANES)
    assert project.ok("agent-role-config", "--format", "ids").out.split() == list(GPUAAS_LANES)


@pytest.mark.parametrize("arguments", [["B-ui"], ["--role", "B-ui"]])
def test_one_field_is_printed_bare(project: Checkout, arguments: list[str]) -> None:
    assert project.ok("agent-role-config", *arguments, "--field", "branch").out == "agent/B-ui\n"


def test_one_field_of_every_lane_is_one_line_each(project: Checkout) -> None:
    out = project.ok("agent-role-config", "--field", "review_branch").out
    assert out.splitlines() == [f"review/{lane}" for lane in GPUAAS_LANES]


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["B-ui", "--field", "colour"], 2, "usage"),
        (["Z-x"], 3, "not_found"),
        (["B-ui", "--role", "C-ops"], 2, "usage"),
    ],
)
def test_what_does_not_exist_is_refused_with_nothing_on_stdout(
    project: Checkout, arguments: list[str], code: int, word: str
) -> None:
    answer = project.run("agent-role-config", *arguments)
    assert (answer.code, answer.word, answer.out) == (code, word, "")


def test_worktree_root_moves_the_worktrees(project: Checkout, tmp_path: Path) -> None:
    out = project.ok("agent-role-config", "B-ui", "--field", "worktree", env={"WORKTREE_ROOT": str(tmp_path / "x")}).out
    assert out == f"{tmp_path}/x/gpuas-B-ui\n"


def test_a_shell_gets_one_lane_as_variables(project: Checkout) -> None:
    script = 'eval "$(role_config B-ui --shell)"; printf "%s|" "$AGENT_ROLE" "$AGENT_BRANCH" "$AGENT_WORKTREE"'
    assert in_shell(project, script) == f"B-ui|agent/B-ui|{project.lanes['B-ui']}|"


def test_a_shell_gets_all_lanes_as_numbered_variables(project: Checkout) -> None:
    script = (
        'eval "$(role_config --shell)"; n=1\n'
        'while [ "$n" -le "$AGENT_ROLE_COUNT" ]; do eval "echo \\"\\$AGENT_ROLE_$n\\""; n=$((n + 1)); done'
    )
    assert in_shell(project, script).split() == list(GPUAAS_LANES)


@pytest.mark.parametrize("shell", some(["sh", "bash"], "sh"))
def test_no_value_is_ever_executed_and_each_arrives_as_it_is(project: Checkout, shell: str) -> None:
    for value in HOSTILE:
        set_provider(project, value)
        assert in_shell(project, 'eval "$(role_config B-ui --shell)"; printf "%s" "$AGENT_PROVIDER"', shell) == value
        assert not os.path.lexists(os.path.join(project.main, "CANARY")), value


@pytest.mark.parametrize(
    "folder", ["$(touch CANARY) 'many' \"words\"", "a\ntouch CANARY\n", "`touch CANARY`;touch CANARY"]
)
def test_the_name_of_a_folder_is_never_executed_either(tmp_path: Path, folder: str) -> None:
    os.mkdir(tmp_path / folder)
    project = make_checkout(tmp_path / folder, queue_text(task("B-1")), lanes=[])
    assert in_shell(project, 'eval "$(role_config B-ui --shell)"; printf "%s" "$AGENT_MAIN_WORKTREE"') == project.main
    assert not list(tmp_path.rglob("CANARY"))


def test_a_shell_keeps_its_variables_when_the_lane_is_refused(project: Checkout) -> None:
    out = in_shell(project, 'AGENT_ROLE=mine; eval "$(role_config Z-x --shell)" || :; echo "$AGENT_ROLE"')
    assert out == "mine\n"


def test_make_prints_the_table_of_one_lane(project: Checkout) -> None:
    assert project.make("agent-role-config", "ROLE=B-ui", "FIELD=branch").out == "agent/B-ui\n"
