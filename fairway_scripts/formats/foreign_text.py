"""The text of documents that other programs wrote: what no text may hold is shown and said, and refuses nothing."""

from __future__ import annotations

import codecs

from fairway_scripts.base.faults import WARNING, Fault

#: Byte order marks and the encodings that they stand for; the longer marks come first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def marked_encoding(data: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark names and the length of the mark, `("", 0)` without one."""
    return next(((name, len(mark)) for mark, name in _MARKS if data.startswith(mark)), ("", 0))


def decode_foreign(data: bytes, path: str) -> tuple[str, list[Fault]]:
    """The text of a document of another program, and at most one warning.

    A byte order mark says the encoding (consoles of Windows write UTF-16), else it is UTF-8. Bytes that are none are
    shown as U+FFFD, and the warning names the line of the first.
    """
    encoding, start = marked_encoding(data)
    body = data[start:]
    try:
        return body.decode(encoding or "utf-8"), []
    except UnicodeDecodeError as error:
        line = data[: start + error.start].decode(encoding or "utf-8", "replace").count("\n") + 1
        return body.decode(encoding or "utf-8", "replace"), [undecodable(path, line, error)]


def undecodable(path: str, line: int, error: UnicodeDecodeError) -> Fault:
    """The warning for bytes that the encoding does not have."""
    name = error.encoding.upper() if error.encoding.startswith("utf") else error.encoding
    what = f"byte 0x{error.object[error.start]:02x} is not {name}; such bytes are shown as U+FFFD"
    return Fault(
        path, line, "", "", WARNING, "invalid_utf8" if error.encoding.startswith("utf") else "invalid_bytes", what
    )
