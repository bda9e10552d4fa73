"""fairway-init."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, suggest
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.front.first_steps import set_up

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import FairwayInit


def arguments(parser: argparse.ArgumentParser) -> None:
    """What a new project is to have."""
    parser.add_argument(
        "--lane",
        dest="lanes",
        action="append",
        default=[],
        metavar="NAME",
        help="a lane to declare (repeatable, or several between commas); besides those of the queue file",
    )
    parser.add_argument("--inline", action="store_true", help="no queue file: tasks are added with queue-add alone")


def run(args: FairwayInit) -> int:
    """Make what a first task needs, say what was made, and what comes next."""
    lanes = [name.strip() for given in args.lanes for name in given.split(",") if name.strip()]
    done = set_up(args, lanes, inline=args.inline)
    lines = [*done["made"], *([f"preset: {done['preset']}"] if done["preset"] else [])]
    lines.append(f"lanes: {', '.join(done['lanes']) or '-'}")
    lines += [f"{key}: {value}  (as it is here; not the default)" for key, value in done["fitted"].items()]
    answer(args, done, lines)
    if done["makefile"]:
        say(f"for make: {suggest('fairway-mk-path', '--include')} >> {done['makefile']}")
    say(f"next: {done['next_step']}")
    return OK
