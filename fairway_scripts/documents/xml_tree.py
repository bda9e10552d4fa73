"""XML read into plain elements that know their lines; a document type, which entities come from, is refused."""

from __future__ import annotations

from typing import Any, NamedTuple
from xml.parsers import expat

from fairway_scripts.documents.text_tree import MAX_DEPTH, decode
from fairway_scripts.rules.faults import ERROR, Fault


class Element:
    """One element: its tag without a namespace, attributes, text (its own and its parts'), children and line."""

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


class XmlReading(NamedTuple):
    """A document read: its outermost element (None after a fault) and everything found wrong on the way."""

    root: Element | None
    faults: list[Fault]


class _RefusedError(Exception):
    """Reading cannot go on; the fault is on the list."""


def read_xml(data: bytes, path: str) -> XmlReading:
    """Read one XML document in UTF-8; `path` is the name that faults show.

    Faults (never raised), each with its line: invalid UTF-8, syntax, a document type or entity declaration, nesting
    over 64. Nothing outside the document is ever opened.
    """
    text, faults = decode(data, path)
    if faults:
        return XmlReading(None, faults)
    builder = _Builder(path)
    try:
        builder.parser.Parse(text.encode(), True)  # noqa: FBT003 - expat takes no keywords
    except _RefusedError:
        return XmlReading(None, builder.faults)
    except expat.ExpatError as error:
        what = f"not valid XML: {expat.ErrorString(error.code)} (column {error.offset + 1})"
        return XmlReading(None, [Fault(path, error.lineno, "", "", ERROR, "xml_syntax", what)])
    return XmlReading(builder.root, [])


class _Builder:
    """The handlers of one parse."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.root: Element | None = None
        self.open: list[Element] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.EntityDeclHandler = self._refuse_doctype

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= MAX_DEPTH:
            self._stop("too_deep", f"nested deeper than {MAX_DEPTH} levels")
        element = Element(tag.rpartition(":")[2], attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _tag: str) -> None:
        self.open.pop()

    def _characters(self, text: str) -> None:
        self.open[-1].pieces.append(text)

    def _refuse_doctype(self, *_declaration: Any) -> None:
        self._stop("doctype", "a document type (DOCTYPE, ENTITY) is not allowed; remove it")

    def _stop(self, code: str, message: str) -> None:
        self.faults.append(Fault(self.path, self.parser.CurrentLineNumber, "", "", ERROR, code, message))
        raise _RefusedError
