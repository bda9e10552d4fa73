r"""JSON read with line numbers: strict syntax, the same values and faults as the YAML reader gives.

YAML's reader takes most JSON, but not surrogate pairs (`\ud83d\ude00`), keys longer than 1,024 characters or a
line break before a colon, and it takes much that is not JSON; so whether it is JSON is the `json` module's business.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from itertools import count
from typing import TYPE_CHECKING, NoReturn

from fairway_scripts.base.faults import ERROR, WARNING, Fault
from fairway_scripts.formats.foreign_text import decode_foreign
from fairway_scripts.formats.text_tree import (
    MAX_DEPTH,
    Reading,
    TextList,
    TextMap,
    UnreadableError,
    collector_paused,
    decode,
)

if TYPE_CHECKING:
    from fairway_scripts.formats.text_tree import Node

_TOKEN = re.compile(r'[\[\]{},:]|"(?:[^"\\]|\\.)*"|[^\s\[\]{},:"]+', re.DOTALL)
_LINE_END = re.compile(r"\r\n?|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(source: str | bytes, path: str, *, foreign: bool = False) -> Reading:
    """Read one JSON text into `TextMap`, `TextList`, str and None; numbers and truth values keep their text.

    Faults (never raised), each with its line: invalid UTF-8, syntax, duplicate keys, lone surrogates, nesting over 64.
    In a document that another program wrote (`foreign`) bytes and characters that no text has are shown as U+FFFD with
    a warning, and NaN and Infinity, which several languages write for numbers, keep their text.
    """
    faults: list[Fault] = []
    if isinstance(source, bytes):
        source, faults = decode_foreign(source, path) if foreign else decode(source, path)
        if any(fault.severity == ERROR for fault in faults):
            return Reading(None, faults)
    with collector_paused():
        reader = _Reader(source, path, foreign=foreign)
        reader.faults += faults
        try:
            reader.check_syntax()
            return Reading(reader.value(next(reader.tokens), 0), reader.faults)
        except UnreadableError:
            return Reading(None, reader.faults)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


class _Reader:
    def __init__(self, text: str, path: str, *, foreign: bool) -> None:
        self.text = text
        self.path = path
        self.foreign = foreign
        self.faults: list[Fault] = []
        self.line_starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        self.tokens = _TOKEN.finditer(text)

    def check_syntax(self) -> None:
        """Refuse what is not JSON or nests too deep; after this the tokens are known to be in order."""
        self._check_depth()
        try:
            json.loads(
                self.text,
                parse_constant=str if self.foreign else _refuse_constant,
                parse_int=str,
                parse_float=str,
                strict=not self.foreign,
            )
        except ValueError:
            from fairway_scripts.formats.json_syntax import first_mistake  # most files have none

            index, what = first_mistake(self.text, foreign=self.foreign) or (0, "it cannot be read")
            column = index - self.line_starts[self._line(index) - 1] + 1
            self._stop(index, "json_syntax", f"not valid JSON: {what} (column {column})")

    def _check_depth(self) -> None:
        depth = 0
        for token in _TOKEN.finditer(self.text):
            sign = token[0]
            if sign in "[{":
                depth += 1
                if depth > MAX_DEPTH:
                    self._stop(token.start(), "too_deep", f"nested deeper than {MAX_DEPTH} levels")
            elif sign in "]}":
                depth -= 1

    def _line(self, index: int) -> int:
        return bisect_right(self.line_starts, index)

    def _stop(self, index: int, code: str, message: str) -> NoReturn:
        self.faults.append(Fault(self.path, self._line(index), "", "", ERROR, code, message))
        raise UnreadableError

    def value(self, token: re.Match[str], depth: int) -> Node:
        """The value that begins with `token`."""
        sign = token[0]
        if sign[0] == '"':
            return self._string(token)
        if sign == "{":
            return self._object(self._line(token.start()))
        if sign == "[":
            return self._array(self._line(token.start()), depth)
        return None if sign == "null" else sign

    def _string(self, token: re.Match[str]) -> str:
        text: str = json.loads(token[0], strict=not self.foreign)
        lone = _SURROGATE.search(text)
        if lone and self.foreign:
            what = f"\\u{ord(lone[0]):04x} is half a character; it is shown as U+FFFD"
            self.faults.append(Fault(self.path, self._line(token.start()), "", "", WARNING, "surrogate", what))
            return _SURROGATE.sub("\ufffd", text)
        if lone:
            what = f"\\u{ord(lone[0]):04x} is half a character; write the character itself"
            self.faults.append(Fault(self.path, self._line(token.start()), "", "", ERROR, "surrogate", what))
        return text

    def _object(self, line: int) -> TextMap:
        result = TextMap(line)
        for token in self.tokens:
            if token[0] == "}":
                break
            if token[0] == ",":
                continue
            key = self._string(token)
            at = self._line(token.start())
            next(self.tokens)  # the colon
            if key in result:
                what = f"key is given twice, first at line {result.lines[key]}; keep one"
                self.faults.append(Fault(self.path, at, "", key, ERROR, "duplicate_key", what))
            result.lines[key] = at
            result[key] = self.value(next(self.tokens), 0)
        return result

    def _array(self, line: int, depth: int) -> TextList:
        result = TextList(line)
        for _ in count():
            token = next(self.tokens)
            if token[0] == "]":
                break
            if token[0] != ",":
                result.lines.append(self._line(token.start()))
                result.append(self.value(token, depth))
        return result
