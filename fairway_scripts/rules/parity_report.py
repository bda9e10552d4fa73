"""What the observations of a lane come to: how often both sides agreed, and what nobody has explained.

Explanations are applied here, to what was observed and never changes: an entry that is written later explains what
happened before, and one that goes makes its differences count again.
"""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING, Any

from fairway_scripts.errors import suggest
from fairway_scripts.rules.line_patterns import compile_pattern
from fairway_scripts.rules.parity import CORE, INTERRUPTED, MATCH, MISMATCH, UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Row = dict[str, Any]

#: The lane of calls that belong to no lane, and the word for "any" in an entry.
NO_LANE = ANY = "*"


def explanation_of(entries: Sequence[Row], operation: str, lane: str, difference: Row, today: str) -> Row | None:
    """The entry of `differences.toml` that explains a difference, None when none does.

    `today` is a day; an entry that expired before it explains nothing.
    """
    return next((entry for entry in entries if _explains(entry, operation, lane, difference, today)), None)


def _explains(entry: Row, operation: str, lane: str, difference: Row, today: str) -> bool:
    field: str = difference["field"]
    wanted = entry["field"]
    if entry["operation"] not in (operation, ANY) or (entry["expires"] and entry["expires"] < today):
        return False
    if wanted not in (field, ANY) and not field.startswith(f"{wanted}."):
        return False
    if entry["lanes"] and lane not in entry["lanes"] and lane_of_field(field) not in entry["lanes"]:
        return False
    hits = [
        compile_pattern(pattern, ignore_case=False).search(as_text(difference[side]))
        for side, pattern in entry["match"].items()
    ]
    return not hits or (any(hits) if entry.get("either") else all(hits))


def as_text(value: Any) -> str:
    """A compared value as a pattern sees it: lists with single blanks, the rest as JSON without quotes."""
    if isinstance(value, list):
        return " ".join(as_text(entry) for entry in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def lane_of_field(field: str) -> str:
    """The lane in the name of a compared field, such as `ready.B-ui`; "" when there is none."""
    name, _, lane = field.partition(".")
    return lane if name in ("ready", "next") else ""


def judge(observation: Row, entries: Sequence[Row], today: str) -> Row:
    """An observation with its differences sorted: adds `explained` ([[difference, entry]]) and `unexplained`."""
    explained, unexplained = [], []
    if observation["verdict"] == MISMATCH:
        for difference in observation["differences"]:
            entry = explanation_of(entries, observation["operation"], observation["role"], difference, today)
            if entry is None:
                unexplained.append(difference)
            else:
                explained.append([difference, entry])
    return {**observation, "explained": explained, "unexplained": unexplained}


def summarise(judged: Iterable[Row]) -> list[Row]:
    """One row for each lane and operation, lanes and operations in the order of their names.

    `{role, operation, observations, match, explained, unexplained, unclear, interrupted, explained_by, latency,
    first_seen, last_seen, open}`: the counts are of calls; `explained_by` lists entries as `{place, calls}`, `latency`
    is the median of our time over theirs, `open` what nobody explains as `{call_id, at, task_id, differences, replay}`.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in judged:
        groups.setdefault((row["role"], row["operation"]), []).append(row)
    return [_summary(role, operation, rows) for (role, operation), rows in sorted(groups.items())]


def _summary(role: str, operation: str, rows: list[Row]) -> Row:
    differing = [row for row in rows if row["verdict"] == MISMATCH]
    unexplained = [row for row in differing if row["unexplained"]]
    by_entry: dict[str, set[str]] = {}
    for row in differing:
        for _difference, entry in row["explained"]:
            by_entry.setdefault(entry["place"], set()).add(row["call_id"])
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in (MATCH, UNCLEAR, INTERRUPTED)}
    ratios = [row["own_ms"] / row["legacy_ms"] for row in rows if row["own_ms"] and row["legacy_ms"]]
    return {
        "role": role,
        "operation": operation,
        "observations": len(rows),
        "match": counts[MATCH],
        "explained": len(differing) - len(unexplained),
        "unexplained": len(unexplained),
        "unclear": counts[UNCLEAR],
        "interrupted": counts[INTERRUPTED],
        "explained_by": [{"place": place, "calls": len(calls)} for place, calls in sorted(by_entry.items())],
        "latency": round(median(ratios), 2) if ratios else None,
        "first_seen": min(row["at"] for row in rows),
        "last_seen": max(row["at"] for row in rows),
        "open": [
            {
                "call_id": row["call_id"],
                "at": row["at"],
                "task_id": row["task_id"],
                "differences": row["unexplained"],
                "replay": suggest("parity-observe", REPLAY=row["call_id"]) if row["replay"] else "",
            }
            for row in unexplained
        ],
    }


def unused_entries(entries: Sequence[Row], judged: Iterable[Row]) -> list[Row]:
    """The entries that explain nothing (any more): `{place, operation, field, owner, date, expires}`."""
    used = {entry["place"] for row in judged for _difference, entry in row["explained"]}
    names = ("place", "operation", "field", "owner", "date", "expires")
    return [{name: entry[name] for name in names} for entry in entries if entry["place"] not in used]


def never_compared(judged: Iterable[Row], lane: str) -> list[str]:
    """The core operations of a lane that no call has shown yet: an unclear or interrupted call shows nothing."""
    seen = {
        row["operation"] for row in judged if row["verdict"] in (MATCH, MISMATCH) and row["role"] in (lane, NO_LANE)
    }
    return [operation for operation in CORE if operation not in seen]


def concerns(row: Row, difference: Row, lane: str) -> bool:
    """Whether a difference speaks against moving `lane`: its own, or one of a call of no lane that is not another's."""
    return bool(row["role"] == lane or (row["role"] == NO_LANE and lane_of_field(difference["field"]) in ("", lane)))
