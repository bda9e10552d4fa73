"""The grammar of line patterns: a pattern becomes a tree of nodes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    #: ("set", members), ("seq", nodes), ("alt", nodes), ("loop", node, least, most or None, lazy), ("at", where),
    #: ("mark", 0 or 1) for the begin and the end of the first group
    Node = tuple[object, ...]

#: A repeat asks for at most so many.
MOST_REPEATS = 1000
_MOST_DEPTH = 20
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r"}
_ANY_CASE = "(?i)"
_SPACES = frozenset(" \t\n\r\f\v")


def is_word(char: str) -> bool:
    """Whether `char` is a letter, a digit or an underscore."""
    return char.isalnum() or char == "_"


_KINDS: dict[str, Callable[[str], bool]] = {
    "d": str.isdecimal,
    "D": lambda char: not char.isdecimal(),
    "w": is_word,
    "W": lambda char: not is_word(char),
    "s": lambda char: char in _SPACES or char.isspace(),
    "S": lambda char: not (char in _SPACES or char.isspace()),
}


class Members:
    """The characters that one place of a pattern accepts; with `fold` in either case."""

    __slots__ = ("fold", "kinds", "negated", "ranges", "singles")

    def __init__(self, singles: str = "", *, negated: bool = False, fold: bool = False) -> None:
        self.singles = set(singles)
        self.ranges: list[tuple[str, str]] = []
        self.kinds: list[Callable[[str], bool]] = []
        self.negated = negated
        self.fold = fold

    def accepts(self, char: str) -> bool:
        """Whether the place accepts `char`."""
        forms = {char, char.lower(), char.upper()} if self.fold else (char,)
        return self.negated != any(self._has(form) for form in forms)

    def _has(self, char: str) -> bool:
        return (
            char in self.singles
            or any(low <= char <= high for low, high in self.ranges)
            or any(kind(char) for kind in self.kinds)
        )


class Parser:
    """Reads a pattern into a tree; `at` is how far it has come, `groups` how many groups it has met."""

    def __init__(self, pattern: str, *, fold: bool = False) -> None:
        self.pattern = pattern
        self.groups = 0
        self.fold = fold or pattern.startswith(_ANY_CASE)
        self.at = len(_ANY_CASE) if pattern.startswith(_ANY_CASE) else 0

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _next(self) -> str:
        char = self._peek()
        self.at += 1
        return char

    def alternatives(self, depth: int) -> Node:
        """What stands between `|`, up to a `)` or the end."""
        if depth > _MOST_DEPTH:
            raise ValueError(f"has more than {_MOST_DEPTH} groups inside each other")
        branches = [self._sequence(depth)]
        while self._peek() == "|":
            self.at += 1
            branches.append(self._sequence(depth))
        return ("alt", branches) if len(branches) > 1 else branches[0]

    def _sequence(self, depth: int) -> Node:
        nodes: list[Node] = []
        while self._peek() and self._peek() not in "|)":
            nodes.append(self._repeated(self._atom(depth)))
        return ("seq", nodes)

    def _repeated(self, node: Node) -> Node:
        signs = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        sign = self._peek()
        if sign in signs and sign:
            self.at += 1
            least, most = signs[sign]
        elif sign == "{":
            least, most = self._bounds()
        else:
            return node
        lazy = self._peek() == "?"
        self.at += lazy
        if self._peek() and self._peek() in "*+?{":
            raise ValueError(f"repeats a repeat before {self.pattern[self.at :]!r}; put it into ( )")
        return ("loop", node, least, most, lazy)

    def _bounds(self) -> tuple[int, int | None]:
        end = self.pattern.find("}", self.at)
        low, comma, high = self.pattern[self.at + 1 : max(end, 0)].partition(",")
        if end < 0 or not low.isdecimal() or (high and not high.isdecimal()):
            raise ValueError("has a { that begins no {m,n}; write \\{ for the character")
        self.at = end + 1
        least = int(low)
        most = (int(high) if high else None) if comma else least
        if (most is not None and most < least) or max(least, most or 0) > MOST_REPEATS:
            raise ValueError(f"has the repeat {{{low}{comma}{high}}}, which is out of order or too large")
        return least, most

    def _atom(self, depth: int) -> Node:
        char = self._next()
        if char == "(":
            return self._group(depth)
        if char == "[":
            return ("set", self._class())
        if char == ".":
            return ("set", self._members("\n", negated=True))
        if char in "^$":
            return ("at", char)
        if char in "*+?{":
            raise ValueError(f"has nothing for {char} to repeat")
        if char == "\\":
            return self._escape()
        return ("set", self._members(char))

    def _members(self, singles: str = "", *, negated: bool = False) -> Members:
        return Members(singles, negated=negated, fold=self.fold)

    def _group(self, depth: int) -> Node:
        number = 0
        if self.pattern.startswith("?:", self.at):
            self.at += 2
        else:
            if self._peek() == "?":
                self._skip_name()
            self.groups += 1
            number = self.groups
        node = self.alternatives(depth + 1)
        if self._next() != ")":
            raise ValueError("has a ( without a )")
        return ("seq", [("mark", 0), node, ("mark", 1)]) if number == 1 else node

    def _skip_name(self) -> None:
        """Pass the name of a named group; every other `(?` is refused."""
        end = self.pattern.find(">", self.at)
        if not self.pattern.startswith("?P<", self.at) or not self.pattern[self.at + 3 : max(end, 0)].isidentifier():
            raise ValueError(f"has (?{self.pattern[self.at + 1 : self.at + 2]}, which is not known here; use ( )")
        self.at = end + 1

    def _escape(self) -> Node:
        char = self._next()
        if char in ("b", "B"):
            return ("at", char)
        if char in ("A", "Z"):
            return ("at", "^" if char == "A" else "$")
        members = self._members()
        self._escaped(members, char)
        return ("set", members)

    @staticmethod
    def _escaped(members: Members, char: str) -> str:
        """Add what a backslash and `char` stand for; the character, or "" for a kind."""
        if not char:
            raise ValueError("ends in a backslash")
        if char in _KINDS:
            members.kinds.append(_KINDS[char])
            return ""
        if char in _CONTROLS:
            char = _CONTROLS[char]
        elif char.isascii() and char.isalnum():
            raise ValueError(f"has \\{char}, which is not known here")
        members.singles.add(char)
        return char

    def _class(self) -> Members:
        members = self._members(negated=self._peek() == "^")
        self.at += members.negated
        first = True
        while first or self._peek() != "]":
            low = self._member(members)
            first = False
            if low and self._peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high = self._member(members)
                if not high or high < low:
                    raise ValueError("has a range in [ ] that is none")
                members.ranges.append((low, high))
        self.at += 1
        return members

    def _member(self, members: Members) -> str:
        char = self._next()
        if not char:
            raise ValueError("has a [ without a ]")
        if char == "\\":
            return self._escaped(members, self._next())
        members.singles.add(char)
        return char
