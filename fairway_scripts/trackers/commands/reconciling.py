"""fairway-tracker reconcile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, suggest_again
from fairway_scripts.calls.answer import answer, say, shown
from fairway_scripts.project.changes import repeated_answer
from fairway_scripts.queue.opening import open_project
from fairway_scripts.trackers.commands.telling import finding_lines, refuse_findings, services
from fairway_scripts.trackers.linking import rows_of
from fairway_scripts.trackers.opening import trackers
from fairway_scripts.trackers.reconciling import look_at, reconcile

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayTrackerReconcile
    from fairway_scripts.trackers.tracker_shapes import LinkProposal, Reconciled

#: Characters of a value that are shown; `--json` has all of it.
_LONGEST = 60


def run(args: FairwayTrackerReconcile) -> int:
    """Show what has gone apart since task and issue last agreed; with APPLY, do it on our side."""
    project = open_project(args)
    found: Reconciled | None = repeated_answer(project, args) if args.apply else None
    if found is None:
        with project.store.read() as tx:
            rows = rows_of(tx, task_id=args.task_id, tracker=args.tracker.strip())
        with services(project, args) as service:
            pairs = look_at(rows, trackers(project), service)
        found = reconcile(project, args, pairs)
    answer(args, found, [*map(_line, found["proposals"]), *finding_lines(found["findings"])])
    if not found["proposals"]:
        say(f"{found['links']} link(s), nothing to do")
    elif found["applied"]:
        say(f"{len(found['proposals'])} done, all on this side")
    else:
        say(f"nothing was changed; to do it: {suggest_again(args, APPLY=True, PLAN=found['plan'])}")
    refuse_findings(found["findings"])
    return OK


def _line(row: LinkProposal) -> str:
    values = "  ".join(f"{side}={_short(row[side])}" for side in ("base", "theirs", "ours"))
    return f"{row['does']}  {row['task_id']}  {row['issue']}  {row['field']}  {values}"


def _short(value: str) -> str:
    text = shown(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
