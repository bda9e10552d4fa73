"""The parity ledger: what was observed in shadow, what explains it, and whether a lane may be moved."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover.bridge.legacy_import import data_without_a_place
from fairway_scripts.cutover.bridge.legacy_side import has_database, unread_databases
from fairway_scripts.cutover.door.engines import FAIRWAY, SHADOW, engine_of_lane, engines
from fairway_scripts.cutover.parity.differences_file import read_differences
from fairway_scripts.cutover.parity.parity_report import (
    NO_LANE,
    concerns,
    judge,
    speaks_against,
    summarise,
    unproven,
    unused_entries,
)
from fairway_scripts.cutover.parity.parity_rules import CALL
from fairway_scripts.cutover.parity.read_anew import as_read_today
from fairway_scripts.cutover.shadow.shadow_calls import RUNNING, waiting_calls
from fairway_scripts.project.installation import home
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.project import is_born
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.cutover.parity.parity_shapes import Explanation, Judged, LaneReport, Observation, Report
    from fairway_scripts.project.project import Project

#: Where differences are explained, in the suite and in the host, from their roots.
DIFFERENCES = os.path.join("compat", "differences.toml")


def explanations(root: str) -> list[Explanation]:
    """Return the entries of both files of explained differences, first that of the host whose checkout is at `root`.

    Raises FairwayError `invalid_document` with every fault.
    """
    places = {os.path.join(root, DIFFERENCES): DIFFERENCES, os.path.join(home(), DIFFERENCES): ""}
    readings = [read_differences(path, shown) for path, shown in places.items()]
    faults = [fault for reading in readings for fault in reading.faults]
    if faults:
        listing = "\n".join(fault.text() for fault in faults)
        raise FairwayError(
            "invalid_document",
            f"the explained differences have {len(faults)} fault(s):\n{listing}",
            f"mend {faults[0].path}",
            faults=[fault.as_json() for fault in faults],
        )
    return [entry for reading in readings for entry in reading.entries]


def observations(project: Project, since: str = "") -> list[Observation]:
    """List every observation from the stored time `since` on; `ends` are how their side ended, and ours."""
    if not is_born(project.store):
        return []
    with project.store.read() as tx:
        rows = tx.all("parity.all", since=since)
    return [
        {
            "call_id": row["call_id"],
            "at": row["at"],
            "role": row["role"],
            "operation": row["operation"],
            "task_id": row["task_id"],
            "verdict": row["verdict"],
            "note": row["note"],
            "differences": stored(row["differences"], list, "differences"),
            "replay": row["replay"],
            "legacy_ms": row["legacy_ms"],
            "own_ms": row["own_ms"],
            "ends": [_end(row["legacy_result"], "legacy_result"), _end(row["own_result"], "own_result")],
        }
        for row in rows
    ]


def _end(facts: str, column: str) -> str:
    """Return how a side ended, as it was noted; "" for a call that was interrupted."""
    return str(stored(facts, dict, column).get("exit", ""))


def report(project: Project, role: str = "", since: str = "") -> Report:
    """Return what was observed in shadow, of one lane (with the calls of no lane that speak against it) or of all.

    `obstacles` of a lane are those of `cutover_obstacles` ([] once it is on `fairway`); the lane `*` are calls that
    belong to no lane. `unused` lists the entries that explain nothing, `waiting` is the number of calls in the spool.
    Raises FairwayError: `invalid_document`,
    `not_found` (no such lane).
    """
    entries, every = _judged(project)
    judged = [row for row in every if row["at"] >= since]
    known = engines(project)
    names = [*settings_of.lanes(project.settings), NO_LANE]
    names += [name for name in dict.fromkeys(row["role"] for row in judged) if name not in names]
    if role and role not in names:
        role = known_lane(project, role)
    rows = summarise(row for row in judged if not role or row["role"] == role or speaks_against(row, role))
    lanes: list[LaneReport] = []
    for name in names:
        own = [row for row in rows if row["role"] == name]
        engine = engine_of_lane(known, name)
        if not (own or name == role or (engine == SHADOW and not role)):
            continue
        moved = name == NO_LANE or engine == FAIRWAY
        lanes.append(
            {
                "role": name,
                "engine": engine,
                "operations": own,
                "unproven": [] if moved else unproven(every, name),
                "obstacles": [] if moved else _obstacles(project, name, every),
            }
        )
    return {
        "lanes": lanes,
        "unexplained": sum(row["unexplained"] for lane in lanes for row in lane["operations"]),
        "unused": unused_entries(entries, [entry for row in every for _difference, entry in row["explained"]]),
        "waiting": len(waiting_calls(project)),
    }


def cutover_obstacles(project: Project, role: str) -> list[str]:
    """List what speaks against `fairway` as the engine of a lane, one line each; [] when nothing does.

    Differences that nobody has explained and calls that could not be translated, core operations that were not done
    on both sides since they last ended differently, calls that still wait to be compared, and data of the old database
    that has no place here, so that there would be no way back to it. Raises FairwayError `invalid_document` for
    explanations that cannot be read.
    """
    return _obstacles(project, role, _judged(project)[1])


def disputed_lanes(project: Project) -> list[str]:
    """List the lanes, declared or not, of which calls differ without an explanation or wait to be compared."""
    waiting = [call.note["role"] for call in waiting_calls(project)]
    named = [*(row["role"] for row in _judged(project)[1] if row["unexplained"]), *waiting]
    return sorted({*named} - {NO_LANE, ""})


def _judged(project: Project) -> tuple[list[Explanation], list[Judged]]:
    """Return the explanations, and every observation judged by them."""
    entries = explanations(project.root)
    today = clock.now()[:10]
    return entries, [judge(as_read_today(project, row), entries, today) for row in observations(project)]


def _obstacles(project: Project, role: str, judged: list[Judged]) -> list[str]:
    by_operation: dict[str, list[str]] = {}
    for row in judged:
        for difference in row["unexplained"]:
            if concerns(row, difference, role):
                how = "could not be translated" if difference["field"] == CALL else "differs without an explanation"
                by_operation.setdefault(f"{row['operation']} {how}", []).append(row["call_id"])
    found = [f"{what}, {len(set(calls))} call(s), the last {calls[-1]}" for what, calls in sorted(by_operation.items())]
    lacking = unproven(judged, role)
    if lacking:
        found.append(f"still without an equal call on both sides: {', '.join(lacking)}")
    return [*found, *_waiting(project, role), *_without_a_place(project)]


def _waiting(project: Project, role: str) -> list[str]:
    if not is_born(project.store):
        return []
    with project.store.read() as tx:
        lane_of = {row["task_id"]: row["role"] for row in tx.all("parity.lanes")}
    waiting = [call for call in waiting_calls(project) if call.lane(lane_of) in (NO_LANE, role)]
    if not waiting:
        return []
    running = sum(call.standing == RUNNING for call in waiting)
    return [f"{len(waiting)} shadowed call(s) not compared yet ({running} still running)"]


def _without_a_place(project: Project) -> list[str]:
    """List why the old database could not be gone back to: it cannot be read, or holds what has no place here."""
    if not has_database(project):
        return [f"the old database: {line}" for line in (unread_databases(project),) if line]
    try:
        lines = data_without_a_place(project)
    except FairwayError as problem:
        lines = [problem.message]
    return [f"the old database: {line}" for line in lines]


def report_command(role: str) -> str:
    """Return the command that shows what there is to explain."""
    return suggest("parity-report", ROLE=role) if role else suggest("parity-report")
