"""A call that could not be translated speaks against a lane until the profile says what its words mean."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.compat.shadowed import Shadowed, make_shadowed
from tests.legacy_standin.standin import need_ruby

need_ruby()

COLOURED = ("ready", "--lane", "B-ui", "--colour", "red")
OBSTACLE = "#1 ready could not be translated, 1 call(s)"
HEAD = '[scripts."scripts/ops/agent_queue.sh".ready]\n'


@pytest.fixture
def project(tmp_path: Path) -> Shadowed:
    made = make_shadowed(tmp_path, "b")
    assert made.call(*COLOURED).code == 0  # the original answers, whatever this side makes of it
    return made


def add_line(project: Shadowed, line: str) -> None:
    """Write a line into the entry of `ready`, as the hint asks for it."""
    path = os.path.join(project.main, "compat", "profile.toml")
    with open(path, encoding="utf-8") as file:
        before, head, after = file.read().partition(HEAD)
    assert head
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + head + line + "\n" + after)


def test_the_line_that_is_missing_takes_the_obstacle_away_and_proves_nothing(project: Shadowed) -> None:
    assert OBSTACLE in project.run("parity-report", "B-ui").out
    add_line(project, 'ignored = ["--colour"]')
    report = project.ok("parity-report", "B-ui")
    assert "  ready  1  1 unclear " in report.out
    assert "unclear: ready: it could not be translated then, and compat/profile.toml reads it now" in report.out
    assert "#1 still without an equal call on both sides: ready, claim, " in report.out

    project.call(*COLOURED)
    assert "  ready  2  1 match, 1 unclear " in project.ok("parity-report", "B-ui").out


def test_a_call_that_is_left_to_its_script_speaks_against_nothing(project: Shadowed) -> None:
    path = os.path.join(project.main, "compat", "profile.toml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(HEAD + 'tool = "queue-ready"', HEAD + 'tool = ""'))
    assert "1 unclear" in project.ok("parity-report", "B-ui").out


@pytest.mark.parametrize("line", ['switches = ["--colour"]', 'ignored = ["--pace"]'])
def test_a_line_that_does_not_read_all_of_it_takes_nothing_away(project: Shadowed, line: str) -> None:
    """A switch leaves the word behind it without a place."""
    add_line(project, line)
    assert OBSTACLE in project.run("parity-report", "B-ui").out


def test_a_call_of_which_nothing_was_kept_still_counts(project: Shadowed) -> None:
    (row,) = project.observed()
    shutil.rmtree(row["replay"])
    add_line(project, 'ignored = ["--colour"]')
    assert OBSTACLE in project.run("parity-report", "B-ui").out


def test_a_value_that_came_by_the_environment_is_unknown_afterwards(project: Shadowed) -> None:
    """Its words alone do not say whether it has a place by now."""
    add_line(project, 'ignored = ["--colour"]\nenv = {AQ_FORM = "FORMAT"}')
    project.queue("ready", "--lane", "B-ui", env={"AQ_FORM": "xml"})
    project.settle()
    assert OBSTACLE in project.run("parity-report", "B-ui").out


def test_it_cannot_be_done_again_and_explain_says_where_it_is_mended(project: Shadowed) -> None:
    (row,) = project.observed()
    again = project.run("parity-report", "--replay", row["call_id"])
    assert (again.code, again.word) == (1, "parity_mismatch")
    assert again.out.startswith("ready is not compared: unknown\n")
    assert "--colour red could not be translated" in again.err
    explained = project.ok("parity-report", "explain", "B-ui")
    assert explained.out == ""
    assert "1 call(s) could not be translated: compat/profile.toml says how they are read" in explained.err


# --- a subcommand that no entry names ------------------------------------------------------------------------

UNKNOWN = "unknown-call could not be translated, 1 call(s)"


@pytest.fixture
def bare(tmp_path: Path) -> Shadowed:
    """Scripts that know `next` for `ready`, of which the profile says nothing."""
    made = make_shadowed(tmp_path, "b")
    path = os.path.join(made.main, "scripts/ops-legacy/agent_queue.sh")
    with open(path, encoding="utf-8") as file:
        first, rest = file.read().split("\n", 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'{first}\n[ "$1" = soonest ] && shift && set -- ready "$@"\n{rest}')
    return made


def test_a_subcommand_that_no_entry_names_speaks_against_the_lane_until_one_does(bare: Shadowed) -> None:
    assert bare.call("soonest", "--lane", "B-ui").code == 0
    assert UNKNOWN in bare.run("parity-report", "B-ui").out
    path = os.path.join(bare.main, "compat", "profile.toml")
    with open(path, "a", encoding="utf-8") as file:
        file.write(HEAD.replace("ready", "soonest") + 'tool = "queue-ready"\nmap = {"--lane" = "ROLE"}\n')
    report = bare.ok("parity-report", "B-ui").out
    assert UNKNOWN not in report
    assert "unknown-call  1  1 unclear" in report


def test_one_that_the_original_refused_too_says_nothing(bare: Shadowed) -> None:
    """It may be a slip of the hand."""
    assert bare.call("raedy", "--lane", "B-ui").code != 0
    report = bare.ok("parity-report", "B-ui").out
    assert "unknown-call  1  1 unclear" in report
    assert UNKNOWN not in report
