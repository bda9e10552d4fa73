"""The append-only ledger: one row a change, each carrying the hash of the row before it of the same task."""

from __future__ import annotations

from fairway_scripts import clock, digest, jsonio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.operations.project import Project
    from fairway_scripts.store.connection import Transaction

#: What the first event of a chain names as its predecessor.
START = "0" * 64


def canonical(payload: Any) -> str:
    """The one text of a payload: sorted keys, no blanks, no escapes that UTF-8 does not need."""
    return jsonio.dumps(payload)


def event_hash(event: dict[str, Any]) -> str:
    """The hash of an event row: over every column but `id` and `hash`, as canonical JSON."""
    fields = (
        "previous_hash",
        "at",
        "actor",
        "session_id",
        "tool",
        "task_id",
        "kind",
        "payload",
        "request_id",
        "reverts",
    )
    return digest.of_text(canonical([event[name] for name in fields]))


def append_event(
    project: Project,
    tx: Transaction,
    kind: str,
    task_id: str,
    payload: dict[str, Any],
    *,
    at: str = "",
    request_id: str = "",
    reverts: int | None = None,
    actor: str = "",
) -> int:
    """Append one event to the chain of `task_id` ("" for what concerns no task); returns its number.

    `actor` names who did it when that is not the caller (work that other scripts recorded).
    """
    event: dict[str, Any] = {
        "at": at or clock.now(),
        "actor": actor or project.identity.actor,
        "session_id": None if actor else project.identity.session or None,
        "tool": project.tool,
        "task_id": task_id,
        "kind": kind,
        "payload": canonical(payload),
        "request_id": request_id or None,
        "reverts": reverts,
        "previous_hash": tx.value("ledger.last_hash", task_id=task_id) or START,
    }
    event["hash"] = event_hash(event)
    return tx.insert("ledger.add_event", **event)
