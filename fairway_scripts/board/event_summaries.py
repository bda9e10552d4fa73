"""What an event of the ledger says in one line."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: Entries of a payload that say what a record was about, in the order in which people want to read them.
_TELLING = (
    *("title", "fields_changed", "tasks"),
    *("result", "command_text", "shape", "verdict", "reviewer_role", "reviewer", "to_role", "lanes", "owner"),
    *("warning", "session_id", "subject_id", "state", "summary", "database", "command_class", "approved_by"),
)
_COUNTS = ("added", "changed", "left", "archived", "removed")
_LONGEST = 100


def summary_of(payload: Mapping[str, object], reverts: int | None = None, reverted_by: int | None = None) -> str:
    """One line for an event: its payload, and the numbers of the events that it takes back and that took it back.

    A change of state reads `todo -> in_progress, owner B`; anything else is told by the payload's own entries, so
    that an event of a kind that this version does not know is still readable.
    """
    moves, facts = _moves(payload), _facts(payload)
    if moves and facts and moves[-1] == f"review {facts[0]}":  # the verdict is what the review came to
        facts = facts[1:]
    parts = [*moves, *facts]
    if payload.get("reason"):
        parts.append(f"({_short(payload['reason'])})")
    if payload.get("forced"):
        parts.append("forced")
    if reverts:
        parts.insert(0, f"undoes event {reverts}" + ":" * bool(parts))
    if reverted_by:
        parts.append(f"[undone by event {reverted_by}]")
    return " ".join(parts)


def _moves(payload: Mapping[str, object]) -> list[str]:
    before, after = payload.get("before") or {}, payload.get("after") or {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    parts = []
    if "status" in after:
        parts.append(f"{before.get('status')} -> {after['status']}")
    for name, label in (("owner", "owner"), ("branch", "branch"), ("commit_sha", "commit")):
        if after.get(name) and ("status" in after or "review_status" not in after):
            parts.append(f"{label} {_short(str(after[name])[:12] if name == 'commit_sha' else after[name])}")
    if "review_status" in after and "status" not in after:
        parts.append(f"review {after['review_status']}")
    return parts


def _facts(payload: Mapping[str, object]) -> list[str]:
    counts = [f"{payload[name]} {name}" for name in _COUNTS if isinstance(payload.get(name), int) and payload[name]]
    facts = [_short(payload[name]) for name in _TELLING if payload.get(name)]
    return [", ".join(counts)] * bool(counts) + facts


def _short(value: object) -> str:
    text = ", ".join(str(entry) for entry in value) if isinstance(value, list) else str(value)
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."
