"""fairway-notify."""

from __future__ import annotations

import time

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK, FairwayError, suggest, suggest_again
from fairway_scripts.calls.answer import answer, say, table, tell_notes, warn
from fairway_scripts.calls.options import number
from fairway_scripts.notify.channels import channels_of
from fairway_scripts.notify.kinds import wanted_kinds
from fairway_scripts.notify.telling import look, standing, tell
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import FairwayNotify
    from fairway_scripts.notify.notify_shapes import Message, Told, Wanted
    from fairway_scripts.project.project import Project

_ACTIONS = ("once", "run", "status")
_SECONDS = 10.0
#: How long `run` waits between two looks, at first and at most: longer after each attempt that failed.
_PAUSE, _LONGEST = 2.0, 300.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is done."""
    parser.add_argument("action", nargs="?", default="", metavar="ACTION", help=", ".join(_ACTIONS))


def run(args: FairwayNotify) -> int:
    """Tell what happened since last time, once or again and again, or say how far the telling is."""
    if args.action not in _ACTIONS:
        given = f"{args.action!r} is none of them" if args.action else "the ACTION is missing"
        raise FairwayError("usage", f"{', '.join(_ACTIONS)}: {given}", suggest("fairway-notify", "status"))
    project = open_project(args)
    tell_notes(args)
    if args.action == "status":
        _status(args, project)
        return OK
    name = args.notifier.strip() or "default"
    lane = known_lane(project, args.role) if args.role else ""
    wanted: Wanted = {"lane": lane, "kinds": wanted_kinds(project, args, args.kind)}
    after = number(args, "AFTER")
    channels = channels_of(args, name, _seconds(args))
    if args.dry_run:
        messages = look(project, name, wanted, after=after)
        answer(args, {"notifier": name, "would_tell": messages}, [_line(message) for message in messages])
        return OK
    pause = _PAUSE
    while True:
        found = tell(project, name, channels, wanted, after=after)
        if found["told"] or args.action == "once":
            answer(args, found, [_line(message) for message in found["told"]])
        failed = found["failed"]
        if args.action == "once":
            return _once(args, found)
        if failed:
            warn(f"event {failed['event_id']}, attempt {failed['attempts']}: {failed['why']}")
        pause = min(pause * 2, _LONGEST) if failed else _PAUSE
        after = None
        time.sleep(pause)


def _once(args: FairwayNotify, found: Told) -> int:
    failed = found["failed"]
    if not failed:
        if not found["told"]:
            say(f"nothing new after event {found['cursor']}")
        return OK
    raise FairwayError(
        "command_failed",
        f"event {failed['event_id']} was not told, attempt {failed['attempts']}: {failed['why']}; "
        f"{found['waiting']} event(s) wait",
        suggest_again(args, AFTER=""),  # what was told before it is not told again
        **failed,
    )


def _status(args: FairwayNotify, project: Project) -> None:
    found = standing(project)
    rows = [{**row, "failed": row["failed"]["why"] if row["failed"] else ""} for row in found["notifiers"]]
    lines = table(rows, ("name", "cursor", "behind", "failed"), form=args.format)
    for row in found["handoffs"]:
        told = f"told by {', '.join(row['told'])}" if row["told"] else "not told"
        lines.append(f"handoff of {row['task_id']} to {row['to_role'] or '-'} at {row['created_at'][:19]}Z: {told}")
    answer(args, found, lines)
    if not rows:
        say("there is no notifier yet")


def _seconds(args: FairwayNotify) -> float:
    if not args.timeout:
        return _SECONDS
    try:
        return max(clock.duration(args.timeout), 1.0)
    except (ValueError, OverflowError):
        raise FairwayError("usage", f"TIMEOUT {args.timeout!r} is no span such as 10s") from None


def _line(message: Message) -> str:
    return f"{message['event_id']}  {message['kind']}  {message['task_id'] or '-'}  {message['summary']}".rstrip()
