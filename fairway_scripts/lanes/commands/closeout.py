"""queue-closeout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError
from fairway_scripts.calls.answer import answer, shown
from fairway_scripts.lanes.closeout import closeout
from fairway_scripts.project.lane_choice import listed_lane
from fairway_scripts.queue.opening import open_project

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueCloseout


def run(args: QueueCloseout) -> int:
    """Print what is left of work that is over, each with the line that mends it; errors fail the call."""
    project = open_project(args)
    found = closeout(project, lane=listed_lane(project, args))
    lines = []
    for item in found["findings"]:
        about = item["task_id"] or item["lane"] or item["remote"]
        lines += [f"{item['level']}  {item['check']}  {about}  {shown(item['message'])}", f"  fix: {item['fix']}"]
    where = f"{len(found['remotes'])} remote(s) as of the last fetch" if found["remotes"] else "no remote"
    lines.append(f"{'OK' if found['ok'] else 'FAILED'} {len(found['intents'])} open push intent(s), {where}")
    answer(args, found, lines)
    if not found["ok"]:
        errors = [item for item in found["findings"] if item["level"] == "error"]
        raise FairwayError("git_inconsistent", f"{len(errors)} branch(es) left on a remote", errors[0]["fix"])
    return OK
