"""review-checkout."""

from __future__ import annotations

from fairway_scripts.base.errors import OK, suggest_program
from fairway_scripts.calls.answer import answer, pairs, warn
from fairway_scripts.calls.options import required
from fairway_scripts.lanes.review_checkout import check_out_for_review
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.project.work_place import stand_in
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ReviewCheckout
    from fairway_scripts.lanes.lane_shapes import ReviewCheckedOut


def run(args: ReviewCheckout) -> int:
    """Check out a task's work on its lane's review branch, and say what was checked out before."""
    required(args, "TASK_ID")
    project = open_project(args)
    stand_in(project, args.worktree)
    done = check_out_for_review(project, args.task_id, ref=args.ref)
    for warning in done["warnings"]:
        warn(warning)
    lines = [f"checked out {done['review_branch']} for {done['task_id']}"]
    lines += pairs(done, "lane", "source", "commit_sha", "worktree", "moved_from")
    if done["previous_branch"] != done["review_branch"]:
        lines.append(f"back: {_way_back(done, 'git', *(('-C', args.worktree) if args.worktree else ()))}")
    answer(args, done, lines)
    sign_of_life(project)
    return OK


def _way_back(done: ReviewCheckedOut, *git: str) -> str:
    branch, commit = done["previous_branch"], done["previous_commit"]
    return suggest_program(*git, "switch", *([branch] if branch or not commit else ["--detach", commit]))
