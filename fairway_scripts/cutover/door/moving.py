"""Which lanes a change of engines moves, by whatever name it was asked for: each of them is asked, and led back.

`*` moves every lane without an engine of its own, and so does a line of the file of engines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.cutover.door.engines import FAIRWAY, OTHER_LANES, engine_of_lane
from fairway_scripts.cutover.parity.parity import cutover_obstacles, disputed_lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

    Engines = dict[str, str]


def lanes_of(project: Project, tx: Transaction) -> list[str]:
    """List the configured lanes, then others that have an engine of their own or tasks."""
    rows = [row["role"] for row in tx.all("engines.all")]
    found = dict.fromkeys([*settings_of.lanes(project.settings), *rows, *tx.column("tasks.lanes")])
    return [name for name in found if name != OTHER_LANES]


def moved_lanes(project: Project, tx: Transaction, before: Engines, after: Engines) -> list[str]:
    """List the lanes that somebody else answers after a change of engines."""
    names = dict.fromkeys([*lanes_of(project, tx), *after])
    return [name for name in names if name != OTHER_LANES and _moves(before, after, name)]


def _moves(before: Engines, after: Engines, lane: str) -> bool:
    return engine_of_lane(before, lane) != engine_of_lane(after, lane)


def obstacles_of(project: Project, before: Engines, after: Engines) -> dict[str, list[str]]:
    """Return what speaks against a change of engines, for each lane that it moves to `fairway`.

    Also for lanes that nobody has declared and calls were made for; where no lane is known, for `*` itself. Raises
    FairwayError `invalid_document` for explanations that cannot be read.
    """
    if FAIRWAY not in after.values():
        return {}
    with project.store.read() as tx:
        known = [*lanes_of(project, tx), *(name for name in after if name != OTHER_LANES)]
    names = dict.fromkeys([*known, *disputed_lanes(project)] or [OTHER_LANES])
    moving = [name for name in names if _moves(before, after, name) and engine_of_lane(after, name) == FAIRWAY]
    return {name: cutover_obstacles(project, name) for name in moving}


def spoken_to(roles: Sequence[str], obstacles: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the obstacles by the row that is changed past them: those of lanes without one belong to that of `*`."""
    spoken = {name: [*obstacles.get(name, [])] for name in roles}
    beside = [f"{name}: {line}" for name, lines in obstacles.items() if name not in roles for line in lines]
    return {**spoken, OTHER_LANES: [*spoken.get(OTHER_LANES, []), *beside]}


def leaving(project: Project, before: Engines, after: Engines) -> list[tuple[str, str]]:
    """List the lanes that a change of engines takes back, each with when it had moved, by itself or with all others."""
    with project.store.read() as tx:
        rows = {row["role"]: row for row in tx.all("engines.all")}
        names = [name for name in moved_lanes(project, tx, before, after) if engine_of_lane(before, name) == FAIRWAY]
    found = {name: rows.get(name) or rows.get(OTHER_LANES) for name in names}
    return [(name, row["cut_over_at"]) for name, row in found.items() if row and row["cut_over_at"]]
