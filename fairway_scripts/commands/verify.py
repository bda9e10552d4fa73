"""queue-verify."""

from __future__ import annotations

from typing import Any

from fairway_scripts.errors import OK, FairwayError
from fairway_scripts.operations.unopened import find_project
from fairway_scripts.operations.verification import verify
from fairway_scripts.render.answer import answer


def run(args: Any) -> int:
    """Check the store; every problem is a line."""
    project = find_project(args)
    found = verify(project)
    problems = found["problems"]
    lines = [f"ok: {found['events']} events, {found['tasks']} tasks", *_unproven(found["unproven"])]
    answer(args, found, [f"{problem['check']}: {problem['message']}" for problem in problems] or lines)
    if problems:
        raise FairwayError(
            "verify_failed",
            f"{project.show(found['path'])} has {len(problems)} problem(s); the first: {problems[0]['message']}",
            "make queue-restore FROM=GOOD_BACKUP FORCE=1 (what is there is backed up first, or set aside when damaged)",
            path=found["path"],
        )
    return OK


def _unproven(rows: Any) -> list[str]:
    """What cannot be checked of the past of an older store, in one line, or nothing."""
    if not rows or not rows["rows"]:
        return []
    tables = ", ".join(f"{count} of {table}" for table, count in rows["tables"].items())
    since = f"were recorded by an older version and are held only since event {rows['event_id']}"
    return [f"cannot be checked: {rows['rows']} rows {since}: {tables}"]
