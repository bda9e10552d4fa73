"""The two small makefiles through which a repository finds the make fragment, wherever the suite is on a machine."""

from __future__ import annotations

from typing import Final

from fairway_scripts.base.settings import LOADER_PATH

#: The line of a Makefile that reads the file which a repository commits.
INCLUDE_LINE: Final = f"-include {LOADER_PATH}"
#: Where a clone keeps the place of the suite on this machine, below the shared git directory.
POINTER_PATH: Final = "fairway/fairway.mk"

#: In GNU Make 3.81, without a program from 4.2 on: from 4.4 on make gives typed values to $(shell), expanded.
LOADER: Final = """\
# Finds the queue targets of fairway-scripts for this checkout and for every worktree of it. Commit this file, and read
# it in the Makefile:
#
#     -include .fairway/fairway.mk
#
# The suite is looked for in FAIRWAY_HOME, where this clone last called it from (noted in its git directory), and in a
# folder fairway-scripts beside the main checkout. Where it is not, nothing is defined, and nothing fails.

ifndef fairway.mk
fairway.empty :=
fairway.blank := $(fairway.empty) $(fairway.empty)
fairway.seen = $(wildcard $(subst $(fairway.blank),\\ ,$(1)))
fairway.top := $(dir $(lastword $(MAKEFILE_LIST)))../
fairway.old := $(filter 3.% 4.0 4.0.% 4.1 4.1.%,$(MAKE_VERSION))

# In a linked worktree .git is a file: "gitdir: DIR", where DIR is <git directory>/worktrees/<name> and has a commondir.
fairway.link = $(if $(fairway.old),$(shell cat '$(fairway.top).git'),$(file <$(fairway.top).git))
fairway.named = $(subst gitdir:$(fairway.blank),,$(fairway.link))
fairway.placed = $(if $(filter /%,$(firstword $(1))),$(1),$(fairway.top)$(1))
fairway.shared = $(1)$(if $(call fairway.seen,$(1)/commondir),/../..)
fairway.linked = $(if $(wildcard $(fairway.top).git),$(call fairway.shared,$(call fairway.placed,$(fairway.named))))
fairway.git := $(if $(wildcard $(fairway.top).git/HEAD),$(fairway.top).git,$(fairway.linked))

fairway.noted := $(if $(fairway.git),$(call fairway.seen,$(fairway.git)/fairway/fairway.mk))
fairway.beside := $(if $(fairway.git),$(call fairway.seen,$(fairway.git)/../../fairway-scripts/make/fairway.mk))
fairway.named.home := $(if $(FAIRWAY_HOME),$(call fairway.seen,$(FAIRWAY_HOME)/make/fairway.mk))
fairway.suite := $(or $(fairway.named.home),$(fairway.noted),$(fairway.beside))
ifneq ($(fairway.suite),)
-include $(subst $(fairway.blank),\\ ,$(fairway.suite))
endif
endif
MAKEFILE_LIST := $(filter-out %.fairway/fairway.mk,$(MAKEFILE_LIST))
"""

_POINTER: Final = """\
# Where fairway-scripts is on this machine; .fairway/fairway.mk of the checkouts reads it. It is written anew by
# fairway-mk-path --include, and nothing fails when the suite is gone.
{home}-include {path}
"""


def pointer_text(fragment: str, home: str) -> str:
    """The file that includes the fragment at the absolute path `fragment`; `home` is the checkout, "" for a package."""
    named = f"FAIRWAY_HOME := {_value(home)}\n" if home and " " in home else ""
    return _POINTER.format(home=named, path=_name(fragment))


def plain_include(fragment: str) -> str:
    """The line that includes the fragment by its path, for a folder without git."""
    return f"include {_name(fragment)}"


def _value(text: str) -> str:
    return text.replace("$", "$$").replace("#", "\\#")


def _name(path: str) -> str:
    return _value(path).replace(" ", "\\ ")
