"""What a Makefile does while make merely reads it, found in its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from fairway_scripts.cutover.scan.scan_shapes import MakeVariable, ReadTimeAction, UnsafeLine

_SHELL = re.compile(r"\$[({]shell[ \t]|^[^\t#:=]*!=")
_FILE = re.compile(r"\$[({]file[ \t]*[<>]")
#: What would let a program run although make's shell stands still.
_TAKES_OVER = {
    r"\boverride\b.*(?:\bSHELL\b|\.SHELLFLAGS\b)": "takes the shell back from the command line",
    r"\boverride\b.*\$[({].*[:+?]?=\s*\S*/(?:ba|da|z|k)?sh\b": "may take the shell back from the command line",
    r"\bMAKEFLAGS\b.*(?:\bSHELL\b|--eval)": "changes the shell through MAKEFLAGS",
    r"^ *-?(?:load)[ \t]+\S": "loads a program into make",
    r"\$[({]guile[ \t]": "runs a program inside make",
}
_IF_DEFINED = re.compile(r"^\s*(?:else\s+)?ifn?def\s+(\w+)\s*$")
_IF_EQUAL = re.compile(r"^\s*(?:else\s+)?ifn?eq\s*(?:\((.*?),(.*)\)|[\"'](.*?)[\"']\s+[\"'](.*?)[\"'])\s*$")
_FILTERED = re.compile(r"\$[({]filter ([\w -]+),\s*\$[({](\w+)[)}]")
_ONE_NAME = re.compile(r"(?:\$\(strip )?\$(?:\((\w+)\)|\{(\w+)\})\)?")
_MOST_BRANCHES = 12
_INCLUDE = re.compile(r"^ *(?:-|s)?include[ \t]+(.+)$")
_OPTIONAL = re.compile(r"^ *(?:export +|override +)*([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*\?=")
_OWN_SHELL = re.compile(r"^ *(?:(?:export|unexport|private) +)*SHELL[ \t]*[:?]*=[ \t]*(.*?)[ \t]*$")
#: What make takes for the shell where a Makefile names none.
_USUAL_SHELL = "/bin/sh"


def read_time_actions(path: str, text: str) -> list[ReadTimeAction]:
    """List what happens whenever this file is read; the kind is `program` or `file`.

    Recipe lines are left out: they run when their target is made.
    """
    found: list[ReadTimeAction] = []
    for number, line in _lines(text):
        kind = "program" if _SHELL.search(line) else "file" if _FILE.search(line) else ""
        if kind and not line.startswith("\t"):
            found.append({"file": path, "line": number, "kind": kind, "text": line.strip()})
    return found


def takes_over(path: str, text: str) -> list[UnsafeLine]:
    """List the lines for which this file must not be given to make at all."""
    return [
        {"file": path, "line": number, "why": why, "text": line.strip()}
        for number, line in _lines(text)
        for rule, why in _TAKES_OVER.items()
        if re.search(rule, line)
    ]


def included_names(text: str) -> list[str]:
    """List the files that a makefile includes by a plain name."""
    names = []
    for _number, line in _lines(text):
        if found := _INCLUDE.match(line):
            names += [word for word in found[1].split() if "$" not in word]
    return names


def optional_names(text: str) -> set[str]:
    """Return the variables that a makefile gives a default with `?=`."""
    return {found[1] for _number, line in _lines(text) if (found := _OPTIONAL.match(line))}


def other_branches(texts: Iterable[str], holes: Collection[str]) -> list[dict[str, str]]:
    """List what a caller may give, or leave out (""), so that another branch of a condition counts.

    Each is {variable: value}. At most `_MOST_BRANCHES`: make reads everything anew for each.
    """
    found = {}
    for text in texts:
        for _number, line in _lines(text):
            for name, value in _compared(line):
                if name in holes:
                    found[name, value] = {name: value}
    return list(found.values())[:_MOST_BRANCHES]


def _compared(line: str) -> list[tuple[str, str]]:
    if condition := _IF_DEFINED.match(line):
        return [(condition[1], "")]
    if condition := _IF_EQUAL.match(line):
        one, two = (condition[1], condition[2]) if condition[1] is not None else (condition[3], condition[4])
        for side, other in ((one, two), (two, one)):
            named = _ONE_NAME.fullmatch(side.strip())
            if named and "$" not in other:
                return [(named[1] or named[2], other.strip())]
    return [(name, word) for words, name in _FILTERED.findall(line) for word in words.split()]


def as_the_host_reads(variables: dict[str, MakeVariable], texts: Iterable[str], word: str) -> None:
    """Change variables that make gave for a scan into what they are when somebody calls make in this repository.

    `texts` are the makefiles in the order in which they are read. SHELL is theirs again, MAKEFILE_LIST is without the
    scan's own makefile, and `word`, which stood in for what programs say, is nothing.
    """
    for entry in variables.values():
        entry["value"] = entry["value"].replace(word, "")
    own = [found[1] for text in texts for _number, line in _lines(text) if (found := _OWN_SHELL.match(line))]
    if "SHELL" in variables:
        variables["SHELL"] |= {"value": own[-1] if own else _USUAL_SHELL, "simple": False, "origin": "makefile"}
    if listed := variables.get("MAKEFILE_LIST"):
        listed["value"] = " ".join(listed["value"].split()[:-1])


def _lines(text: str) -> list[tuple[int, str]]:
    """Return the lines with their numbers, continued ones joined, comments taken away."""
    joined: list[tuple[int, str]] = []
    open_line = False
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        continued = line.endswith("\\")
        line = line[:-1] if continued else line
        if open_line:
            joined[-1] = (joined[-1][0], joined[-1][1] + " " + line.strip())
        else:
            joined.append((number, line))
        open_line = continued
    return [(number, re.sub(r"(^|[ \t])#.*", "", line)) for number, line in joined]
