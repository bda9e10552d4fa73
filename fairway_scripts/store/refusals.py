"""What a store that another version made, or that is damaged or gone, is to the caller."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.schema import SCHEMA_VERSION

#: Where backups go, beside the store.
FOLDER = "backups"


def newer(place: str, version: int) -> FairwayError:
    """The refusal of a store, backup or snapshot that a later version made."""
    return FairwayError(
        "store_newer",
        f"{place} has schema {version}; this version knows {SCHEMA_VERSION}",
        "update fairway-scripts",
        path=place,
        schema_version=version,
    )


def older(place: str, version: int) -> FairwayError:
    """The refusal of a store that an earlier version made: it is brought up to date on request, never in passing."""
    return FairwayError(
        "store_outdated",
        f"{place} has schema {version}; this version needs {SCHEMA_VERSION}",
        suggest("queue-migrate"),
        path=place,
        schema_version=version,
    )


def moved(place: str) -> FairwayError:
    """The refusal of a change to a store that is continued at another place."""
    return FairwayError(
        "store_moved",
        f"this store was moved to {place}: it is only read here",
        suggest("queue-where"),
        path=place,
    )


def restore_line(path: str) -> str:
    """The line that brings the store at `path` back, from its newest backup where there is one."""
    backups = backups_beside(path)
    return suggest("queue-restore", FROM=backups[0] if backups else None)


def backups_beside(path: str) -> list[str]:
    """The backups of the store at `path` that lie beside it, the newest first."""
    folder = os.path.join(os.path.dirname(path), FOLDER)
    try:
        found = [entry.path for entry in os.scandir(folder) if entry.name.endswith(".db") and entry.is_file()]
    except OSError:
        return []
    return sorted(found, key=lambda name: (os.stat(name).st_mtime, name), reverse=True)
