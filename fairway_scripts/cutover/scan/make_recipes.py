"""A host's recipes as make itself expands them, with a hole for every value that a caller gives.

make reads the host's Makefile and after it one of ours, in which each target has a recipe that only prints: what its
own recipe comes to, and what is exported for it. So includes, `$(call ...)`, conditions, pattern rules and variables of
one target alone mean what they mean to make. Nothing is run (`make_database`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.scan import make_reading
from fairway_scripts.cutover.scan.host_makefile import read_makefile, texts_of
from fairway_scripts.cutover.scan.make_database import GOAL, NOT_RUN, make_database, print_goals
from fairway_scripts.cutover.scan.makefile_scan import logical_lines, read_database
from fairway_scripts.cutover.scan.recipe_calls import hole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from fairway_scripts.cutover.scan.scan_shapes import MakeDatabase, MakeVariable, Recipe, Recipes, Rule

_REFERENCE = re.compile(
    r"\$[({]([A-Za-z_][A-Za-z0-9_]*)[)}:,]|\$[({](?:call|value|origin)\s+([A-Za-z_][A-Za-z0-9_.-]*)"
)
_WRITES = re.compile(r"\$[({]file[ \t]*[<>]|\$[({]eval[ \t]")
_EXPORTED = re.compile(r"^(?:[^\t#=]*:)?[ \t]*(?:override |private )*export[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_RECIPE, _EXPORT, _END = "\x03recipe ", "\x03export ", "\x03end "
#: What stands for the part of a pattern that nobody has named.
_STEM = "fairway-any-stem"
#: A variable of make that holds what somebody who calls it has named, which a scan does not know.
_GOALS = "MAKECMDGOALS"


def read_recipes(root: str, name: str, files: list[str], names: Collection[str], mentioned: Collection[str]) -> Recipes:
    """Return what every target of the Makefile `name` in `root` does.

    `files` are those of the repository, `names` our variables, `mentioned` targets that somebody types: those that only
    a pattern rule makes are found by them. A target whose recipe depends on a value that a condition names is there
    once for each. Of a recipe, `text` is what a shell gets, with holes, `exports` {variable: text}, and `why` says what
    keeps it from being read ("" for nothing); `said` are the lines that make printed on standard error. Raises
    FairwayError as `read_makefile` does.
    """
    output, read = read_makefile(root, name, files)
    listed = read["variables"].get("MAKEFILE_LIST")
    sources = texts_of(root, (listed["value"] if listed else name).split())
    make_reading.as_the_host_reads(read["variables"], sources.values(), NOT_RUN)
    holes = _hole_names(read, sources, names)

    def ask(given: Mapping[str, str]) -> list[Recipe]:
        values = {word: given.get(word, hole(word)) for word in holes if given.get(word) != ""}
        filled = make_database(root, name, speaking=output.speaking, variables=values)
        rules = _rules(read_database(filled.text) if filled.code in (0, 1) else read, mentioned)
        asker = _Asker(root, name, read["variables"], sources, values, rules, speaking=output.speaking)
        asker.ask(list(rules))
        return [asker.found[target] for target in rules]

    targets = ask({})
    for branch in make_reading.other_branches(sources.values(), holes):
        known = {(entry["target"], entry["text"]) for entry in targets}
        targets += [entry for entry in ask(branch) if entry["text"] and (entry["target"], entry["text"]) not in known]
    reads = [found for path, text in sources.items() for found in make_reading.read_time_actions(path, text)]
    return {"targets": targets, "holes": holes, "reads": reads, "said": output.errors}


def _rules(read: MakeDatabase, mentioned: Iterable[str]) -> dict[str, list[Rule]]:
    """Return each target with its rules; a pattern stands for each target of that form that somebody types."""
    found: dict[str, list[Rule]] = {}
    for rule in read["targets"]:
        if rule["file"] and rule["recipe"] and not rule["target"].startswith(".") and rule["target"] != GOAL:
            found.setdefault(rule["target"], []).append(rule)
    for rule in read["patterns"]:
        before, _percent, after = rule["target"].partition("%")
        for target in sorted(mentioned) if rule["recipe"] and (before or after) else ():
            long_enough = len(target) > len(before) + len(after)
            if long_enough and target.startswith(before) and target.endswith(after) and target not in found:
                found[target] = [rule]
        if rule["recipe"] and (before or after) and not any(rule in entries for entries in found.values()):
            found[f"{before}{_STEM}{after}"] = [rule]
    return found


class _Asker:
    """What is asked of make, and what it said of each target."""

    def __init__(
        self,
        root: str,
        makefile: str,
        variables: Mapping[str, MakeVariable],
        sources: Mapping[str, str],
        values: Mapping[str, str],
        rules: Mapping[str, list[Rule]],
        *,
        speaking: bool,
    ) -> None:
        self.speaking = speaking
        self.root, self.makefile, self.variables, self.rules = root, makefile, variables, rules
        self.values = {**values, _GOALS: hole(_GOALS)}
        self.exports = sorted({name for text in sources.values() for name in _EXPORTED.findall(text)})
        self.found: dict[str, Recipe] = {}
        for target, (first, *_others) in rules.items():
            self.found[target] = {
                "target": target.replace(_STEM, "%"),
                "file": first["file"],
                "line": first["line"],
                "pattern": "%" in first["target"] and _STEM not in target,
                "text": "",
                "exports": {},
                "why": "",
            }

    def ask(self, targets: list[str]) -> None:
        """Have make print each target; one that stops make is left out, and the others are asked for again."""
        left = []
        for target in targets:
            self.found[target]["why"] = self._danger(target)
            left += [] if self.found[target]["why"] else [target]
        while left:
            answer = print_goals(
                self.root, self.makefile, self._makefile(left), left, self.values, speaking=self.speaking
            )
            self._take(answer.text.replace(NOT_RUN, ""), left)
            silent = [target for target in left if not self.found[target]["text"] and not self.found[target]["why"]]
            if not silent:
                return
            lines = [line for line in answer.errors if "***" in line]
            self.found[silent[0]]["why"] = lines[0].strip() if lines else "make does not say what it does"
            left = silent[1:]

    def _danger(self, target: str) -> str:
        """Return why a recipe must not be expanded: what it comes to would write a file or change what make knows."""
        waiting = ["\n".join(rule["recipe"]) for rule in self.rules[target]]
        seen: set[str] = set()
        while waiting:
            text = waiting.pop()
            if _WRITES.search(text):
                return "it uses $(file ...) or $(eval ...), which make does as soon as it expands it"
            for pair in _REFERENCE.findall(text):
                name = pair[0] or pair[1]
                if name not in seen and name in self.variables:
                    seen.add(name)
                    waiting.append(self.variables[name]["value"])
        return ""

    def _makefile(self, targets: list[str]) -> str:
        """Return our makefile: a recipe for each target that prints what its own comes to."""
        # the last one that was read is ours
        lines = ["MAKEFILE_LIST := $(wordlist 2,$(words $(MAKEFILE_LIST)),. $(MAKEFILE_LIST))"]
        plain = [target for target in targets if not any("%" in rule["target"] for rule in self.rules[target])]
        if plain:
            lines.append(f".PHONY: {' '.join(map(_written, plain))}")
        done: set[str] = set()
        for number, target in enumerate(targets):
            rules = self.rules[target]
            if rules[0]["target"] in done:
                continue
            done.add(rules[0]["target"])
            recipe = [line for rule in rules for line in logical_lines(rule["recipe"])]
            lines += [f"define fairway.recipe.{number}", *recipe, "endef"]
            printing = [f"$(info {_RECIPE}$@)$(info $(fairway.recipe.{number}))"]
            printing += [f"$(info {_EXPORT}{name})$(info $({name}))" for name in self.exports]
            colon = "::" if rules[0]["double"] else ":"
            needs = "" if "%" not in rules[0]["target"] else " ".join(rules[0]["prerequisites"])
            lines.append(f"{_written(rules[0]['target'])}{colon} {needs}; {''.join(printing)}$(info {_END})")
        return "\n".join(lines) + "\n"

    def _take(self, text: str, targets: Iterable[str]) -> None:
        for part in text.split(_RECIPE)[1:]:
            whole, end, _noise = part.partition(_END)
            target, _line, rest = whole.partition("\n")
            if not end or target not in targets:
                continue
            recipe, *exports = rest.split(_EXPORT)
            lines = [line.lstrip("@-+ \t") for line in recipe.replace(_STEM, hole("STEM")).split("\n")]
            self.found[target]["text"] = "\n".join(lines).strip() or ":"
            given = (entry.partition("\n") for entry in exports)
            self.found[target]["exports"] = {
                name.strip(): value.strip() for name, _line, value in given if "\x01" in value
            }


def _hole_names(read: MakeDatabase, sources: Mapping[str, str], names: Collection[str]) -> list[str]:
    """Return the variables that a caller gives: ours, those that the Makefile does not set, most with a default."""
    optional = {name for text in sources.values() for name in make_reading.optional_names(text)}
    variables = read["variables"]
    rules = [*read["targets"], *read["patterns"]]
    recipes = ("\n".join(rule["recipe"]) for rule in rules)
    own = {name for rule in rules for name in rule["variables"]} - {*names}
    used = {pair[0] for text in [*sources.values(), *recipes] for pair in _REFERENCE.findall(text) if pair[0]}
    found = set()
    for name in {*used, *names} - own:
        known = variables.get(name)
        set_by_host = known is not None and known["origin"] in ("makefile", "override", "default", "automatic")
        default = known["value"] if known else ""
        is_default = name in optional and (name in names or _is_value(default))
        is_default = is_default or (name in names and not default)  # `export NAME` makes it a variable of the host
        if is_default or not set_by_host:
            found.add(name)
    return sorted(name for name in found if name not in ("SHELL", "MAKE", "CURDIR", "MAKEFILE_LIST"))


def _is_value(default: str) -> bool:
    """Tell whether the default of a variable is one of a value, not of a program or a part of a command."""
    return not re.search(r"[/@$ ]", default)


def _written(target: str) -> str:
    return re.sub(r"([:#%\s\\])", r"\\\1", target) if "%" not in target else target
