"""From an expanded recipe line to the words that a shell would see, and to a template of the call.

Only a plain command is read: assignments in front, a program, words. A pipe, a redirection, a loop or a command
substitution needs a shell, and such a recipe stays with make.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from fairway_scripts.rules.make_expansion import Group, Hole, Piece, closing

_ASSIGNMENT = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*)=")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONDITIONAL = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*):?\+(.*)$", re.DOTALL)
_INTERPRETERS = frozenset({"bash", "sh", "dash", "ruby", "python", "python3", "env", "exec"})
_OPERATORS = {
    "|": "a pipe",
    ">": "a redirection",
    "<": "a redirection",
    ";": "several commands",
    "&": "several commands",
    "\n": "several commands",
    "`": "a command substitution",
    "(": "a subshell",
    ")": "a subshell",
    "*": "a pattern of file names",
    "?": "a pattern of file names",
    "[": "a pattern of file names",
    "{": "braces",
    "}": "braces",
    "~": "a tilde",
    "#": "a comment",
}


class Complicated(Exception):  # noqa: N818 - it is an outcome with a reason, not a failure
    """Why a recipe cannot be written down as a template; the text is a reason for people."""


class Word(NamedTuple):
    """One word of a command: its parts, and the variable without which it is left out ("" for none)."""

    parts: list[str | Hole]
    condition: str = ""

    @property
    def text(self) -> str:
        """The word with each hole as `{NAME}`."""
        return "".join(part if isinstance(part, str) else "{" + part.name + "}" for part in self.parts)

    @property
    def default(self) -> str:
        """The word with the Makefile's own value in each hole."""
        return "".join(part if isinstance(part, str) else part.default for part in self.parts)

    @property
    def holes(self) -> list[Hole]:
        """The holes in it."""
        return [part for part in self.parts if isinstance(part, Hole)]


def template(pieces: list[Piece]) -> dict[str, Any]:
    """The call that one recipe line makes: {script, arguments, environment, holes}.

    `arguments` are words with `{NAME}` where a value goes; a word whose value is not set is left out together with the
    flag in front of it. `environment` maps a name to such a word. Raises Complicated.
    """
    words = shell_words(pieces)
    environment: dict[str, str] = {}
    holes: dict[str, Hole] = {}
    while words:
        head = words[0]
        found = _ASSIGNMENT.match(head.parts[0]) if head.parts and isinstance(head.parts[0], str) else None
        if found:
            environment[found[1]] = head.text[found.end() :]
            _note(holes, words.pop(0))
        elif _program(head.default) in _INTERPRETERS:
            words.pop(0)
            if words and words[0].text.startswith("-"):
                raise Complicated(f"{head.default} has options of its own")
        else:
            break
    if not words:
        raise Complicated("it runs no program")
    script = words.pop(0).default
    for word in words:
        _note(holes, word)
    _refuse_switches(words)
    return {
        "script": script,
        "arguments": [word.text for word in words],
        "environment": environment,
        "holes": list(holes.values()),
    }


def _program(word: str) -> str:
    """The name of a program that is called by its full path."""
    return word.rsplit("/", 1)[1] if word.startswith("/") else word


def shell_words(pieces: list[Piece]) -> list[Word]:
    """The words of a command line; raises Complicated for anything but words and quotes."""
    reader = _Reader()
    reader.read(pieces)
    reader.end_word()
    if reader.quote:
        raise Complicated("a quote is not closed")
    return reader.words


def _note(holes: dict[str, Hole], word: Word) -> None:
    for hole in word.holes:
        holes.setdefault(hole.name, hole)


def _refuse_switches(words: list[Word]) -> None:
    """A word that only a condition brings in, without a value of its own, is no template: nothing would say when."""
    for place, word in enumerate(words):
        if not word.condition or any(hole.name == word.condition for hole in word.holes):
            continue
        after = words[place + 1] if place + 1 < len(words) else None
        carried = after is not None and after.condition == word.condition and bool(after.holes)
        if not (carried and word.text.startswith("-")):
            raise Complicated(f"{word.text} stands there only with {word.condition}")


class _Reader:
    """The state of a POSIX shell that reads words."""

    def __init__(self, condition: str = "") -> None:
        self.words: list[Word] = []
        self.quote = ""
        self.condition = condition
        self._parts: list[str | Hole] = []
        self._open = False

    def read(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Hole):
                self._parts.append(piece)
                self._open = True
            elif isinstance(piece, Group):
                self._group(piece)
            else:
                self._text(piece)

    def end_word(self) -> None:
        if self._open:
            self.words.append(Word(self._parts, self.condition))
        self._parts, self._open = [], False

    def _group(self, group: Group) -> None:
        if self.quote or self.condition:
            raise Complicated("a condition stands inside quotes or another condition")
        if self._open:
            raise Complicated("a condition stands inside a word")
        inner = _Reader(group.name)
        inner.read(group.pieces)
        inner.end_word()
        if inner.quote:
            raise Complicated("a quote is not closed")
        self.words += inner.words

    def _text(self, text: str) -> None:
        at = 0
        while at < len(text):
            at = self._char(text, at)

    def _char(self, text: str, at: int) -> int:
        """Take what stands at `at`; gives the place after it."""
        char = text[at]
        if self.quote == "'":
            return self._quoted_char(char, at)
        if char == "\\":
            return self._escaped(text, at)
        if char == "$":
            return self._reference(text, at)
        if self.quote:
            return self._quoted_char(char, at)
        if char in "'\"":
            self.quote, self._open = char, True
        elif char in " \t":
            self.end_word()
        elif char in _OPERATORS:
            raise Complicated(f"it uses {_OPERATORS[char]}")
        else:
            self._take(char)
        return at + 1

    def _quoted_char(self, char: str, at: int) -> int:
        if char == self.quote:
            self.quote = ""
        elif char == "`" and self.quote == '"':
            raise Complicated("it uses a command substitution")
        else:
            self._take(char)
        return at + 1

    def _take(self, char: str) -> None:
        if char in "{}":
            raise Complicated("it uses braces")
        self._open = True
        if self._parts and isinstance(self._parts[-1], str):
            self._parts[-1] += char
        else:
            self._parts.append(char)

    def _escaped(self, text: str, at: int) -> int:
        following = text[at + 1 : at + 2]
        if self.quote and following not in {'"', "\\", "$", "`"}:
            self._take("\\")
            return at + 1
        self._take(following)
        return at + 2

    def _reference(self, text: str, at: int) -> int:
        """`$NAME`, `${NAME}` and `${NAME:+words}`: what the shell reads from its environment."""
        if found := _NAME.match(text, at + 1):
            self._hole(found[0])
            return found.end()
        if text[at + 1 : at + 2] != "{" or (end := closing(text, at + 1)) < 0:
            raise Complicated("it uses a command substitution or a special parameter of the shell")
        inner = text[at + 2 : end]
        if _NAME.fullmatch(inner):
            self._hole(inner)
        elif found := _CONDITIONAL.match(inner):
            self._group(Group(found[1], [found[2]]))
        else:
            raise Complicated("it uses an expansion of the shell")
        return end + 1

    def _hole(self, name: str) -> None:
        self._parts.append(Hole(name))
        self._open = True
