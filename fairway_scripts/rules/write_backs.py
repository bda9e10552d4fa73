"""What the legacy side has to be told of an event, and what it is told with: pure rules, no I/O."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

STATE, EVIDENCE, HANDOFF, REVIEW = "state", "evidence", "handoff", "review"
#: Our tables of records -> the kind of a write-back.
RECORDS = {"task_evidence": EVIDENCE, "task_handoffs": HANDOFF, "task_reviews": REVIEW}
TABLE_OF = {kind: table for table, kind in RECORDS.items()}
#: The kind of a write-back -> the tool whose original takes it.
TOOLS = {
    STATE: "queue-set-status",
    EVIDENCE: "queue-record-evidence",
    HANDOFF: "queue-record-handoff",
    REVIEW: "queue-record-review",
}
#: The state that both sides know. A claimant, a lease and a fence are ours alone.
STATE_COLUMNS = ("status", "owner", "branch", "completed_at", "commit_sha")
#: Events that name records which they did not make.
_MADE_NOTHING = ("handoff_acknowledged", "undone")
#: Events that the legacy side itself was the source of.
FROM_THERE = ("legacy_imported",)
_SHORTEST_COMMIT = 7
_FIRST_WAIT, _LONGEST_WAIT = 30.0, 3600.0

_VARIABLES: dict[str, tuple[tuple[str, str], ...]] = {
    EVIDENCE: (
        ("COMMAND_TEXT", "command_text"),
        ("RESULT", "result"),
        ("ARTIFACT_PATH", "artifact_path"),
        ("ARTIFACT_TYPE", "artifact_type"),
        ("DURATION_SECONDS", "duration_seconds"),
        ("NOTES", "notes"),
    ),
    HANDOFF: (
        ("OWNER", "owner"),
        ("BRANCH", "branch"),
        ("COMMIT", "commit_sha"),
        ("COMMANDS", "commands"),
        ("RESULTS", "results"),
        ("CHANGED_FILES", "changed_files"),
        ("RISKS", "risks"),
        ("BLOCKERS", "blockers"),
        ("NEXT_STEP", "next_step"),
        ("TO_ROLE", "to_role"),
        ("NOTES", "payload"),
    ),
    REVIEW: (
        ("REVIEWER_ROLE", "reviewer_role"),
        ("REVIEWER", "reviewer"),
        ("STATUS", "verdict"),
        ("COMMIT", "reviewed_commit_sha"),
        ("NOTE", "notes"),
    ),
    STATE: (("STATUS", "status"), ("OWNER", "owner"), ("BRANCH", "branch"), ("COMMIT", "commit_sha")),
}
#: Columns by which a legacy record is known to be the one that was sent.
_TELLING = {
    EVIDENCE: ("command_text", "result"),
    HANDOFF: ("commands", "results", "changed_files"),
    REVIEW: ("reviewer_role", "reviewer", "verdict"),
}


def records_of(kind: str, payload: Row) -> list[tuple[str, int]]:
    """The records that an event made, as (kind of the write-back, row number); [] for most events."""
    if kind in _MADE_NOTHING:
        return []
    named = [[payload.get("table"), payload["row_id"]]] if "row_id" in payload else payload.get("rows") or []
    return [(RECORDS[table], int(row_id)) for table, row_id in named if table in RECORDS]


def moves_state(payload: Row) -> bool:
    """Whether an event changed a part of the state that both sides know."""
    after = payload.get("after")
    return isinstance(after, dict) and any(name in after for name in STATE_COLUMNS)


def shared_state(state: Row) -> Row:
    """The columns of a task's state that both sides know."""
    return {name: state[name] for name in STATE_COLUMNS}


def variables(kind: str, task_id: str, row: Row, *, blocked: str = "") -> dict[str, str]:
    """The make variables that tell the original of a state or record; what is not set is left out.

    `blocked` is the reason of a task that is being blocked.
    """
    values = {"TASK_ID": task_id}
    for name, column in _VARIABLES[kind]:
        if row.get(column) not in (None, ""):
            values[name] = str(row[column])
    if blocked:
        values["BLOCKED_REASON"] = blocked
    return values


def differences(ours: Row, theirs: Row | None) -> list[str]:
    """What the legacy side says otherwise about a task's state, in words; [] when both sides agree.

    The status has to be the same, owner, branch and commit where ours are set (an original has no way to empty
    them), and a task is completed on both sides or on neither. A short commit id stands for the long one.
    """
    if theirs is None:
        return ["the legacy side does not know the task"]
    found = []
    if ours["status"] != theirs.get("status"):
        found.append(_words("status", ours["status"], theirs.get("status")))
    for name in ("owner", "branch", "commit_sha"):
        mine, other = str(ours[name] or ""), str(theirs.get(name) or "")
        same = _same_commit(mine, other) if name == "commit_sha" else mine == other
        if name in theirs and mine and not same:
            found.append(_words(name, mine, other))
    if "completed_at" in theirs and bool(ours["completed_at"]) != bool(theirs["completed_at"]):
        found.append(_words("completed_at", ours["completed_at"], theirs["completed_at"]))
    return found


def is_same_record(kind: str, ours: Row, theirs: Row) -> bool:
    """Whether a legacy record says what ours does, in the columns that the legacy side has."""
    named = [name for name in _TELLING[kind] if name in theirs]
    return bool(named) and all(_plain(ours.get(name)) == _plain(theirs[name]) for name in named)


def wait_seconds(attempts: int) -> float:
    """How long to wait after so many failures: half a minute, twice as long each time, at most an hour."""
    return float(min(_FIRST_WAIT * 2 ** max(0, attempts - 1), _LONGEST_WAIT))


def states_after(events: list[Row], now: Row) -> dict[int, Row]:
    """The shared state of a task after each of its events (`id`, `payload`), from the state of now; by event."""
    found, state = {}, shared_state(now)
    for event in reversed(events):
        found[event["id"]] = dict(state)
        before = event["payload"].get("before")
        if isinstance(before, dict):
            state.update({name: value for name, value in before.items() if name in STATE_COLUMNS})
    return found


def _same_commit(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _SHORTEST_COMMIT and long.startswith(short))


def _words(name: str, ours: Any, theirs: Any) -> str:
    return f"{name} is {ours or '-'} here and {theirs or '-'} on the legacy side"


def _plain(value: Any) -> str:
    return " ".join(str(value or "").split())
