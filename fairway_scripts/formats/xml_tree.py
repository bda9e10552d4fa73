"""XML read as it comes: containers are entered and left, everything else is handed over as small plain elements.

A report of 25 MB never stands in memory as a tree. Nothing outside the document is ever opened; a document type that
declares something, which is where entities come from, is refused.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol
from xml.parsers import expat

from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.formats.text_tree import MAX_DEPTH
from fairway_scripts.formats.xml_bytes import readable_xml

if TYPE_CHECKING:
    from collections.abc import Collection


class Element:
    """One element: its tag without a namespace, attributes, text of its own, children and line."""

    __slots__ = ("attributes", "children", "line", "pieces", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.line = line
        self.children: list[Element] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """The character data of the element itself."""
        return "".join(self.pieces)


class Receiver(Protocol):
    """Who takes a document as it is read."""

    @property
    def whole(self) -> Collection[str]:
        """Tags that are handed over whole, with all that is in them, when they end; all others are containers."""

    @property
    def silent(self) -> Collection[str]:
        """Tags whose text nobody wants."""

    def enter(self, element: Element) -> None:
        """Take the beginning of a container; its children come later."""

    def leave(self) -> None:
        """Take the end of the container that was entered last."""

    def take(self, element: Element) -> None:
        """Take a whole element directly inside the container that was entered last."""


class _RefusedError(Exception):
    """Reading cannot go on; the fault is on the list."""


def read_xml(data: bytes, path: str, receiver: Receiver) -> list[Fault]:
    """Read one XML document and hand it to `receiver`; `path` is the name that faults show.

    Faults (never raised), each with its line: what `readable_xml` finds, syntax, a document type that declares
    something, nesting over 64. After an error the receiver has seen the beginning only.
    """
    text, faults = readable_xml(data, path)
    if any(fault.severity == ERROR for fault in faults):
        return faults
    reader = _Reader(path, receiver)
    try:
        reader.parser.Parse(text, True)  # noqa: FBT003 - expat takes no keywords
    except _RefusedError:
        pass
    except expat.ExpatError as error:
        what = f"not valid XML: {expat.ErrorString(error.code)} (column {error.offset + 1})"
        reader.faults.append(Fault(path, error.lineno, "", "", ERROR, "xml_syntax", what))
    return faults + reader.faults


def outermost_tag(data: bytes, path: str) -> str:
    """The tag of the outermost element, without its namespace, of a document or its beginning; "" for none."""
    text, _faults = readable_xml(data, path)
    found: list[str] = []

    def start(tag: str, _attributes: dict[str, str]) -> None:
        found.append(tag.rpartition(":")[2])
        raise _RefusedError

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    with suppress(_RefusedError, expat.ExpatError):
        parser.Parse(text, True)  # noqa: FBT003 - expat takes no keywords
    return found[0] if found else ""


class _Reader:
    """The handlers of one parse."""

    def __init__(self, path: str, receiver: Receiver) -> None:
        self.path = path
        self.receiver = receiver
        self.faults: list[Fault] = []
        self.depth = 0
        #: the element that is handed over whole, and what is open in it
        self.open: list[Element] = []
        self.parser = expat.ParserCreate("utf-8", intern={})
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.SkippedEntityHandler = self._skipped
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._declaration

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._stop("too_deep", f"nested deeper than {MAX_DEPTH} levels")
        element = Element(tag.rpartition(":")[2], attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(element)
            self.open.append(element)
        elif self.depth > 1 and element.tag in self.receiver.whole:
            self.open.append(element)
        else:
            self.receiver.enter(element)

    def _end(self, _tag: str) -> None:
        self.depth -= 1
        if not self.open:
            self.receiver.leave()
            return
        element = self.open.pop()
        if not self.open:
            self.receiver.take(element)

    def _characters(self, text: str) -> None:
        if self.open and self.open[-1].tag not in self.receiver.silent:
            self.open[-1].pieces.append(text)

    def _skipped(self, name: str, is_parameter: bool) -> None:  # noqa: FBT001 - expat's order
        if not is_parameter:
            self._characters(f"&{name};")

    def _doctype(self, _name: str, _system: str | None, _public: str | None, declares: int) -> None:
        if declares:
            self._declaration()

    def _declaration(self, *_declaration: object) -> None:
        self._stop("doctype", "a document type that declares something (ENTITY) is not allowed; remove it")

    def _stop(self, code: str, message: str) -> None:
        self.faults.append(Fault(self.path, self.parser.CurrentLineNumber, "", "", ERROR, code, message))
        raise _RefusedError
