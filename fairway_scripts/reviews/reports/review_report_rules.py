"""What the recorded reviews add up to, for each shape and each lane: numbers, no judgement.

An *ask* is a lane that was asked to review one commit of a task. It is done with the lane's first verdict after it was
opened, until then it is open, or replaced when the task was routed anew without it having been answered; an ask that
an earlier approval covered is counted apart. What a review found is known when it objected, or when its number of
findings was recorded; otherwise it stays unknown and counts neither as found nor as nothing.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.base import clock
from fairway_scripts.settings.review_needs import SHAPES
from fairway_scripts.work.verdicts import OBJECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from fairway_scripts.reviews.reports.report_shapes import (
        Ask,
        ByShape,
        Changes,
        Counts,
        OfLane,
        OfShape,
        OpenedAsk,
    )
    from fairway_scripts.store.rows import Review, WaiversRequests, WaiversSince

    Member = TypeVar("Member")


class Spread(TypedDict):
    """Of several times, those that are known."""

    count: int
    median_seconds: float | None
    total_seconds: float | None


#: Of asks that were routed before the shape was recorded.
UNKNOWN_SHAPE = "unknown"

FOUND = "found"
NOTHING = "nothing"
UNKNOWN = "unknown"

DONE = "done"
OPEN = "open"
REPLACED = "replaced"
COVERED = "covered"


def asks_of(requests: Iterable[WaiversRequests], verdicts: Iterable[Review]) -> list[Ask]:
    """Every ask, in the order in which they were opened.

    `requests` are rows {task_id, role, commit_sha, shape, answered_by, created_at, superseded_at}, `verdicts` rows
    {task_id, reviewer_role, verdict, findings_count, duration_seconds, created_at}, both without withdrawn ones and
    oldest first. Requests of one lane on one commit of a task are one ask, and a verdict belongs to the last ask of
    its lane that was open when it was given.

    An ask is {task_id, lane, commit_sha, shape, opened_at, state (done, open, replaced, covered), verdicts (how
    many), outcome (found, nothing, unknown; None unless it is done), wait_seconds (to the first verdict),
    spent_seconds (the sum that is known, None when nothing is)}.
    """
    asks = _opened(requests)
    by_lane: dict[tuple[str, str], list[OpenedAsk]] = {}
    for ask in asks:
        by_lane.setdefault((ask["task_id"], ask["lane"]), []).append(ask)
    for verdict in verdicts:
        earlier = [
            ask
            for ask in by_lane.get((verdict["task_id"], verdict["reviewer_role"]), [])
            if ask["opened_at"] <= verdict["created_at"]
        ]
        if earlier:
            earlier[-1]["given"].append(verdict)
    return [_judged(ask) for ask in asks]


def review_report(asks: list[Ask], waivers: list[WaiversSince], lanes: list[str]) -> ByShape:
    """The asks by shape, and by shape and lane, in the order of SHAPES and of `lanes`.

    `waivers` are rows {needed}. Returns `{by_shape, by_lane}`. A row of `by_shape` has shape, changes (commits of a
    task that were asked), lanes_asked (the median of lanes a change), nothing_found_in_a_row (the latest changes of
    which every lane that was asked has reviewed and found nothing) and waivers (that let this shape go); a row of
    `by_lane` has shape, lane and nothing_found_in_a_row (the latest done asks that found nothing). Both have asked =
    done + open + replaced, covered, found + nothing + unknown = done, and `waited` and `spent` {count,
    median_seconds, total_seconds}.
    """
    shapes = _present([*SHAPES, UNKNOWN_SHAPE], [*(ask["shape"] for ask in asks), *(row["needed"] for row in waivers)])
    by_shape: list[OfShape] = []
    by_lane: list[OfLane] = []
    for shape in shapes:
        own = [ask for ask in asks if ask["shape"] == shape]
        waived = sum(row["needed"] == shape for row in waivers)
        by_shape.append({"shape": shape, **_changes(own), **_counts(own), "waivers": waived})
        for lane in _present([*lanes, *sorted({ask["lane"] for ask in own})], [ask["lane"] for ask in own]):
            of_lane = [ask for ask in own if ask["lane"] == lane]
            done = [ask for ask in of_lane if ask["state"] == DONE]
            streak = _in_a_row(done, lambda ask: bool(ask["outcome"] == NOTHING))
            by_lane.append({"shape": shape, "lane": lane, "nothing_found_in_a_row": streak, **_counts(of_lane)})
    return {"by_shape": by_shape, "by_lane": by_lane}


def _opened(requests: Iterable[WaiversRequests]) -> list[OpenedAsk]:
    asks: dict[tuple[str, str, str], OpenedAsk] = {}
    for row in requests:
        key = (row["task_id"], row["role"], row["commit_sha"] or "")
        ask = asks.setdefault(
            key,
            {
                "task_id": row["task_id"],
                "lane": row["role"],
                "commit_sha": row["commit_sha"] or "",
                "opened_at": row["created_at"],
                "given": [],
                "routed": [],
                "covered": row["answered_by"] is not None,
            },
        )
        ask["routed"].append(row)
    return list(asks.values())


def _judged(ask: OpenedAsk) -> Ask:
    given, routed = ask["given"], ask["routed"]
    state = DONE if given else COVERED if ask["covered"] else REPLACED if routed[-1]["superseded_at"] else OPEN
    # routed again in another shape, say after a waiver: the shape in which it was answered, else the last one
    asked = [row for row in routed if not given or row["created_at"] <= given[0]["created_at"]]
    known = [row["duration_seconds"] for row in given if row["duration_seconds"] is not None]
    return {
        "task_id": ask["task_id"],
        "lane": ask["lane"],
        "commit_sha": ask["commit_sha"],
        "opened_at": ask["opened_at"],
        "shape": asked[-1]["shape"] or UNKNOWN_SHAPE,
        "state": state,
        "verdicts": len(given),
        "outcome": _outcome(given) if given else None,
        "wait_seconds": clock.elapsed(ask["opened_at"], given[0]["created_at"]) if given else None,
        "spent_seconds": float(sum(known)) if known else None,
    }


def _outcome(given: list[Review]) -> str:
    if any(row["verdict"] in OBJECTIONS or (row["findings_count"] or 0) > 0 for row in given):
        return FOUND
    return UNKNOWN if any(row["findings_count"] is None for row in given) else NOTHING


def _counts(asks: list[Ask]) -> Counts:
    states = [ask["state"] for ask in asks]
    outcomes = [ask["outcome"] for ask in asks]
    return {
        "asked": len(asks) - states.count(COVERED),
        "done": states.count(DONE),
        "open": states.count(OPEN),
        "replaced": states.count(REPLACED),
        "covered": states.count(COVERED),
        "found": outcomes.count(FOUND),
        "nothing": outcomes.count(NOTHING),
        "unknown": outcomes.count(UNKNOWN),
        "waited": spread(ask["wait_seconds"] for ask in asks),
        "spent": spread(ask["spent_seconds"] for ask in asks),
    }


def _changes(asks: list[Ask]) -> Changes:
    changes: dict[tuple[str, str], list[Ask]] = {}
    for ask in asks:
        if ask["state"] != COVERED:
            changes.setdefault((ask["task_id"], ask["commit_sha"]), []).append(ask)
    finished = [change for change in changes.values() if all(ask["state"] == DONE for ask in change)]
    sizes = [len(change) for change in changes.values()]
    return {
        "changes": len(changes),
        "lanes_asked": float(median(sizes)) if sizes else None,
        "nothing_found_in_a_row": _in_a_row(finished, lambda change: all(ask["outcome"] == NOTHING for ask in change)),
    }


def _in_a_row(rows: list[Member], holds: Callable[[Member], bool]) -> int:
    """How many rows at the end hold, one after the other."""
    count = 0
    for row in reversed(rows):
        if not holds(row):
            break
        count += 1
    return count


def spread(values: Iterable[float | None]) -> Spread:
    """How many values are known, their median and their sum."""
    known = [value for value in values if value is not None]
    return {
        "count": len(known),
        "median_seconds": float(median(known)) if known else None,
        "total_seconds": float(sum(known)) if known else None,
    }


def _present(order: list[str], seen: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(order) if name in seen]
