"""What a reader of YAML or JSON hands on: plain maps, lists and text that remember their lines."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.faults import ERROR, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    #: anything that a document has in it
    Node: TypeAlias = "TextMap | TextList | str | None"

#: Deeper nesting is refused: no queue needs it, and readers that recurse die of it.
MAX_DEPTH = 64

_LINE_END = re.compile(r"\r\n?|\n")
# What YAML forbids; naming what it allows instead takes fifteen times as long to compile.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class TextMap(dict[str, "Node"]):
    """A mapping of a document: `line` is its first line, `lines` the line of each key (1-based).

    `plain` names the keys whose value was written without quotes and begins as a number, a date, a
    symbol or a YAML word begins: the only values that another reader may take for something but text.
    """

    __slots__ = ("line", "lines", "plain")

    def __init__(self, line: int) -> None:
        self.line = line
        self.lines: dict[str, int] = {}
        self.plain: tuple[str, ...] = ()


class TextList(list["Node"]):
    """A list of a document: `line` is its first line, `lines` the line of each item (1-based)."""

    __slots__ = ("line", "lines", "plain")

    def __init__(self, line: int) -> None:
        self.line = line
        self.lines: list[int] = []
        self.plain: tuple[int, ...] = ()


class Reading(NamedTuple):
    """A document read: its value (`TextMap`, `TextList`, text or None) and everything found wrong on the way."""

    value: Node
    faults: list[Fault]


class UnreadableError(Exception):
    """Reading cannot go on; the fault that says why is already on the reader's list."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the cycle collector off while a large tree without cycles is built: it would walk it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def decode(data: bytes, path: str) -> tuple[str, list[Fault]]:
    """The text of a UTF-8 file without its byte order mark, or `""` and the fault at the line of the first bad byte."""
    try:
        return data.decode("utf-8").removeprefix("\ufeff"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{data[error.start]:02x} is not valid UTF-8; save the file as UTF-8"
        return "", [Fault(path, line, "", "", ERROR, "invalid_utf8", what)]


def move_lines(value: object, moved: Callable[[int], int]) -> None:
    """Give every map and list within `value` (itself included) the lines that `moved` makes of theirs."""
    waiting: list[object] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, TextMap):
            node.line = moved(node.line)
            node.lines.update({key: moved(at) for key, at in node.lines.items()})
            waiting.extend(node.values())
        elif isinstance(node, TextList):
            node.line = moved(node.line)
            node.lines[:] = [moved(at) for at in node.lines]
            waiting.extend(node)


def line_at(text: str, index: int) -> int:
    """The 1-based line of a character; a line ends with LF, CR LF or CR, as editors count."""
    return sum(1 for _ in _LINE_END.finditer(text, 0, index)) + 1


def unprintable(text: str, path: str) -> Fault | None:
    """The first character that a document may not hold (NUL, control characters, lone surrogates), or None."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    what = f"character U+{ord(found[0]):04X} is not allowed in a text file; remove it"
    return Fault(path, line_at(text, found.start()), "", "", ERROR, "control_character", what)
