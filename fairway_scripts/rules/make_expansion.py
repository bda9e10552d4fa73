"""What a recipe says once make's references are replaced, with a hole where a person's value would go.

make itself cannot be asked: it would put the values in. So the few constructs that hand-written Makefiles use are
expanded here, and whatever is not among them becomes a reason why the recipe is too complicated to be written down
as a template. Nothing is guessed: a reason always leads to "run it through make".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection


class Hole(NamedTuple):
    """A place for the value of a make variable; `others` are names that count when this one is empty."""

    name: str
    default: str = ""
    others: tuple[str, ...] = ()


class Group(NamedTuple):
    """Pieces that stand there only when the variable `name` has a value."""

    name: str
    pieces: list[Any]


#: What an expansion consists of: text, holes, groups.
Piece = str | Hole | Group

_PATTERN = re.compile(r"^([^:]+):([^=]*)=(.*)$", re.DOTALL)
_FUNCTION = re.compile(r"^([a-z-]+)[ \t]+(.*)$", re.DOTALL)
#: What make knows only while somebody calls it.
_OF_THE_CALL = frozenset(
    (
        "MAKECMDGOALS",
        "MAKEFLAGS",
        "MFLAGS",
        "GNUMAKEFLAGS",
        "MAKEOVERRIDES",
        "MAKELEVEL",
        "MAKE_TERMOUT",
        "MAKE_TERMERR",
    )
)
_DEPTH = 20
_QUOTE_IDIOM = ("'", "'\\''")


class Expander:
    """Expands recipe text against the variables of a Makefile.

    `variables` is what `makefile_scan.read_database` gives, `known` the variables that our tools take, `optional` the
    names that the Makefile sets with `?=`. After `expand`, `reasons` says what could not be expanded and `holes` which
    variables stand for a person's values.
    """

    def __init__(
        self, variables: dict[str, dict[str, Any]], known: Collection[str], optional: Collection[str], target: str = ""
    ) -> None:
        self.variables = variables
        self.known = known
        self.optional = optional
        self.target = target
        self.reasons: list[str] = []
        self.holes: dict[str, str] = {}

    def expand(self, text: str) -> list[Piece]:
        """The pieces of one line of a recipe."""
        return self._expand(text, {}, 0)

    def _expand(self, text: str, params: dict[str, list[Piece]], depth: int) -> list[Piece]:
        if depth > _DEPTH:
            return self._refuse("it refers to itself")
        pieces: list[Piece] = []
        at = 0
        while (found := text.find("$", at)) >= 0 and found + 1 < len(text):
            _add(pieces, text[at:found])
            at = found + 2
            opening = text[found + 1]
            if opening == "$":
                _add(pieces, "$")
            elif opening in "({":
                end = closing(text, found + 1)
                if end < 0:
                    return self._refuse("a reference is not closed")
                _extend(pieces, self._reference(text[found + 2 : end], params, depth + 1))
                at = end + 1
            else:
                _extend(pieces, self._variable(opening, params, depth + 1))
        _add(pieces, text[at:])
        return pieces

    def _reference(self, inner: str, params: dict[str, list[Piece]], depth: int) -> list[Piece]:
        function = _FUNCTION.match(inner)
        if function and "$" not in function[1]:
            return self._function(function[1], function[2], params, depth)
        if "$" in inner.split(":", 1)[0]:
            name = plain_text(self._expand(inner, params, depth))
            if name is None:
                return self._refuse("the name of a variable is made up from a value")
            inner = name
        if pattern := _PATTERN.match(inner):
            before, after = pattern[2], pattern[3]
            if "%" not in before:
                before, after = "%" + before, "%" + after
            return self._substitute(before, after, self._variable(pattern[1], params, depth))
        return self._variable(inner, params, depth)

    def _variable(self, name: str, params: dict[str, list[Piece]], depth: int) -> list[Piece]:
        if name in params:
            return list(params[name])
        if name == "@":
            return [self.target]
        if name == "MAKE":
            return self._refuse("it calls make")
        if name in _OF_THE_CALL:
            return self._refuse(f"it uses $({name})")
        if len(name) == 1 and not name.isalnum() and name != "_":
            return self._refuse(f"it uses ${name}")
        entry = self.variables.get(name)
        if entry is None:
            return [] if name.isdigit() else [self._hole(name, "")]
        if entry["origin"] in {"environment", "automatic"}:
            return self._refuse(f"it uses $({name})")
        value: str = entry["value"]
        if self._is_hole(name, value, entry["origin"]):
            default = value if entry["simple"] else plain_text(self._expand(value, {}, depth))
            return [self._hole(name, default or "")]
        return [value] if entry["simple"] else self._expand(value, {}, depth)

    def _is_hole(self, name: str, value: str, origin: str) -> bool:
        """Whether a variable that the Makefile sets stands for a value that people type.

        A name of our tools, or an empty one, does. A default (`?=`) does too, unless it is a path, a program with words
        or a flag: that is part of how the script is called.
        """
        if origin == "default":
            return False
        if name in self.known or not value.strip():
            return True
        return name in self.optional and not re.search(r"[/\s$]|^[-+@]", value)

    def _hole(self, name: str, default: str) -> Hole:
        self.holes.setdefault(name, default)
        return Hole(name, default)

    def _function(self, name: str, text: str, params: dict[str, list[Piece]], depth: int) -> list[Piece]:
        words = split_arguments(text)
        if name == "if":
            return self._condition(words, params, depth)
        if name == "call":
            return self._call(words, params, depth)
        arguments = [self._expand(word, params, depth) for word in words]
        if name == "or":
            return self._first_of(arguments)
        if name == "strip" and len(arguments) == 1:
            return arguments[0]
        if name == "addprefix" and len(arguments) == 2:
            return self._substitute("%", (plain_text(arguments[0]) or "") + "%", arguments[1])
        if name == "patsubst" and len(arguments) == 3:
            return self._substitute(plain_text(arguments[0]) or "", plain_text(arguments[1]) or "", arguments[2])
        if name == "subst" and len(arguments) == 3:
            return self._replace(plain_text(arguments[0]), plain_text(arguments[1]), arguments[2])
        if name == "value" and len(words) == 1:
            return self._variable(words[0].strip(), params, depth)
        return self._refuse(f"it uses $({name} ...)")

    def _condition(self, words: list[str], params: dict[str, list[Piece]], depth: int) -> list[Piece]:
        condition = self._expand(words[0].strip(), params, depth)
        then = self._expand(words[1], params, depth) if len(words) > 1 else []
        otherwise = self._expand(",".join(words[2:]), params, depth) if len(words) > 2 else []
        fixed = plain_text(condition)
        if fixed is not None:
            return then if fixed.strip() else otherwise
        hole = condition[0]
        if len(condition) != 1 or not isinstance(hole, Hole):
            return self._refuse("a condition is more than the name of a variable")
        if otherwise:
            return self._refuse(f"it does something else without {hole.name}")
        return [Group(hole.name, then)]

    def _call(self, words: list[str], params: dict[str, list[Piece]], depth: int) -> list[Piece]:
        name = words[0].strip()
        entry = self.variables.get(name)
        if entry is None:
            return self._refuse(f"it calls {name}, which the Makefile does not define")
        own = {str(place): self._expand(word, params, depth) for place, word in enumerate(words[1:], 1)}
        own["0"] = [name]
        return self._expand(entry["value"], own, depth)

    def _first_of(self, arguments: list[list[Piece]]) -> list[Piece]:
        holes = [pieces[0] for pieces in arguments if len(pieces) == 1 and isinstance(pieces[0], Hole)]
        if len(holes) != len(arguments) or not holes:
            return self._refuse("it uses $(or ...) with more than names of variables")
        return [Hole(holes[0].name, holes[0].default, tuple(hole.name for hole in holes[1:]))]

    def _substitute(self, before: str, after: str, pieces: list[Piece]) -> list[Piece]:
        fixed = plain_text(pieces)
        if fixed is not None and before.count("%") == 1:
            head, _, tail = before.partition("%")
            return [" ".join(_patsubst(word, head, tail, after) for word in fixed.split())]
        if len(pieces) == 1 and isinstance(pieces[0], Hole) and before == "%" and after.count("%") == 1:
            head, _, tail = after.partition("%")
            return [Group(pieces[0].name, [part for part in (head, pieces[0], tail) if part])]
        return self._refuse("it rewrites a value")

    def _replace(self, before: str | None, after: str | None, pieces: list[Piece]) -> list[Piece]:
        if (before, after) == _QUOTE_IDIOM and plain_text(pieces) is None:
            return pieces  # the way to put a value between single quotes; the value itself stays what it is
        fixed = plain_text(pieces)
        if fixed is None or before is None or after is None:
            return self._refuse("it rewrites a value")
        return [fixed.replace(before, after)]

    def _refuse(self, reason: str) -> list[Piece]:
        if reason not in self.reasons:
            self.reasons.append(reason)
        return []


def plain_text(pieces: list[Piece]) -> str | None:
    """The text of pieces without a hole, None when there is one."""
    return "".join(map(str, pieces)) if all(isinstance(piece, str) for piece in pieces) else None


def flat_text(pieces: list[Piece]) -> str:
    """All pieces as one text, a hole as `{NAME}`: for looking something up, not for running."""
    parts = []
    for piece in pieces:
        if isinstance(piece, Hole):
            parts.append("{" + piece.name + "}")
        else:
            parts.append(flat_text(piece.pieces) if isinstance(piece, Group) else piece)
    return "".join(parts)


def closing(text: str, at: int) -> int:
    """The place of the bracket that closes the one at `at`, -1 without one; only its own kind counts, as in make."""
    opening = text[at]
    other = ")" if opening == "(" else "}"
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == opening) - (text[place] == other)
        if depth == 0:
            return place
    return -1


def split_arguments(text: str) -> list[str]:
    """The arguments of a function of make: commas outside of brackets separate them."""
    parts = [""]
    depth = 0
    for char in text:
        depth += (char in "({") - (char in ")}")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _patsubst(word: str, head: str, tail: str, after: str) -> str:
    if len(word) < len(head) + len(tail) or not (word.startswith(head) and word.endswith(tail)):
        return word
    return after.replace("%", word[len(head) : len(word) - len(tail)], 1)


def _add(pieces: list[Piece], text: str) -> None:
    if not text:
        return
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] += text
    else:
        pieces.append(text)


def _extend(pieces: list[Piece], more: list[Piece]) -> None:
    for piece in more:
        if isinstance(piece, str):
            _add(pieces, piece)
        else:
            pieces.append(piece)
