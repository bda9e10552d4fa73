"""fairway-tracker export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest, suggest_again
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.queue.opening import open_project
from fairway_scripts.trackers.commands.telling import finding_lines, refuse_findings, services
from fairway_scripts.trackers.exporting import export
from fairway_scripts.trackers.linking import rows_of

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayTrackerExport


def run(args: FairwayTrackerExport) -> int:
    """Post or change the comments of a task's links, or of all links."""
    if not args.task_id and not args.everything:
        line = suggest_again(args, TASK_ID=None)
        raise FairwayError("usage", "nothing is chosen: TASK_ID, or ALL for every link, is required", line)
    project = open_project(args)
    with project.store.read() as tx:
        rows = rows_of(tx, task_id=args.task_id, tracker=args.tracker.strip())
    if not rows:
        what = f"{args.task_id} has no link" if args.task_id else "no task is linked to an issue"
        raise FairwayError("not_found", what, suggest("fairway-tracker link", TASK_ID=args.task_id or None, ISSUE=None))
    with services(project, args) as service:
        done = export(project, args, rows, service)
    lines = [f"{row['action']}  {row['task_id']}  {row['tracker']}  {row['issue']}" for row in done["links"]]
    answer(args, done, [*lines, *finding_lines(done["findings"])])
    if done["dry_run"]:
        say("nothing was sent")
    refuse_findings(done["findings"])
    return OK
