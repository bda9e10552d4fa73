"""Reading a document that a utility was given: a file or standard input, of bounded size."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.base.regular_files import read_stream

if TYPE_CHECKING:
    from collections.abc import Iterable

#: No report of a build is larger; what is larger is not what was meant.
MAX_BYTES = 64 * 1024 * 1024
STANDARD_INPUT = "-"
#: The origin of a document that a command wrote.
COMMAND = "command"


class Document(NamedTuple):
    """A document as it was given.

    `path` is the name that faults show, `name` the one of artifacts (without folders), `given` the word of the command
    line: a path, `-`, or a command when `origin` is `command`.
    """

    path: str
    name: str
    data: bytes
    given: str
    origin: str = "file"


def read_document(path: str, limit: int = MAX_BYTES) -> Document:
    """The bytes of the file or pipe `path`, or of standard input for `-`.

    Raises FairwayError: `not_found`, `file_unavailable`, `invalid_document` (more than `limit` bytes).
    """
    shown = "standard input" if path == STANDARD_INPUT else path
    try:
        data = sys.stdin.buffer.read(limit + 1) if path == STANDARD_INPUT else read_stream(path, limit)
    except FileNotFoundError:
        raise FairwayError(
            "not_found", f"there is no file {shown}", suggest_program("ls", "-l", os.path.dirname(path) or ".")
        ) from None
    except OSError as problem:
        if problem.errno == errno.EFBIG:
            refuse_faults(shown, [Fault(shown, 0, "", "", ERROR, "too_large", f"has more than {limit} bytes")])
        reason = problem.strerror or str(problem)
        raise FairwayError(
            "file_unavailable", f"{shown}: cannot be read: {reason}", suggest_program("ls", "-l", shown)
        ) from problem
    if len(data) > limit:
        refuse_faults(shown, [Fault(shown, 0, "", "", ERROR, "too_large", f"has more than {limit} bytes")])
    return Document(shown, os.path.basename(shown), data, path)


def refuse_faults(path: str, faults: Iterable[Fault], hint: str = "") -> None:
    """Raise FairwayError `invalid_document` with every error among `faults`; nothing when there is none."""
    errors = [fault for fault in faults if fault.severity == ERROR]
    if not errors:
        return
    listing = "\n".join(fault.text() for fault in errors)
    raise FairwayError(
        "invalid_document",
        f"{path} has {len(errors)} fault{'s' if len(errors) > 1 else ''}:\n{listing}",
        hint or "mend the document, or write it again with the tool that it comes from",
        faults=[fault.as_json() for fault in errors],
    )
