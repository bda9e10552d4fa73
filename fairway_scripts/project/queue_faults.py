"""The faults of a queue file as a refusal tells them: one line each, and the command that mends the first kind."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairway_scripts.base.errors import Hint
    from fairway_scripts.base.faults import Fault
    from fairway_scripts.project.change_shapes import ToldFault
    from fairway_scripts.project.project import Project

#: Words of a file that the configuration does not have: the code of the fault -> how its message begins, and the
#: action that declares them.
_DECLARES = {
    "unknown_lane": ("unknown lane ", "add-lane"),
    "unknown_profile": ("unknown profile ", "add-profile"),
    "unknown_domain": ("unknown review domain ", "add-domain"),
}


def told(faults: Iterable[Fault]) -> list[ToldFault]:
    """Faults as they are told and kept, each with its line."""
    return [
        {
            "path": fault.path,
            "line": fault.line,
            "task_id": fault.task_id,
            "field": fault.field,
            "severity": fault.severity,
            "code": fault.code,
            "message": fault.message,
            "text": fault.text(),
        }
        for fault in faults
    ]


def grouped(faults: Sequence[ToldFault]) -> list[str]:
    """The lines of faults, in their order; one that several tasks have in the same words is told once, with a count."""
    alike: dict[tuple[str, str], list[ToldFault]] = {}
    for fault in faults:
        alike.setdefault((fault["field"], fault["message"]), []).append(fault)
    return [found[0]["text"] + (f" (and {len(found) - 1} more)" if found[1:] else "") for found in alike.values()]


def line_that_declares(faults: Sequence[ToldFault]) -> Hint | str:
    """The command that declares in the configuration what the file names and nobody knows; "" for other faults.

    Where several kinds of words are missing it is the line for the first of them.
    """
    for code, (begin, action) in _DECLARES.items():
        told = [fault["message"] for fault in faults if fault["code"] == code and fault["message"].startswith(begin)]
        words = [message.removeprefix(begin).rpartition("; known: ")[0] for message in told]
        names = list(dict.fromkeys(word for word in words if word))
        if names:
            return suggest("fairway-config", action, *names)
    return ""


def broken_file(project: Project, faults: Sequence[ToldFault]) -> FairwayError:
    """The refusal that lists the faults of the queue file; one that many tasks have is listed once."""
    lines = grouped(faults)
    shown = "\n".join(lines[:20])
    more = f"\n... and {len(lines) - 20} more" if len(lines) > 20 else ""
    return FairwayError(
        "invalid_queue",
        f"{project.show(project.queue.path)} has {len(faults)} fault(s):\n{shown}{more}",
        line_that_declares(faults) or suggest("queue-validate"),
        faults=faults,
    )
