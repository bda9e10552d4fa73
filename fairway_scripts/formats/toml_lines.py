"""On which line of a TOML text each key and each list element stands.

`tomllib` gives values without places, so this reads the layout alone: headers, keys, brackets and quotes. The
text must already have been accepted by `tomllib`; nothing is checked here.
"""

from __future__ import annotations

import bisect
import re
import tomllib

#: Where a value stands: keys of tables and 0-based indices of lists, such as ("roles", 1, "lease").
Address = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(r'[ \t]*("(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+)[ \t]*')
_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}' + r"|'''(?:[^']|'(?!''))*'{3,5}" + r'|"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'",
    re.DOTALL,
)
#: How tomllib's message ends: `(at line 3, column 5)`, `(at end of document)`.
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_BARE = re.compile(r"[^,\]}#\n]*")


def key_lines(text: str) -> dict[Address, int]:
    """The 1-based line of every table, key and list element of `text`, a valid TOML document."""
    return _Layout(text).lines


def with_value(text: str, address: Address, value: str) -> str | None:
    """`text`, a valid TOML document, with the value at `address` written as `value`; None where it has no place.

    A key that is not there is written behind the last one of its table, in that one's indentation; a section that is
    not there at the end.
    """
    layout = _Layout(text)
    if address in layout.values:
        start, end = layout.values[address]
        return text[:start] + value + text[end:]
    if len(address) == 2 and address[:1] not in layout.lines:
        new_line = "\r\n" if "\r\n" in text else "\n"
        return new_line.join([text.rstrip("\r\n"), "", f"[{address[0]}]", f"{address[1]} = {value}", ""])
    if address[:-1] not in layout.ends or not isinstance(address[-1], str):
        return None
    before, indent = layout.ends[address[:-1]]
    line_end = text.find("\n", before)
    line_end = len(text) if line_end < 0 else line_end
    new_line = "\r\n" if text[line_end - 1 : line_end] == "\r" else "\n"
    line_end -= new_line == "\r\n"
    return f"{text[:line_end]}{new_line}{indent}{address[-1]} = {value}{text[line_end:]}"


def mistake_in(text: str, problem: Exception) -> tuple[int, str]:
    """Where a text stops being TOML and what is wrong there, from what tomllib raised: (line, words without a place).

    The line is 0 when it is not known: for a number that is too long for Python.
    """
    words = str(problem)
    line = getattr(problem, "lineno", 0)  # since Python 3.14
    found = _PLACE.search(words)
    if found and not line:
        line = int(found[1] or text.count("\n") + 1)
    return line, _PLACE.sub("", words)


def line_of(lines: dict[Address, int], address: Address) -> int:
    """The line of `address`, or of the nearest thing around it that is written down; 0 when nothing is."""
    while address and address not in lines:
        address = address[:-1]
    return lines.get(address, 0)


def key_parts(dotted: str) -> list[str]:
    """The parts of a dotted key as TOML writes it: `roles."a.b".lease` gives roles, a.b, lease.

    Raises ValueError when `dotted` is no such key.
    """
    parts, at = _key(dotted, 0)
    if at != len(dotted):
        raise ValueError(f"not a dotted key: {dotted!r}")
    return parts


def has_comment(value: str) -> bool:
    """Whether the text of one value, such as a list over several lines, has a comment in it."""
    return "#" in _TEXT.sub("", value)


def _key(text: str, at: int) -> tuple[list[str], int]:
    """The parts of the dotted key at `at`, and the index after it."""
    parts: list[str] = []
    while found := _KEY_PART.match(text, at):
        parts.append(_unquoted(found[1]))
        at = found.end()
        if text[at : at + 1] != ".":
            return parts, at
        at += 1
    raise ValueError(f"not a dotted key: {text!r}")


def _unquoted(part: str) -> str:
    if part[0] not in "\"'":
        return part
    try:
        value: str = tomllib.loads(f"key = {part}")["key"]
    except tomllib.TOMLDecodeError:
        raise ValueError(f"not a key: {part}") from None
    return value


class _Layout:
    """One walk over the text, which fills `lines`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Address, int] = {}
        #: where each value begins and ends; where the last line of each table ends that a header opens, and its indent
        self.values: dict[Address, tuple[int, int]] = {}
        self.ends: dict[Address, tuple[int, str]] = {}
        self._elements: dict[Address, int] = {}
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._document()

    def _document(self) -> None:
        table: Address = ()
        at = self._skip_blank(0)
        while at < len(self.text):
            if self.text[at] == "[":
                table, at = self._header(at)
                self.ends[table] = (at, "")
            else:
                start = self.text.rfind("\n", 0, at) + 1
                indent = self.text[start:at]
                at = self._pair(table, at)
                self.ends[table] = (at, indent)
            at = self._skip_blank(at)

    def _header(self, at: int) -> tuple[Address, int]:
        """A `[table]` or `[[array of tables]]` header; gives the address of its keys."""
        brackets = 2 if self.text.startswith("[[", at) else 1
        parts, after = _key(self.text, at + brackets)
        address: Address = ()
        for part in parts[:-1]:
            address = (*address, part)
            self._note(address, at)
            if address in self._elements:
                address = (*address, self._elements[address] - 1)
        address = (*address, parts[-1])
        self._note(address, at)
        if brackets == 2:
            count = self._elements[address] = self._elements.get(address, 0) + 1
            address = (*address, count - 1)
            self._note(address, at)
        return address, after + brackets

    def _pair(self, table: Address, at: int) -> int:
        """`key = value`; gives the index after the value."""
        parts, after = _key(self.text, at)
        address = table
        for part in parts:
            address = (*address, part)
            self._note(address, at)
        return self._value(address, self._skip_blank(after + 1))  # + 1: the equals sign

    def _value(self, address: Address, at: int) -> int:
        self._note(address, at)
        opening = self.text[at]
        if opening == "[":
            end = self._list(address, at + 1)
        elif opening == "{":
            end = self._inline_table(address, at + 1)
        else:
            end = (_TEXT.match(self.text, at) or _BARE.match(self.text, at)).end()  # type: ignore[union-attr]
        self.values[address] = (at, at + len(self.text[at:end].rstrip()))
        return end

    def _list(self, address: Address, at: int) -> int:
        count = 0
        while self.text[at := self._skip_blank(at)] != "]":
            if self.text[at] == ",":
                at += 1
            else:
                at = self._value((*address, count), at)
                count += 1
        return at + 1

    def _inline_table(self, address: Address, at: int) -> int:
        while self.text[at := self._skip_blank(at)] != "}":
            at = at + 1 if self.text[at] == "," else self._pair(address, at)
        return at + 1

    def _skip_blank(self, at: int) -> int:
        return _BLANK.match(self.text, at).end()  # type: ignore[union-attr]

    def _note(self, address: Address, at: int) -> None:
        self.lines.setdefault(address, bisect.bisect_left(self._ends, at) + 1)
