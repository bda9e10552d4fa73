"""make/fairway.mk in a Makefile: what it adds, and what it leaves alone."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from fairway_scripts.calls import options
from fairway_scripts.calls.command_line import parser_for
from fairway_scripts.calls.verbs import DAILY
from fairway_scripts.catalog import TOOLS, Tool
from fairway_scripts.front import make_fragment
from tests.make.hosts import ALL_TARGETS, FRAGMENT, PROJECT, TARGETS, Host, make_version, recording_host
from tests.support.rings import length

#: What is run for a rule that holds for every target alike: each of them in a full run.
SOME = TARGETS[:: length(8, 1)]


def committed() -> str:
    with open(FRAGMENT, encoding="utf-8") as file:
        return file.read()


def flags(arguments: list[str]) -> list[str]:
    return [argument.partition("=")[0] for argument in arguments]


# The file


def test_the_committed_fragment_is_what_the_catalog_gives() -> None:
    assert committed() == make_fragment.fragment(), "python -m fairway_scripts.front.make_fragment > make/fairway.mk"


def test_every_tool_with_a_target_has_one_and_no_other_target_is_defined() -> None:
    defined = re.findall(r"^\$\(call fairway\.target,([a-z-]+),", committed(), re.MULTILINE)
    assert defined == list(ALL_TARGETS)
    assert re.findall(r"^[A-Za-z][\w.-]*:(?!=)", committed(), re.MULTILINE) == []


def test_a_help_text_stands_behind_every_target() -> None:
    text = help_file("fairway-help-all.mk")
    assert text == make_fragment.help_lines(everything=True), "make fragment"
    helps = dict(re.findall(r"^([a-z-]+): ## (.+)$", text, re.MULTILINE))
    assert list(helps) == list(ALL_TARGETS)
    for target, (tool, words) in ALL_TARGETS.items():
        same = "" if target == tool else f" The same as {' '.join([tool, *words])}."
        assert helps[target] == TOOLS[tool].summary + same


def test_the_short_help_has_the_targets_of_the_day() -> None:
    text = help_file("fairway-help.mk")
    assert text == make_fragment.help_lines(everything=False), "make fragment"
    assert re.findall(r"^([a-z-]+): ##", text, re.MULTILINE) == [*DAILY, "queue-help"]


def help_file(name: str) -> str:
    with open(FRAGMENT.replace("fairway.mk", name), encoding="utf-8") as file:
        return file.read()


def test_no_two_tools_have_a_target_of_the_same_name() -> None:
    names = [name for tool in TOOLS.values() for name in [*([tool.name] * tool.target), *map(_first, tool.targets)]]
    assert sorted(names) == sorted(ALL_TARGETS)


def _first(text: str) -> str:
    return text.split(maxsplit=1)[0]


def test_a_folder_with_the_name_of_a_target_does_not_hide_it(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    for name in SOME:
        os.mkdir(tmp_path / name)
    assert [call.tool for call in host.make(*SOME).calls] == SOME


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


def test_a_target_passes_all_variables_of_its_tool_and_no_other(
    everything_typed: dict[str, list[str]], subtests: pytest.Subtests
) -> None:
    for name in TARGETS:
        with subtests.test(name=name):
            passed = flags(everything_typed[name])
            main = [options.flag(variable) for variable in TOOLS[name].all_variables]
            others = [
                options.flag(alias)
                for variable in TOOLS[name].all_variables
                for alias in options.VARIABLE_ALIASES.get(variable, ())
            ]
            assert set(main) <= set(passed) <= {*main, *others}
            assert len(passed) == len(set(passed))


def test_the_tool_knows_every_flag_that_its_target_passes(
    everything_typed: dict[str, list[str]], subtests: pytest.Subtests
) -> None:
    for name in TARGETS:
        with subtests.test(name=name):
            known = parser_for(TOOLS[name])._option_string_actions
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
def test_another_name_of_a_variable_is_passed_as_it_was_typed_and_two_are_for_the_tool_to_refuse(
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
    outcome = recording_host(str(tmp_path)).make("-j8", *SOME)
    assert sorted(call.tool for call in outcome.calls) == sorted(SOME)


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
    outcome = host.make("-k", *SOME, "queue-record-evidence")
    assert [call.tool for call in outcome.calls] == [name for name in SOME if not name.startswith("queue-record-")]


#: Rules of a host for targets that ours would have: (lines, target, what it prints)
HOSTS_OWN = {
    "a recipe": (OWN_READY, "queue-ready", "ready of the host\n"),
    "a common name": ("worktree-status:\n\t@echo mine", "worktree-status", "mine\n"),
    "a recipe behind the colon": ("session-end: ; @echo mine", "session-end", "mine\n"),
    "a help text and a prerequisite": ("dep: ;\nqueue-list: dep ## mine\n\t@echo mine", "queue-list", "mine\n"),
    "several targets": ("queue-tree queue-where:\n\t@echo mine $@", "queue-where", "mine queue-where\n"),
    "over two lines": ("queue-tree \\\n  queue-where:\n\t@echo mine $@", "queue-where", "mine queue-where\n"),
    "two colons": ("queue-list::\n\t@echo mine", "queue-list", "mine\n"),
}
needs_reading = pytest.mark.skipif(
    not re.search(r"GNU Make (4\.[2-9]|4\.\d\d|[5-9])", make_version()), reason="make before 4.2 reads no files"
)


@needs_reading
@pytest.mark.parametrize("where", ["above", "below"])
@pytest.mark.parametrize("case", HOSTS_OWN)
def test_a_target_of_the_host_wins_without_a_warning(tmp_path: Path, where: str, case: str) -> None:
    lines, target, printed = HOSTS_OWN[case]
    outcome = recording_host(str(tmp_path), **{where: lines}).make(target)
    assert (outcome.out, outcome.err, outcome.calls) == (printed, "", [])


@needs_reading
def test_a_target_of_an_included_makefile_wins(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), "include own.mk")
    host.write("own.mk", OWN_READY)
    outcome = host.make("queue-ready")
    assert (outcome.out, outcome.err) == ("ready of the host\n", "")


#: Lines that speak of a target without defining it.
MENTIONS = [
    "queue-ready: prepare\nprepare: ; @true",
    "queue-ready: LIMIT := 3",
    ".PHONY: queue-ready",
    "other:\n\t@echo queue-ready: mine",
    "# queue-ready:\n#\t@echo mine",
    "TEXT = queue-ready: ; x",
    "other: queue-ready ; @true",
]


@needs_reading
@pytest.mark.parametrize("lines", MENTIONS)
def test_a_target_that_the_host_only_speaks_of_is_ours(tmp_path: Path, lines: str) -> None:
    outcome = recording_host(str(tmp_path), below=lines).make("queue-ready")
    assert (outcome.out, outcome.err) == ("answer of queue-ready\n", "")


def test_a_host_can_hand_a_target_of_its_own_over(tmp_path: Path) -> None:
    outcome = recording_host(str(tmp_path), f"{OWN_READY}\nFAIRWAY_TAKE := queue-%").make("queue-ready")
    assert outcome.out == "answer of queue-ready\n"
    assert "overriding" in outcome.err


# The shell, the recipes and the help of the host


@pytest.mark.parametrize("shell", ["/usr/bin/fish", "/bin/bash -eu", "/nowhere/shell", "/usr/bin/env bash"])
@pytest.mark.parametrize("how", ["makefile", "typed"])
def test_a_target_runs_in_a_posix_shell_whatever_the_shell_of_the_host_is(tmp_path: Path, shell: str, how: str) -> None:
    host = recording_host(str(tmp_path), f"SHELL := {shell}" if how == "makefile" else "")
    outcome = host.make("queue-claim", "TASK_ID=it's $5", *([f"SHELL={shell}"] if how == "typed" else []))
    assert (outcome.code, outcome.err, outcome.arguments) == (0, "", ["--task-id=it's $5"])


def test_the_hosts_own_targets_keep_its_shell(tmp_path: Path) -> None:
    below = "mine:\n\t@[[ a == a ]] && echo bash\nqueue-ready: first\nfirst:\n\t@[[ a == a ]] && echo bash"
    host = recording_host(str(tmp_path), "SHELL := /bin/bash", below)
    assert host.make("mine", "queue-ready").out == "bash\nbash\nanswer of queue-ready\n"


@pytest.mark.parametrize("where", ["above", "below"])
def test_another_recipe_prefix_of_the_host_is_left_to_it(tmp_path: Path, where: str) -> None:
    own = {"above": "", "below": "mine:\n> @echo mine\nqueue-list:\n> @echo mine"}
    own[where] = f".RECIPEPREFIX = >\n{own[where]}"
    outcome = recording_host(str(tmp_path), **own).make("queue-ready", "mine", "queue-list")
    if where == "above":
        assert (outcome.out, outcome.err) == ("answer of queue-ready\nmine\nmine\n", "")
    else:  # what is set below cannot be known here
        assert outcome.out == "answer of queue-ready\nmine\nmine\n"


#: Helps as hosts write them.
HELPS = [
    "@grep -E '^[a-zA-Z0-9_-]+:.*## ' $(MAKEFILE_LIST)",
    "@grep -hE '^[a-zA-Z0-9_-]+:.*## ' $(MAKEFILE_LIST)",
    "@awk -F ':.*## ' '/^[a-zA-Z0-9_-]+:.*## / { print $$1 }' $(MAKEFILE_LIST)",
    "@sed -n 's/^##//p' $(MAKEFILE_LIST)",
    "@grep -hE '^[a-zA-Z0-9][^ :=]*:([^=]|$$)' $(MAKEFILE_LIST)",
    "@awk '/^## /{print} {last = $$0}' $(MAKEFILE_LIST)",
]


@pytest.mark.parametrize("help_line", HELPS)
def test_a_help_of_the_host_shows_only_its_own_targets(tmp_path: Path, help_line: str) -> None:
    below = f"help: ## This text\n\t{help_line}\nbuild: ## Build it\n\t@true"
    guest = recording_host(str(tmp_path / "guest"), below=below).make("-s", "help")
    alone = Host(str(tmp_path / "alone"), f"{below}\n").make("-s", "help")
    assert (guest.code, guest.out) == (alone.code, alone.out)


@pytest.mark.parametrize(("switch", "shown"), [("1", [*DAILY, "queue-help"]), ("all", list(ALL_TARGETS))])
def test_a_switch_shows_targets_in_the_help_of_the_host(tmp_path: Path, switch: str, shown: list[str]) -> None:
    """The day's eleven lines: a help of two that became one of more than a hundred was of no help."""
    host = recording_host(str(tmp_path), f"FAIRWAY_HELP := {switch}", f"help: ## This text\n\t{HELPS[1]}")
    lines = host.make("-s", "help").out.splitlines()
    assert [line.partition(":")[0] for line in lines if line != "help: ## This text"] == shown
    assert host.make("queue-ready").out == "answer of queue-ready\n"
