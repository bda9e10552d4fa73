"""agent-role-config."""

from __future__ import annotations

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, table
from fairway_scripts.lanes.lanes import role_table
from fairway_scripts.lanes.lanes_rules import FIELDS, shell_assignments
from fairway_scripts.project.lane_choice import known_lane, worktree_root
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import AgentRoleConfig

COLUMNS = ("role", "branch", "provider", "review_branch", "worktree")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What agent-role-config takes besides the common flags: the lane, standing alone, and the form for shells."""
    parser.add_argument("lane_given", nargs="?", default="", metavar="LANE", help="the lane; default: every lane")
    parser.add_argument("--shell", action="store_true", help='assignments: eval "$(agent-role-config LANE --shell)"')


def run(args: AgentRoleConfig) -> int:
    """Print the role table: as columns, as JSON, as shell assignments, or one field bare."""
    field = args.field.strip().lower()
    if field and field not in FIELDS:
        raise FairwayError(
            "usage", f"FIELD {args.field!r} is none of {', '.join(FIELDS)}", suggest("agent-role-config", JSON=True)
        )
    if args.role and args.lane_given and args.role != args.lane_given:
        raise FairwayError(
            "usage",
            f"two lanes are named: {args.lane_given} and {args.role}",
            suggest("agent-role-config", ROLE=args.role),
        )
    project = open_project(args)
    named = args.role or args.lane_given
    rows = role_table(
        project, lane=known_lane(project, named) if named else "", root=args.worktree_root or worktree_root()
    )
    if field:
        lines = [row[field] for row in rows]
    elif args.shell:
        lines = shell_assignments(rows, one=bool(named))
    else:
        lines = table(rows, COLUMNS, form=args.format)
    answer(args, {"lanes": rows}, lines)
    return OK
