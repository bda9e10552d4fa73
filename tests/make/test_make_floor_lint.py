"""A lint of the fragment: nothing newer than GNU Make 3.81, and nothing that changes the host's make.

GNU Make 3.81 is what macOS has. Most newer features do not fail there: they are read as something else.
"""

from __future__ import annotations

import re

import pytest

from tests.make.hosts import FRAGMENT

_NAME = r"^ *(?:export +|override +)?"

#: The shell of our own targets, which an older make takes for a plain variable of the target.
_OWN_SHELL = r"\$\(1\): \$\(fairway\.own\) \.?SHELL(?:FLAGS)? := "
#: Taking the host's recipe prefix away for the length of the file.
_PREFIX = r"\.RECIPEPREFIX := ?(?:\$\(fairway\.recipe\.prefix\))?$|fairway\.recipe\.prefix := "

_RESTORED = r"(?:\.(?:DEFAULT_GOAL|RECIPEPREFIX)|MAKEFILE_LIST)\b"

#: What is not in 3.81: pattern -> since when, and what to write.
NEWER = {
    r"^[^\t#:=]*!=": "`!=` is of 4.0",
    r"::+=": "`::=` is of 4.0; write `:=`",
    r"^(?!fairway\.text = ).*\$[({]file\b": "`$(file)` is of 4.0; fairway.text is not used before",
    r"\$[({]guile\b": "`$(guile)` is of 4.0",
    r"\$[({](?:let|intcmp)\b": "`$(let)` and `$(intcmp)` are of 4.4",
    r"^ *-?load\b": "`load` is of 4.0",
    r"^ *undefine\b": "`undefine` is of 3.82",
    r"(?:^|:) *(?:\w+ +)*private\b": "`private` is of 3.82",
    r"^ *(?:override +|export +)*define +\S+ *[:+?]*=": "`define NAME =` is of 3.82; write `define NAME`",
    r"^ *(?:override +export|export +override|unexport +override)\b": "3.81 cannot combine modifiers; write two lines",
    r"&:": "grouped targets are of 4.3",
    r"\.WAIT\b": "`.WAIT` is of 4.4",
    r"^ *\.ONESHELL\b": "`.ONESHELL` is of 3.82",
    rf"^(?!{_OWN_SHELL}).*\.SHELLFLAGS\b": "`.SHELLFLAGS` is of 3.82",
    rf"^(?!{_PREFIX}).*\.RECIPEPREFIX\b": "`.RECIPEPREFIX` is of 3.82; a plain name before",
    r"\.(?:SHELLSTATUS|EXTRA_PREREQS|NOTINTERMEDIATE)\b": "a special name of 4.2 and later",
    r"\$[({](?:MAKE_TERMOUT|MAKE_TERMERR|MAKE_HOST)\b": "a variable of 4.1 and later",
    r"\r": "line ends are LF",
}
#: What a guest does not do in somebody's Makefile.
GUEST = {
    rf"{_NAME}(?:SHELL|MAKEFLAGS|GNUMAKEFLAGS|MFLAGS|VPATH|PATH) *[:+?]*=": "changes the make of the host",
    r"^ *\.(?:NOTPARALLEL|EXPORT_ALL_VARIABLES|SUFFIXES|DEFAULT)\b": "is global to the host",
    r"^ *\.(?:POSIX|SILENT|IGNORE|DELETE_ON_ERROR|SECONDEXPANSION)\b": "is global to the host",
    r"\.DEFAULT_GOAL *[:+?]*= *\S": "the default goal is the host's",
    r"^ *(?:un)?export *$": "exports or hides everything of the host",
    r"^ *vpath\b": "changes where the host finds files",
    r"^(?:all|test|clean|install|help|check|lint|build) *:": "a target that the host has",
    r"\$[({]shell\b": "starts a program whenever the host's Makefile is read",
    r"`": "starts a program; quote names in comments only",
    r"^\t.*\$[({]MAKE[)}]": "runs even under `make -n`",
    r"^\t *[@-]*\+": "runs even under `make -n`",
    rf"^ *(?!override \$\(1\)|{_RESTORED})(?!(?:export +)?(?:fairway\.|FAIRWAY_))[^\s#:=$]+ *[:+?]?=": (
        "a name that does not begin with fairway. or FAIRWAY_"
    ),
    r"\"\$[({](?!FAIRWAY_|fairway\.)[A-Z_]+[)}]\"": 'hands a value to make and the shell to execute; write "$$NAME"',
}


def findings(text: str) -> list[str]:
    """One line for each forbidden thing in a makefile, `line: reason`; comments and help texts are left out."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        code = re.sub(r"(^| )#.*", "", line)
        found += [f"{number}: {reason}" for rule, reason in {**NEWER, **GUEST}.items() if re.search(rule, code)]
    return found


def test_the_fragment_keeps_to_the_floor_and_to_itself() -> None:
    with open(FRAGMENT, encoding="utf-8", newline="") as file:
        assert findings(file.read()) == []


def test_every_recipe_is_one_line_that_make_does_not_echo() -> None:
    with open(FRAGMENT, encoding="utf-8") as file:
        lines = file.read().split("\n")
    recipes = [line for line in lines if line.startswith("\t") or re.search(r"^[^=]*: ;", line)]
    assert recipes == ["$(1): ; @$$(call fairway.run,$(2),$(3))"]


PLANTED = [
    "x != date",
    "x ::= 1",
    "x :::= 1",
    "$(file >x,y)",
    "x := $(guile 1)",
    "x := $(let a,b,c)",
    "x := ${intcmp 1,2}",
    "-load x.so",
    "undefine x",
    "private fairway.x := 1",
    "queue-x: private fairway.y := 1",
    "define fairway.x =",
    "define fairway.x :=",
    "override define fairway.x =",
    "override export fairway.x := 1",
    "export override fairway.x := 1",
    "a b &: c",
    "a: b .WAIT c",
    ".ONESHELL:",
    ".POSIX:",
    ".SHELLFLAGS := -c",
    ".RECIPEPREFIX := >",
    "a: .EXTRA_PREREQS = b",
    "$(if $(.SHELLSTATUS),x)",
    "$(MAKE_HOST)",
    "fairway.x := 1\r",
    "SHELL := /bin/bash",
    "export SHELL = /bin/bash",
    "MAKEFLAGS += -s",
    "export PATH := /x",
    ".NOTPARALLEL:",
    ".EXPORT_ALL_VARIABLES:",
    ".SUFFIXES:",
    ".SILENT: queue-x",
    ".DEFAULT_GOAL := queue-ready",
    "export",
    "unexport ",
    "vpath %.c src",
    "help: ## Help.",
    "all:",
    "fairway.x := $(shell date)",
    "fairway.x := ${shell date}",
    "\t@echo `date`",
    "\t@$(MAKE) x",
    "\t@+echo x",
    "NOTE ?= x",
    "_private := x",
    '\t@queue-x --note="$(NOTE)"',
    '\t@queue-x --note="${NOTE}"',
]


@pytest.mark.parametrize("line", PLANTED)
def test_the_lint_finds_what_it_looks_for(line: str) -> None:
    assert [finding.partition(":")[0] for finding in findings(f"fairway.ok := 1\n{line}\n")][:1] == ["2"]


def test_every_rule_of_the_lint_is_tried() -> None:
    untried = [rule for rule in {**NEWER, **GUEST} if not any(re.search(rule, line) for line in PLANTED)]
    assert untried == []


@pytest.mark.parametrize(
    "line",
    [
        "# a comment may name .ONESHELL, $(shell) and undefine",
        "queue-x: ## Help may name the `shell` too.",
        ".DEFAULT_GOAL :=",
        "fairway.goal := $(.DEFAULT_GOAL)",
        "FAIRWAY_SKIP ?=",
        "override $(1) := $$(value $(1))",
        "export $(1)",
        "define fairway.seal",
        "$(1): $(fairway.own) SHELL := /bin/sh",
        "$(1): $(fairway.own) .SHELLFLAGS := -c",
        ".RECIPEPREFIX :=",
        "fairway.text = $(file <$(1))",
        "ifeq ($(filter $(FAIRWAY_SKIP),queue-x),)",
        '\t@"$(FAIRWAY_BIN)/queue-x" $${NOTE+--note="$$NOTE"}',
    ],
)
def test_the_lint_lets_pass_what_is_meant(line: str) -> None:
    assert findings(line) == []
