"""queue-import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, suggest
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.queue.importing import import_queue, once

if TYPE_CHECKING:
    from typing import Literal

    from fairway_scripts.calls.tool_calls import QueueImport
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.queue_shapes import Imported

_COUNTS: tuple[Literal["added", "changed", "left", "archived"], ...] = ("added", "changed", "left", "archived")


def run(args: QueueImport) -> int:
    """Import the queue file and print what became of its tasks; with LEGACY_DB also state and records of an old one."""
    if args.legacy_db:
        from fairway_scripts.project.installation import missing_packages

        missing_packages()  # an interpreter that lacks some gives way to another before anything is written
    project = open_as_it_is(args)
    if args.legacy_db:
        return _import_legacy(project, args)
    outcome = once(project, args, lambda: import_queue(project, dry_run=args.dry_run))
    answer(args, outcome, [_queue_line(outcome)])
    if outcome["warnings"]:
        say(f"{outcome['warnings']} warning(s): {suggest('queue-validate')}")
    return OK


def _import_legacy(project: Project, args: QueueImport) -> int:
    from fairway_scripts.cutover.bridge.legacy import legacy_lines
    from fairway_scripts.cutover.bridge.legacy_import import draft_mapping, import_legacy

    if args.write:
        draft = draft_mapping(project, args.legacy_db)
        added = [f"wrote {name} into {draft['profile']}" for name in draft["added"]]
        answer(args, draft, [*legacy_lines(draft), *(added or [f"{draft['profile']} says all of it already"])])
        return OK
    outcome = once(project, args, lambda: import_legacy(project, args.legacy_db, dry_run=args.dry_run))
    answer(args, outcome, [*legacy_lines(outcome), _queue_line(outcome["queue"])])
    return OK


def _queue_line(outcome: Imported) -> str:
    if outcome["unchanged"]:
        return f"nothing new since the last import of {outcome['tasks']} tasks from {outcome['path']}"
    verb = "would import" if outcome["dry_run"] else "imported"
    counts = ", ".join(f"{outcome[name]} {name}" for name in _COUNTS)
    return f"{verb} {outcome['tasks']} tasks from {outcome['path']}: {counts}"
