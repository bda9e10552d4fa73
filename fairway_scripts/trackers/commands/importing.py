"""fairway-tracker import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest_again
from fairway_scripts.calls.answer import answer, say, shown
from fairway_scripts.queue.commands.task_fields import open_for_new
from fairway_scripts.trackers.commands.telling import finding_lines, refuse_findings, services
from fairway_scripts.trackers.importing import import_issues
from fairway_scripts.trackers.opening import chosen_tracker

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayTrackerImport


def run(args: FairwayTrackerImport) -> int:
    """Make tasks of the issues that are named, and say which are left alone and why."""
    if not args.issue.strip() and not args.label.strip():
        line = suggest_again(args, ISSUE=None)
        raise FairwayError("usage", "nothing is chosen: ISSUE or LABEL is required", line)
    project = open_for_new(args)
    tracker = chosen_tracker(project, args)
    with services(project, args) as service:
        done = import_issues(project, args, tracker, service(tracker["name"]))
    lines = [f"{row['task_id']}  {row['lane']}  {row['issue']}  {shown(row['title'])}" for row in done["imported"]]
    answer(args, done, [*lines, *finding_lines(done["findings"])])
    for row in done["linked_before"]:
        say(f"{row['issue']} is {row['task_id']} already")
    if done["dry_run"]:
        say("nothing was written: this is what would be")
    refuse_findings(done["findings"])
    return OK
