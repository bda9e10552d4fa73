"""What is remembered of a file that was read, by which the next call knows it again (`queue_sources`)."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import QueueSource

SETTLING_NS = 50_000_000


def is_in_force(project: Project, known: QueueSource) -> bool:
    """Whether as many tasks of the queue file are in force as were imported from it.

    `known` is its row of `queue_sources`. Another file of that name may have been read meanwhile.
    """
    if not known["valid"]:
        return True
    with project.store.read() as tx:
        count = tx.value("sources.in_force", source=project.show(project.queue.path))
    return bool(count == known["task_count"])


def settled_mtime(status: os.stat_result) -> int:
    """The modification time to remember: 0 for a file that was written a moment ago.

    The clock of a file system ticks in milliseconds; a second edit within the tick would look like no edit.
    """
    return status.st_mtime_ns if time.time_ns() - status.st_mtime_ns > SETTLING_NS else 0
