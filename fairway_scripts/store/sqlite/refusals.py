"""What a failure of SQLite is to the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.refusals import restore_line

if TYPE_CHECKING:
    import sqlite3


def is_busy(problem: sqlite3.Error) -> bool:
    """Whether another process holds the lock."""
    return getattr(problem, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def refusal(problem: sqlite3.Error, path: str) -> FairwayError:
    """What a failure of SQLite means to the caller."""
    name = getattr(problem, "sqlite_errorname", "") or ""
    if is_busy(problem):
        return FairwayError("store_busy", f"{path} is locked by another process", "run the command again", path=path)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "malformed" in str(problem):
        return FairwayError("store_damaged", f"{path} is damaged: {problem}", restore_line(path), path=path)
    return FairwayError("store_unavailable", f"{path}: {problem}", suggest("queue-doctor"), path=path)
