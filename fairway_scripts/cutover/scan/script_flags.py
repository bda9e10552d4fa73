"""What the text of a script says of its flags: those that never take the word behind them. Pure.

A shell reads them in the arms of a `case` or by `getopts`, Ruby by OptionParser, Python by argparse; both also compare
words themselves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Flags as scripts tell them apart: labels of a `case`, `parser.on("--flag`, `add_argument("--flag`.
_FLAG = re.compile(
    r"(?:\.on\([^)\n]*?[\"']|add_argument\([^)\n]*?[\"']|start_?s_?with\??\([\"'])(--(?:\[no-\])?[a-z][a-z0-9-]*)"
    r"|(--[a-z][a-z0-9_-]*)(?==?\*?[ \t]*[|)])"
)
_GETOPTS = re.compile(r"\bgetopts\s+(?:\"([^\"$]*)\"|'([^']*)'|([^\s\"'$;]+))")
_LETTER = re.compile(r"([A-Za-z0-9])(:*)")
#: The labels of an arm of a `case`: `--force|-f)`, and `F)` of getopts.
_LABELS = re.compile(r"(?:^|;;|\bin\b)[ \t]*\(?([-\w|\"' \t]+)\)", re.MULTILINE)
_END = re.compile(r";;|\besac\b|\Z")
#: What an arm does with a value: it reads the word behind the flag.
_VALUE = re.compile(r"\$\{?2|\bshift\s+2|\bOPTARG\b|\bshift\b.*(?:\$\{?1|\bshift\b)", re.DOTALL)
_SETS = re.compile(r"(?<![\w$-])(\w+)=[\"']?([\w-]*)[\"']?(?=[\s;]|\Z)")
#: Values by which a script says yes and no.
_YES, NO = ("1", "true", "yes", "on", "True"), ("0", "false", "no", "off", "", "False")
#: `options[:result] = "pass"`, in Ruby and Python; with `v ? "pass" : "fail"` for a flag that can be denied.
_ASSIGNS = (
    r"(?:\w+\[[:\"']?)?\b([a-zA-Z_]\w*)[\"']?\]?\s*=(?!=)\s*"
    r"(?:\w+\s*\?\s*)?[\"':]?([\w-]+)(?:[\"']?\s+:\s+[\"':]?([\w-]+))?"
)
#: `parser.on("--ok", "it passed") { options[:result] = "pass" }`
_RUBY = re.compile(rf"\.on\(([^)\n]*)\)(?:\s*(?:\{{|do\b)\s*(?:\|\w+\|\s*)?{_ASSIGNS})?")
#: `elif word in ("--ok", "-k"):` and `when "--ok", "-k" then`
_TESTED = re.compile(
    r"^[ \t]*(?:(?:el)?if\b[^\n:]*?(?:==|\bin\b)|when\b)[ \t]*([(\[{]?[ \t]*[\"']-[^\n:]*?)(?::|\bthen\b|$)",
    re.MULTILINE,
)
_NEXT_TEST = re.compile(r"^[ \t]*(?:el\w+|when|if|end)\b", re.MULTILINE)
_NEXT_WORD = re.compile(r"\.(?:pop|shift|next|popleft)\b|\bnext\(|\+ ?1\b|\+= ?[12]\b")
_PYTHON = re.compile(r"add_argument\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_QUOTED = re.compile(r"[\"'](-[^\"']*)[\"']")
_NAMED = re.compile(r"\b(dest|const)\s*=\s*[\"']([\w-]+)")
_SWITCH = re.compile(r"action\s*=\s*(?:[\"'](?:store_true|store_false|store_const|append_const|count)|[\w.]*Boolean)")


def flags_in(text: str) -> list[str]:
    """Return the long flags that a script tells apart."""
    own = "\n".join(line for line in text.split("\n") if "$(" not in line)
    tested = [flag for flag, *_more in _by_tests(text) if flag.startswith("--")]
    return [*(one.replace("[no-]", "") or other for one, other in _FLAG.findall(own)), *tested]


def switches_in(text: str) -> dict[str, str]:
    """Return the flags that never take the word behind them, each with what the script sets for it.

    That is a variable in capitals (`FORCE`), with the value where it is none of yes (`RESULT=pass`, `CHECK=0`), and ""
    where nothing or several things are set. A flag that takes a value in another place of the script is none: its
    subcommands read it in two ways.
    """
    ways = _ways(text)
    return {
        flag: next(iter(sets)) if len(sets) == 1 else ""
        for flag, (is_switch, sets) in ways.items()
        if is_switch == {True}
    }


def valued_in(text: str) -> set[str]:
    """Return the flags that take the word behind them wherever the script reads them."""
    return {flag for flag, (is_switch, _sets) in _ways(text).items() if is_switch == {False}}


def _ways(text: str) -> dict[str, tuple[set[bool], set[str]]]:
    found: dict[str, tuple[set[bool], set[str]]] = {}
    for flag, is_switch, sets in (*_by_getopts(text), *_by_arms(text), *_by_libraries(text), *_by_tests(text)):
        known = found.setdefault(flag, (set(), set()))
        known[0].add(is_switch)
        known[1].update(sets)
    return found


def _by_getopts(text: str) -> Iterator[tuple[str, bool, list[str]]]:
    for specification in _GETOPTS.findall(text):
        for letter, colon in _LETTER.findall("".join(specification)):
            yield f"-{letter}", not colon, []


def _by_arms(text: str) -> Iterator[tuple[str, bool, list[str]]]:
    letters = {flag for flag, is_switch, _sets in _by_getopts(text) if is_switch}
    for found in _LABELS.finditer(text):
        body = _END.split(text[found.end() :], 1)[0]
        sets = _SETS.findall(body)
        plain = [_set(name, value) for name, value in sets]
        takes = bool(_VALUE.search(body))
        is_switch = not takes and (bool(re.search(r"\bshift\b", body)) or any(v in _YES + NO for _n, v in sets))
        for label in (part.strip(" \t\"'") for part in found[1].split("|")):
            if label.startswith("-") and (takes or is_switch):
                yield label, not takes, plain if is_switch else []
            elif f"-{label}" in letters and not takes:
                yield f"-{label}", True, plain


def _by_libraries(text: str) -> Iterator[tuple[str, bool, list[str]]]:
    for words, name, value, denied in _RUBY.findall(text):
        given = [word.replace("[no-]", "") for word in _QUOTED.findall(words)]
        takes = any(re.search(r"[ =]", word) for word in given)
        for word in given:
            yield (
                re.split(r"[ =]", word)[0],
                not takes,
                [_set(name, value)] if name and (denied or value != "v") else [],
            )
        for word in _QUOTED.findall(words):
            if "[no-]" in word:
                yield word.replace("[no-]", "no-"), not takes, [_set(name, denied)] if denied else []
    for words in _PYTHON.findall(text):
        named = dict(_NAMED.findall(words))
        sets = (
            [_set(named["dest"], named.get("const", "0" if "store_false" in words else "1"))] if "dest" in named else []
        )
        for flag in _QUOTED.findall(words):
            yield flag, bool(_SWITCH.search(words)), sets


def _by_tests(text: str) -> Iterator[tuple[str, bool, list[str]]]:
    for found in _TESTED.finditer(text):
        body = _NEXT_TEST.split(text[found.end() :], 1)[0]
        takes = bool(_NEXT_WORD.search(body))
        sets = [] if takes else [_set(name, value) for name, value, _denied in re.findall(_ASSIGNS, body)]
        for flag in _QUOTED.findall(found[1]):
            yield flag, not takes, sets


def _set(name: str, value: str) -> str:
    return name.upper() if value in _YES else f"{name.upper()}={value}"
