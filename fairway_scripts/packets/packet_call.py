"""What the packet tools share: reading the fields of a call, composing, printing, keeping."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import say, tell_notes, write
from fairway_scripts.calls.options import required
from fairway_scripts.packets import packets
from fairway_scripts.packets.fields import PACKETS
from fairway_scripts.packets.notes import lines_of
from fairway_scripts.packets.packet import packet_text
from fairway_scripts.project.changes import repeated_answer
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from fairway_scripts.calls.tool_calls import PacketCall
    from fairway_scripts.packets.fields import Field, Packet
    from fairway_scripts.packets.packet_shapes import KeptPacket
    from fairway_scripts.project.project import Project

#: Variables of the environment that name the task, as the session exports it.
_TASK = ("TASK_ID", "FAIRWAY_TASK_ID")


def add_entry_flags(parser: ArgumentParser, name: str) -> None:
    """The flags that add one entry to a list of the packet `name`, each repeatable: `--risk TEXT`."""
    for field in PACKETS[name].fields:
        if field.one:
            text = f"one more of {field.variable} (repeatable)"
            parser.add_argument(field.one, dest=f"one_{field.name}", metavar="TEXT", action="append", help=text)


def run_packet(args: PacketCall, name: str) -> int:
    """Compose a packet of the suite's own kinds and print it."""
    packet = PACKETS[name]
    name_task(args)
    if packet.needs_task:
        required(args, "TASK_ID")
    given = {field.name: _given(args, field) for field in packet.fields}
    return finish(args, _project(args, packet), packet, given)


def name_task(args: PacketCall) -> None:
    """TASK_ID of the call, else of the environment."""
    args.task_id = args.task_id or next((os.environ[name] for name in _TASK if os.environ.get(name)), "")


def finish(args: PacketCall, project: Project | None, packet: Packet, given: dict[str, list[str]]) -> int:
    """Compose, run the proof, keep and print; raises FairwayError `proof_failed` after a proof that failed."""
    proving = getattr(args, "run_proof", False)
    if args.attach and (args.draft or not args.task_id):
        raise FairwayError("usage", "ATTACH needs a TASK_ID and a complete packet", suggest(packet.tool, "--help"))
    if proving and args.draft:
        raise FairwayError("usage", "a DRAFT proves nothing: leave out RUN_PROOF", suggest(packet.tool, "--help"))
    keeping = args.attach or proving
    before: KeptPacket | None = repeated_answer(project, args) if keeping and project else None
    if before is not None:
        write(args, before["text"])
        return OK
    data = packets.compose(project, packet, given, args)
    if proving and project:
        tell_notes(args)  # before the commands of the proof, which may last
    proof = packets.prove(project, data["values"], getattr(args, "proof_timeout", "")) if proving and project else None

    def text() -> str:
        return packet_text(packet, data, as_json=args.json, pretty=args.pretty, full=args.full, proof=proof)

    if keeping and project:
        kept = packets.keep(project, args, data, proof, text)
        write(args, kept["text"])
        if args.attach:
            say(f"attached to {args.task_id} as evidence {kept['evidence'][-1]}, sha256 {kept['sha256']}")
    else:
        write(args, text())
        if project:
            sign_of_life(project)
    if proof and proof["result"] != "pass":
        raise FairwayError(
            "proof_failed",
            f"{proof['command_text']}: {proof['notes'].splitlines()[0]}; recorded as evidence of {args.task_id}",
            suggest("queue-task-detail", TASK_ID=args.task_id),
        )
    return OK


def _project(args: PacketCall, packet: Packet) -> Project | None:
    """The open project; None where there is none and the packet can do without."""
    try:
        return open_project(args)
    except FairwayError as problem:
        if packet.needs_task or args.task_id or problem.word != "not_found":
            raise
        return None


def _given(args: PacketCall, field: Field) -> list[str]:
    """What the call says of a field."""
    if not hasattr(args, field.name):  # what every packet of the kind says, not the call
        return []
    more = [text for text in getattr(args, f"one_{field.name}", None) or [] if text.strip()]
    names = [field.name, *([field.other.lower()] if field.other else [])]
    texts = [_text(getattr(args, name, "")) for name in names]
    text = next((text for text in texts if text.strip()), "")
    if not field.listed:
        return [text.strip()] if text else []
    return lines_of(text) + more


def _text(value: str | list[str]) -> str:
    """A variable's text; one that may be repeated holds an entry a line."""
    return value if isinstance(value, str) else "\n".join(value)
