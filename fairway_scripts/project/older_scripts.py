"""The scripts that were there before, as far as the rooms below `cutover` know of them: whether there are any.

All the rest is in that room. It is loaded from here, by name, and only where a tree or a store says that lanes are
cutting over: a project without such scripts never loads it.
"""

from __future__ import annotations

import os

from fairway_scripts.project.project import is_born

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from fairway_scripts.project.changes import Change
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Question

#: Where a tree says which side answers each lane; `cutover.door.handover` reads it, and is not loaded to look for it.
_ENGINES = os.path.join(".fairway", "engines.toml")

#: Whether any lane is cutting over, as the store is asked.
CUTTING_OVER: Question = ("tasks.cutting_over", {})


def bring_in(project: Project) -> None:
    """Bring in what the tree says of engines and what the older scripts did since the last call.

    Raises FairwayError when the file of the engines cannot be read; what a database does not tell is a note.
    """
    if not is_born(project.store):
        return
    if _has_engines(project):
        _cutover("door.following").follow_tree(project)
    if project.store.looked_up("tasks.cutting_over"):
        _cutover("bridge.mirror").refresh_from_legacy(project)


def owe(change: Change, task_id: str, payload: Mapping[str, object], event_id: int) -> bool:
    """Note inside an open change what its event means for the older scripts; whether there is something to tell."""
    if not change.tx.value("tasks.cutting_over"):
        return False
    return bool(_cutover("bridge.hand_on").owe(change, task_id, payload, event_id))


def tell(project: Project) -> None:
    """Tell the older scripts what is owed to them; what goes wrong is told on `project.notes`, never raised."""
    _cutover("bridge.hand_on").deliver_now(project)


def tell_left_overs(project: Project) -> None:
    """Tell the older scripts what an earlier command could not: noticed by one look at a partial index."""
    if project.store.read_only:
        return
    if project.store.looked_up("tasks.owed"):
        tell(project)


def _has_engines(project: Project) -> bool:
    """Whether a checkout of the repository has the file; one that cannot be looked at counts, its reader says why."""
    if project.repository is None:
        return False
    main, own = project.repository.main_worktree, project.repository.worktree
    for root in (main, own) if own != main else (main,):
        try:
            if root and os.lstat(os.path.join(root, _ENGINES)):
                return True
        except FileNotFoundError:
            continue
        except OSError:
            return True
    return False


def _cutover(module: str) -> ModuleType:
    return __import__(f"fairway_scripts.cutover.{module}", fromlist=["*"])
