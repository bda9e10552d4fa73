"""Recording an event of the ledger for a project: who did what to which task (store/ledger.py keeps the chains)."""

from __future__ import annotations

from fairway_scripts.base import clock, jsonio
from fairway_scripts.store import ledger
from fairway_scripts.store.ledger import START, event_hash

__all__ = ["START", "append_event", "canonical", "event_hash"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction


def canonical(payload: object) -> str:
    """The one text of a payload: sorted keys, no blanks, no escapes that UTF-8 does not need."""
    return jsonio.dumps(payload)


def append_event(
    project: Project,
    tx: Transaction,
    kind: str,
    task_id: str,
    payload: Mapping[str, object],
    *,
    at: str = "",
    request_id: str = "",
    reverts: int | None = None,
    actor: str = "",
) -> int:
    """Append one event to the chain of `task_id` ("" for what concerns no task); returns its number.

    The event holds every row that this transaction has written since the event before. `actor` names who did it when
    that is not the caller (work that other scripts recorded). A chosen name that reads like a login is marked as chosen
    (`named`).
    """
    if not actor and project.identity.named and "@" in project.identity.actor:
        payload = {**payload, "named": True}
    return ledger.append(
        tx,
        {
            "at": at or clock.now(),
            "actor": actor or project.identity.actor,
            "session_id": None if actor else project.identity.session or None,
            "tool": project.tool,
            "task_id": task_id,
            "kind": kind,
            "payload": canonical(payload),
            "request_id": request_id or None,
            "reverts": reverts,
        },
    )
