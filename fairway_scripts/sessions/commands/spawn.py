"""queue-spawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest, suggest_again
from fairway_scripts.calls.answer import say
from fairway_scripts.calls.options import required
from fairway_scripts.queue.commands.task_fields import add_lane_flag, given_fields, open_for_new, settle_lane, show
from fairway_scripts.queue.editing_rules import PLACES
from fairway_scripts.sessions.spawning import spawn_task

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import QueueSpawn


def arguments(parser: argparse.ArgumentParser) -> None:
    """Flags that make has no variables for: make says PLACE=child, because a Makefile may well have a ROOT."""
    add_lane_flag(parser)
    parser.add_argument("--id", dest="new_id", metavar="ID", default="", help="the new task, as --task-id")
    for place in PLACES:
        parser.add_argument(f"--{place}", dest="places", action="append_const", const=place, help=f"--place {place}")


def run(args: QueueSpawn) -> int:
    """Add a task beside the current one, under the next free id of its lane where none is given, and print it."""
    if args.new_id and args.task_id and args.new_id != args.task_id:
        raise FairwayError(
            "usage", f"two new tasks are named: {args.task_id} and {args.new_id}", suggest("queue-spawn", "--help")
        )
    args.task_id = args.task_id or args.new_id.strip()
    required(args, "TITLE")
    settle_lane(args)
    place = _place(args)
    fields = given_fields(args)
    project = open_for_new(args)
    spawned = spawn_task(project, args, fields, place)
    if spawned["spawned_from"]:
        say(f"it comes from {spawned['spawned_from']} ({spawned['found']})")
    show(args, spawned, f"spawned {spawned['task_id']}")
    return OK


def _place(args: QueueSpawn) -> str:
    """child, sibling or root, "" with PARENT; raises FairwayError `usage` when more than one is asked for."""
    asked = [*(args.places or []), *([args.place.strip().lower()] if args.place.strip() else [])]
    for word in asked:
        if word not in PLACES:
            raise FairwayError(
                "usage", f"PLACE {word!r} is none of {', '.join(PLACES)}", suggest_again(args, PLACE="child")
            )
    chosen = list(dict.fromkeys([*asked, *(["PARENT"] if args.parent.strip() else [])]))
    if len(chosen) > 1:
        raise FairwayError("usage", f"only one of {', '.join(chosen)} can be meant", suggest("queue-spawn", "--help"))
    if chosen == ["PARENT"]:
        return ""
    return chosen[0] if chosen else "sibling"
