"""Bringing the store in step with the engines that the tree says, such as those of a commit that was pulled.

Who answers is what the tree says, whoever wrote it, so nothing is refused here. What speaks against a lane that moves
so is kept with its change, and a lane that goes back is led back as by `lane-engine`.
"""

from __future__ import annotations

from fairway_scripts.cutover.door.engines import FAIRWAY, KIND, OTHER_LANES, engine_of_lane, engines, put_engine
from fairway_scripts.cutover.door.handover import tree_engines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.project.project import Project

_WHY = "as .fairway/engines.toml says"


def follow_tree(project: Project) -> None:
    """Take over the engines of the tree where they differ from the store's."""
    from fairway_scripts.project.project import OWN, SCRATCH, is_born

    if project.repository is None or not is_born(project.store) or project.relation not in (OWN, SCRATCH):
        return
    tree = tree_engines(project.repository)
    if tree is not None and not project.store.read_only and _differing(engines(project), tree):
        _follow(project, tree)


def _differing(known: dict[str, str], tree: dict[str, str]) -> dict[str, str]:
    """Return the lanes whose engine the tree says otherwise; one that it names does not go with `*`."""
    roles = [OTHER_LANES, *sorted({*known, *tree} - {OTHER_LANES})]
    changed = {
        role: engine_of_lane(tree, role) for role in roles if engine_of_lane(known, role) != engine_of_lane(tree, role)
    }
    named = {role: engine for role, engine in tree.items() if OTHER_LANES in changed and role not in known}
    return {**named, **changed}


def _follow(project: Project, tree: dict[str, str]) -> None:
    from fairway_scripts.base import clock
    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.cutover.bridge.mirror import is_candidate
    from fairway_scripts.cutover.door.moving import leaving, moved_lanes, spoken_to
    from fairway_scripts.cutover.door.returning import return_lane
    from fairway_scripts.project.ledger import append_event
    from fairway_scripts.project.project import OWN

    known = engines(project)
    after = {**known, **_differing(known, tree)}
    obstacles: dict[str, list[str]] = {}
    if not is_candidate(project) and project.relation == OWN:  # from a copy nobody is led back
        obstacles = _obstacles(project, known, after)
        try:
            for lane, since in leaving(project, known, after):
                return_lane(project, lane, since)
        except FairwayError as problem:
            project.notes.append(f"the engines are not taken over yet {_WHY}: {problem}")
            return
    with project.store.write() as tx:
        known, at = engines(tx), clock.now()
        changed = _differing(known, tree)
        moved = moved_lanes(project, tx, known, {**known, **changed})
        spoken = spoken_to([*changed], obstacles)
        for role, engine in changed.items():
            lines = spoken[role] if engine == FAIRWAY else []
            why = f"{_WHY}; not proven here: {len(lines)} thing(s) speak against it" if lines else _WHY
            before = engine_of_lane(known, role)
            put_engine(tx, role, engine, at=at, who=project.identity.actor, reason=why)
            lanes = [lane for lane in moved if lane not in changed] if role == OTHER_LANES else []
            details = {"reason": why, "forced": False, "obstacles": lines, "lanes": lanes}
            payload = {"role": role, "before": {"engine": before}, "after": {"engine": engine}, **details}
            append_event(project, tx, KIND, "", payload, at=at)
            if lines:
                project.notes.append(f"{'other lanes' if role == OTHER_LANES else role}: fairway {why} (parity-report)")


def _obstacles(project: Project, before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.cutover.door.moving import obstacles_of

    try:
        return obstacles_of(project, before, after)
    except FairwayError as problem:  # nothing is known of what was compared
        return {name: [problem.message] for name, engine in after.items() if engine == FAIRWAY != before.get(name)}
