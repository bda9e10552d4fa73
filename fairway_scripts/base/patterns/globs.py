"""Path patterns: `*`, `?` and `[...]` stay within one folder name, `**` spans folders, `{a,b}` are alternatives.

Patterns and paths are relative to the repository, with `/` between folders (GPUaaS routing rules). `X/**` is
everything below X, `**` alone is everything, and `a/**/b` also matches `a/b`. Case counts; a leading dot is a
character like any other; a backslash takes the next character as itself.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from fairway_scripts.base.patterns.line_pattern_syntax import Members
from fairway_scripts.base.patterns.pattern_states import States

if TYPE_CHECKING:
    from fairway_scripts.base.patterns.line_pattern_syntax import Node

#: More alternatives than this in one pattern are a mistake, and would make matching slow.
_MOST_ALTERNATIVES = 200
LONGEST_PATTERN = 500
_OTHERWISE = re.compile(
    r"^!|^:[(!/^]|^~(?=/)|\$\{?[A-Za-z_]\w*|(?<!\\)[@+?!*]\([^()/]*\|[^()/]*\)|\[\[:|\{-?\w+\.\.-?\w+\}"
    r"|(?:^|/)\[{1,2}(?:\.\.\.)?(?:id|[A-Za-z_]\w{2,})\]{1,2}(?=/|$)"
)
#: Room for as many alternatives, each as long as that allows.
_MOST_STATES = 40_000


def glob_fault(pattern: str) -> str:
    """What is wrong with a pattern, in a few words; empty when it is good."""
    try:
        compile_glob(pattern)
    except ValueError as fault:
        return str(fault)
    return ""


def double_star_in_word(pattern: str) -> str:
    """The first part of a good pattern in which `**` stands beside other signs of a name, such as `**.ts`; else "".

    It crosses folders here, and stays within one for git and most others, so somebody may mean something else by it.
    """
    for alternative in _alternatives(pattern):
        start = at = 0
        stars = False
        while at <= len(alternative):
            if at == len(alternative) or alternative[at] == "/":
                if stars and at - start > 2:
                    return alternative[start:at]
                start, stars = at + 1, False
                at += 1
            else:
                stars = stars or alternative.startswith("**", at)
                at = _after(alternative, at)
    return ""


def read_otherwise(pattern: str) -> str:
    """The first sign of a good pattern that other tools read as one and that stands for itself here, else "".

    Exclusion (`!a`), extended patterns (`@(a|b)`), classes (`[[:alpha:]]`), ranges (`{1..3}`), `~`, variables;
    and a folder in brackets, as Next.js calls them (`[id]`), which stands for one letter.
    """
    found = _OTHERWISE.search(pattern)
    return found[0].strip("/") if found else ""


@functools.lru_cache(maxsize=1024)
def compile_glob(pattern: str) -> Glob:
    """The pattern ready for `match`.

    Raises ValueError saying what is wrong with the pattern, also when it could never match a path.
    """
    if not pattern.strip():
        raise ValueError("is empty")
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"is longer than {LONGEST_PATTERN} characters")
    if pattern != pattern.strip() or not pattern.isprintable():
        raise ValueError("has blanks at an end or unprintable characters")
    alternatives = _alternatives(pattern)
    if len(alternatives) > _MOST_ALTERNATIVES:
        raise ValueError(f"has more than {_MOST_ALTERNATIVES} alternatives")
    for alternative in alternatives:
        _refuse_unmatchable(alternative)
    # dict.fromkeys: {a,a} is one alternative
    return Glob([_nodes(alternative, spans=False) for alternative in dict.fromkeys(alternatives)])


@functools.lru_cache(maxsize=256)
def compile_word(pattern: str) -> Glob:
    """A pattern over one word of a command: `*`, `?` and `[...]` stand for any characters, also a slash.

    Raises ValueError for a `[` without a `]`, a range that runs backwards and a backslash at the end.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"is longer than {LONGEST_PATTERN} characters")
    return Glob([_nodes(pattern, spans=True)])


class Glob:
    """A pattern that was read; it matches a whole text, in time that grows with the text alone."""

    __slots__ = ("_states",)

    def __init__(self, alternatives: list[list[Node]]) -> None:
        either: Node = ("alt", [("seq", nodes) for nodes in alternatives])
        self._states = States(("seq", [("at", "^"), either, ("at", "$")]), _MOST_STATES)

    def match(self, text: str) -> bool:
        """Whether the pattern stands for exactly `text`."""
        return self._states.search(text)


def _refuse_unmatchable(pattern: str) -> None:
    """Refuse what no path of a repository can match, rather than let a rule be silently dead."""
    if pattern.startswith("/"):
        raise ValueError("starts with a slash, but paths are relative to the repository")
    if pattern.endswith("/"):
        raise ValueError(f"ends in a slash, so it matches no file; for everything below, write {pattern}**")
    segments = pattern.split("/")
    if "" in segments:
        raise ValueError("has an empty folder name (or alternative)")
    if "." in segments or ".." in segments:
        raise ValueError("has a folder named . or .., which no path contains")


def _alternatives(pattern: str) -> list[str]:
    """The pattern without braces: `a/{b,c}` gives `a/b` and `a/c`. Raises ValueError for braces without a partner."""
    opening, parts = _first_braces(pattern)
    if opening < 0:
        return [pattern]
    head, tail = pattern[:opening], pattern[opening + sum(map(len, parts)) + len(parts) + 1 :]
    found: list[str] = []
    for part in parts:
        found += _alternatives(head + part + tail)
        if len(found) > _MOST_ALTERNATIVES:
            break
    return found


def _first_braces(pattern: str) -> tuple[int, list[str]]:
    """Where the first brace opens and what stands between its commas; -1 when there are no braces."""
    opening, depth, start = -1, 0, 0
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "{":
            depth += 1
            if depth == 1:
                opening, start = at, at + 1
        elif char == "," and depth == 1:
            parts.append(pattern[start:at])
            start = at + 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return opening, [*parts, pattern[start:at]]
            if depth < 0:
                raise ValueError("has a } without a {")
        at = _after(pattern, at)
    if depth:
        raise ValueError("has a { without a }")
    return -1, []


def _after(pattern: str, at: int) -> int:
    """The index after the element at `at`: an escaped character, a [...] class, or one character."""
    if pattern[at] == "\\":
        if at + 1 == len(pattern):
            raise ValueError("ends in a backslash")
        return at + 2
    if pattern[at] == "[":
        return _class_end(pattern, at) + 1
    return at + 1


def _class_end(pattern: str, at: int) -> int:
    """The index of the `]` that closes the class opened at `at`; a `]` in first place is a member."""
    first = at + 2 if pattern[at + 1 : at + 2] in ("!", "^") else at + 1
    end = pattern.find("]", first + 1)
    if end < 0:
        raise ValueError("has a [ without a ]")
    if "/" in pattern[at:end]:
        raise ValueError("has a slash inside [...]")
    return end


def _nodes(pattern: str, *, spans: bool) -> list[Node]:
    """The nodes of a pattern without braces; with `spans` there are no folders, and `*` stands for anything."""
    out: list[Node] = []
    at = 0
    while at < len(pattern):
        char, after = pattern[at], _after(pattern, at)
        if not spans and pattern.startswith("**", at):
            piece, after = _double_star(pattern, at)
            # `**/**/` says no more than `**/`
            out += [] if out and out[-1] is piece else [piece]
        elif char == "*":
            out.append(_ANYTHING if spans else _NAME)
        elif char == "?":
            out.append(("set", _ANY if spans else _IN_NAME))
        elif char == "[":
            out.append(("set", _class(pattern[at + 1 : after - 1], spans=spans)))
        else:
            out.append(("set", Members(pattern[after - 1])))
        at = after
    return out


def _double_star(pattern: str, at: int) -> tuple[Node, int]:
    """The node of the `**` at `at`, and the index after it (and after the slash that it takes along)."""
    after = at + 2
    if pattern.startswith("*", after):
        raise ValueError("has three stars in a row")
    opens_folder = at == 0 or pattern[at - 1] == "/"
    if opens_folder and pattern.startswith("/", after):
        return _FOLDERS, after + 1
    if opens_folder and after == len(pattern):
        return _SOMETHING, after
    return _ANYTHING, after


class _InName(Members):
    """A class of characters that never matches a slash, even when a range covers it."""

    def accepts(self, char: str) -> bool:
        return char != "/" and super().accepts(char)


def _class(members: str, *, spans: bool) -> Members:
    """What a `[...]` class accepts."""
    negated = members[0] in "!^"
    body = members[1:] if negated else members
    out = (Members if spans else _InName)(negated=negated)
    at = 0
    while at < len(body):
        if body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            low, high = body[at], body[at + 2]
            if low > high:
                raise ValueError(f"has a range that runs backwards, [{members}]")
            out.ranges.append((low, high))
            at += 3
        else:
            out.singles.add(body[at])
            at += 1
    return out


_ANY: Final = Members(negated=True)
_IN_NAME: Final = Members("/", negated=True)
_NAME: Final[Node] = ("loop", ("set", _IN_NAME), 0, None, False)
_ANYTHING: Final[Node] = ("loop", ("set", _ANY), 0, None, False)
_SOMETHING: Final[Node] = ("loop", ("set", _ANY), 1, None, False)
#: Any folders, or none: what ends in a slash.
_FOLDERS: Final[Node] = ("loop", ("seq", [_ANYTHING, ("set", Members("/"))]), 0, 1, False)
