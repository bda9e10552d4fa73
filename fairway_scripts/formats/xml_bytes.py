"""XML of other programs as UTF-8 that a parser takes: the declared encoding honoured, forbidden characters shown.

Test runners copy what a test printed into their reports, colours and half characters included, and XML knows no way to
write most of that. A report is not lost for it.
"""

from __future__ import annotations

import codecs
import re

from fairway_scripts.base.faults import ERROR, WARNING, Fault
from fairway_scripts.formats.foreign_text import marked_encoding, undecodable

#: How much is decoded at a time, so that a large report never stands in memory as text.
_PIECE = 1 << 20
_SHOWN = b"\xef\xbf\xbd"  # U+FFFD
_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]{0,400}\?>")
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
#: Encodings in which the declaration itself cannot be read as ASCII: only a byte order mark or the bytes tell them.
_WIDE = re.compile(r"utf-?(16|32)|ucs-?[24]|iso-10646", re.IGNORECASE)
#: What reads the same in every encoding that a declaration can name.
_PROBE = bytes(range(0x20, 0x5C)) + bytes(range(0x5D, 0x7F)) + rb"\u0041"
_COLOUR = rb"(?:\x1b|&#(?:0*27|x0*1[bB]);)\[[0-9;?]*[A-Za-z]"
_FORBIDDEN = rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
_REFERENCE = rb"&#(?:x[0-9A-Fa-f]{1,8}|[0-9]{1,10});"
_SUSPECT = re.compile(_FORBIDDEN + rb"|&#")
#: Sections whose text is no markup (an open one lasts to the end), colours, characters, references and pairs of them.
_PARTS = re.compile(
    rb"(?P<section><!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))"
    rb"|(?P<colour>" + _COLOUR + rb")|(?P<character>" + _FORBIDDEN + rb")"
    rb"|(?P<pair>&#(?:x0*[dD][89ABab][0-9A-Fa-f]{2}|5[56][0-9]{3});&#(?:x0*[dD][C-Fc-f][0-9A-Fa-f]{2}|5[67][0-9]{3});)"
    rb"|(?P<reference>" + _REFERENCE + rb")",
    re.DOTALL,
)
_IN_SECTION = re.compile(rb"(?P<colour>" + _COLOUR + rb")|(?P<character>" + _FORBIDDEN + rb")")


def readable_xml(data: bytes, path: str) -> tuple[bytes, list[Fault]]:
    """The document as UTF-8 without its declaration, its lines where they were, and what was found on the way.

    Bytes that the encoding does not have and characters that XML forbids (written out or as a reference) are shown as
    U+FFFD, colour codes are left out; a warning says so with the line of the first. An encoding that is not known is
    an error, since a guess would show other letters than were written.
    """
    encoding, start, fault = _encoding(data, path)
    if fault:
        return b"", [fault]
    text, faults = _as_utf8(data[start:] if start else data, encoding, path)
    declaration = _DECLARATION.match(text)
    if declaration:
        text = b"\n" * declaration[0].count(b"\n") + text[declaration.end() :]
    if _SUSPECT.search(text):
        text, found = _without_forbidden(text, path)
        faults += found
    return text, faults


def _encoding(data: bytes, path: str) -> tuple[str, int, Fault | None]:
    """(encoding, length of the byte order mark, the fault of an encoding that is not known)."""
    name, start = marked_encoding(data)
    if name:
        return name, start, None
    if data[:4].lstrip(b"\x00")[:1] == b"<" and b"\x00" in data[:4]:
        return ("utf-16-be" if data[:1] == b"\x00" else "utf-16-le"), 0, None
    declaration = _DECLARATION.match(data)
    declared = _ENCODING.search(declaration[0]) if declaration else None
    if declared is None:
        return "utf-8", 0, None
    word = declared[1].decode("ascii")
    if _WIDE.match(word):
        return "utf-8", 0, None  # declared in bytes that are plainly not in it
    try:
        # Python's codecs also hold what is no encoding (base64, idna, undefined), or makes markup of `\u003c`
        known = _PROBE.decode(word, "replace") == _PROBE.decode("ascii")
    except (LookupError, ValueError):
        known = False
    if not known:
        what = f"declares the encoding {word!r}, which is not known here; write it as UTF-8"
        return "", 0, Fault(path, 1, "", "", ERROR, "unknown_encoding", what)
    return codecs.lookup(word).name, 0, None


def _as_utf8(data: bytes, encoding: str, path: str) -> tuple[bytes, list[Fault]]:
    """The bytes as UTF-8: the very same object where they are UTF-8 already."""
    line = 1
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    pieces: list[bytes] | None = [] if encoding not in ("utf-8", "ascii") else None
    at = 0
    while at < len(data):
        piece = data[at : at + _PIECE]
        try:
            text = decoder.decode(piece, final=at + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            fault = undecodable(path, line + _lines_before(error), error)
            return data.decode(encoding, "replace").encode(), [fault]
        line += text.count("\n")
        at += _PIECE
        if pieces is not None:
            pieces.append(text.encode("utf-8", "replace"))
    return (data if pieces is None else b"".join(pieces)), []


def _lines_before(error: UnicodeDecodeError) -> int:
    return error.object[: error.start].decode(error.encoding, "replace").count("\n")


def _without_forbidden(text: bytes, path: str) -> tuple[bytes, list[Fault]]:
    cleaner = _Cleaner(text)
    cleaner.copy(_PARTS, 0, len(text))
    cleaned = bytes(cleaner.copied)
    if not cleaner.name:
        return cleaned, []
    line = text.count(b"\n", 0, cleaner.place) + 1
    seen = f"holds characters that XML does not allow ({cleaner.name} first)"
    what = f"{seen}: colours are left out, others shown as U+FFFD"
    return cleaned, [Fault(path, line, "", "", WARNING, "control_character", what)]


class _Cleaner:
    """Copies a document without what XML forbids and remembers the first place of it.

    It appends to one buffer: `re.sub` would keep every piece between two colours as an object of its own.
    """

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.copied = bytearray()
        self.place = 0
        self.name = ""

    def copy(self, pattern: re.Pattern[bytes], start: int, end: int) -> None:
        """Copy a part of the document in which `pattern` finds what has to be looked at."""
        view = memoryview(self.text)
        for found in pattern.finditer(self.text, start, end):
            self.copied += view[start : found.start()]
            start = found.end()
            if found.lastgroup == "section":
                self.copy(_IN_SECTION, found.start(), found.end())
            else:
                self.copied += self._instead(found)
        self.copied += view[start:end]

    def _instead(self, found: re.Match[bytes]) -> bytes:
        kind, whole = found.lastgroup, found[0]
        if kind == "reference" and _allowed(_code(whole[2:-1])):
            return whole
        if kind == "pair":
            high, low = (_code(word) for word in whole[2:-1].split(b";&#"))
            if 0xD800 <= high < 0xDC00 <= low < 0xE000:
                return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
            halves = [b"&#%d;" % code if _allowed(code) else _SHOWN for code in (high, low)]
            if _SHOWN not in halves:
                return whole
            self._note(found.start(), whole)
            return b"".join(halves)
        self._note(found.start(), whole)
        return b"" if kind == "colour" else _SHOWN

    def _note(self, place: int, what: bytes) -> None:
        if not self.name:
            first = what.partition(b";")[0].decode() + ";" if what.startswith(b"&") else ""
            self.place = place
            self.name = first or f"U+{ord(what.decode()[0]):04X}"


def _code(word: bytes) -> int:
    return int(word[1:], 16) if word[:1] == b"x" else int(word)


def _allowed(code: int) -> bool:
    """Whether XML 1.0 has the character (production 2)."""
    return code in (0x9, 0xA, 0xD) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
