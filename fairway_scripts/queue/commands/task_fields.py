"""The fields of a task as a command line gives them; queue-add, queue-update and queue-spawn share them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.calls.answer import answer, pairs, warn
from fairway_scripts.calls.options import number
from fairway_scripts.project.lane_declaration import refuse_undeclared
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.project.project import Project, is_born
from fairway_scripts.queue import editing_rules as rules
from fairway_scripts.queue.opening import refresh

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import FairwayTrackerImport, QueueAdd, QueueSpawn, QueueUpdate
    from fairway_scripts.queue.queue_shapes import Given, TaskTold

#: What people see of a task, in this order.
SHOWN = (
    *("lane", "status", "ready", "title", "kind", "parent_id", "priority", "sequence", "dependencies"),
    *("acceptance_checks", "notes", "profile", "owning_domain", "owning_layer", "source_paths", "target_paths"),
    *("review_domains", "risk_level", "migration_type", "tags"),
)


def add_lane_flag(parser: argparse.ArgumentParser) -> None:
    """`--role` for a tool in which ROLE, which sessions keep in their environment, must not move a task by itself."""
    parser.add_argument("--role", metavar="LANE", default="", help="the lane of the task, as --to-role")


def settle_lane(args: QueueSpawn | QueueUpdate) -> None:
    """One lane out of `--role` and TO_ROLE; raises FairwayError `usage` when they differ."""
    if args.role and args.to_role and args.role != args.to_role:
        raise FairwayError(
            "usage", f"two lanes are named: {args.role} and {args.to_role}", suggest(args.tool, "--help")
        )
    args.role = args.role or args.to_role


def given_fields(args: QueueAdd | QueueSpawn | QueueUpdate) -> Given:
    """The fields that the call names; raises FairwayError `usage` for a number that is none."""
    fields: dict[str, str | int | list[str]] = {}
    for variable, field in rules.TEXTS.items():
        value = getattr(args, variable.lower())
        if value.strip():
            fields[field] = value if field == "notes" else value.strip()
    for variable, field in rules.NUMBERS.items():
        value = number(args, variable)
        if value is not None:
            fields[field] = value
    for variable, field in rules.LISTS.items():
        given = getattr(args, variable.lower())
        found = rules.items(given) if isinstance(given, str) else rules.lines(given)
        if found:
            fields[field] = list(dict.fromkeys(found))
    return cast("Given", fields)


def open_for_new(args: FairwayTrackerImport | QueueAdd | QueueSpawn) -> Project:
    """The project of a call that adds a task; one without a store gets it, unless the lane is none of the project's.

    Raises FairwayError `not_found` for a lane that is not declared.
    """
    project = open_as_it_is(args)
    if is_born(project.store) or os.path.exists(project.queue.path):
        refresh(project)
    if args.role:
        refuse_undeclared(project, args.role)
    if not is_born(project.store):
        refresh(project)
    return project


def show(args: QueueAdd | QueueSpawn | QueueUpdate, task: TaskTold, first: str) -> None:
    """Print a task that was added or changed, with what there is to warn of."""
    for warning in task["warnings"]:
        warn(warning)
    answer(args, task, [first, *pairs(task, *SHOWN)])
