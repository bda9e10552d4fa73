"""make/fairway.mk in a host's Makefile: what it adds, what it leaves alone, and which values count."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from fairway_scripts import options
from fairway_scripts.catalog import TOOLS
from fairway_scripts.render import make_fragment
from tests.make.hosts import FRAGMENT, PROJECT, TARGETS, Host, recording_host

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def committed() -> str:
    with open(FRAGMENT, encoding="utf-8") as file:
        return file.read()


def flags(arguments: list[str]) -> list[str]:
    return [argument.partition("=")[0] for argument in arguments]


# The file


def test_the_committed_fragment_is_what_the_catalog_gives() -> None:
    assert committed() == make_fragment.fragment(), "python -m fairway_scripts.render.make_fragment > make/fairway.mk"


def test_every_tool_with_a_target_has_one_and_no_other_target_is_defined() -> None:
    defined = re.findall(r"^([A-Za-z][\w-]*):", committed(), re.MULTILINE)
    assert defined == TARGETS


def test_a_help_text_stands_behind_every_target() -> None:
    helps = dict(re.findall(r"^([a-z-]+): ## (.+)$", committed(), re.MULTILINE))
    assert helps == {name: TOOLS[name].summary for name in TARGETS}


def test_a_folder_with_the_name_of_a_target_does_not_hide_it(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    for name in TARGETS:
        os.mkdir(tmp_path / name)
    assert [call.tool for call in host.make(*TARGETS).calls] == TARGETS


# The flags


@pytest.fixture(scope="module")
def everything_typed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The arguments of every tool when every variable there is was typed as `0`."""
    host = recording_host(str(tmp_path_factory.mktemp("host")))
    aliases = [alias for others in options.VARIABLE_ALIASES.values() for alias in others]
    names = dict.fromkeys([*options.VALUES, *options.SWITCHES, *aliases])
    outcome = host.make(*TARGETS, *(f"{name}=0" for name in names))
    return {call.tool: call.arguments for call in outcome.calls}


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_passes_all_variables_of_its_tool_and_no_other(
    everything_typed: dict[str, list[str]], name: str
) -> None:
    passed = flags(everything_typed[name])
    main = [options.flag(variable) for variable in TOOLS[name].all_variables]
    others = [
        options.flag(alias)
        for variable in TOOLS[name].all_variables
        for alias in options.VARIABLE_ALIASES.get(variable, ())
    ]
    assert set(main) <= set(passed) <= {*main, *others}
    assert len(passed) == len(set(passed))


@pytest.mark.parametrize("name", TARGETS)
def test_the_tool_knows_every_flag_that_its_target_passes(everything_typed: dict[str, list[str]], name: str) -> None:
    known = options.parser_for(TOOLS[name])._option_string_actions
    assert set(flags(everything_typed[name])) <= set(known)


def test_a_variable_that_is_not_given_gives_no_flag(tmp_path: Path) -> None:
    assert recording_host(str(tmp_path)).make("queue-claim").arguments == []


def test_a_variable_that_is_given_empty_gives_an_empty_flag(tmp_path: Path) -> None:
    assert recording_host(str(tmp_path)).make("queue-claim", "TASK_ID=").arguments == ["--task-id="]


def test_a_switch_is_passed_with_its_value(tmp_path: Path) -> None:
    assert recording_host(str(tmp_path)).make("queue-import", "DRY_RUN=1").arguments == ["--dry-run=1"]


def test_several_paths_are_one_flag(tmp_path: Path) -> None:
    assert recording_host(str(tmp_path)).make("queue-route-review", "PATHS=a/b c/d").arguments == ["--paths=a/b c/d"]


def test_a_repeated_variable_counts_once_with_its_last_value(tmp_path: Path) -> None:
    assert recording_host(str(tmp_path)).make("queue-ready", "LIMIT=1", "LIMIT=2").arguments == ["--limit=2"]


@pytest.mark.parametrize(
    ("target", "alias", "name"),
    [
        ("queue-claim", "TASK", "TASK_ID"),
        ("queue-set-status", "NOTES", "NOTE"),
        ("queue-record-handoff", "NOTE", "NOTES"),
        ("queue-record-evidence", "ARTIFACT", "ARTIFACT_PATH"),
        ("queue-record-review", "NOTES_FILE", "NOTE_FILE"),
    ],
)
def test_another_name_of_a_variable_stands_before_the_main_one_so_that_the_main_one_wins(
    tmp_path: Path, target: str, alias: str, name: str
) -> None:
    host = recording_host(str(tmp_path))
    assert host.make(target, f"{alias}=x").arguments == [f"{options.flag(alias)}=x"]
    assert host.make(target, f"{name}=main", f"{alias}=other").arguments == [
        f"{options.flag(alias)}=other",
        f"{options.flag(name)}=main",
    ]


# Where a value may come from


@pytest.mark.parametrize(
    "name", ["STATUS", "BRANCH", "COMMIT", "NOTE", "REASON", "FORCE", "REOPEN", "REQUEST_ID", "JSON"]
)
@pytest.mark.parametrize("preference", [[], ["-e"]])
def test_a_generic_name_in_the_environment_does_not_count(tmp_path: Path, name: str, preference: list[str]) -> None:
    host = recording_host(str(tmp_path))
    assert host.make(*preference, "queue-set-status", env={name: "left over"}).arguments == []


@pytest.mark.parametrize("name", ["TASK_ID", "TASK", "ROLE", "OWNER", "ACTOR", "QUEUE_DB", "QUEUE_FILE"])
def test_a_name_that_sessions_export_counts_from_the_environment(tmp_path: Path, name: str) -> None:
    host = recording_host(str(tmp_path))
    assert host.make("queue-claim", env={name: "x"}).arguments == [f"{options.flag(name)}=x"]


@pytest.mark.parametrize("where", ["above", "below"])
def test_the_host_can_let_more_names_count_from_the_environment(tmp_path: Path, where: str) -> None:
    host = recording_host(str(tmp_path), **{where: "FAIRWAY_ENVIRONMENT_VARS += NOTE REF"})
    outcome = host.make("queue-set-status", env={"NOTE": "x", "REASON": "y"})
    assert outcome.arguments == ["--note=x"]


@pytest.mark.parametrize("where", ["above", "below"])
@pytest.mark.parametrize(
    "line", ["BRANCH := x", "BRANCH = x", "export BRANCH = x", "override BRANCH := x", "BRANCH ?= x"]
)
def test_a_value_of_the_makefile_counts_wherever_it_stands(tmp_path: Path, where: str, line: str) -> None:
    host = recording_host(str(tmp_path), **{where: line})
    assert host.make("queue-claim").arguments == ["--branch=x"]


def test_a_value_of_the_makefile_beats_the_environment(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below="OWNER := makefile")
    assert host.make("queue-claim", env={"OWNER": "environment"}).arguments == ["--owner=makefile"]


@pytest.mark.parametrize("where", ["above", "below"])
def test_a_typed_value_beats_the_makefile_and_the_environment(tmp_path: Path, where: str) -> None:
    host = recording_host(str(tmp_path), **{where: "OWNER := makefile"})
    outcome = host.make("queue-claim", "OWNER=typed", env={"OWNER": "environment"})
    assert outcome.arguments == ["--owner=typed"]


def test_a_typed_value_reaches_the_tool_when_the_host_unexports_its_name(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below="unexport NOTE")
    assert host.make("queue-set-status", "NOTE=x").arguments == ["--note=x"]


def test_a_typed_task_stands_behind_the_task_id_of_the_session_so_that_it_wins(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    outcome = host.make("queue-claim", "TASK=typed", env={"TASK_ID": "session"})
    assert outcome.arguments == ["--task-id=session", "--task=typed"]
    parsed = options.parse(TOOLS["queue-claim"], outcome.arguments, options.parser_for(TOOLS["queue-claim"]))
    assert parsed.task_id == "typed"


def test_a_setting_of_the_makefile_reaches_the_environment_of_the_tool(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below="WORKTREE_ROOT := /lanes")
    assert host.make("queue-ready").calls[0].environment["WORKTREE_ROOT"] == "/lanes"


def test_the_tool_is_told_that_make_called_it(tmp_path: Path) -> None:
    assert recording_host(str(tmp_path)).make("queue-ready").calls[0].environment["FAIRWAY_VIA"] == "make"


# A guest in somebody's Makefile

BUILD = "build:\n\t@echo built"
SHOW_ENVIRONMENT = "show:\n\t@env | sort\nBRANCH = of-the-host\nCOMMIT := 1234567"


@pytest.mark.parametrize(("above", "below"), [(BUILD, ""), ("", BUILD), ("", f"{BUILD}\n.DEFAULT_GOAL := build")])
def test_the_default_goal_stays_the_hosts(tmp_path: Path, above: str, below: str) -> None:
    outcome = recording_host(str(tmp_path), above, below).make()
    assert (outcome.code, outcome.out, outcome.err, outcome.calls) == (0, "built\n", "", [])


def test_a_default_goal_that_the_host_has_named_stays(tmp_path: Path) -> None:
    outcome = recording_host(str(tmp_path), f".DEFAULT_GOAL := build\nfirst:\n\n{BUILD}").make()
    assert outcome.out == "built\n"


def test_make_without_a_goal_runs_nothing_where_the_host_has_no_goal(tmp_path: Path) -> None:
    outcome = recording_host(str(tmp_path)).make()
    assert (outcome.code, outcome.calls) == (2, [])
    assert "No targets" in outcome.err


def own_lines(environment: str) -> list[str]:
    """Without what `.EXPORT_ALL_VARIABLES` adds for every file that a Makefile includes."""
    return [line for line in environment.splitlines() if not line.startswith(("FAIRWAY_", "MAKEFILE_LIST="))]


@pytest.mark.parametrize("above", ["", ".EXPORT_ALL_VARIABLES:"])
def test_the_environment_of_the_hosts_own_recipes_stays_as_it_was(tmp_path: Path, above: str) -> None:
    host = recording_host(str(tmp_path), above, SHOW_ENVIRONMENT)
    environment = {"STATUS": "of the shell", "NOTE": "$(shell x)"}
    guest = host.make("show", env=environment)
    host.write("Makefile", f"{above}\n{SHOW_ENVIRONMENT}\n")
    alone = host.make("show", env=environment)
    if not above:
        assert guest.out == alone.out
    assert own_lines(guest.out) == own_lines(alone.out)


def test_a_name_of_the_environment_stays_visible_to_the_hosts_recipes(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below='build:\n\t@echo "$$STATUS and $(COMMIT)"')
    assert host.make("build", env={"STATUS": "green", "COMMIT": "1234567"}).out == "green and 1234567\n"


@pytest.mark.parametrize(
    "above",
    [
        ".ONESHELL:",
        "SHELL := /bin/bash\n.SHELLFLAGS := -eu -o pipefail -c",
        ".EXPORT_ALL_VARIABLES:",
        ".SUFFIXES:\nMAKEFLAGS += -rR --warn-undefined-variables",
        ".POSIX:",
        ".SECONDEXPANSION:",
        ".DELETE_ON_ERROR:\n.NOTPARALLEL:",
    ],
)
def test_a_target_works_under_the_settings_of_its_host(tmp_path: Path, above: str) -> None:
    outcome = recording_host(str(tmp_path), above).make("queue-claim", "TASK_ID=it's $5", "OWNER=B")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.arguments == ["--owner=B", "--task-id=it's $5"]


@pytest.mark.parametrize(
    "arguments",
    [["-s"], ["-j8"], ["-e"], ["-k"], ["--warn-undefined-variables"], ["--no-print-directory"], ["-r", "-R"]],
)
def test_a_target_works_under_the_options_of_make_and_prints_only_its_answer(
    tmp_path: Path, arguments: list[str]
) -> None:
    outcome = recording_host(str(tmp_path)).make(*arguments, "queue-claim", "TASK_ID=A-1")
    assert (outcome.code, outcome.out, outcome.err) == (0, "answer of queue-claim\n", "")
    assert outcome.arguments == ["--task-id=A-1"]


def test_several_targets_run_side_by_side(tmp_path: Path) -> None:
    outcome = recording_host(str(tmp_path)).make("-j8", *TARGETS)
    assert sorted(call.tool for call in outcome.calls) == sorted(TARGETS)


def test_reading_the_fragment_twice_is_silent(tmp_path: Path) -> None:
    outcome = recording_host(str(tmp_path), below=f"include {FRAGMENT}").make("queue-ready", "LIMIT=1")
    assert (outcome.err, outcome.arguments) == ("", ["--limit=1"])


def test_the_exit_code_of_the_tool_is_named_by_make_and_becomes_2(tmp_path: Path) -> None:
    outcome = recording_host(str(tmp_path)).make("queue-claim", env={"TOOL_EXIT": "4"})
    assert outcome.code == 2
    assert "Error 4" in outcome.err


# Targets that the host keeps

OWN_READY = "queue-ready:\n\t@echo ready of the host"


@pytest.mark.parametrize("where", ["above", "below"])
def test_a_host_that_skips_a_target_keeps_its_own_without_a_warning(tmp_path: Path, where: str) -> None:
    lines = {"above": "", "below": ""}
    lines[where] = OWN_READY
    lines["above"] += "\nFAIRWAY_SKIP := queue-ready queue-claim"
    outcome = recording_host(str(tmp_path), **lines).make("queue-ready", "queue-list")
    assert (outcome.out, outcome.err) == ("ready of the host\nanswer of queue-list\n", "")


def test_a_skipped_target_that_the_host_does_not_define_is_unknown(tmp_path: Path) -> None:
    outcome = recording_host(str(tmp_path), "FAIRWAY_SKIP := queue-ready").make("queue-ready")
    assert "No rule to make target" in outcome.err
    assert outcome.calls == []


def test_where_both_define_a_target_the_later_one_counts_and_make_warns(tmp_path: Path) -> None:
    last = recording_host(str(tmp_path), OWN_READY).make("queue-ready")
    assert last.out == "answer of queue-ready\n"
    assert "overriding" in last.err


# Where the fragment and the tools are


def checkout(folder: Path) -> Host:
    """A checkout as the fragment sees it: make/fairway.mk beside bin/ with recording tools."""
    place = Host(str(folder))
    place.add_tools("bin")
    os.mkdir(folder / "make")
    shutil.copy(FRAGMENT, folder / "make" / "fairway.mk")
    return place


def recording_python(place: Host, path: str) -> str:
    """A stand-in interpreter that names itself and the program that it was given."""
    return place.write(path, '#!/bin/sh\necho "python $1"\n', executable=True)


def test_the_tools_are_found_from_the_place_of_the_fragment(tmp_path: Path) -> None:
    place = checkout(tmp_path / "fairway")
    host = Host(str(tmp_path / "host"), f"include {place.folder}/make/fairway.mk\n")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


def test_a_lane_worktree_includes_the_fragment_by_a_relative_path(tmp_path: Path) -> None:
    checkout(tmp_path / "fairway")
    host = Host(str(tmp_path / "lanes" / "gpuas-B-ui"), "include ../../fairway/make/fairway.mk\n")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


def test_make_can_be_sent_to_the_host_from_elsewhere(tmp_path: Path) -> None:
    checkout(tmp_path / "fairway")
    host = Host(str(tmp_path / "host"), "include ../fairway/make/fairway.mk\n")
    os.mkdir(tmp_path / "host" / "deep")
    outcome = host.make("--no-print-directory", "-C", "..", "queue-ready", folder="deep")
    assert outcome.out == "answer of queue-ready\n"


def test_a_link_to_the_fragment_leads_to_the_tools(tmp_path: Path) -> None:
    place = checkout(tmp_path / "fairway")
    host = Host(str(tmp_path / "host"), "include queue.mk\n")
    os.symlink(os.path.join(place.folder, "make", "fairway.mk"), tmp_path / "host" / "queue.mk")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


def test_an_installed_package_has_its_tools_in_the_bin_of_its_prefix(tmp_path: Path) -> None:
    place = Host(str(tmp_path / "prefix"))
    place.add_tools("bin")
    installed = tmp_path / "prefix" / "share" / "fairway" / "make"
    os.makedirs(installed)
    shutil.copy(FRAGMENT, installed / "fairway.mk")
    host = Host(str(tmp_path / "host"), f"include {installed}/fairway.mk\n")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


BLANK_SAFE = """\
FAIRWAY_HOME := {home}
fairway.blank := $(subst x,,x x)
include $(subst $(fairway.blank),\\ ,$(FAIRWAY_HOME))/make/fairway.mk
"""


def test_a_checkout_with_blanks_in_its_path_works_when_the_host_sets_its_home(tmp_path: Path) -> None:
    place = checkout(tmp_path / "my  fair way")
    python = recording_python(place, ".venv/bin/python")
    host = Host(str(tmp_path / "host"), BLANK_SAFE.format(home=place.folder))
    outcome = host.make("queue-ready")
    assert (outcome.out, outcome.err) == (f"python {place.folder}/bin/queue-ready\n", "")
    os.remove(python)
    assert host.make("queue-ready").out == "answer of queue-ready\n"


@pytest.mark.parametrize("name", ["it's", 'a"quote', "semi;colon", "back`tick", "$dollar", "(brackets)", "a&b", "c,d"])
def test_any_folder_name_can_hold_the_tools(tmp_path: Path, name: str) -> None:
    host = Host(str(tmp_path))
    tools = host.add_tools(name)
    host.write("Makefile", f"FAIRWAY_BIN := {tools.replace('$', '$$')}\nFAIRWAY_PYTHON :=\ninclude {FRAGMENT}\n")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


def blank_in_the_path(folder: Path) -> str:
    place = checkout(folder / "fair way")
    return f"include {place.folder}/make/fairway.mk".replace("fair way", "fair\\ way")


def copied_away(folder: Path) -> str:
    shutil.copy(FRAGMENT, folder / "queue.mk")
    return f"include {folder}/queue.mk"


@pytest.mark.parametrize("include", [blank_in_the_path, copied_away])
def test_a_fragment_that_cannot_tell_its_place_says_what_to_set(tmp_path: Path, include: Callable[[Path], str]) -> None:
    host = Host(str(tmp_path / "host"))
    host.write("Makefile", include(tmp_path))
    outcome = host.make("queue-ready")
    assert outcome.code == 2
    assert outcome.err.startswith("error: usage: fairway.mk cannot tell where it is: set FAIRWAY_HOME")


def test_the_python_of_the_checkouts_environment_runs_the_tools_directly(tmp_path: Path) -> None:
    place = checkout(tmp_path / "fairway")
    recording_python(place, ".venv/bin/python")
    host = Host(str(tmp_path / "host"), f"include {place.folder}/make/fairway.mk\n")
    assert host.make("queue-ready").out == f"python {place.folder}/bin/queue-ready\n"


@pytest.mark.parametrize("way", ["makefile", "environment", "typed"])
def test_the_host_can_name_the_python(tmp_path: Path, way: str) -> None:
    place = checkout(tmp_path / "fairway")
    recording_python(place, ".venv/bin/python")
    other = place.write("other python", '#!/bin/sh\necho "other $1"\n', executable=True)
    line = f"FAIRWAY_PYTHON := {other}\n" if way == "makefile" else ""
    host = Host(str(tmp_path / "host"), f"{line}include {place.folder}/make/fairway.mk\n")
    outcome = host.make(
        "queue-ready",
        *([f"FAIRWAY_PYTHON={other}"] if way == "typed" else []),
        env={"FAIRWAY_PYTHON": other} if way == "environment" else {},
    )
    assert outcome.out == f"other {place.folder}/bin/queue-ready\n"


def test_every_target_has_its_tool_in_the_project() -> None:
    missing = [name for name in TARGETS if not os.access(os.path.join(PROJECT, "bin", name), os.X_OK)]
    assert missing == []
