"""worktree-prune."""

from __future__ import annotations

from fairway_scripts.base.errors import OK, FairwayError, suggest_program
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.lanes.lane_pruning import prune
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import WorktreePrune
    from fairway_scripts.lanes.lane_shapes import PrunedWorktree

COLUMNS = ("path", "action", "reasons")


def run(args: WorktreePrune) -> int:
    """Print every worktree with why it stays; with YES remove those that nothing keeps."""
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    done = prune(project, args, lane=lane)
    answer(args, done, table([_shown(row) for row in done["worktrees"]], COLUMNS, form=args.format))
    if done["removable"]:
        say(f"nothing was removed; YES=1 removes {done['removable']} worktree(s), their branches stay")
    failed = [row for row in done["worktrees"] if row["action"] == "failed"]
    if failed:
        raise FairwayError(
            "git_unavailable", failed[0]["reasons"][0], suggest_program("git", "-C", failed[0]["path"], "status")
        )
    return OK


def _shown(row: PrunedWorktree) -> dict[str, object]:
    reasons = "; ".join(row["reasons"])
    if not reasons:
        ignored = f"; {row['ignored_count']} ignored file(s) go with it" if row["ignored_count"] else ""
        reasons = f"nothing keeps it{ignored}"
    return {**row, "reasons": reasons}
