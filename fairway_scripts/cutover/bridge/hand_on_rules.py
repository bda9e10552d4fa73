"""What the older scripts still have to be told of a lane that has moved: the status of its tasks. Pure rules, no I/O.

Tasks of lanes that have not moved depend on it. Records (evidence, handoffs, reviews) stay here; only the one piece of
evidence that the older gate wants before a task is closed goes along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


Row = dict[str, Any]

STATUS, EVIDENCE = "state", "evidence"
#: The kind of what is handed on -> the tool whose original takes it.
TOOLS = {STATUS: "queue-set-status", EVIDENCE: "queue-record-evidence"}
#: Our column -> the make variable that tells it.
_VARIABLES = {"status": "STATUS", "owner": "OWNER", "branch": "BRANCH", "commit_sha": "COMMIT"}
_FIRST_WAIT, _LONGEST_WAIT = 30.0, 3600.0


def changes_status(payload: Row) -> bool:
    """Whether an event (its payload) moved a task to another status."""
    before, after = payload.get("before"), payload.get("after")
    if not isinstance(after, dict) or "status" not in after:
        return False
    return not isinstance(before, dict) or before.get("status") != after["status"]


def told(state: Mapping[str, Any], *, terminal: bool, reason: str = "") -> list[tuple[str, Row]]:
    """What the older scripts are told of a task that came to `state`, in order, as (kind, payload).

    `terminal` says that the task is closed by it: their gate wants evidence then.
    """
    payload = {**{name: state[name] for name in _VARIABLES}, "reason": reason}
    return [(kind, payload) for kind in ((EVIDENCE, STATUS) if terminal else (STATUS,))]


def variables(kind: str, task_id: str, payload: Row, head: str = "") -> dict[str, str]:
    """The make variables that tell the original; what is not set is left out.

    Evidence names the task, its commit and `head`, the hash of the event that closed it here.
    """
    if kind == EVIDENCE:
        commit = f" at {payload['commit_sha']}" if payload.get("commit_sha") else ""
        proof = f"fairway ledger {head[:16]}: {task_id} {payload['status']}{commit}"
        return {"TASK_ID": task_id, "COMMAND_TEXT": proof, "RESULT": "pass"}
    values = {"TASK_ID": task_id}
    values |= {name: str(payload[column]) for column, name in _VARIABLES.items() if payload.get(column)}
    if payload["status"] == "blocked":
        values["BLOCKED_REASON"] = payload.get("reason") or "blocked"
    return values


def not_told_yet(path: list[Row], theirs: str | None) -> list[Row]:
    """The states that the older scripts have to be told of a task, to follow it to where it is.

    `path` holds the states that it came to since its lane moved, oldest first; `theirs` is the status that it has
    there, None when they do not know it. What comes after the last time that it was where they are is missing.
    """
    for position in range(len(path), 0, -1):
        if path[position - 1]["status"] == theirs:
            return path[position:]
    return path


def wait_seconds(attempts: int) -> float:
    """How long to wait after so many failures: half a minute, twice as long each time, at most an hour."""
    return float(min(_FIRST_WAIT * 2 ** max(0, attempts - 1), _LONGEST_WAIT))
