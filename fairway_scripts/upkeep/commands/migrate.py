"""queue-migrate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.project.opening import find_project
from fairway_scripts.upkeep.maintenance import migrate

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueMigrate


def run(args: QueueMigrate) -> int:
    """Bring the store to the newest schema, or list the steps that are due."""
    project = find_project(args)
    outcome = migrate(project, dry_run=args.dry_run, adopt=args.adopt)
    if outcome["applied"]:
        lines = [f"migrated to schema {outcome['schema_version']}"]
        lines += [f"applied {name}" for name in outcome["applied"]]
    elif outcome["pending"]:
        lines = [f"{len(outcome['pending'])} step(s) are due", *(f"due {name}" for name in outcome["pending"])]
    else:
        lines = [f"nothing to do: schema {outcome['schema_version']} is the newest"]
    if args.adopt and not args.dry_run:
        lines.append(f"the store is that of {project.root} now")
    answer(args, outcome, [*lines, *pairs(outcome, "backup")])
    return OK
