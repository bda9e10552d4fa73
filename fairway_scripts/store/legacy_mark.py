"""What tells one state of the old database from another, at the price of two `stat` calls."""

from __future__ import annotations

import os


def mark_of(path: str) -> str:
    """Time and size of the database and of its write-ahead log as one text, "" when there is no database.

    A rollback journal needs no look: the database itself is written before the journal goes.
    """
    try:
        status = os.stat(path)
    except OSError:
        return ""
    try:
        log = os.stat(f"{path}-wal")
    except OSError:
        return f"{status.st_mtime_ns} {status.st_size}"
    return f"{status.st_mtime_ns} {status.st_size} {log.st_mtime_ns} {log.st_size}"


def content_ns(path: str) -> int:
    """When the content last changed, in nanoseconds since 1970: a reader makes an empty log, which says nothing."""
    try:
        log = os.stat(f"{path}-wal")
    except OSError:
        log = None
    try:
        written = os.stat(path).st_mtime_ns
    except OSError:
        return 0
    return max(written, log.st_mtime_ns if log and log.st_size else 0)


def last_written_ns(path: str) -> int:
    """When the database or its log was last written to, in nanoseconds since 1970; 0 when there is none."""
    latest = 0
    for name in (path, f"{path}-wal"):
        try:
            latest = max(latest, os.stat(name).st_mtime_ns)
        except OSError:
            continue
    return latest
