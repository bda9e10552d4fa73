"""What can be done from the browser: each is one tool's own verb, called with a named person as actor.

No verdict, result, waiver, force or finished status is among them, and no field that would carry one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.command_line import parse
from fairway_scripts.calls.options import flag, required
from fairway_scripts.catalog import find_tool
from fairway_scripts.project.changes import find_state
from fairway_scripts.reviews.next_step import BLOCKED
from fairway_scripts.reviews.routes.review_requests import route_review
from fairway_scripts.reviews.statuses import set_status
from fairway_scripts.runs.checkpoints import record_checkpoint
from fairway_scripts.work.claims import claim
from fairway_scripts.work.records import acknowledge_handoffs
from fairway_scripts.work.releases import release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fairway_scripts.calls.tool_calls import (
        Call,
        CheckpointRecord,
        FairwayDashboard,
        QueueAckHandoff,
        QueueClaim,
        QueueSetStatus,
    )
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.detail_shapes import Detail

#: The longest text of one field, in characters.
_LONGEST = 4000


class Field(NamedTuple):
    """One field of a form: the make variable that it gives, its label, and whether something must stand in it."""

    variable: str
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()


class Deed(NamedTuple):
    """One thing that can be done: its tool, its verb, the fields of its form, and what is given besides."""

    label: str
    tool: str
    verb: Callable[[Project, Any], object]
    fields: tuple[Field, ...] = ()
    fixed: Mapping[str, str] = {}


def _claim(project: Project, args: QueueClaim) -> object:
    with project.store.read() as tx:
        args.role = find_state(tx, args.task_id)["role"]  # as the task's lane, wherever the dashboard was started
    args.owner = clean_name(args.owner or project.identity.actor, "OWNER")
    return claim(project, args)


def _acknowledge(project: Project, args: QueueAckHandoff) -> object:
    return acknowledge_handoffs(project, args, handoff_id=None)


def _block(project: Project, args: QueueSetStatus) -> object:
    required(args, "REASON")
    return set_status(project, args)


def _checkpoint(project: Project, args: CheckpointRecord) -> object:
    required(args, "SUMMARY")
    return record_checkpoint(project, args)


_STATES = ("active", "awaiting_input", "review", "planned", "parked")
DEEDS: dict[str, Deed] = {
    "claim": Deed("Claim", "queue-claim", _claim, (Field("OWNER", "Owner, if that is not you"),)),
    "release": Deed("Release", "queue-release", release, (Field("REASON", "Why"),)),
    "acknowledge": Deed("Acknowledge the handoff", "queue-ack-handoff", _acknowledge, (Field("NOTE", "Note"),)),
    "ask-review": Deed(
        "Ask for a review",
        "queue-route-review",
        route_review,
        (
            Field("REF", "Commit or branch", required=True),
            Field("REVIEWER_ROLE", "A lane besides those of the routes"),
            Field("REASON", "Why that lane"),
        ),
    ),
    "block": Deed(
        "Block",
        "queue-set-status",
        _block,
        (Field("REASON", "What stands in the way", required=True),),
        {"STATUS": BLOCKED},
    ),
    "checkpoint": Deed(
        "Record a checkpoint",
        "checkpoint-record",
        _checkpoint,
        (
            Field("SUMMARY", "Where it stands", required=True),
            Field("STATE", "State", choices=_STATES),
            Field("TARGET_CLOSE_BY", "To be closed by (2d, or a day)"),
        ),
    ),
    "note": Deed(
        "Leave a note",
        "checkpoint-record",
        _checkpoint,
        (Field("SUMMARY", "Note", required=True),),
    ),
}


def deeds_for(detail: Detail, claimed: str) -> list[str]:
    """The deeds that make sense for a task as `task_detail` gives it; the tools refuse the others anyway."""
    names = []
    if not detail["terminal"]:
        if detail["status"] != claimed:
            names.append("claim")
        else:
            names += ["release", "block"]
        if any(not row["acknowledged_at"] for row in detail["handoffs"]):
            names.append("acknowledge")
        names += ["ask-review", "checkpoint"]
    return [*names, "note"]


def call_of(name: str, task_id: str, form: Mapping[str, str], actor: str, started: FairwayDashboard) -> Call:
    """The arguments of the tool's call that a form means; raises FairwayError `usage` for what no call may hold.

    `started` are the arguments of the dashboard, which name the store, the queue file and the configuration.
    """
    deed = DEEDS[name]
    clean_name(actor, "your name")
    if not actor.strip():
        raise FairwayError("usage", "your name is required: it is recorded as the actor")
    given = {"TASK_ID": task_id, "ACTOR": actor.strip(), **deed.fixed}
    given |= {field.variable: form.get(field.variable.lower(), "").strip() for field in deed.fields}
    for variable in ("NOTE", "SUMMARY", "REASON"):
        if len(given.get(variable, "")) > _LONGEST:
            raise FairwayError("usage", f"{variable} is longer than {_LONGEST} characters")
        if given.get(variable, "").startswith("@"):  # which a tool would read from a file
            raise FairwayError(
                "usage", f"{variable} begins with @, which names a file; begin it with another character"
            )
    words = [f"{flag(variable)}={value}" for variable, value in given.items() if value]
    places = {"--queue-db": started.queue_db, "--queue-file": started.queue_file, "--config": started.config}
    words += [f"{name}={value}" for name, value in places.items() if value]
    call: Call = parse(find_tool(deed.tool), words, None)
    return call
