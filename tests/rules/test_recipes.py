"""Reading recipes: what make's references become, which words a shell would see, and what is too complicated."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.rules.make_expansion import Expander
from fairway_scripts.rules.makefile_scan import logical_lines, read_database
from fairway_scripts.rules.recipe_words import Complicated, template

VARIABLES = {
    "Q": "scripts/q.sh",
    "ROOT": "",
    "RUBY": "ruby",
    "LANE": "B-ui",
    "FLAGS": "--quiet --json",
    "AT": "@",
    "EMPTY": "",
    "FORM": "text",
    "flag": '$(if $($(2)),--$(1) "$($(2))")',
    "quote": "'$(subst ','\\'',$(1))'",
    "both": "$(call flag,role,ROLE) $(call flag,owner,OWNER)",
    "loop": "$(loop)",
}


def expander() -> Expander:
    variables = {
        name: {"value": value, "simple": False, "origin": "makefile", "file": "Makefile", "line": 1}
        for name, value in VARIABLES.items()
    }
    variables["HOME"] = {"value": "/root", "simple": False, "origin": "environment", "file": "", "line": 0}
    variables["SIMPLE"] = {"value": "a$b", "simple": True, "origin": "makefile", "file": "Makefile", "line": 1}
    return Expander(variables, {"ROLE", "OWNER", "LANE"}, {"Q", "RUBY", "FLAGS", "AT", "FORM"}, "queue-x")


def read(recipe: str) -> Any:
    """The template of a recipe line, or the reason why there is none."""
    reader = expander()
    pieces = reader.expand(recipe)
    if reader.reasons:
        return reader.reasons[0]
    try:
        found = template(pieces)
    except Complicated as complicated:
        return str(complicated)
    return [found["script"], *found["arguments"], *(f"{name}={value}" for name, value in found["environment"].items())]


TEMPLATES = {
    'x.sh claim --role "$(ROLE)"': ["x.sh", "claim", "--role", "{ROLE}"],
    "x.sh --role=${ROLE} $(T)": ["x.sh", "--role={ROLE}", "{T}"],
    "x.sh '$(ROLE)' a\\ b \"c d\" 'e'f": ["x.sh", "{ROLE}", "a b", "c d", "ef"],
    "$(Q) take $(EMPTY)": ["scripts/q.sh", "take", "{EMPTY}"],
    "$(ROOT)/scripts/q.sh": ["/scripts/q.sh"],
    "bash $(Q)": ["scripts/q.sh"],
    "$(RUBY) x.rb --queue-file $(F) validate": ["x.rb", "--queue-file", "{F}", "validate"],
    'A="$(X)" B=b x.sh': ["x.sh", "A={X}", "B=b"],
    'env A="$(X)" x.sh': ["x.sh", "A={X}"],
    "x.sh $(FLAGS)": ["x.sh", "--quiet", "--json"],
    "x.sh $(FORM)": ["x.sh", "{FORM}"],
    "x.sh $(LANE)": ["x.sh", "{LANE}"],
    "x.sh $@": ["x.sh", "queue-x"],
    'x.sh $(if $(NOTE),--note "$(NOTE)")': ["x.sh", "--note", "{NOTE}"],
    "x.sh $(if $(strip $(NOTE)),--note='$(NOTE)')": ["x.sh", "--note={NOTE}"],
    "x.sh $(if $(Q),yes,no)": ["x.sh", "yes"],
    "x.sh $(call flag,role,ROLE)": ["x.sh", "--role", "{ROLE}"],
    "x.sh $(both)": ["x.sh", "--role", "{ROLE}", "--owner", "{OWNER}"],
    "x.sh $(addprefix --role=,$(ROLE))": ["x.sh", "--role={ROLE}"],
    "x.sh $(ROLE:%=--role %)": ["x.sh", "--role", "{ROLE}"],
    "x.sh $(patsubst %,--role=%,$(ROLE))": ["x.sh", "--role={ROLE}"],
    "x.sh --note=$(call quote,$(NOTE))": ["x.sh", "--note={NOTE}"],
    "x.sh --id $(or $(TASK_ID),$(TASK))": ["x.sh", "--id", "{TASK_ID}"],
    "x.sh $(value NOTE)": ["x.sh", "{NOTE}"],
    'x.sh "$$NOTE" $${REF}': ["x.sh", "{NOTE}", "{REF}"],
    'x.sh $${NOTE:+--note "$$NOTE"}': ["x.sh", "--note", "{NOTE}"],
    "x.sh $(subst a,b,banana)": ["x.sh", "bbnbnb"],
}


@pytest.mark.parametrize(("recipe", "words"), TEMPLATES.items())
def test_a_plain_command_becomes_a_template(recipe: str, words: list[str]) -> None:
    assert read(recipe) == words


COMPLICATED = {
    "x.sh | sort": "it uses a pipe",
    "x.sh > out": "it uses a redirection",
    "x.sh; y.sh": "it uses several commands",
    "x.sh && y.sh": "it uses several commands",
    "x.sh `date`": "it uses a command substitution",
    'x.sh "`date`"': "it uses a command substitution",
    "x.sh $$(date)": "it uses a command substitution or a special parameter of the shell",
    'x.sh "$$1"': "it uses a command substitution or a special parameter of the shell",
    "x.sh $${A:-b}": "it uses an expansion of the shell",
    "x.sh *.md": "it uses a pattern of file names",
    "x.sh a{b,c}": "it uses braces",
    "x.sh '{\"a\": 1}'": "it uses braces",
    "x.sh 'open": "a quote is not closed",
    "A=b": "it runs no program",
    "bash -e x.sh": "bash has options of its own",
    "x.sh $(if $(DRY),--dry-run)": "--dry-run stands there only with DRY",
    "x.sh $(if $(A),--a $(A),--b)": "it does something else without A",
    "x.sh $(if $(filter x,$(A)),--a)": "it uses $(filter ...)",
    "x.sh a$(if $(A),$(A))": "a condition stands inside a word",
    'x.sh "$(if $(A),$(A))"': "a condition stands inside quotes or another condition",
    "x.sh $(shell date)": "it uses $(shell ...)",
    "x.sh $*": "it uses $*",
    "$(MAKE) other": "it calls make",
    "x.sh $(HOME)": "it uses $(HOME)",
    "x.sh $(loop)": "it refers to itself",
    "x.sh $(subst a,b,$(NOTE))": "it rewrites a value",
    "x.sh $(call nobody,a)": "it calls nobody, which the Makefile does not define",
    "x.sh $(open": "a reference is not closed",
    "x.sh $($(ROLE)_FLAGS)": "the name of a variable is made up from a value",
}


@pytest.mark.parametrize(("recipe", "reason"), COMPLICATED.items())
def test_anything_else_says_why_it_stays_with_make(recipe: str, reason: str) -> None:
    assert read(recipe) == reason


def test_a_value_that_make_has_expanded_already_is_not_expanded_again() -> None:
    assert expander().expand("$(SIMPLE)") == ["a$b"]


def test_lines_that_a_backslash_continues_are_one() -> None:
    assert logical_lines(["@a \\", "  b \\\\", "# note", "", "c"]) == ["@a b \\\\", "c"]


OLD = """\
# Make data base, printed on Sat Nov 21 06:25:50 2026

# Variables

# makefile (from `Makefile', line 3)
Q := a$$b
# `override' directive
S = x
# makefile (from `Makefile', line 5)
define two
one
define inner
endef
# Files
endef

# Implicit Rules

show-%:
#  commands to execute (from `Makefile', line 9):
\t@x $*

# Files

# Not a target:
Makefile:
#  Implicit rule search has been done.

x: A := 1
x: y | z
#  Implicit rule search has not been done.
#  commands to execute (from `mk/a.mk', line 12):
\t@one
\ttwo: three

t::
#  commands to execute (from `Makefile', line 2):
\t@one
"""


def test_the_database_of_an_old_make_is_read_too() -> None:
    found = read_database("echo of a recipe\n" + OLD)
    assert found["variables"]["Q"] == {
        "value": "a$b",
        "simple": True,
        "origin": "makefile",
        "file": "Makefile",
        "line": 3,
    }
    assert found["variables"]["S"]["origin"] == "override"
    assert found["variables"]["two"]["value"] == "one\ndefine inner\nendef\n# Files"
    places = [(entry["target"], entry["file"], entry["line"], entry["double"]) for entry in found["targets"]]
    assert places == [("t", "Makefile", 2, True), ("x", "mk/a.mk", 12, False)]
    x = found["targets"][1]
    assert (x["recipe"], x["prerequisites"], x["variables"]) == (["@one", "two: three"], ["y", "z"], ["A"])
    assert [entry["target"] for entry in found["patterns"]] == ["show-%"]


def test_a_colon_in_the_name_of_a_target_is_part_of_it() -> None:
    rules = "# Files\n\nqueue:\n\nqueue:ready: dep a:b\n\na::b::\n\nC:/x:\n\nq:r: V := 1\nq:r:\n"
    found = {entry["target"]: entry for entry in read_database("# Make data base, printed on\n" + rules)["targets"]}
    assert list(found) == ["C:/x", "a::b", "q:r", "queue", "queue:ready"]
    assert found["queue:ready"]["prerequisites"] == ["dep", "a:b"]
    assert (found["a::b"]["double"], found["q:r"]["variables"]) == (True, ["V"])


@pytest.mark.parametrize("text", ["", "make: *** No rule\n", "# Variables\nA = b\n"])
def test_what_is_no_database_gives_nothing(text: str) -> None:
    assert read_database(text) == {"variables": {}, "targets": [], "patterns": []}
