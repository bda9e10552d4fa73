"""queue-verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer
from fairway_scripts.project.opening import find_project
from fairway_scripts.upkeep.verification import verify

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueVerify
    from fairway_scripts.upkeep.upkeep_shapes import ComparedAnchor, Unproven


def run(args: QueueVerify) -> int:
    """Check the store; every problem is a line."""
    project = find_project(args)
    found = verify(project, args.anchor, args.allowed_signers)
    problems = found["problems"]
    lines = [f"ok: {found['events']} events, {found['tasks']} tasks", *_unproven(found["unproven"])]
    lines += [_anchored(anchor) for anchor in found["anchors"] or []]
    answer(args, found, [f"{problem['check']}: {problem['message']}" for problem in problems] or lines)
    if problems:
        raise FairwayError(
            "verify_failed",
            f"{project.show(found['path'])} has {len(problems)} problem(s); the first: {problems[0]['message']}",
            suggest("queue-restore", FROM=None, FORCE=True),
            path=found["path"],
        )
    return OK


def _unproven(rows: Unproven | None) -> list[str]:
    """What cannot be checked of the past of an older store, in one line, or nothing."""
    if not rows or not rows["rows"]:
        return []
    tables = ", ".join(f"{count} of {table}" for table, count in rows["tables"].items())
    since = f"were recorded by an older version and are held only since event {rows['event_id']}"
    return [f"cannot be checked: {rows['rows']} rows {since}: {tables}"]


def _anchored(anchor: ComparedAnchor) -> str:
    """Which anchor is part of the ledger, how old it is, how much came since, and who signed it."""
    signed = {
        "none": "not signed",
        "not_compared": f"signed by {anchor['signer']}, which was compared with no list of allowed signers",
        "good": f"signed by {anchor['signer']}",
    }
    age = clock.span_text(anchor["age_seconds"])
    return (
        f"anchor {anchor['commit'][:12]} of {anchor['ref']}: event {anchor['event_id']} is part of it, {age} old, "
        f"{anchor['events_since']} events since, {signed.get(anchor['signature'], 'badly signed')}"
    )
