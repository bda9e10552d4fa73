"""`make/fairway.mk`, written from the table of tools.

`python -m fairway_scripts.render.make_fragment > make/fairway.mk` writes the committed file; a test keeps the two
equal. The fragment is read by GNU Make 3.81 (the make of macOS) and newer, and carries each value as an exported
variable that the shell reads, so that nothing a person types is ever executed by make or by the shell.
"""

from __future__ import annotations

import sys
from textwrap import fill

from fairway_scripts.catalog import COMMON, MUTATING, TOOLS
from fairway_scripts.options import VARIABLE_ALIASES, flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from fairway_scripts.catalog import Tool

#: The names that count when they stand in the environment: a session sets them once for all its calls.
#: Every other name (`STATUS`, `BRANCH`, `COMMIT`, ...) is also set by CI systems and shells, for their own ends.
FROM_ENVIRONMENT: Final = [
    "TASK_ID",
    "TASK",
    "ROLE",
    "AGENT_ROLE",
    "OWNER",
    "ACTOR",
    "QUEUE_DB",
    "QUEUE_FILE",
    "WORKTREE_ROOT",
]
#: The names that the tools read from their environment and that no flag carries.
SETTINGS: Final = [
    "AGENT_ROLE",
    "FAIRWAY_ROLE",
    "WORKTREE_ROOT",
    "AGENT_QUEUE_DB",
    "AGENT_QUEUE_FILE",
    "FAIRWAY_CONFIG",
    "FAIRWAY_SESSION_ID",
]

_CONTRACT: Final = """\
# fairway.mk: the queue-* targets of Fairway Scripts, for any Makefile.
#
#     include path/to/fairway-scripts/make/fairway.mk
#
# Written from the table of tools by `python -m fairway_scripts.render.make_fragment`: change that, not this file.
#
# Needs    GNU Make 3.81 or newer and a POSIX shell. First or last in the Makefile, as you like; above any line
#          that uses $(shell), values typed for make are safe from GNU Make 4.4 too, which exports them to it.
#
# Inputs   set by the host, above the include line or in the environment:
#   FAIRWAY_HOME              the checkout; found from this file. With a blank in its path the host has to set it.
#   FAIRWAY_BIN               the folder of the tools; $(FAIRWAY_HOME)/bin, or the bin of an installed package
#   FAIRWAY_PYTHON            the program that runs them; the checkout's .venv/bin/python, else each tool's first line
#   FAIRWAY_SKIP              targets that the host keeps for itself (above the include): queue-ready queue-claim
#   FAIRWAY_ENVIRONMENT_VARS  more names that count from the environment: FAIRWAY_ENVIRONMENT_VARS += NOTE REF
#   FAIRWAY_PROFILE           the host's own names for targets and variables, as compat-scan --write has written them;
#                             compat/profile.mk, which is read when it is there
#
# Values   TASK_ID=.. STATUS=.. NOTE=.. count from the command line and from a makefile. From the environment only
#          the names in fairway.environment below do, and what was typed wins over what stands there.
#          A value is text: $, quotes, backquotes and line ends reach the tool as they were typed.
#
# Outputs  the targets listed by `make queue-help`, all phony, none with a prerequisite. Every other name that is
#          defined here begins with "fairway.", which make never exports.
#
# Changes for the host: a value typed for one of these names is plain text in the whole makefile (make does not
#          expand it), and running a target exports the values that it passes. Nothing else: no shell, no flags,
#          no default goal, no program run while make reads this file.
"""

_SETTINGS: Final = """\
ifndef fairway.mk
fairway.mk := $(lastword $(MAKEFILE_LIST))

# Included first, the targets below must not become the host's default goal: the last lines take that back.
fairway.goal := $(.DEFAULT_GOAL)

FAIRWAY_SKIP ?=
FAIRWAY_ENVIRONMENT_VARS ?=
FAIRWAY_PROFILE ?= compat/profile.mk

fairway.host.variables :=
ifneq ($(wildcard $(FAIRWAY_PROFILE)),)
include $(FAIRWAY_PROFILE)
endif

fairway.empty :=
fairway.blank := $(fairway.empty) $(fairway.empty)
fairway.exists = $(wildcard $(subst $(fairway.blank),\\ ,$(1)))

# $(realpath) follows a link to this file. It gives nothing when a blank has cut the name in two; a copy of this
# file elsewhere gives a folder that does not hold it. Either way FAIRWAY_HOME stays empty until the host sets it.
fairway.folder := $(patsubst %/make/fairway.mk,%,$(realpath $(fairway.mk)))
FAIRWAY_HOME ?= $(if $(call fairway.exists,$(fairway.folder)/make/fairway.mk),$(fairway.folder))

# A package puts this file in <prefix>/share/fairway/make and the tools in <prefix>/bin.
fairway.prefix = $(if $(call fairway.exists,$(FAIRWAY_HOME)/bin/queue-help),,/../..)
FAIRWAY_BIN ?= $(if $(FAIRWAY_HOME),$(FAIRWAY_HOME)$(fairway.prefix)/bin)
FAIRWAY_PYTHON ?= $(if $(FAIRWAY_HOME),$(call fairway.exists,$(FAIRWAY_HOME)/.venv/bin/python))
"""

_SEAL: Final = """\
# A value typed on the command line is expanded by make whenever it is used or exported, which runs a $(shell) in
# it. Sealed, it is plain text. Two lines, because 3.81 cannot combine override and export.
define fairway.seal
override $(1) := $$(value $(1))
export $(1)
endef
$(foreach v,$(fairway.variables) $(fairway.settings) $(fairway.host.variables),\\
  $(if $(filter command,$(origin $(v))),$(eval $(call fairway.seal,$(v)))))
"""

_CALL: Final = """\
# Of the names in $(1): those that count from the environment, and those that were typed or set in a makefile.
fairway.inherited = $(foreach v,$(1),$(if $(filter environment,$(origin $(v))),$(v)))
fairway.listed = $(fairway.environment) $(call fairway.added,environment) $(FAIRWAY_ENVIRONMENT_VARS)
fairway.ambient = $(filter $(fairway.listed),$(call fairway.inherited,$(1)))
fairway.chosen = $(foreach v,$(1),$(if $(filter default environment undefined,$(origin $(v))),,$(v)))

# The flags of the names in $(2). The last one wins in the tools, so what was chosen stands behind what was found
# in the environment: a TASK that somebody types beats a TASK_ID that the session has exported.
fairway.flags = $(foreach v,$(call fairway.ambient,$(2)) $(call fairway.chosen,$(2)),$(call fairway.flag,$(v)))

# What the host's profile adds to a target: the flag of a name for this target alone, further names, names that
# count from the environment, fixed words.
fairway.flag = $(if $(filter undefined,$(origin fairway.flag.$@.$(1))),$(fairway.flag.$(1)),$(fairway.flag.$@.$(1)))
fairway.added = $(if $(filter undefined,$(origin fairway.$(1).$@)),,$(fairway.$(1).$@))

# A makefile's own value is not in the environment of a recipe. Exported here, when a target runs, it may stand
# below the include line, and hosts that run none of these targets keep their environment as it was.
fairway.export = $(strip $(foreach v,$(call fairway.chosen,$(1)),$(eval export $(v))))

fairway.quote = '$(subst ','\\'',$(1))'
fairway.python = $(if $(FAIRWAY_PYTHON),$(call fairway.quote,$(FAIRWAY_PYTHON)) )
fairway.program = $(fairway.python)$(call fairway.quote,$(FAIRWAY_BIN)/$(firstword $(1)))
fairway.words = $(strip $(wordlist 2,$(words $(1)),$(1)) $(call fairway.added,words))
fairway.lost = echo "error: usage: fairway.mk cannot tell where it is: set FAIRWAY_HOME above its include" >&2; exit 2

# $(call fairway.run,tool words,names): the recipe of a target, which may put words of its own before the flags. It
# holds no value, only $${NAME+--name="$$NAME"}. FAIRWAY_VIA tells the tool that its hints should be lines for make.
fairway.command = FAIRWAY_VIA=make exec $(fairway.program) $(fairway.words) $(fairway.flags)
fairway.call = $(call fairway.export,$(2) $(fairway.settings))$(fairway.command)
fairway.run = $(if $(FAIRWAY_BIN),$(call fairway.call,$(1),$(2) $(call fairway.added,names)),$(fairway.lost))
"""


def fragment() -> str:
    """The whole text of `make/fairway.mk`: the contract, the values, the flags and a target for each tool."""
    tools = [tool for tool in TOOLS.values() if tool.make_targets]
    names = _names(tools)
    sections = [
        _CONTRACT,
        _SETTINGS,
        "\n".join(
            [
                _list("fairway.variables", names),
                "# Read by the tools from their environment; no flag carries them.",
                _list("fairway.settings", SETTINGS),
                "# The names that count from the environment.",
                _list("fairway.environment", FROM_ENVIRONMENT),
            ]
        )
        + "\n",
        _SEAL,
        _CALL,
        _flags(names),
        _list("fairway.changing", MUTATING) + "\n" + _list("fairway.common", COMMON) + "\n",
        *(_target(tool, name, words) for tool in tools for name, words in tool.make_targets.items()),
        "ifeq ($(fairway.goal),)\n.DEFAULT_GOAL :=\nendif\n\nendif\n",
    ]
    return "\n".join(sections)


def own_variables(tool: Tool) -> list[str]:
    """The make variables of one tool beside the common ones, each behind its other names, so that it wins."""
    taken = tool.all_variables
    shared = {*COMMON, *MUTATING}
    names: list[str] = []
    for name in taken:
        if name not in shared:
            names += [alias for alias in VARIABLE_ALIASES.get(name, ()) if alias not in taken]
            names.append(name)
    return names


def _names(tools: list[Tool]) -> list[str]:
    """Every variable of every tool, once and sorted, so that a new one changes two lines."""
    return sorted({*MUTATING, *COMMON, *(name for tool in tools for name in own_variables(tool))})


def _list(variable: str, names: list[str]) -> str:
    """An assignment of words, folded where it is long."""
    return fill(f"{variable} := {' '.join(names)}", 110, subsequent_indent="  ", break_on_hyphens=False).replace(
        "\n", " \\\n"
    )


def _flags(names: list[str]) -> str:
    """For each variable, its flag as the shell is to read it; POSIX drops it when the variable is not set."""
    lines = [f'fairway.flag.{name} := $${{{name}+{flag(name)}="$${name}"}}' for name in names]
    return "# A flag for each variable that is set; one that is set and empty stays apart from one that is not.\n" + (
        "\n".join(lines) + "\n"
    )


def _target(tool: Tool, target: str, fixed: list[str]) -> str:
    """The block that defines one target of a tool, unless the host keeps it for itself."""
    names = own_variables(tool)
    if tool.mutates:
        names = [*names, "$(fairway.changing)"]
    words = " ".join([*names, "$(fairway.common)"])
    call = " ".join([tool.name, *fixed])
    same = "" if target == tool.name else f" The same as {call}."
    return (
        f"ifeq ($(filter $(FAIRWAY_SKIP),{target}),)\n"
        f".PHONY: {target}\n"
        f"{target}: ## {tool.summary}{same}\n"
        f"\t@$(call fairway.run,{call},{words})\n"
        "endif\n"
    )


if __name__ == "__main__":
    sys.stdout.write(fragment())
