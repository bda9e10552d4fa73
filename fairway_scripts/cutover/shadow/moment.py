"""The old database as an original has left it, copied before its caller can make the next call.

The observer takes longer to begin than the next call of a chain; what it would look at then is after that call too.
"""

from __future__ import annotations

import os
import time

from fairway_scripts.store.legacy_mark import mark_of

#: A larger database, its log included, would keep the caller waiting (bytes).
_MOST = 32 << 20
_CHUNK = 1 << 20
NAME = "moment.db"


def keep_moment(database: str, folder: str) -> int:
    """Copy the database as it is into a folder: when that began (ns since 1970), 0 where somebody writes meanwhile.

    Raises OSError.
    """
    mark, taken = _settled(database), time.time_ns()
    if not mark:
        return 0
    for end in ("", "-wal"):
        if os.path.exists(database + end):
            _copy(database + end, os.path.join(folder, NAME + end))
    return taken if _settled(database) == mark else 0


def _settled(database: str) -> str:
    """Return what tells this state of the database; "" for one that is too large or being changed."""
    if os.path.exists(f"{database}-journal"):
        return ""
    mark = mark_of(database)
    sizes = mark.split()[1::2]  # of the database and of its log, which a long reader lets grow
    return mark if sum(map(int, sizes)) <= _MOST else ""


def _copy(source: str, target: str) -> None:
    with open(source, "rb") as old, open(target, "xb") as new:
        while chunk := old.read(_CHUNK):
            new.write(chunk)
        status = os.fstat(old.fileno())
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
