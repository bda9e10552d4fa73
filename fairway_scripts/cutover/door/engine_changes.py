"""`lane-engine`: which side answers each lane, moving a lane over, and taking it back."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

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
    front_door_path,
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
from fairway_scripts.project.changes import Change, repeated_answer
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import LaneEngine
    from fairway_scripts.cutover.cutover_shapes import (
        ChangedEngines,
        Delivered,
        EngineHistory,
        LaneEngines,
        ListedLane,
        PastChange,
        ReturnedLane,
    )
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

#: The word that means every lane.
ALL = "ALL"
#: How often a rollback begins again because the lane went on working meanwhile.
_TRIES = 3


def list_engines(project: Project) -> LaneEngines:
    """List every lane with its engine, and what the older side was not told.

    `own` says whether a lane has an engine of its own or that of `*`. The file of the front doors is brought in step.
    """
    follow_tree(project)
    with project.store.read() as tx:
        known = engines(tx)
        rows = {row["role"]: row for row in tx.all("engines.all")}
        owed = {row["role"]: row for row in tx.all("write_backs.summary")}
        names = lanes_of(project, tx)
        listed = debts(tx)
    lanes: list[ListedLane] = []
    for name in [*names, OTHER_LANES]:
        row, open_messages = rows.get(name) or rows.get(OTHER_LANES), owed.get(name)
        lanes.append(
            {
                "role": name,
                "engine": engine_of_lane(known, name),
                "own": name in rows,
                "since": row["since"] if row else None,
                "set_by": row["set_by"] if row else None,
                "reason": row["reason"] if row else None,
                "cut_over_at": row["cut_over_at"] if row else None,
                "waiting": open_messages["waiting"] if open_messages else 0,
                "failed": open_messages["failed"] if open_messages else 0,
                "debts": open_messages["debts"] if open_messages else 0,
            }
        )
    return {
        "cutting_over": bool(known),
        "write_back": project.settings["bridge"]["write_back"],
        "front_door": write_front_door(project),
        "lanes": lanes,
        "debts": listed,
    }


def engine_history(project: Project, role: str) -> EngineHistory:
    """Return the changes of one lane, oldest first; raises FairwayError `not_found`."""
    with project.store.read() as tx:
        _known(project, tx, role)
        known = engines(tx)
        events = tx.all("engines.changes")
    changes: list[PastChange] = []
    for event in events:
        payload = stored(event["payload"], dict, "payload")
        if role in (payload["role"], *payload.get("lanes", ())):
            changes.append(
                {
                    "id": event["id"],
                    "at": event["at"],
                    "actor": event["actor"],
                    "before": payload["before"]["engine"],
                    "engine": payload["after"]["engine"],
                    "reason": payload["reason"],
                    "forced": payload["forced"],
                    "obstacles": payload["obstacles"],
                }
            )
    write_front_door(project)
    return {"role": role, "engine": engine_of_lane(known, role), "changes": changes}


def change_engine(project: Project, args: LaneEngine, role: str, engine: str) -> ChangedEngines:
    """Move a lane, with `ALL` every lane, or with `*` those without an engine of their own, to another engine.

    To `fairway` only when nothing speaks against it; FORCE with a REASON that names every obstacle goes past them and
    is recorded with them. Back at any moment: what the older side could not be told stays a debt. `returned` has each
    lane that goes back. Raises FairwayError: `usage`, `not_found`, `reason_required`, `parity_mismatch`,
    `invalid_config` (the host's profile), `store_busy` (the lane goes on working).
    """
    _check(engine, args.reason)
    repeated: ChangedEngines | None = repeated_answer(project, args)
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
    write_front_door(project)
    if answer["returned"]:
        deliver(project, everything=True)  # what a call that was at work when the lane went back left
    refresh_from_legacy(project)
    if engine != LEGACY:
        _tell_of_originals(project, [lane for row in answer["changes"] for lane in (row["role"], *row["lanes"])])
    return answer


def deliver_all(project: Project) -> Delivered:
    """Tell the older scripts everything now, also what waits after a failure; the answer of `hand_on.deliver`."""
    write_front_door(project)
    return deliver(project, everything=True, seconds=PATIENCE)


def _switch(
    project: Project,
    args: LaneEngine,
    roles: list[str],
    engine: str,
    returned: list[ReturnedLane],
    obstacles: dict[str, list[str]],
) -> ChangedEngines | None:
    """Make the one change; return None when a lane has worked on since, or one would move that was not asked."""
    with Change(project, args) as change:
        if change.answer is not None:
            return change.repeated()
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
        done: ChangedEngines = {
            "engine": engine,
            "changes": changes,
            "returned": returned,
            "front_door": front_door_path(project),  # where it is written as soon as this is kept
            "engines_file": written,
        }
        return change.finish(done)


def _settled(known: dict[str, str], engine: str) -> dict[str, str]:
    """Return what the tree is to say after a change: for every lane at once, one word is enough."""
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
    """Return the obstacles as they are told, each with its number: that of `parity-report` for one lane."""
    lines = [f"{name}: {line}" for name, entries in obstacles.items() for line in entries]
    return [f"#{number} {line}" for number, line in enumerate(lines, 1)]


def _names_each(reason: str, obstacles: dict[str, list[str]]) -> bool:
    """Tell whether a reason names every obstacle by its number (`#1`): who goes past them has read them."""
    named = set(re.findall(r"#(\d+)\b", reason))
    return {str(number) for number in range(1, len(_numbered(obstacles)) + 1)} <= named


def _refusal(obstacles: dict[str, list[str]], role: str, *, forced: bool) -> FairwayError:
    lines, several = _numbered(obstacles), role in (ALL, OTHER_LANES)
    message = f"{'these lanes' if several else 'lane ' + role} cannot be cut over yet:\n" + "\n".join(lines)
    first = suggest("parity-report", ROLE="" if several else role)
    findings = [{"lane": name, "message": line} for name, entries in obstacles.items() for line in entries]
    if forced:
        numbers = "#1" if len(lines) == 1 else f"#1 to #{len(lines)}"
        message += f"\nFORCE goes past them when REASON names each: {numbers}"
        return FairwayError("reason_required", message, first, findings=findings)
    return FairwayError("parity_mismatch", message, first, findings=findings)
