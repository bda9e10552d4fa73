"""What the observations of a lane come to: how often both sides agreed, and what nobody has explained.

Explanations are applied here, to what was observed and never changes: an entry that is written later explains what
happened before, and one that goes makes its differences count again.
"""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest
from fairway_scripts.base.patterns.line_patterns import compile_pattern
from fairway_scripts.cutover.parity.parity_facts import DONE, REFUSED
from fairway_scripts.cutover.parity.parity_rules import CALL, CORE, INTERRUPTED, MATCH, MISMATCH, UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairway_scripts.cutover.parity.parity_shapes import (
        Compared,
        Difference,
        Explanation,
        Judged,
        Observation,
        Summary,
        Unused,
    )

#: The operation that speaks of every lane when it names none.
_OF_EVERY_LANE = "ready"
#: The lane of calls that belong to no lane.
NO_LANE = "*"


def explanation_of(
    entries: Sequence[Explanation], operation: str, lane: str, difference: Difference, today: str
) -> Explanation | None:
    """Return the entry of `differences.toml` that explains a difference, None when none does.

    `today` is a day; an entry that expired before it explains nothing.
    """
    return next((entry for entry in entries if _explains(entry, operation, lane, difference, today)), None)


def _explains(entry: Explanation, operation: str, lane: str, difference: Difference, today: str) -> bool:
    field = difference["field"]
    if entry["operation"] != operation or entry["expires"] < today or field == CALL:
        return False
    if entry["field"] != field and not field.startswith(f"{entry['field']}."):
        return False
    if entry["lanes"] and lane not in entry["lanes"] and lane_of_field(field) not in entry["lanes"]:
        return False
    if difference.get("word", "") != entry["word"]:
        return False
    return all(
        compile_pattern(entry["match"][side], ignore_case=False).search(as_text(value))
        for side, value in (("legacy", difference["legacy"]), ("own", difference["own"]))
    )


def as_text(value: object) -> str:
    """Write a compared value as a pattern sees it: lists with single blanks, the rest as JSON without quotes."""
    if isinstance(value, list):
        return " ".join(as_text(entry) for entry in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def lane_of_field(field: str) -> str:
    """Return the lane in the name of a compared field, such as `ready.B-ui`; "" when there is none."""
    name, _, lane = field.partition(".")
    return lane if name in ("ready", "next") else ""


def sort_differences(
    compared: Compared, entries: Sequence[Explanation], today: str
) -> tuple[list[tuple[Difference, Explanation]], list[Difference]]:
    """Return the differences that an entry explains, each with it, and those that none does."""
    explained: list[tuple[Difference, Explanation]] = []
    unexplained: list[Difference] = []
    for difference in compared["differences"] if compared["verdict"] == MISMATCH else ():
        entry = explanation_of(entries, compared["operation"], compared["role"], difference, today)
        if entry is None:
            unexplained.append(difference)
        else:
            explained.append((difference, entry))
    return explained, unexplained


def judge(observation: Observation, entries: Sequence[Explanation], today: str) -> Judged:
    """Return an observation with its differences sorted into `explained` and `unexplained`."""
    explained, unexplained = sort_differences(observation, entries, today)
    return {**observation, "explained": explained, "unexplained": unexplained}


def summarise(judged: Iterable[Judged]) -> list[Summary]:
    """Return one row for each lane and operation, lanes and operations in the order of their names.

    The counts are of calls, `done` and `refused` of those that
    count and that both sides did or refused; `unclear_why` is the note of the last that was unclear, `explained_by`
    lists entries, `latency` is the median of our time over theirs, `open` what nobody explains.
    """
    groups: dict[tuple[str, str], list[Judged]] = {}
    for row in judged:
        groups.setdefault((row["role"], row["operation"]), []).append(row)
    return [_summary(role, operation, rows) for (role, operation), rows in sorted(groups.items())]


def _summary(role: str, operation: str, rows: list[Judged]) -> Summary:
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
        "done": sum(row["verdict"] in (MATCH, MISMATCH) and _done_on_both(row) for row in rows),
        "refused": sum(row["verdict"] == MATCH and row["ends"] == [REFUSED, REFUSED] for row in rows),
        "match": counts[MATCH],
        "explained": len(differing) - len(unexplained),
        "unexplained": len(unexplained),
        "unclear": counts[UNCLEAR],
        "unclear_why": next((row["note"] for row in reversed(rows) if row["verdict"] == UNCLEAR), None) or "",
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
                "replay": suggest("parity-report", REPLAY=row["call_id"]) if row["replay"] else "",
            }
            for row in unexplained
        ],
    }


def unused_entries(entries: Sequence[Explanation], used: Iterable[Explanation]) -> list[Unused]:
    """List the entries that explain nothing (any more): those that are not among the `used` ones."""
    places = {entry["place"] for entry in used}
    return [
        {
            "place": entry["place"],
            "operation": entry["operation"],
            "field": entry["field"],
            "owner": entry["owner"],
            "date": entry["date"],
            "expires": entry["expires"],
        }
        for entry in entries
        if entry["place"] not in places
    ]


def unproven(judged: Iterable[Judged], lane: str) -> list[str]:
    """List the core operations of a lane that were not done on both sides since they last ended differently.

    `judged` comes oldest first. A call that both sides refused, that is unclear or that was interrupted shows nothing;
    a difference that nobody explains takes back what was shown before it, and one in the end of a call does so even
    when it is explained. Of the calls of no lane only `ready` counts: it lists this lane too.
    """
    shown: set[str] = set()
    for row in judged:
        operation = row["operation"]
        if row["role"] != lane and not (row["role"] == NO_LANE and operation == _OF_EVERY_LANE):
            continue
        if row["verdict"] == MISMATCH and (row["unexplained"] or not _done_on_both(row)):
            shown.discard(operation)
        elif row["verdict"] in (MATCH, MISMATCH) and _done_on_both(row):
            shown.add(operation)
    return [operation for operation in CORE if operation not in shown]


def _done_on_both(row: Judged) -> bool:
    return row["ends"] == [DONE, DONE]


def concerns(row: Judged, difference: Difference, lane: str) -> bool:
    """Tell whether a difference speaks against moving `lane`: its own, or one of no lane that is not another's."""
    return row["role"] == lane or (row["role"] == NO_LANE and lane_of_field(difference["field"]) in ("", lane))


def speaks_against(row: Judged, lane: str) -> bool:
    """Tell whether a judged call has a difference that nobody explains and that speaks against moving `lane`."""
    return any(concerns(row, difference, lane) for difference in row["unexplained"])
