"""Whether the definitions in the store are in step with the queue file, at the price of a `stat` a call."""

from __future__ import annotations

import os
import time

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.project import CLONE, OWN, SCRATCH, is_born
from fairway_scripts.store.stored_json import stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.project.project import Project


SETTLING_NS = 50_000_000


def is_due(project: Project, status: os.stat_result) -> bool:
    """Whether the queue file, whose status this is, has to be read; notes what was wrong with it where it has not.

    Raises FairwayError.
    """
    known = known_source(project) if is_born(project.store) else None
    if project.relation not in (OWN, SCRATCH) and not _may_define(project, known, status):
        return False
    if known is not None and (known["mtime_ns"], known["size"]) == (status.st_mtime_ns, status.st_size):
        _mention_faults(project, known)
        return False
    if is_born(project.store) and project.store.read_only:
        project.notes.append(f"{project.show(project.queue.path)} has changed, but the store cannot be written")
        return False
    if known is not None and _is_as_read(project, known, status):
        _remember_time(project, status)
        _mention_faults(project, known)
        return False
    return True


def _may_define(project: Project, known: dict[str, Any] | None, status: os.stat_result) -> bool:
    """Whether the queue file of a caller counts whose store this is not; notes that it does not."""
    from fairway_scripts.project.ownership import checkout_of, may_define

    if known is not None and (known["mtime_ns"], known["size"]) == (status.st_mtime_ns, status.st_size):
        return True  # it did, and has not changed since
    if may_define(project):
        return True
    if project.relation == CLONE:
        project.notes.append(
            f"this is another clone: the definitions in force are those of {checkout_of(project) or project.store.path}"
        )
    return False


def _is_as_read(project: Project, known: dict[str, Any], status: os.stat_result) -> bool:
    """Whether the file has the content that was imported, and all of it is still in force."""
    if known["size"] != status.st_size or known["sha256"] != digest.of_file(project.queue.path):
        return False
    return is_in_force(project, known)


def is_in_force(project: Project, known: dict[str, Any]) -> bool:
    """Whether as many tasks of the queue file are in force as were imported from it.

    `known` is its row of `queue_sources`. Another file of that name may have been read meanwhile.
    """
    if not known["valid"]:
        return True
    with project.store.read() as tx:
        count = tx.value("sources.in_force", source=project.show(project.queue.path))
    return bool(count == known["task_count"])


def status_of(path: str) -> os.stat_result | None:
    """The status of a queue file, None where there is none; raises FairwayError `file_unavailable`."""
    try:
        return os.stat(path) if path else None
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path}: {problem.strerror}") from problem


def known_source(project: Project) -> dict[str, Any] | None:
    """What the store keeps of the queue file as it was read last, None where it never was."""
    found = project.store.looked_up("sources.sources")  # there are few, and which one is meant is known late
    return next((row for row in found if row["path"] == project.queue.path), None)


def settled_mtime(status: os.stat_result) -> int:
    """The modification time to remember: 0 for a file that was written a moment ago.

    The clock of a file system ticks in milliseconds; a second edit within the tick would look like no edit.
    """
    return status.st_mtime_ns if time.time_ns() - status.st_mtime_ns > SETTLING_NS else 0


def _remember_time(project: Project, status: os.stat_result) -> None:
    """Keep the time of a file that is as it was; who finds the store locked leaves that to the next command."""
    mtime_ns = settled_mtime(status)
    if not mtime_ns:
        return
    try:
        with project.store.write(repeatable=True) as tx:
            tx.run("sources.touch_source", path=project.queue.path, mtime_ns=mtime_ns)
    except FairwayError as refusal:
        if refusal.word != "store_busy":
            raise


def _mention_faults(project: Project, known: dict[str, Any]) -> None:
    if not known["valid"]:
        mention(project, len(stored(known["faults"], list, "faults")))


def mention(project: Project, count: int) -> None:
    """Note that the queue file has so many faults."""
    project.notes.append(
        f"{project.show(project.queue.path)} has {count} fault(s), so its last good definitions are in force: "
        + suggest("queue-validate")
    )
