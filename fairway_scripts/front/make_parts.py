"""The constant parts of `make/fairway.mk`, in the language of GNU Make 3.81."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

CONTRACT: Final = """\
# fairway.mk: the queue-* targets of Fairway Scripts, for any Makefile.
#
#     include path/to/fairway-scripts/make/fairway.mk
#
# Written from the table of tools by `python -m fairway_scripts.front.make_fragment`: change that, not this file.
#
# Needs    GNU Make 3.81 or newer and a POSIX shell as /bin/sh. First or last in the Makefile, as you like; above any
#          line that uses $(shell), values typed for make are safe from GNU Make 4.4 too, which exports them to it.
#
# Inputs   set by the host, above the include line or in the environment:
#   FAIRWAY_HOME              the checkout; found from this file. With a blank in its path the host has to set it.
#   FAIRWAY_BIN               the folder of the tools; $(FAIRWAY_HOME)/bin, or the bin of an installed package
#   FAIRWAY_PYTHON            the program that runs them; the checkout's .venv/bin/python, else python3
#   FAIRWAY_SKIP              targets that the host keeps for itself (above the include): queue-ready queue-claim
#   FAIRWAY_TAKE              targets that are ours although the host defines them too (above the include)
#   FAIRWAY_HELP              1: also name the day's ten targets and queue-help to a help of the host that searches
#                             $(MAKEFILE_LIST); all: every target
#   FAIRWAY_ENVIRONMENT_VARS  more names that count from the environment: FAIRWAY_ENVIRONMENT_VARS += NOTE REF
#   FAIRWAY_MAKEFILE_VARS     more names that count from a makefile: FAIRWAY_MAKEFILE_VARS += BASE
#
# Values   TASK_ID=.. STATUS=.. NOTE=.. count where they are typed. From a makefile or the environment only the names
#          in fairway.from.file and fairway.from.environment below do, unless empty; what was typed wins.
#          A value is text: $, quotes, backquotes and line ends reach the tool as they were typed.
#
# Outputs  the targets listed by `make queue-help`, all phony, none with a prerequisite. Every other name that is
#          defined here begins with "fairway.", which make never exports. Where a makefile that is read before this
#          file has a recipe for one of them, it stays the host's (make 4.2 and newer can tell; older ones need
#          FAIRWAY_SKIP).
#
# Changes for the host: a value typed for one of these names is plain text in the whole makefile (make does not
#          expand it), and our files are not in $(MAKEFILE_LIST). Nothing else: no shell, no flags, no default goal, no
#          program run while make reads this file.
"""

SETTINGS: Final = """\
ifndef fairway.mk
fairway.mk := $(lastword $(MAKEFILE_LIST))
fairway.makefiles := $(filter-out $(fairway.mk),$(MAKEFILE_LIST))

# Included first, the targets below must not become the host's default goal: the last lines take that back, and what
# the host's recipes begin with.
fairway.goal := $(.DEFAULT_GOAL)
fairway.recipe.prefix := $(.RECIPEPREFIX)
.RECIPEPREFIX :=

FAIRWAY_SKIP ?=
FAIRWAY_TAKE ?=
FAIRWAY_HELP ?=
FAIRWAY_ENVIRONMENT_VARS ?=
FAIRWAY_MAKEFILE_VARS ?=

fairway.empty :=
fairway.blank := $(fairway.empty) $(fairway.empty)
fairway.tab := $(fairway.empty)\t$(fairway.empty)
fairway.hash := \\#
define fairway.newline


endef
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

SEAL: Final = """\
# A value typed on the command line is expanded by make whenever it is used or exported, which runs a $(shell) in
# it. Sealed, it is plain text. Two lines, because 3.81 cannot combine override and export.
define fairway.seal
fairway.sealed.$(1) := $$(value $(1))
override $(1) := $$(value $(1))
export $(1)
endef
fairway.ours := $(sort $(fairway.variables) $(fairway.settings))
fairway.typed := $(foreach v,$(fairway.ours),$(if $(filter command,$(origin $(v))),$(v)))
$(foreach v,$(fairway.typed),$(eval $(call fairway.seal,$(v))))
"""

CALL: Final = """\
# Of the names in $(1): those that were typed, and those that count from the environment or from a makefile. A value
# that stands under another name of a typed one gives way to it.
fairway.chosen = $(foreach v,$(1),$(filter $(v),$(fairway.typed)))
fairway.others = $(if $(filter undefined,$(origin fairway.same.$(1))),,$(fairway.same.$(1)))
fairway.free = $(foreach v,$(1),$(if $(filter $(v) $(call fairway.others,$(v)),$(fairway.typed)),,$(v)))
fairway.of = $(foreach v,$(2),$(if $(filter $(1),$(firstword $(origin $(v)))),$(v)))
fairway.ambient = $(filter $(fairway.from.environment) $(FAIRWAY_ENVIRONMENT_VARS),\\
  $(call fairway.of,environment,$(call fairway.free,$(1))))
fairway.here = $(filter $(fairway.from.file) $(FAIRWAY_MAKEFILE_VARS),\\
  $(call fairway.of,file override,$(call fairway.free,$(1))))

# The flags of the names in $(1). A value of the environment or of a makefile counts only when there is something in it.
fairway.filled = $(subst $(1)+,$(1):+,$(fairway.flag.$(1)))
fairway.flags = $(foreach v,$(call fairway.ambient,$(1)) $(call fairway.here,$(1)),$(call fairway.filled,$(v))) \\
  $(foreach v,$(call fairway.chosen,$(1)),$(fairway.flag.$(v)))

# A makefile's own value is not in the environment of a recipe: the recipe sets it, for itself alone.
fairway.line = $(subst $(fairway.newline),$(fairway.blank),$(1))
fairway.quote = '$(subst ','\\'',$(1))'
fairway.set = $(1)=$(call fairway.quote,$(call fairway.line,$($(1)))); $(fairway.empty)
fairway.given = $(foreach v,$(call fairway.here,$(1)),$(call fairway.set,$(v)))
fairway.stated = $(if $(strip $(call fairway.line,$($(1)))),$(call fairway.set,$(1)) export $(1); )
fairway.surroundings = $(foreach v,$(call fairway.of,file override,$(call fairway.free,$(fairway.settings))),\\
  $(call fairway.stated,$(v)))

# What was typed stays in the environment of this recipe, also where the host takes its names out of it.
fairway.export = $(strip $(foreach v,$(1),$(eval export $(v))))

# Which names make has put into the environment of the tool, so that what the tool runs for somebody does not see
# them; and which typed names the tool of this target does not take, for it to tell a slip from a name of the host.
fairway.made = $(sort $(fairway.typed) $(call fairway.of,file override,$(fairway.settings)))
fairway.all = $(fairway.typed) $(call fairway.of,command,$(.VARIABLES))
fairway.unread = $(sort $(filter-out $(1) $(fairway.settings),$(fairway.all)))
fairway.aside = FAIRWAY_UNREAD=$(call fairway.quote,$(1)) FAIRWAY_GOALS=$(call fairway.quote,$(MAKECMDGOALS)) \\
  FAIRWAY_MAKEFILES=$(call fairway.quote,$(filter-out $(fairway.mk),$(MAKEFILE_LIST)))
fairway.told = FAIRWAY_VIA=make $(if $(fairway.made),FAIRWAY_MADE=$(call fairway.quote,$(fairway.made))) \\
  $(if $(call fairway.unread,$(1)),$(call fairway.aside,$(call fairway.unread,$(1))))

# What was typed counts also where the host gives its name another value below: a target's own, or an override. A name
# that it overrides above this file was never seen here, only make's own list has it.
fairway.equal = $(and $(findstring x$(1)x,x$(2)x),$(findstring x$(2)x,x$(1)x))
fairway.kept.value = $(call fairway.equal,$(value $(1)),$(fairway.sealed.$(1)))
fairway.overrides = $(subst \\$(fairway.blank),,$(MAKEOVERRIDES))
fairway.changed = $(foreach v,$(call fairway.chosen,$(1)),$(if $(call fairway.kept.value,$(v)),,$(v)))
fairway.keep = $(strip $(foreach v,$(1),$(eval export FAIRWAY_TYPED_$(v) := $$(value fairway.sealed.$(v)))))
fairway.again = $(foreach v,$(1),$(v)="$$FAIRWAY_TYPED_$(v)"; )
fairway.beaten = $(foreach v,$(call fairway.of,override,$(filter-out $(fairway.typed),$(1))),\\
  $(if $(filter $(v)=% $(v):=%,$(fairway.overrides)),$(v)))

# The checkout's own interpreter starts a light tool without its packages: the tool starts again when it needs one.
fairway.venv = $(call fairway.equal,$(FAIRWAY_PYTHON),$(FAIRWAY_HOME)/.venv/bin/python)
fairway.bare = $(if $(fairway.venv),$(if $(filter $(firstword $(1)),$(fairway.light)), -S))
fairway.python = $(if $(FAIRWAY_PYTHON),$(call fairway.quote,$(FAIRWAY_PYTHON))$(fairway.bare) )
fairway.program = $(fairway.python)$(call fairway.quote,$(FAIRWAY_BIN)/$(firstword $(1)))
fairway.words = $(wordlist 2,$(words $(1)),$(1))
fairway.refusal = echo "error: usage: $(1)" >&2; exit 2
fairway.lost = $(call fairway.refusal,fairway.mk cannot tell where it is: set FAIRWAY_HOME above its include)
fairway.unreadable = $(call fairway.refusal,a makefile overrides $(strip $(1)): what was typed for it cannot be read)

# $(call fairway.run,tool words,names): the recipe of a target, which may put words of its own before the flags. It
# holds no typed value, only $${NAME+--name="$$NAME"}. FAIRWAY_VIA tells the tool that hints should be lines for make.
fairway.command = $(call fairway.told,$(2)) exec $(fairway.program) $(fairway.words) $(call fairway.flags,$(2))
fairway.restored = $(call fairway.keep,$(1))$(call fairway.again,$(1))
fairway.first = $(fairway.surroundings)$(call fairway.given,$(1))$(call fairway.restored,$(call fairway.changed,$(1)))
fairway.call = $(call fairway.first,$(2))$(fairway.command)
fairway.start = $(if $(strip $(call fairway.beaten,$(2))),$(call fairway.unreadable,$(call fairway.beaten,$(2))),\\
  $(call fairway.export,$(call fairway.chosen,$(2) $(fairway.settings)))$(fairway.call))
fairway.run = $(if $(FAIRWAY_BIN),$(call fairway.start,$(1),$(2)),$(fairway.lost))
"""

TARGETS: Final = """\
# The targets that the host has a recipe for, as far as it was read: its makefiles line by line, each a word, a recipe
# joined to its rule by <R>. Reading a file is of GNU Make 4.2; older ones find nothing, and the later recipe counts.
fairway.reads := $(if $(filter 3.% 4.0 4.0.% 4.1 4.1.%,$(MAKE_VERSION)),,yes)
fairway.text = $(subst \\$(fairway.newline),<B>,$(file <$(1))$(fairway.newline))
fairway.mark := $(or $(fairway.recipe.prefix),$(fairway.tab))
fairway.joined = $(subst $(fairway.newline)$(fairway.mark),<R>,$(fairway.text))
fairway.packed = $(subst $(fairway.blank),<B>,$(subst $(fairway.tab),<B>,$(fairway.joined)))
fairway.lines = $(subst $(fairway.newline), ,$(fairway.packed))
fairway.head = $(firstword $(subst <R>, <R> ,$(1)))
fairway.before = $(firstword $(subst :, ,$(fairway.head)))
fairway.names = $(if $(findstring =,$(fairway.before)),,$(subst <B>, ,$(fairway.before)))
fairway.rule = $(and $(findstring :,$(fairway.head)),$(findstring <R>,$(1))$(findstring ;,$(fairway.head)))
fairway.defined = $(foreach l,$(filter-out $(fairway.hash)%,$(fairway.lines)),$(if $(call fairway.rule,$(l)),\\
  $(filter $(fairway.targets),$(call fairway.names,$(l)))))
fairway.found := $(if $(fairway.reads),$(foreach f,$(fairway.makefiles),$(call fairway.defined,$(f))))
fairway.left := $(FAIRWAY_SKIP) $(filter-out $(FAIRWAY_TAKE),$(fairway.found))

# One target: its own shell whatever the host's is (fish, bash -eu), kept from the prerequisites that a host adds where
# make can. $(call), so that no line here looks like a rule to a help that searches for them.
fairway.own := $(if $(filter oneshell,$(.FEATURES)),private) override
define fairway.define
.PHONY: $(1)
$(1): $(fairway.own) SHELL := /bin/sh
$(1): $(fairway.own) .SHELLFLAGS := -c
$(1): ; @$$(call fairway.run,$(2),$(3))
endef
fairway.target = $(if $(filter $(fairway.left),$(1)),,$(eval $(call fairway.define,$(1),$(2),$(3))))
"""

END: Final = """\
# The lines that a help of the host finds.
ifneq ($(filter-out 0 no false off,$(FAIRWAY_HELP)),)
fairway.help := fairway-help$(if $(filter all,$(FAIRWAY_HELP)),-all).mk
include $(subst $(fairway.blank),\\ ,$(patsubst %fairway.mk,%$(fairway.help),$(fairway.mk)))
endif

ifeq ($(fairway.goal),)
.DEFAULT_GOAL :=
endif
.RECIPEPREFIX := $(fairway.recipe.prefix)

# A help of the host that greps $(MAKEFILE_LIST) prints the names of the files before its lines when they are several.
MAKEFILE_LIST := $(filter-out $(fairway.mk) %.fairway/fairway.mk %/fairway/fairway.mk,$(MAKEFILE_LIST))

endif
"""

HELP: Final = """\
# What fairway.mk offers, as lines for a help of the host that searches $(MAKEFILE_LIST).
#
# Written from the table of tools by `python -m fairway_scripts.front.make_fragment`. fairway.mk includes
# fairway-help.mk where FAIRWAY_HELP is 1, fairway-help-all.mk where it is `all`. Nothing in it is read by make.

ifdef fairway.nothing
"""
