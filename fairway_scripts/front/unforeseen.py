"""What becomes of a fault that nobody foresaw as a refusal, at the boundary of a tool."""

from __future__ import annotations

import os
import traceback

from fairway_scripts.base.errors import FairwayError

_REPORT = "this is a fault of the tool; please report it with the text above"


def refusal_of(fault: Exception) -> FairwayError:
    """The refusal that a fault ends a tool with.

    `file_unavailable` where the system refused a file that it names: that is a fact about the machine, which the
    caller can mend. Everything else is `internal`, with its traceback.
    """
    if isinstance(fault, OSError) and isinstance(fault.filename, (str, bytes)) and fault.filename:
        return FairwayError("file_unavailable", f"{os.fsdecode(fault.filename)}: {fault.strerror or fault}")
    told = "".join(traceback.format_exception(fault))
    return FairwayError("internal", f"{type(fault).__name__}: {fault}", _REPORT, traceback=told.splitlines())
