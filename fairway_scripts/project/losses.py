"""A store that was there and is gone: refused with the line that brings it back, never quietly begun anew."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.presence import is_there
from fairway_scripts.project import registry
from fairway_scripts.store.refusals import backups_beside
from fairway_scripts.store.sqlite import copying

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project

#: The most backups that a refusal names.
MOST_NAMED = 3


def refuse_lost(project: Project, path: str) -> None:
    """Raise FairwayError `store_lost` when a store was at `path` before: it is known here, or its log is still there.

    A file without a byte is no store: SQLite would begin a new one in it. One that nobody knows is being made just now.
    A project that is to begin anew (`queue-import ANEW=1`) is let through, with what is left of the old store moved
    out of the way.
    """
    relation, number = registry.known_as(registry.folder_of(project), path)
    left = [path + suffix for suffix in ("-wal", "-shm", "-journal") if is_there(path + suffix)]
    if registry.has_bytes(path) or not (relation or left):  # it may have been made while this process looked
        return
    is_empty = is_there(path)
    if is_empty and not relation:
        return
    if project.begins_anew:
        begin_anew(project, path)
        return
    gone = "has no byte left" if is_empty else "is gone"
    what = f"the store {path} {gone}" + (f" (it was {number})" if number else "")
    if left:
        what += f"; {', '.join(os.path.basename(name) for name in left)} of it are still there"
    backups = backups_beside(path)
    if backups:
        named = ", ".join(backups[:MOST_NAMED]) + (" ..." if len(backups) > MOST_NAMED else "")
        raise FairwayError(
            "store_lost",
            f"{what}; backups: {named}",
            suggest("queue-restore", FROM=backups[0]),
            path=path,
            uuid=number,
            backups=backups,
        )
    raise FairwayError(
        "store_lost",
        f"{what}, and no backup lies beside it",
        suggest("queue-restore", FROM=None),
        path=path,
        uuid=number,
        backups=[],
    )


def begin_anew(project: Project, path: str) -> None:
    """Forget the store that was at `path`; what is left of it is moved out of the way, for the new one's sake."""
    registry.forget_store(registry.folder_of(project), path)
    if any(is_there(path + suffix) for suffix in ("", "-wal", "-shm", "-journal")):
        moved = copying.set_aside(path, clock.now(), "lost")
        project.notes.append(f"what was left of the old store was moved to {moved}-*")
