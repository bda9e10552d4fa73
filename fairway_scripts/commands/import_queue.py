"""queue-import."""

from __future__ import annotations

from typing import Any

from fairway_scripts.errors import OK
from fairway_scripts.operations.importing import import_queue
from fairway_scripts.operations.project import open_project
from fairway_scripts.render.answer import answer, say, say_all


def run(args: Any) -> int:
    """Import the queue file and print what became of its tasks."""
    project = open_project(args, sync=False)
    outcome = import_queue(project, dry_run=args.dry_run)
    say_all(project.notes)
    verb = "would import" if outcome["dry_run"] else "imported"
    counts = ", ".join(f"{outcome[name]} {name}" for name in ("added", "changed", "left", "archived"))
    if outcome["unchanged"]:
        verb = "nothing new since the last import of"
        answer(args, outcome, [f"{verb} {outcome['tasks']} tasks from {outcome['path']}"])
        return OK
    answer(args, outcome, [f"{verb} {outcome['tasks']} tasks from {outcome['path']}: {counts}"])
    if outcome["warnings"]:
        say(f"{outcome['warnings']} warning(s): make queue-validate")
    return OK
