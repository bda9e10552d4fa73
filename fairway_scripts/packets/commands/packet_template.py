"""packet-template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.calls.answer import warn
from fairway_scripts.packets.packet_call import finish, name_task
from fairway_scripts.packets.packets import template, template_warning
from fairway_scripts.queue.opening import open_project

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from fairway_scripts.calls.tool_calls import PacketTemplate


def arguments(parser: ArgumentParser) -> None:
    """The template and the task as plain words, and the fields."""
    parser.add_argument("words", nargs="*", metavar="NAME [TASK_ID]", help="the template, and the task")
    parser.add_argument("--field", dest="fields", metavar="KEY=VALUE", action="append", default=[], help="repeatable")


def run(args: PacketTemplate) -> int:
    """Print the packet of a configured template."""
    words = [word for word in args.words if word]
    if words and not args.template:
        args.template = words.pop(0)
    if words and not args.task_id:
        args.task_id = words.pop(0)
    if words:
        raise FairwayError("usage", f"unexpected words: {' '.join(words)}", suggest("packet-template", "--help"))
    name_task(args)
    project = open_project(args)
    packet = template(project, args.template)
    if warning := template_warning(project, args.template, args.task_id):
        warn(warning)
    names = [field.name for field in packet.fields]
    given: dict[str, list[str]] = {}
    for pair in args.fields:
        key, equals, value = pair.partition("=")
        key = key.strip().replace("-", "_")
        if not equals or key not in names:
            raise FairwayError(
                "usage", f"--field {pair!r} is no KEY=VALUE of {args.template}; its fields: {', '.join(names)}"
            )
        given.setdefault(key, []).extend([value] if value.strip() else [])
    return finish(args, project, packet, given)
