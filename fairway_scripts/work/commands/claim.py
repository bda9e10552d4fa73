"""queue-claim."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.answer import answer, pairs, warn
from fairway_scripts.calls.options import required
from fairway_scripts.project.older_scripts import tell_left_overs
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.claims import claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueClaim


def run(args: QueueClaim) -> int:
    """Claim a task and print the claim."""
    required(args, "OWNER")
    clean_name(args.owner, "OWNER")
    project = open_project(args)
    tell_left_overs(project)
    claimed = claim(project, args)
    for warning in claimed["warnings"]:
        warn(f"{warning['message']}: {warning['fix']}" if warning["fix"] else warning["message"])
    verb = "still claimed" if claimed["renewed"] else "claimed"
    lines = [f"{verb} {claimed['task_id']}"]
    lines += pairs(claimed, "lane", "owner", "claimant", "branch", "fence", "lease_expires_at", "title")
    answer(args, claimed, lines)
    return OK
