"""What becomes of a fault that nobody foresaw as a refusal, at the boundary of a tool."""

from __future__ import annotations

import os
import traceback

from fairway_scripts.base.errors import FairwayError

_REPORT = "this is a fault of the tool; please report it with the text above"


def refusal_of(fault: Exception) -> FairwayError:
    """The refusal that a fault ends a tool with.

    `file_unavailable` where the system refused a file that it names: that is a fact about the machine, which the
    caller can mend, and where the folder of the call has a name that is not in UTF-8, which no store can hold.
    Everything else is `internal`, with its traceback.
    """
    if isinstance(fault, OSError) and isinstance(fault.filename, (str, bytes)) and fault.filename:
        return FairwayError("file_unavailable", f"{os.fsdecode(fault.filename)}: {fault.strerror or fault}")
    if isinstance(fault, UnicodeEncodeError) and not _is_text(here := os.getcwd()):
        return FairwayError("file_unavailable", f"{here!r} is not in UTF-8: give the folder another name")
    told = "".join(traceback.format_exception(fault))
    return FairwayError("internal", f"{type(fault).__name__}: {fault}", _REPORT, traceback=told.splitlines())


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
