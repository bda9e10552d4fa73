"""What a failure of SQLite, or a store that a later version made, is to the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.store.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    import sqlite3


def newer(place: str, version: int) -> FairwayError:
    """The refusal of a store, backup or snapshot that a later version made."""
    return FairwayError(
        "store_newer",
        f"{place} has schema {version}; this version knows {SCHEMA_VERSION}",
        "update fairway-scripts",
        path=place,
        schema_version=version,
    )


def is_busy(problem: sqlite3.Error) -> bool:
    """Whether another process holds the lock."""
    return getattr(problem, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def refusal(problem: sqlite3.Error, path: str) -> FairwayError:
    """What a failure of SQLite means to the caller."""
    name = getattr(problem, "sqlite_errorname", "") or ""
    if is_busy(problem):
        return FairwayError("store_busy", f"{path} is locked by another process", "run the command again", path=path)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "malformed" in str(problem):
        return FairwayError(
            "store_damaged", f"{path} is damaged: {problem}", suggest("queue-restore", FROM=None), path=path
        )
    return FairwayError("store_unavailable", f"{path}: {problem}", suggest("queue-doctor"), path=path)
