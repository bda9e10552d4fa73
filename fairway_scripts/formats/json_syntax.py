"""What is wrong with a text that is not JSON, and where: in our words, at a place of our own counting.

Python's own words and places change from version to version; a fault is told the same on each of them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: The whole of what JSON is made of; the last two are texts and words that only look like it.
_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\n]+)"
    r'|(?P<text>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")'
    r"|(?P<sign>[\[\]{},:])"
    r"|(?P<value>(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?=[\s\[\]{},:\"]|\Z))"
    r'|(?P<broken>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<word>[^\s\[\]{},:\"]+|.)",
    re.DOTALL,
)
#: What other programs write as a value, and as a text that goes over lines.
_FOREIGN = ("NaN", "Infinity", "-Infinity")
_FOREIGN_TEXT = re.compile(r'"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_SHOWN = 20

#: What may come next, as a reader of the message knows it.
_VALUE, _VALUE_OR_END = "a value", "a value or ]"
_KEY, _KEY_OR_END = "a key in double quotes", "a key in double quotes or }"
_COLON, _NEXT_ITEM, _NEXT_FIELD, _END = ": after the key", ", or ]", ", or }", "the end of the file"


class Mistake(NamedTuple):
    """The first place where a text stops being JSON: its index, and what is wrong there."""

    place: int
    what: str


def first_mistake(text: str, *, foreign: bool = False) -> Mistake | None:
    """The first place where `text` stops being JSON; None when it is JSON.

    `foreign` takes what other programs write besides: NaN, infinities, and control characters in texts.
    """
    around: list[str] = []
    expected = _VALUE
    for found in _TOKEN.finditer(text):
        kind, token = str(found.lastgroup), found[0]
        if kind == "blank":
            continue
        if foreign:
            kind = _as_foreign(kind, token)
        if kind == "broken":
            return Mistake(found.start(), _broken_text(token))
        after = _step(kind, token, expected, around)
        if after is None:
            return Mistake(found.start(), f"{expected} is expected, not {_shown(token)}")
        expected = after
    if expected == _END:
        return None
    return Mistake(len(text.rstrip()), f"{expected} is expected, and the file ends")


def _as_foreign(kind: str, token: str) -> str:
    if kind == "word" and token in _FOREIGN:
        return "value"
    return "text" if kind == "broken" and _FOREIGN_TEXT.fullmatch(token) else kind


def _step(kind: str, token: str, expected: str, around: list[str]) -> str | None:
    """What may come after `token`, None when it may not come here; `around` are the open brackets."""
    if expected in (_KEY, _KEY_OR_END) and kind == "text":
        return _COLON
    if expected == _COLON and token == ":":
        return _VALUE
    if expected in (_VALUE, _VALUE_OR_END):
        if token in ("[", "{"):
            around.append(token)
            return _VALUE_OR_END if token == "[" else _KEY_OR_END
        if kind in ("text", "value"):
            return _after_value(around)
    if expected in (_NEXT_ITEM, _NEXT_FIELD) and token == ",":
        return _VALUE if around[-1] == "[" else _KEY
    if (token == "]" and expected in (_VALUE_OR_END, _NEXT_ITEM)) or (
        token == "}" and expected in (_KEY_OR_END, _NEXT_FIELD)
    ):
        around.pop()
        return _after_value(around)
    return None


def _after_value(around: list[str]) -> str:
    if not around:
        return _END
    return _NEXT_ITEM if around[-1] == "[" else _NEXT_FIELD


def _broken_text(token: str) -> str:
    if len(token) < 2 or token[-1] != '"':
        return "the text that begins here has no closing quote"
    escape = _ESCAPE.search(token)
    if escape is not None:
        return (
            f"the text that begins here holds {token[escape.start() : escape.start() + 2]!r}, which JSON does not know"
        )
    return "the text that begins here holds a line break or another control character; write \\n or \\u00XX"


def _shown(token: str) -> str:
    return token if len(token) <= _SHOWN else f"{token[:_SHOWN]}..."
