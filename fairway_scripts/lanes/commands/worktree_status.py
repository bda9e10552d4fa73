"""worktree-status."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, table
from fairway_scripts.lanes.elsewhere import hosts_text
from fairway_scripts.lanes.lanes import lane_report
from fairway_scripts.project.lane_choice import known_lane, worktree_root
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import WorktreeStatus
    from fairway_scripts.lanes.lane_shapes import LaneRow

COLUMNS = ("lane", "branch", "state", "base", "sessions", "tasks", "path")


def run(args: WorktreeStatus) -> int:
    """Print how every lane's worktree stands; what is wrong is shown, never refused."""
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    rows = lane_report(project, lane=lane, root=args.worktree_root or worktree_root(), base=args.base)
    answer(args, {"lanes": rows}, table([_shown(row) for row in rows], COLUMNS, form=args.format))
    sign_of_life(project)
    return OK


def _shown(row: LaneRow) -> dict[str, object]:
    return {**row, "branch": _branch(row), "state": _state(row), "base": _distance(row)}


def _branch(row: LaneRow) -> str:
    real, expected = row["branch"], row["expected_branch"]
    if not row["exists"] or real == expected:
        return expected
    return f"{real or '(detached)'}, not {expected}"


def _state(row: LaneRow) -> str:
    if not row["exists"]:
        return hosts_text(row["elsewhere"]) if row["elsewhere"] else "missing"
    return f"{row['changed_count']} changed" if row["dirty"] else "clean"


def _distance(row: LaneRow) -> str:
    if row["ahead"] is None:
        return "-"
    return f"+{row['ahead']} -{row['behind']} {row['base']}"
