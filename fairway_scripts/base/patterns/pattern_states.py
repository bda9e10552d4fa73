"""A pattern as a set of states, which reads each character once: no pattern and no text make it take long.

What a set of states and a character lead to is worked out once and kept, in bounded memory, so most characters cost one
look into a dictionary. A backtracking engine can take years over one line that somebody else wrote.
"""

from __future__ import annotations

from functools import reduce
from operator import getitem

from fairway_scripts.base.patterns.line_pattern_syntax import is_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.patterns.line_pattern_syntax import Node

    Kernel = frozenset[int]
    #: a state to go on from, and where the first group began and ended
    Thread = tuple[int, int, int]

#: What is kept of sets of states, counted in their members.
_MOST_KEPT = 200_000
_START, _WORD, _OTHER = "start", "word", "other"
_NOWHERE = -1


class _Row(dict[str, "_Row"]):
    """A set of states and the kind of the character before; the entries are where each character leads."""

    __slots__ = ("before", "kernel", "states")

    def __init__(self, states: States, kernel: Kernel, before: str) -> None:
        super().__init__()
        self.states, self.kernel, self.before = states, kernel, before

    def __missing__(self, char: str) -> _Row:
        return self.states.following(self, char)


class _Matched(_Row):
    """Once the pattern has matched, nothing changes that."""

    def __missing__(self, char: str) -> _Row:
        return self


class States:
    """The states of a tree of nodes (see `line_pattern_syntax`); raises ValueError for more than `most`."""

    def __init__(self, node: Node, most: int) -> None:
        self._most = most
        #: each: ("set", members, next), ("split", [next ...]), ("at", where, next), ("mark", 0 or 1, next) or ("end",)
        self._states: list[list[object]] = []
        end = self._add("end")
        self._first = self._build(node, end)
        self._begin = frozenset((self._first,))
        self._matched = _Matched(self, frozenset(), _OTHER)
        self._rows: dict[tuple[Kernel, str], _Row] = {}
        self._kept = 0
        self._start = _Row(self, self._begin, _START)

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere in `text`."""
        return reduce(getitem, text, self._start)[""] is self._matched

    def first_group(self, text: str) -> str | None:
        """What the first group of the leftmost match covers ("" for nothing), None when nothing matches."""
        threads: list[Thread] = []
        found: tuple[int, int] | None = None
        before = _START
        for at, char in enumerate([*text, ""]):
            if found is None:
                threads.append((self._first, _NOWHERE, _NOWHERE))
            following: list[Thread] = []
            seen: set[int] = set()
            for thread in threads:
                ended = self._thread(thread, (at, char, before), seen, following)
                if ended is not None:
                    found = ended
                    break
            threads = following
            if found is not None and not threads:
                break
            before = _WORD if char and is_word(char) else _OTHER
        if found is None:
            return None
        return text[found[0] : found[1]] if _NOWHERE not in found else ""

    def following(self, row: _Row, char: str) -> _Row:
        """Where `char` ("" for the end of the text) leads from a row; kept in it."""
        kernel = self._step(row.kernel, row.before, char)
        if kernel is None:
            after: _Row = self._matched
        else:
            key = (kernel, _WORD if char and is_word(char) else _OTHER)
            after = self._rows.get(key) or _Row(self, *key)
            self._rows[key] = after
        self._kept += 1 + len(after.kernel)
        if self._kept > _MOST_KEPT:
            for known in (self._start, *self._rows.values()):
                known.clear()
            self._rows.clear()
            self._kept = 0
        row[char] = after
        return after

    def _step(self, kernel: Kernel, before: str, char: str) -> Kernel | None:
        """The states behind `char`, None once the pattern has matched."""
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
            elif state[0] == "mark" or (state[0] == "at" and _holds(str(state[1]), before, char)):
                waiting.append(state[2])  # type: ignore[arg-type]
            elif state[0] == "set" and char and state[1].accepts(char):  # type: ignore[attr-defined]
                found.add(state[2])  # type: ignore[arg-type]
        return frozenset(found)

    def _thread(
        self, thread: Thread, here: tuple[int, str, str], seen: set[int], following: list[Thread]
    ) -> tuple[int, int] | None:
        """Follow a thread up to the next character, in the order of preference; its group when it has matched."""
        at, char, before = here
        waiting = [thread]
        while waiting:
            number, begin, end = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            state = self._states[number]
            if state[0] == "end":
                return begin, end
            if state[0] == "split":
                waiting += [(each, begin, end) for each in reversed(state[1])]  # type: ignore[call-overload]
            elif state[0] == "mark":
                waiting.append((state[2], at, end) if state[1] == 0 else (state[2], begin, at))  # type: ignore[arg-type]
            elif state[0] == "at" and _holds(str(state[1]), before, char):
                waiting.append((state[2], begin, end))  # type: ignore[arg-type]
            elif state[0] == "set" and char and state[1].accepts(char):  # type: ignore[attr-defined]
                following.append((state[2], begin, end))  # type: ignore[arg-type]
        return None

    def _add(self, *state: object) -> int:
        if len(self._states) >= self._most:
            raise ValueError("is too large; repeat less")
        self._states.append(list(state))
        return len(self._states) - 1

    def _build(self, node: Node, after: int) -> int:
        """Add the states of a node that goes on to `after`; the first of them."""
        if node[0] in ("set", "at", "mark"):
            return self._add(node[0], node[1], after)
        if node[0] == "seq":
            for part in reversed(node[1]):  # type: ignore[call-overload]
                after = self._build(part, after)
            return after
        if node[0] == "alt":
            return self._add("split", [self._build(part, after) for part in node[1]])  # type: ignore[attr-defined]
        return self._loop(node, after)

    def _loop(self, node: Node, after: int) -> int:
        _word, inner, least, most, lazy = node
        if most is None:
            again = self._add("split", [])
            ways = [self._build(inner, again), after]  # type: ignore[arg-type]
            self._states[again][1] = ways[::-1] if lazy else ways
            after = again
        else:
            end = after
            for _turn in range(most - least):  # type: ignore[operator]
                ways = [self._build(inner, after), end]  # type: ignore[arg-type]
                after = self._add("split", ways[::-1] if lazy else ways)
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
