r"""Patterns that users and configurations give, matched in time that grows with the text alone, whatever the pattern.

They are regular expressions without backward references and looking around: literals, `.`, `[...]`, `\d \w \s \b` and
their opposites, `\t \n \r`, `^ $ \A \Z`, `( ) (?: ) (?P<name> )`, `|`, `? * + {m,n}` and their lazy forms, and `(?i)`
in front. Every such pattern of the suite is read here; `globs.py` has those over paths, on the same engine.
"""

from __future__ import annotations

import functools

from fairway_scripts.base.patterns.line_pattern_syntax import Parser
from fairway_scripts.base.patterns.pattern_states import States

_MOST_STATES = 1000
_LONGEST = 500


def pattern_fault(pattern: str, *, ignore_case: bool = True) -> str:
    """What is wrong with a pattern, in a few words; empty when it is good."""
    try:
        compile_pattern(pattern, ignore_case=ignore_case)
    except ValueError as fault:
        return str(fault)
    return ""


@functools.lru_cache(maxsize=512)
def compile_pattern(pattern: str, *, ignore_case: bool = True) -> LinePattern:
    """The pattern ready for use; raises ValueError saying what is wrong with it."""
    if len(pattern) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    parser = Parser(pattern, fold=ignore_case)
    node = parser.alternatives(0)
    if parser.at < len(pattern):
        raise ValueError("has a ) without a (")
    return LinePattern(pattern, States(node, _MOST_STATES), parser.groups)


class LinePattern:
    """A pattern that was read: `pattern` is its text, `groups` how many groups it has."""

    __slots__ = ("_states", "groups", "pattern")

    def __init__(self, pattern: str, states: States, groups: int) -> None:
        self.pattern = pattern
        self.groups = groups
        self._states = states

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere in `text`."""
        return self._states.search(text)

    def first_group(self, text: str) -> str | None:
        """What the first group of the leftmost match covers ("" for nothing), None when nothing matches."""
        return self._states.first_group(text)
