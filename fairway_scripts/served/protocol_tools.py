"""What the Model Context Protocol server offers: nine tools in few words, because each word costs every session.

The eight of an agent's day name their arguments; `fairway_run` calls any other tool by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.errors import FairwayError

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN = "fairway_run"


class Offer(NamedTuple):
    """One tool of the protocol: its name, the tool it calls, a line, its arguments, those that are required."""

    name: str
    tool: str
    line: str
    arguments: str
    required: str = ""
    reads: bool = False


_CLOSED = {"RESULT": ["pass", "fail", "partial", "skipped", "blocked"]}
_REVIEW = ["approved", "changes_requested", "blocked"]
OFFERS = (
    Offer("ready", "queue-ready", "Tasks that can be claimed now, in order", "ROLE LIMIT", reads=True),
    Offer(
        "claim", "queue-claim", "Claim a task, or the lane's next; gives its fence", "ROLE OWNER TASK_ID", "ROLE OWNER"
    ),
    Offer("task-detail", "queue-task-detail", "All about a task, with next_step", "TASK_ID", "TASK_ID", reads=True),
    Offer(
        "set-status",
        "queue-set-status",
        "Move a task on, through the gates",
        "TASK_ID STATUS OWNER BRANCH COMMIT REASON",
        "TASK_ID STATUS",
    ),
    Offer(
        "record-evidence",
        "queue-record-evidence",
        "Record what a command gave",
        "TASK_ID COMMAND_TEXT RESULT ARTIFACT_PATH COMMIT NOTES",
        "TASK_ID COMMAND_TEXT RESULT",
    ),
    Offer(
        "record-handoff",
        "queue-record-handoff",
        "Hand work over",
        "TASK_ID OWNER BRANCH COMMIT COMMANDS RESULTS CHANGED_FILES RISKS NEXT_STEP",
        "TASK_ID OWNER BRANCH COMMIT COMMANDS RESULTS CHANGED_FILES",
    ),
    Offer(
        "record-review",
        "queue-record-review",
        "Record a verdict on another's commit",
        "TASK_ID REVIEWER_ROLE REVIEWER STATUS COMMIT NOTE",
        "TASK_ID REVIEWER_ROLE REVIEWER STATUS COMMIT",
    ),
    Offer("merge-ready", "queue-merge-ready", "May this commit be merged?", "TASK_ID REF", "TASK_ID", reads=True),
)
_PROJECT: dict[str, object] = {"type": "string", "description": "folder of the repository; default: the server's"}


def schemas() -> dict[str, dict[str, object]]:
    """The JSON Schema of each tool's arguments, by its name."""
    found = {offer.name: _schema(offer) for offer in OFFERS}
    found[RUN] = {
        "type": "object",
        "properties": {
            "tool": {"type": "string", "description": "such as route-review, undo, tick, help"},
            "arguments": {"type": "object", "description": 'flags: {"task_id": "B-1"}'},
            "words": {"type": "array", "items": {"type": "string"}},
            "project": {"type": "string"},
        },
        "required": ["tool"],
    }
    return found


def lines() -> dict[str, str]:
    """What each tool is for, by its name."""
    return {offer.name: offer.line for offer in OFFERS} | {RUN: "Any other fairway tool by name; help lists them"}


def call_of(name: str, arguments: Mapping[str, object]) -> tuple[str, dict[str, object], list[str]] | None:
    """The tool, arguments and words that a call of the protocol means; None for a name that is not offered.

    Raises FairwayError `usage` for arguments that are no object and words that are no list.
    """
    given = {key: value for key, value in arguments.items() if key != "project"}
    if name == RUN:
        named, words = given.get("arguments") or {}, given.get("words") or []
        if not isinstance(named, dict) or not isinstance(words, list):
            raise FairwayError("usage", "arguments are an object of names and values, words are a list of texts")
        return str(given.get("tool", "")), named, [str(word) for word in words]
    offer = next((offer for offer in OFFERS if offer.name == name), None)
    return (offer.tool, given, []) if offer else None


def _schema(offer: Offer) -> dict[str, object]:
    names = offer.arguments.split()
    closed = {**_CLOSED, "STATUS": _REVIEW} if offer.name == "record-review" else _CLOSED
    properties: dict[str, dict[str, object]] = {
        name.lower(): {"type": "string", "enum": closed[name]} if name in closed else {"type": "string"}
        for name in names
    }
    if offer.name == "ready":
        properties["limit"] = {"type": "integer"}
        properties["project"] = _PROJECT
    else:
        properties["project"] = {"type": "string"}
    if not offer.reads:
        properties |= {"fence": {"type": "integer"}, "request_id": {"type": "string"}}
    return {"type": "object", "properties": properties, "required": offer.required.lower().split()}
