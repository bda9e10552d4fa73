"""make/fairway.mk in a Makefile: what it adds, and what it leaves alone."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from fairway_scripts import options
from fairway_scripts.catalog import TOOLS, Tool
from fairway_scripts.render import make_fragment
from tests.make.hosts import ALL_TARGETS, FRAGMENT, PROJECT, TARGETS, recording_host

if TYPE_CHECKING:
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
    assert defined == list(ALL_TARGETS)


def test_a_help_text_stands_behind_every_target() -> None:
    helps = dict(re.findall(r"^([a-z-]+): ## (.+)$", committed(), re.MULTILINE))
    assert list(helps) == list(ALL_TARGETS)
    for target, (tool, words) in ALL_TARGETS.items():
        same = "" if target == tool else f" The same as {' '.join([tool, *words])}."
        assert helps[target] == TOOLS[tool].summary + same


def test_no_two_tools_have_a_target_of_the_same_name() -> None:
    names = [name for tool in TOOLS.values() for name in [*([tool.name] * tool.target), *map(_first, tool.targets)]]
    assert sorted(names) == sorted(ALL_TARGETS)


def _first(text: str) -> str:
    return text.split(maxsplit=1)[0]


def test_a_folder_with_the_name_of_a_target_does_not_hide_it(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    for name in TARGETS:
        os.mkdir(tmp_path / name)
    assert [call.tool for call in host.make(*TARGETS).calls] == TARGETS


def test_every_target_has_its_tool_in_the_project() -> None:
    missing = [name for name in TARGETS if not os.access(os.path.join(PROJECT, "bin", name), os.X_OK)]
    assert missing == []


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


# Other names of a target

OTHER_NAMES = [target for target, (tool, _words) in ALL_TARGETS.items() if target != tool]


@pytest.mark.parametrize("target", OTHER_NAMES)
def test_another_target_of_a_tool_passes_the_same_variables_behind_its_own_words(
    everything_typed: dict[str, list[str]], tmp_path: Path, target: str
) -> None:
    tool, words = ALL_TARGETS[target]
    names = dict.fromkeys([*options.VALUES, *options.SWITCHES, *sum(options.VARIABLE_ALIASES.values(), ())])
    call = recording_host(str(tmp_path)).make(target, *(f"{name}=0" for name in names)).calls[0]
    assert call.tool == tool
    assert call.arguments[: len(words)] == words
    assert call.arguments[len(words) :] == everything_typed.get(tool, call.arguments[len(words) :])


def test_a_target_may_put_words_of_its_own_before_the_flags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As make/fairway.mk would be written for such a tool, so that this holds whatever the catalogue has."""
    tool = Tool("queue-list", "x", "Packs.", "STATUS", targets=("packs", "packs-list list", "packs-show show --all=1"))
    monkeypatch.setattr(make_fragment, "TOOLS", {"queue-list": tool})
    host = recording_host(str(tmp_path), include="own.mk")
    host.write("own.mk", make_fragment.fragment())
    outcome = host.make("queue-list", "packs", "packs-list", "packs-show", "STATUS=it's $5 $(shell x)")
    status = "--status=it's $5 $(shell x)"
    assert outcome.err == ""
    assert [call.arguments for call in outcome.calls] == [
        [status],
        [status],
        ["list", status],
        ["show", "--all=1", status],
    ]


# A guest in somebody's Makefile

BUILD = "build:\n\t@echo built"
SHOW_ENVIRONMENT = "show:\n\t@env | sort\nBRANCH = of-the-host"


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


@pytest.mark.parametrize("everything", [False, True])
def test_the_environment_of_the_hosts_own_recipes_stays_as_it_was(tmp_path: Path, everything: bool) -> None:
    above = "COMMIT := 1234567\n" + (".EXPORT_ALL_VARIABLES:" if everything else "")
    host = recording_host(str(tmp_path), above, SHOW_ENVIRONMENT)
    environment = {"STATUS": "of the shell", "NOTE": "$(shell x)"}
    guest = host.make("show", env=environment)
    host.write("Makefile", f"{above}\n{SHOW_ENVIRONMENT}\n")
    alone = host.make("show", env=environment)
    if not everything:
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


def test_a_pattern_skips_every_target_that_it_fits(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), "FAIRWAY_SKIP := queue-record-%")
    outcome = host.make("-k", *TARGETS)
    assert [call.tool for call in outcome.calls] == [name for name in TARGETS if not name.startswith("queue-record-")]


def test_where_both_define_a_target_the_later_one_counts_and_make_warns(tmp_path: Path) -> None:
    last = recording_host(str(tmp_path), OWN_READY).make("queue-ready")
    assert last.out == "answer of queue-ready\n"
    assert "overriding" in last.err
