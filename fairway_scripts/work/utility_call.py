"""What the utilities share: an artifact is printed, written to OUTPUT, and with ATTACH recorded as evidence.

A utility observes and formats. The same inputs give the same bytes: nothing of the clock, of the host or of an id
goes into an artifact unless the call names it (AT).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import say, write
from fairway_scripts.calls.artifact import json_text, markdown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fairway_scripts.calls.tool_calls import UtilityCall
    from fairway_scripts.project.project import Project
    from fairway_scripts.work.work_shapes import Kept


def finish(
    args: UtilityCall,
    data: Mapping[str, object],
    markdown: Iterable[str],
    *,
    result: str = "",
    title: str = "",
    project: Project | None = None,
    refusal: FairwayError | None = None,
) -> int:
    """Print an artifact and keep it where the call says; the exit code.

    `data` is the artifact as plain data (JSON prints it with its schema), `markdown` its lines. `result` is the word
    of evidence for what was observed (pass, fail, partial, skipped, blocked): ATTACH records it and JSON says it, so
    that a bundle can; a report that observes no more than what is recorded has none, and is attached as pass. `title`
    is the note of that evidence.
    `project` is opened here when ATTACH needs one and it is None. `refusal` is raised once everything is printed and
    kept, when the answer is no. Raises FairwayError: `not_found`, `file_unavailable`, `fence_outdated`.
    """
    data = {"result": result, **data} if result else data
    text = json_text(args.tool, data, pretty=args.pretty) if args.json else markdown_text(markdown)
    task_id = args.attach_to.strip()
    if task_id:
        kept, project = _attach(args, project, task_id, text, result or "pass", title)
        write(args, kept["text"])
        say(f"attached to {task_id} as evidence {kept['evidence_id']}, sha256 {kept['sha256']}")
    else:
        write(args, text)
    if refusal is not None:
        raise refusal
    return OK


def _attach(
    args: UtilityCall, project: Project | None, task_id: str, text: str, result: str, title: str
) -> tuple[Kept, Project]:
    from fairway_scripts.queue.opening import open_project
    from fairway_scripts.work.artifacts import attach

    opened = project or open_project(args)
    kept = attach(opened, args, task_id, text, result=result, title=title or args.tool)
    return kept, opened


def time_named(text: str, tool: str) -> str:
    """AT as an artifact shows it, "" for none; raises FairwayError `usage` for what is no time."""
    if not text.strip():
        return ""
    try:
        clock.text(clock.moment(text))
    except (ValueError, OverflowError):
        raise FairwayError(
            "usage", f"AT {text!r} is no time such as 2026-05-04T10:00:00Z", suggest(tool, "--help")
        ) from None
    return text.strip()


def counted_from(text: str, tool: str) -> str:
    """The stored time from which an artifact counts ages: AT, else now; raises FairwayError `usage`.

    A day or a time without a zone is UTC, so that one call makes the same artifact on every machine.
    """
    named = time_named(text, tool)
    return clock.text(clock.moment(named)) if named else clock.now()
