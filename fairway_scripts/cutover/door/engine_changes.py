"""`lane-engine`: which side answers each lane, moving a lane over, and taking it back."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.paths import head_branch
from fairway_scripts.cutover.bridge.hand_on import PATIENCE, debts, deliver
from fairway_scripts.cutover.bridge.mirror import refresh_from_legacy
from fairway_scripts.cutover.door.engines import (
    ENGINES,
    FAIRWAY,
    LEGACY,
    OTHER_LANES,
    engine_of_lane,
    engines,
    front_door,
    read_manifest,
    set_engine,
    write_engines,
    write_front_door,
)
from fairway_scripts.cutover.door.following import follow_tree
from fairway_scripts.cutover.door.handover import is_shim
from fairway_scripts.cutover.door.moving import lanes_of, leaving, moved_lanes, obstacles_of, spoken_to
from fairway_scripts.cutover.door.returning import is_quiet, return_lane
from fairway_scripts.git.lane_state import lane_worktree
from fairway_scripts.project.changes import Change, answered_before
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import LaneEngine
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

    Row = dict[str, Any]

#: The word that means every lane.
ALL = "ALL"
#: How often a rollback begins again because the lane went on working meanwhile.
_TRIES = 3


def list_engines(project: Project) -> Row:
    """Every lane with its engine, and what the older side was not told; the file of the front doors is brought in step.

    Returns `{cutting_over, write_back, front_door, lanes, debts}`: a lane is `{role, engine, own, since, set_by,
    reason, cut_over_at, waiting, failed, debts}`; `own` says whether it has an engine of its own or that of `*`;
    `debts` of `hand_on.debts`.
    """
    follow_tree(project)
    with project.store.read() as tx:
        known = engines(tx)
        rows = {row["role"]: row for row in tx.all("engines.all")}
        owed = {row["role"]: row for row in tx.all("write_backs.summary")}
        names = lanes_of(project, tx)
        listed = debts(tx)
    lanes = []
    for name in [*names, OTHER_LANES]:
        row, waiting = rows.get(name) or rows.get(OTHER_LANES, {}), owed.get(name, {})
        told = {column: row.get(column) for column in ("since", "set_by", "reason", "cut_over_at")}
        counts = {word: waiting.get(word) or 0 for word in ("waiting", "failed", "debts")}
        lanes.append({"role": name, "engine": engine_of_lane(known, name), "own": name in rows, **told, **counts})
    return {
        "cutting_over": bool(known),
        "write_back": project.settings["bridge"]["write_back"],
        "front_door": write_front_door(project),
        "lanes": lanes,
        "debts": listed,
    }


def engine_history(project: Project, role: str) -> Row:
    """The changes of one lane, oldest first: `{role, engine, changes}`; raises FairwayError `not_found`.

    A change is `{id, at, actor, before, engine, reason, forced, obstacles}`.
    """
    with project.store.read() as tx:
        _known(project, tx, role)
        known = engines(tx)
        events = tx.all("engines.changes")
    changes = []
    for event in events:
        payload = stored(event["payload"], dict, "payload")
        if role in (payload["role"], *payload.get("lanes", ())):
            change = {name: event[name] for name in ("id", "at", "actor")}
            told = {name: payload[name] for name in ("reason", "forced", "obstacles")}
            changes.append(
                {**change, "before": payload["before"]["engine"], "engine": payload["after"]["engine"], **told}
            )
    write_front_door(project)
    return {"role": role, "engine": engine_of_lane(known, role), "changes": changes}


def change_engine(project: Project, args: LaneEngine, role: str, engine: str) -> Row:
    """Move a lane, with `ALL` every lane, or with `*` those without an engine of their own, to another engine.

    To `fairway` only when nothing speaks against it; FORCE with a REASON that names every obstacle goes past them and
    is recorded with them. Back at any moment: what the older side could not be told stays a debt. Returns `{engine,
    changes, returned, front_door}`: a change is `{role, engine, before, since, changed}`; `returned` what
    `returning.return_lane` tells of each lane that goes back. Raises FairwayError: `usage`, `not_found`,
    `reason_required`, `parity_mismatch`, `invalid_config` (the host's profile).
    """
    _check(engine, args.reason)
    repeated = answered_before(project, args)
    if repeated is not None:
        return repeated
    with project.store.read() as tx:
        roles = [*lanes_of(project, tx), OTHER_LANES] if role == ALL else [_known(project, tx, role)]
    front_door(project)  # a profile that cannot be read is refused while nothing has changed yet
    for _ in range(_TRIES):
        refresh_from_legacy(project)
        known = engines(project)
        after = {**known, **dict.fromkeys(roles, engine)}
        returned = [return_lane(project, name, since) for name, since in leaving(project, known, after)]
        obstacles = obstacles_of(project, known, after)
        if any(obstacles.values()) and not (args.force and _names_each(args.reason, obstacles)):
            raise _refusal(obstacles, role, forced=args.force)
        answer = _switch(project, args, roles, engine, returned, obstacles)
        if answer is not None:
            break
    else:
        raise FairwayError(
            "store_busy", f"the lane goes on working while it is taken back to {engine}", "run the command again"
        )
    answer["front_door"] = write_front_door(project)
    if answer["returned"]:
        deliver(project, everything=True)  # what a call that was at work when the lane went back left
    refresh_from_legacy(project)
    if engine != LEGACY:
        _tell_of_originals(project, [lane for row in answer["changes"] for lane in (row["role"], *row["lanes"])])
    return answer


def deliver_all(project: Project) -> Row:
    """Tell the older scripts everything now, also what waits after a failure; the answer of `hand_on.deliver`."""
    write_front_door(project)
    return deliver(project, everything=True, seconds=PATIENCE)


def _switch(
    project: Project,
    args: LaneEngine,
    roles: list[str],
    engine: str,
    returned: list[Row],
    obstacles: dict[str, list[str]],
) -> Row | None:
    """The one change, None when a lane has worked on since it was returned, or one would move that was not asked."""
    with Change(project, args) as change:
        if change.answer is not None:
            return change.answer
        known = engines(change.tx)
        moved = moved_lanes(project, change.tx, known, {**known, **dict.fromkeys(roles, engine)})
        unasked = engine == FAIRWAY and {*moved} - {*obstacles}
        if unasked or not all(is_quiet(change.tx, entry["role"]) for entry in returned):
            return None
        others = [name for name in moved if name not in roles]
        spoken = spoken_to(roles, obstacles)
        changes = [
            set_engine(change, name, engine, args.reason, spoken[name], others if name == OTHER_LANES else [])
            for name in roles
        ]
        if set(engines(change.tx).values()) == {FAIRWAY}:  # nobody is left to be told
            change.tx.run("write_backs.give_up", at=change.at)
        written = write_engines(project, _settled(engines(change.tx), engine))
        return change.finish(
            {"engine": engine, "changes": changes, "returned": returned, "front_door": "", "engines_file": written}
        )


def _settled(known: dict[str, str], engine: str) -> dict[str, str]:
    """What the tree is to say after a change: for every lane at once, one word is enough."""
    return {OTHER_LANES: engine} if set(known.values()) == {engine} else known


def _tell_of_originals(project: Project, roles: list[str]) -> None:
    """Warn of lanes whose worktree has not got the stand-ins yet: what is called there goes past the front door."""
    manifest = read_manifest(project.root)
    if manifest is None or project.repository is None:
        return
    for role in roles:
        place = lane_worktree(project.repository, project.settings, role)
        if role == OTHER_LANES or not place["exists"]:
            continue
        paths = [os.path.join(place["path"], script) for script in manifest["files"]]
        held = [path for path in paths if os.path.isfile(path) and not is_shim(path)]
        if held:
            branch = head_branch(project.repository.common_dir) or project.settings["fairway"]["main_branch"]
            project.notes.append(
                f"{project.show(place['path'])} still holds {len(held)} of the originals, which go past the front "
                f"door: commit the stand-ins, then git -C '{place['path']}' merge --no-edit '{branch}'"
            )


def _check(engine: str, reason: str) -> None:
    if engine not in ENGINES:
        raise FairwayError("usage", f"ENGINE {engine!r} is none of {', '.join(ENGINES)}", suggest("lane-engine"))
    if not reason.strip():
        raise FairwayError(
            "reason_required",
            "changing an engine needs a REASON, which is recorded",
            suggest("lane-engine", ROLE=None, ENGINE=engine, REASON=None),
        )


def _known(project: Project, tx: Transaction, role: str) -> str:
    return role if role in (OTHER_LANES, *lanes_of(project, tx)) else known_lane(project, role)


def _numbered(obstacles: dict[str, list[str]]) -> list[str]:
    """The obstacles as they are told, each with its number: that of `parity-report` for one lane."""
    lines = [f"{name}: {line}" for name, entries in obstacles.items() for line in entries]
    return [f"#{number} {line}" for number, line in enumerate(lines, 1)]


def _names_each(reason: str, obstacles: dict[str, list[str]]) -> bool:
    """Whether a reason names every obstacle by its number (`#1`): who goes past them has read them."""
    named = set(re.findall(r"#(\d+)\b", reason))
    return {str(number) for number in range(1, len(_numbered(obstacles)) + 1)} <= named


def _refusal(obstacles: dict[str, list[str]], role: str, *, forced: bool) -> FairwayError:
    lines, several = _numbered(obstacles), role in (ALL, OTHER_LANES)
    told = f"{'these lanes' if several else 'lane ' + role} cannot be cut over yet:\n" + "\n".join(lines)
    first = suggest("parity-report", ROLE="" if several else role)
    findings = [{"lane": name, "message": line} for name, entries in obstacles.items() for line in entries]
    if forced:
        numbers = "#1" if len(lines) == 1 else f"#1 to #{len(lines)}"
        told += f"\nFORCE goes past them when REASON names each: {numbers}"
        return FairwayError("reason_required", told, first, findings=findings)
    return FairwayError("parity_mismatch", told, first, findings=findings)
