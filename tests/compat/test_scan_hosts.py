"""compat-scan on Makefiles of different styles: what it prints, what it writes, and that it runs nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from fairway_scripts.cutover.scan.profile_file import read_profile
from tests.compat.scan_hosts import HOSTS, NAMES, SCRIPT, canaries, make_host, write_scripts
from tests.support.repositories import git, make_repository, write_file
from tests.support.shell import BIN, run_tool


def golden(request: pytest.FixtureRequest, name: str, text: str) -> str:
    """The committed text of a golden file; with --update-golden it is written first."""
    path = os.path.join(HOSTS, name)
    if request.config.getoption("--update-golden"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        return file.read()


def written(main: str, name: str) -> str:
    with open(os.path.join(main, "compat", name), encoding="utf-8") as file:
        return file.read()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_scan_says_and_writes_for_each_style_of_makefile(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    main = make_host(tmp_path, name)
    answer = run_tool("compat-scan", main, "--write", cwd=str(tmp_path))
    assert answer.code == 0, answer
    assert answer.out == golden(request, f"{name}.scan.txt", answer.out)
    path = os.path.join(main, "compat", "profile.toml")
    text = written(main, "profile.toml") if os.path.exists(path) else "# nothing differs from the published interface\n"
    assert text == golden(request, f"{name}.profile.toml", text)
    assert canaries(main) == []


@pytest.mark.parametrize("name", ["careful", "environment", "renamed", "strange"])
def test_a_second_write_changes_nothing(name: str, tmp_path: Path) -> None:
    main = make_host(tmp_path, name)
    run_tool("compat-scan", "--write", cwd=main)
    path = os.path.join(main, "compat", "profile.toml")
    before = written(main, "profile.toml") if os.path.exists(path) else None
    again = run_tool("compat-scan", "--write", "--json", cwd=main).json
    assert (written(main, "profile.toml") if os.path.exists(path) else None) == before
    assert again["added"] == []
    assert [call for call in again["calls"] if call["by"] in ("drafted", "left")] == []


def test_what_somebody_has_settled_stays_and_is_not_asked_again(tmp_path: Path) -> None:
    main = make_host(tmp_path, "renamed")
    asked = run_tool("compat-scan", "--write", "--json", cwd=main).json["to_fill_in"]
    assert {entry["subcommand"] for entry in asked} >= {"set-status"}
    text = written(main, "profile.toml").replace("[legacy_db]", "# mine\n[legacy_db]")
    write_file(main, "compat/profile.toml", text)
    again = run_tool("compat-scan", "--write", "--json", cwd=main).json
    assert written(main, "profile.toml") == text
    assert [entry for entry in again["to_fill_in"] if entry["subcommand"] == "set-status"] == []


def test_a_scan_without_write_leaves_the_repository_as_it_was(tmp_path: Path) -> None:
    main = make_host(tmp_path, "renamed")
    answer = run_tool("compat-scan", cwd=main)
    assert "what keeps this in compat/profile.toml: compat-scan --write" in answer.err.replace(f"{BIN}/", "")
    assert git(main, "status", "--porcelain") == ""


RUNNERS = {
    "a recipe with a plus sign": "queue-x:\n\t+@{run}\n",
    "a recipe that calls make": "queue-x:\n\t@$(MAKE) queue-y\nqueue-y:\n\t@{run}\n",
    "a missing file that is included and made": "include made.mk\nmade.mk:\n\t@{run}\n",
    "an included file that is out of date": "include mk/old.mk\nmk/old.mk: always\n\t+@{run}\nalways:\n",
    "the Makefile itself made anew": "Makefile: always\n\t+@{run}\nalways:\n",
    "a rule for anything": "%: always\n\t+@{run}\nalways:\n",
    "a default recipe": ".DEFAULT:\n\t+@{run}\nqueue-x: queue-y\n",
    "a shell function": "X := $(shell {run})\nqueue-x: ; @echo $(X)\n",
    "a shell function inside an expansion": "X = $(shell {run})\nY := $(X)\nqueue-x: ; @echo $(Y)\n",
    "a shell assignment": "X != {run}\nqueue-x: ; @echo $(X)\n",
    "one shell for all lines": ".ONESHELL:\nqueue-x:\n\t+@{run}\n\techo\n",
    "a shell of its own": "SHELL := /bin/bash\n.SHELLFLAGS := -ec\nX := $(shell {run})\nqueue-x: ; +@{run}\n",
    "a shell of its own for one target": "made.mk: SHELL := /bin/bash\ninclude made.mk\nmade.mk:\n\t+@{run}\n",
    "an exported shell": "export SHELL := /bin/bash\nX := $(shell {run})\nqueue-x:\n\t@:\n",
    "a rule made by eval": "define t\nqueue-x:\n\t+@{run}\nendef\n$(eval $(call t))\n",
    "the fragment's way to know its goal": "ifneq ($(MAKECMDGOALS),)\nX := $(shell {run})\nendif\nqueue-x: ; @:\n",
}


@pytest.mark.parametrize("text", RUNNERS.values(), ids=RUNNERS)
def test_nothing_of_the_makefile_is_run(text: str, tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_file(main, "mk/old.mk", "queue-z: ; @:\n")
    write_file(
        main, "Makefile", text.replace("{run}", "touch canary") + "\nqueue-last: ; @scripts/ops/agent_queue.sh list\n"
    )
    answer = run_tool("compat-scan", "--json", cwd=main)
    assert canaries(main) == []
    assert answer.code in (0, 1), answer
    assert answer.code == 1 or "queue-last" in [entry["target"] for entry in answer.json["calls"]]


def test_not_even_the_functions_in_a_recipe_are_evaluated(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_file(main, "Makefile", "queue-ready:\n\t$(file >canary,x)\n\t+@$(MAKE) $(file >canary-2,x)\n")
    assert run_tool("compat-scan", cwd=main).code == 0
    assert canaries(main) == []


def test_a_file_that_reading_writes_is_reported_as_written(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_file(main, "Makefile", "$(file >stamp,x)\nqueue-ready: ; @:\n")
    answer = run_tool("compat-scan", cwd=main)
    assert "note: Makefile:1 reads or writes a file whenever make reads it (also now): $(file >stamp,x)" in answer.err


TAKEN_OVER = {
    "override SHELL := /bin/bash": "takes the shell back",
    "override export SHELL = /bin/sh": "takes the shell back",
    "override define SHELL\n/bin/sh\nendef": "takes the shell back",
    "$(eval override SHELL := /bin/sh)": "takes the shell back",
    "x: override SHELL := /bin/sh": "takes the shell back",
    "override \\\nSHELL := /bin/sh": "takes the shell back",
    "override $(S)HELL := /bin/sh": "may take the shell back",
    "MAKEFLAGS += SHELL=/bin/sh": "changes the shell through MAKEFLAGS",
    "-load evil.so": "loads a program",
    'X := $(guile (system "touch canary"))': "runs a program inside make",
}


PLACES = [(line, why, "Makefile") for line, why in TAKEN_OVER.items()]
PLACES += [("override SHELL := /bin/sh", "takes the shell back", place) for place in ("mk/deep.mk", "parts/included")]


@pytest.mark.parametrize(("line", "why", "place"), PLACES)
def test_a_makefile_that_takes_the_shell_back_is_not_read_at_all(
    line: str, why: str, place: str, tmp_path: Path
) -> None:
    main = make_repository(tmp_path)
    write_file(main, "Makefile", "include parts/included\nqueue-x: ; @:\n")
    write_file(main, "parts/included", "include mk/deep.mk\n")
    write_file(main, "mk/deep.mk", "\n")
    write_file(main, place, f"{line}\nX := $(shell touch canary)\n")
    answer = run_tool("compat-scan", cwd=main)
    assert (answer.code, answer.word) == (1, "invalid_config")
    assert f"{place}:1 {why}" in answer.err
    assert canaries(main) == []


@pytest.mark.parametrize("place", ["Makefile", "mk/deep.mk"])
@pytest.mark.parametrize("filler", ["# a long comment\n" * 70_000, "# \0\n"], ids=["long", "binary"])
def test_a_file_that_could_not_be_looked_at_is_not_read_either(filler: str, place: str, tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_file(main, "Makefile", "include mk/deep.mk\n")
    write_file(main, place, f"{filler}override SHELL := /bin/sh\nX := $(shell touch canary)\n")
    answer = run_tool("compat-scan", cwd=main)
    assert (answer.code, answer.word, f"{place} cannot be looked at" in answer.err) == (1, "invalid_config", True)
    assert canaries(main) == []


def test_a_comment_about_the_shell_is_no_reason_to_refuse(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_file(main, "Makefile", "# no override SHELL := here\nqueue-x: ; @:\n")
    assert run_tool("compat-scan", cwd=main).code == 0


def test_what_reading_the_makefile_runs_is_reported_with_its_place(tmp_path: Path) -> None:
    main = make_host(tmp_path, "included")
    answer = run_tool("compat-scan", "--json", cwd=main)
    shown = "ROOT := $(shell git rev-parse --show-toplevel)"
    assert answer.json["reads"] == [{"file": "Makefile", "line": 2, "kind": "program", "text": shown}]
    told = f"Makefile:2 runs a program whenever make reads it (not now): {shown}"
    assert told in [json.loads(line)["message"] for line in answer.err.splitlines()]
    assert f"note: {told}\n" in run_tool("compat-scan", cwd=main).err


@pytest.mark.parametrize(
    ("makefile", "code", "word"),
    [
        (None, 3, "not_found"),
        ("$(error not today)\n", 1, "invalid_config"),
        ("queue-x\n  nonsense here\n", 1, "invalid_config"),
    ],
)
def test_a_makefile_that_cannot_be_read_is_refused(makefile: str | None, code: int, word: str, tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    if makefile is not None:
        write_file(main, "Makefile", makefile)
    answer = run_tool("compat-scan", cwd=main)
    assert (answer.code, answer.word) == (code, word), answer


def test_a_makefile_without_targets_has_nothing_to_answer(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_file(main, "Makefile", "")
    assert run_tool("compat-scan", "--json", cwd=main).json["calls"] == []


def test_an_error_of_the_makefile_keeps_what_was_read_before_it(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_file(
        main, "Makefile", "queue-ready:\n\t@scripts/ops/agent_queue.sh ready\n$(error needs X)\nqueue-claim: ; @:\n"
    )
    answer = run_tool("compat-scan", "--json", cwd=main)
    asked = answer.json["to_fill_in"]
    assert [(entry["place"], "needs X" in entry["question"]) for entry in asked] == [("Makefile:2", True)]
    assert "needs X" in answer.err


def test_another_makefile_and_another_repository_can_be_named(tmp_path: Path) -> None:
    main = make_host(tmp_path, "renamed")
    os.rename(os.path.join(main, "Makefile"), os.path.join(main, "old.make"))
    answer = run_tool("compat-scan", "--into", main, "--makefile", "old.make", "--json", cwd=str(tmp_path))
    assert answer.json["makefile"] == "old.make"
    assert run_tool("compat-scan", main, "--into", str(tmp_path), cwd=main).word == "usage"


def test_values_that_stand_in_the_environment_are_not_those_of_the_makefile(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_file(main, "Makefile", 'OWNER ?= B\nqueue-claim: ; @scripts/ops/agent_queue.sh claim --by "$(OWNER)"\n')
    env = {"OWNER": "X", "MAKEFLAGS": "OWNER=Y", "MAKEFILES": "no.mk"}
    assert run_tool("compat-scan", "--write", cwd=main, env=env).code == 0
    assert 'map = {"--by" = "OWNER"}' in written(main, "profile.toml")


def test_the_targets_of_our_own_fragment_are_not_taken_for_the_hosts(tmp_path: Path) -> None:
    from tests.support.shell import FRAGMENT

    main = make_host(tmp_path, "renamed")
    before = run_tool("compat-scan", "--json", cwd=main).json["calls"]
    with open(os.path.join(main, "Makefile"), "a", encoding="utf-8") as file:
        file.write(f"include {FRAGMENT}\n")
    assert run_tool("compat-scan", "--json", cwd=main).json["calls"] == before


def test_scripts_and_ci_that_name_the_old_scripts_are_listed(tmp_path: Path) -> None:
    main = make_host(tmp_path, "interpolating")
    write_file(main, "scripts/dev/day.sh", "#!/bin/sh\n# agent_queue.sh is old\n. scripts/ops/agent_preflight.sh\n")
    write_file(main, "bin/go", '#!/bin/sh\nexec "$(dirname "$0")/../scripts/ops/agent_queue.sh" ready\n')
    write_file(main, "notes.md", "run scripts/ops/agent_queue.sh\n")
    write_file(
        main,
        ".github/workflows/ci.yml",
        "- run: bash scripts/ci/agent_queue_validate.sh\n- run: make -s queue-git-check\n",
    )
    write_file(
        main,
        "scripts/ops/agent_queue.sh",
        '#!/bin/sh\ncase "$1" in\n  take|claim) : ;;\n  ready) : ;;\n  *) ;;\nesac\n',
    )
    found = run_tool("compat-scan", "--json", cwd=main).json
    brief = [(entry["path"], entry["line"], entry["how"], entry["script"]) for entry in found["callers"]]
    assert brief == [
        ("bin/go", 2, "calls", "agent_queue.sh"),
        ("scripts/dev/day.sh", 2, "mentions", "agent_queue.sh"),
        ("scripts/dev/day.sh", 3, "sources", "agent_preflight.sh"),
    ]
    assert [(entry["line"], entry["how"], entry["script"]) for entry in found["ci"]] == [
        (1, "calls", "agent_queue_validate.sh"),
        (2, "make", "queue-git-check"),
    ]
    words = {entry["script"]: entry["words"] for entry in found["scripts"]}
    assert words["scripts/ops/agent_queue.sh"] == ["take", "claim", "ready"]


READY = '$(Q) ready --lane "$(ROLE)"'
#: Makefiles of which each target calls the script in the same way, in ways that only make can read.
FORMS = {
    "its own shell": f"SHELL := /bin/bash\nqueue-ready:\n\t@$(SHELL) {READY}\n",
    "its own shell, exported": f"export SHELL = /usr/bin/env bash\nqueue-ready:\n\t@$(SHELL) {READY}\n",
    "a shell with flags": f"SHELL := /bin/bash -eu\nqueue-ready:\n\t@$(SHELL) {READY}\n",
    "a guard on a program": f"GOOS := $(shell go env)\n$(if $(GOOS),,$(error none))\nqueue-ready:\n\t@{READY}\n",
    "a guard on an assignment": f"V != cat V\nifeq ($(V),)\n$(error none)\nendif\nqueue-ready:\n\t@{READY}\n",
    "a guard on a value": f"queue-ready:\nifndef ROLE\n\t$(error ROLE?)\nendif\n\t@{READY}\n",
    "a function": "run = $(1) $(2)\nqueue-ready:\n\t@$(call run,$(Q),ready) --lane $(ROLE)\n",
    "a choice": "queue-ready:\n\t@$(Q) $(if $(ALL),list,ready) $(addprefix --lane ,$(ROLE))\n".replace("$(ALL)", ""),
    "one shell": f".ONESHELL:\nqueue-ready:\n\t@if true; then\n\t  {READY}\n\tfi\n",
    "a shell variable": "queue-ready:\n\t@lane='$(ROLE)'; $(Q) ready $${lane:+--lane \"$$lane\"}\n",
    "a variable of the target": "queue-ready: WHAT = ready\nqueue-ready:\n\t@$(Q) $(WHAT) --lane '$(ROLE)'\n",
    "a pattern": "queue-%:\n\t@$(Q) $* --lane '$(ROLE)'\n",
    "a static pattern": "queue-ready queue-x: queue-%:\n\t@$(Q) $* --lane '$(ROLE)'\n",
    "an included file": "include mk/part.mk\n",
    "two rules": f"queue-ready::\n\t@true\nqueue-ready::\n\t@{READY}\n",
    "a prerequisite": f"queue-ready: built\n\t@{READY}\nbuilt:\n\t@$(Q) list\n",
    "a rule made by eval": f"define t\nqueue-ready:\n\t@{READY.replace('$', '$$')}\nendef\n$(eval $(call t))\n",
    "a redirection": f"queue-ready:\n\t@{READY} 2>&1 > out.txt | sort\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_recipe_is_read_as_it_is_when_somebody_calls_make(name: str, tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_scripts(main, SCRIPT + "case $1 in\n  ready) ;;\n  x) ;;\nesac\n")
    write_file(main, "mk/part.mk", f"queue-ready:\n\t@{READY}\n")
    write_file(main, "Makefile", "Q = scripts/ops/agent_queue.sh\n" + FORMS[name])
    answer = run_tool("compat-scan", "--write", "--json", cwd=main)
    assert answer.code == 0, answer
    (call,) = [call for call in answer.json["calls"] if call["target"] == "queue-ready"]
    assert (call["tool"], call["script"], call["subcommand"]) == (
        *("queue-ready", "scripts/ops/agent_queue.sh", "ready"),
    )
    profile = read_profile(os.path.join(main, "compat", "profile.toml"))
    assert profile["scripts"]["scripts/ops/agent_queue.sh"]["ready"] == {
        "tool": "queue-ready",
        "map": {"--lane": "ROLE"},
    }
    assert canaries(main) == []
    assert "fairway-did-not-run" not in answer.out


def test_what_is_piped_into_a_script_and_put_into_its_environment_is_drafted(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_scripts(main)
    write_file(
        main,
        "Makefile",
        "queue-record-review: export AQ_WHO = $(REVIEWER)\n"
        "queue-record-review:\n"
        "\t@printf '%s' \"$$NOTE\" | AQ_TASK='$(TASK_ID)' scripts/ops/agent_queue.sh review --note - \\\n"
        "\t  $(if $(QUIET),--quiet) -a $(REVIEWER_ROLE)\n",
    )
    assert run_tool("compat-scan", "--write", cwd=main).code == 0
    profile = read_profile(os.path.join(main, "compat", "profile.toml"))
    assert profile["scripts"]["scripts/ops/agent_queue.sh"]["review"] == {
        "tool": "queue-record-review",
        "map": {"--note": "NOTE", "-a": "REVIEWER_ROLE"},
        "switches": ["--quiet"],
        "env": {"AQ_WHO": "REVIEWER", "AQ_TASK": "TASK_ID"},
        "stdin": "NOTE",
    }


def test_calls_of_others_that_the_table_does_not_translate_are_asked_about(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_scripts(main)
    write_file(main, "Makefile", 'queue-ready: ; @scripts/ops/agent_queue.sh ready --lane "$(ROLE)"\n')
    write_file(main, ".github/workflows/ci.yml", "- run: scripts/ops/agent_queue.sh ready --lane B-ui --fast\n")
    asked = run_tool("compat-scan", "--json", cwd=main).json["to_fill_in"]
    assert asked == [
        {
            "place": ".github/workflows/ci.yml:1",
            "script": "",
            "subcommand": "",
            "question": '--fast: add map = {"--fast" = "..."} to [scripts."scripts/ops/agent_queue.sh".ready]',
        }
    ]


def test_a_guard_on_what_a_program_says_is_told_with_its_line(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_file(main, "Makefile", "X := $(shell go env GOOS)\n$(if $(X),,$(error no))\nqueue-ready: ; @:\n")
    answer = run_tool("compat-scan", cwd=main)
    assert answer.code == 0
    assert "note: Makefile:1 runs a program whenever make reads it (not now): X := $(shell go env GOOS)" in answer.err


def test_the_list_of_makefiles_names_none_of_the_scans_own(tmp_path: Path) -> None:
    main = make_repository(tmp_path)
    write_scripts(main)
    write_file(main, "mk/more.mk", "")
    recipe = "queue-help:\n\t@scripts/ops/agent_queue.sh help $(MAKEFILE_LIST)\n"
    write_file(main, "Makefile", "include mk/more.mk\n" + recipe)
    first = run_tool("compat-scan", "--json", cwd=main)
    questions = [entry["question"] for entry in first.json["to_fill_in"]]
    assert questions == ["what the word Makefile means", "what the word mk/more.mk means"]
    assert run_tool("compat-scan", "--json", cwd=main).out == first.out
