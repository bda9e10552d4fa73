"""What `make -p` prints, as data: the variables, the targets with their recipes, the pattern rules.

The format is that of GNU Make 3.81 ("commands to execute", `quotes') to 4.4 ("recipe to execute", 'quotes'), in the C
locale. Pure: text comes in, plain data goes out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fairway_scripts.cutover.scan.scan_shapes import MakeDatabase, MakeVariable, Rule

_START = "# Make data base, printed on"
_ORIGIN = re.compile(r"# (makefile|environment|default|automatic|command line|'override' directive)\b(.*)$")
_OVERRIDE = re.compile(r"# [`'\"]override['\"] directive(.*)$")
_PLACE = re.compile(r"\(from [`'](.*)', line (\d+)\)")
_VARIABLE = re.compile(r"^(\S+) (:?)= ?(.*)$", re.DOTALL)
_DEFINE = re.compile(r"^define (\S+)(?: :?=)?$")
_RECIPE = re.compile(r"^#  (?:recipe|commands) to execute")
#: make prints a colon in the name of a target as it is, but a blank or nothing follows the one that ends the name.
_RULE = re.compile(r"^([^#\t\s][^=]*?)(::?)(?= |$)(.*)$")
_OWN_VARIABLE = re.compile(r"^(\S+): (\S+) :?= ?(.*)$")


def read_database(text: str) -> MakeDatabase:
    """Read the database that `make -p` prints; an empty one when `text` is none.

    Of a variable, `simple` says that its value is expanded already, and `origin` is `makefile`, `environment`,
    `command line`, `override`, `default`, `automatic`, or "" when make does not say. Of a rule, `double` marks `::`,
    `recipe` has its lines without the tab, `variables` the names that are set for its target alone. The rules of
    targets and of patterns are in the order of their places.
    """
    lines = text.split("\n")
    begin = next((number for number, line in enumerate(lines) if line.startswith(_START)), len(lines))
    reader = _Reader(lines[begin:])
    reader.read()
    ordered = sorted(reader.targets, key=lambda entry: (entry["file"], entry["line"], entry["target"]))
    return {
        "variables": reader.variables,
        "targets": [entry for entry in ordered if "%" not in entry["target"]],
        "patterns": [entry for entry in ordered if "%" in entry["target"]],
    }


class _Reader:
    """One walk over the lines of the database."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0
        self.variables: dict[str, MakeVariable] = {}
        self.targets: list[Rule] = []
        self._origin = ""
        self._file, self._line = "", 0
        self._own: dict[str, list[str]] = {}
        self._in_rules = False

    def read(self) -> None:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            if line.startswith(("# Implicit Rules", "# Files")):
                self._in_rules = True
            elif line.startswith("#"):
                self._comment(line)
            elif self._in_rules:
                self._rule(line)
            else:
                self._variable(line)

    def _comment(self, line: str) -> None:
        if line == "# Not a target:":
            self._skip_block()
            return
        found = _OVERRIDE.match(line) or _ORIGIN.match(line)
        if found is None:
            return
        self._origin = "override" if _OVERRIDE.match(line) else found[1]
        place = _PLACE.search(line)
        self._file, self._line = (place[1], int(place[2])) if place else ("", 0)

    def _variable(self, line: str) -> None:
        if found := _DEFINE.match(line):
            self._store(found[1], self._body(), simple=False)
        elif found := _VARIABLE.match(line):
            value = found[3].replace("$$", "$") if found[2] else found[3]
            self._store(found[1], value, simple=bool(found[2]))
        self._origin, self._file, self._line = "", "", 0

    def _store(self, name: str, value: str, *, simple: bool) -> None:
        self.variables[name] = {
            "value": value,
            "simple": simple,
            "origin": self._origin,
            "file": self._file,
            "line": self._line,
        }

    def _body(self) -> str:
        """Return the lines up to the `endef` that closes this `define`; a body may hold further pairs."""
        body: list[str] = []
        depth = 1
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            word = line.split(maxsplit=1)[0] if line.strip() else ""
            depth += (word == "define") - (word == "endef")
            if depth == 0:
                break
            body.append(line)
        return "\n".join(body)

    def _rule(self, line: str) -> None:
        if found := _OWN_VARIABLE.match(line):
            self._own.setdefault(found[1], []).append(found[2])
            return
        rule = _RULE.match(line)
        if rule is None:
            return
        target = rule[1].strip()
        entry: Rule = {
            "target": target,
            "prerequisites": [word for word in rule[3].split() if word != "|"],
            "double": rule[2] == "::",
            "recipe": [],
            "file": "",
            "line": 0,
            "variables": self._own.pop(target, []),
        }
        self._attributes(entry)
        self.targets.append(entry)

    def _attributes(self, entry: Rule) -> None:
        """Read the comment lines below a rule, and its recipe; an empty line ends them."""
        while self.at < len(self.lines) and self.lines[self.at].startswith("#"):
            line = self.lines[self.at]
            self.at += 1
            if _RECIPE.match(line):
                place = _PLACE.search(line)
                entry["file"], entry["line"] = (place[1], int(place[2])) if place else ("", 0)
                entry["recipe"] = self._recipe()
                return

    def _recipe(self) -> list[str]:
        recipe: list[str] = []
        while self.at < len(self.lines) and self.lines[self.at]:
            recipe.append(self.lines[self.at][1:])
            self.at += 1
        return recipe

    def _skip_block(self) -> None:
        while self.at < len(self.lines) and self.lines[self.at]:
            self.at += 1


def logical_lines(recipe: list[str]) -> list[str]:
    """Return the lines of a recipe with those joined that a backslash continues; empty ones and comments left out."""
    joined: list[str] = []
    open_line = False
    for raw in recipe:
        line = raw.strip()
        if open_line:
            joined[-1] = joined[-1][:-1].rstrip() + " " + line
        else:
            joined.append(line)
        open_line = (len(line) - len(line.rstrip("\\"))) % 2 == 1
    return [line for line in joined if line and not line.startswith("#")]
