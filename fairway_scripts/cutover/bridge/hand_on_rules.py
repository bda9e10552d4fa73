"""What the older scripts still have to be told of a lane that has moved: the status of its tasks. Pure rules, no I/O.

Tasks of lanes that have not moved depend on it. Records (evidence, handoffs, reviews) stay here; only the one piece of
evidence that the older gate wants before a task is closed goes along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.cutover.cutover_shapes import Message
    from fairway_scripts.store.legacy_types import Cell
    from fairway_scripts.store.rows import Task, WriteBacksPath

STATUS, EVIDENCE = "state", "evidence"
#: The kind of what is handed on -> the tool whose original takes it.
TOOLS = {STATUS: "queue-set-status", EVIDENCE: "queue-record-evidence"}
_FIRST_WAIT, _LONGEST_WAIT = 30.0, 3600.0


def changes_status(payload: Mapping[str, object]) -> bool:
    """Tell whether an event (its payload) moved a task to another status."""
    before, after = payload.get("before"), payload.get("after")
    if not isinstance(after, dict) or "status" not in after:
        return False
    return not isinstance(before, dict) or before.get("status") != after["status"]


def messages_for(state: Task | WriteBacksPath, *, terminal: bool, reason: str = "") -> list[tuple[str, Message]]:
    """Return what the older scripts are told of a task that came to `state`, in order, as (kind, message).

    `terminal` says that the task is closed by it: their gate wants evidence then.
    """
    message: Message = {
        "status": state["status"],
        "owner": state["owner"],
        "branch": state["branch"],
        "commit_sha": state["commit_sha"],
        "reason": reason,
    }
    return [(kind, message) for kind in ((EVIDENCE, STATUS) if terminal else (STATUS,))]


def variables(kind: str, task_id: str, message: Message, head: str = "") -> dict[str, str]:
    """Return the make variables that tell the original; what is not set is left out.

    Evidence names the task, its commit and `head`, the hash of the event that closed it here.
    """
    commit = message.get("commit_sha")
    if kind == EVIDENCE:
        proof = f"fairway ledger {head[:16]}: {task_id} {message['status']}{f' at {commit}' if commit else ''}"
        return {"TASK_ID": task_id, "COMMAND_TEXT": proof, "RESULT": "pass"}
    given = {"STATUS": message["status"], "OWNER": message.get("owner"), "BRANCH": message.get("branch")}
    given["COMMIT"] = commit
    values = {"TASK_ID": task_id, **{name: value for name, value in given.items() if value}}
    if message["status"] == "blocked":
        values["BLOCKED_REASON"] = message.get("reason") or "blocked"
    return values


def ways(kind: str, role: str, values: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Return the tools with the values by which an original may be told, the fullest first: its status counts."""
    found = [(TOOLS[kind], values)]
    bare = {name: value for name, value in values.items() if name not in ("OWNER", "BRANCH")}
    if bare != values:
        found.append((TOOLS[kind], bare))
    if values.get("STATUS") == "in_progress":
        claim = {"TASK_ID": values["TASK_ID"], "OWNER": values.get("OWNER", ""), "ROLE": role}
        found.append(("queue-claim", claim))
    return found


def not_told_yet(path: list[WriteBacksPath], theirs: Cell) -> list[WriteBacksPath]:
    """Return the states that the older scripts have to be told of a task, to follow it to where it is.

    `path` holds the states that it came to since its lane moved, oldest first; `theirs` is the status that it has
    there, None when they do not know it. What comes after the last time that it was where they are is missing.
    """
    for position in range(len(path), 0, -1):
        if path[position - 1]["status"] == theirs:
            return path[position:]
    return path


def wait_seconds(attempts: int) -> float:
    """Return how long to wait after so many failures: half a minute, twice as long each time, at most an hour."""
    return float(min(_FIRST_WAIT * 2 ** max(0, attempts - 1), _LONGEST_WAIT))
