r"""Patterns over lines of output, matched in time that grows with the line alone, whatever the pattern.

A backtracking engine can take years over one line of a log that somebody else wrote. These patterns are regular
expressions without backward references and looking around, which a set of states answers in one pass: literals,
`.`, `[...]`, `\d \w \s \b` and their opposites, `^ $`, `( )`, `|`, `? * + {m,n}`. Case does not count.
"""

from __future__ import annotations

import functools

from fairway_scripts.rules.line_pattern_syntax import Parser, is_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.rules.line_pattern_syntax import Node

    Kernel = frozenset[int]

_MOST_STATES = 1000
_MOST_KEPT = 20_000
_LONGEST = 500
_START, _WORD, _OTHER = "start", "word", "other"


def pattern_fault(pattern: str) -> str:
    """What is wrong with a pattern, in a few words; empty when it is good."""
    try:
        compile_pattern(pattern)
    except ValueError as fault:
        return str(fault)
    return ""


@functools.lru_cache(maxsize=512)
def compile_pattern(pattern: str) -> LinePattern:
    """The pattern ready for use; raises ValueError saying what is wrong with it."""
    if len(pattern) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    parser = Parser(pattern)
    node = parser.alternatives(0)
    if parser.at < len(pattern):
        raise ValueError("has a ) without a (")
    return LinePattern(node)


class LinePattern:
    """A pattern as states; what it has worked out about a set of states and a character is kept."""

    def __init__(self, node: Node) -> None:
        #: each state: ("set", members, next), ("split", [next ...]), ("at", where, next) or ("end",)
        self._states: list[list[object]] = []
        end = self._add("end")
        self._first = self._build(node, end)
        self._kept: dict[tuple[Kernel, str, str], Kernel | None] = {}

    def search(self, line: str) -> bool:
        """Whether the pattern matches anywhere in `line`."""
        fresh = frozenset((self._first,))
        kernel, before = fresh, _START
        kept = self._kept
        for char in [*line, ""]:
            key = (kernel, before, char)
            if key in kept:
                following = kept[key]
            else:
                if len(kept) > _MOST_KEPT:
                    kept.clear()
                following = kept[key] = self._step(kernel, before, char)
            if following is None:
                return True
            kernel = following
            before = _WORD if char and is_word(char) else _OTHER
        return False

    def _step(self, kernel: Kernel, before: str, char: str) -> Kernel | None:
        """The states behind `char` ("" for the end of the line), None once the pattern has matched."""
        found: set[int] = {self._first}
        seen: set[int] = set()
        waiting = list(kernel)
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            state = self._states[number]
            if state[0] == "end":
                return None
            if state[0] == "split":
                waiting += state[1]  # type: ignore[arg-type]
            elif state[0] == "at":
                if _holds(str(state[1]), before, char):
                    waiting.append(state[2])  # type: ignore[arg-type]
            elif char and state[1].accepts(char):  # type: ignore[attr-defined]
                found.add(state[2])  # type: ignore[arg-type]
        return frozenset(found)

    def _add(self, *state: object) -> int:
        if len(self._states) >= _MOST_STATES:
            raise ValueError("is too large; repeat less")
        self._states.append(list(state))
        return len(self._states) - 1

    def _build(self, node: Node, after: int) -> int:
        """Add the states of a node that goes on to `after`; the first of them."""
        if node[0] in ("set", "at"):
            return self._add(node[0], node[1], after)
        if node[0] == "seq":
            for part in reversed(node[1]):  # type: ignore[call-overload]
                after = self._build(part, after)
            return after
        if node[0] == "alt":
            return self._add("split", [self._build(part, after) for part in node[1]])  # type: ignore[attr-defined]
        return self._loop(node, after)

    def _loop(self, node: Node, after: int) -> int:
        _word, inner, least, most = node
        if most is None:
            again = self._add("split", [after])
            self._states[again][1].append(self._build(inner, again))  # type: ignore[attr-defined, arg-type]
            after = again
        else:
            end = after
            for _turn in range(most - least):  # type: ignore[operator]
                after = self._add("split", [end, self._build(inner, after)])  # type: ignore[arg-type]
        for _turn in range(least):  # type: ignore[call-overload]
            after = self._build(inner, after)  # type: ignore[arg-type]
        return after


def _holds(where: str, before: str, char: str) -> bool:
    """Whether a place between two characters is what the pattern asks for."""
    if where == "^":
        return before == _START
    if where == "$":
        return char == ""
    edge = (before == _WORD) != (bool(char) and is_word(char))
    return edge == (where == "b")
