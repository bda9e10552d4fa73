"""Writing a task's state back into the queue file: exactly its state lines change, and no definition with them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts import clock, digest
from fairway_scripts.documents.file_replacement import replace_file, sole_writer
from fairway_scripts.documents.state_lines import set_state
from fairway_scripts.errors import FairwayError, suggest, suggest_program
from fairway_scripts.operations.freshness import settled_mtime
from fairway_scripts.operations.project import queue_path
from fairway_scripts.regular_files import regular
from fairway_scripts.rules import write_backs as rules

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project

    Row = dict[str, Any]

#: How often an edit is begun again because somebody else has written the file meanwhile.
_TRIES = 5


def deliver_yaml(project: Project, row: Row) -> None:
    """Set the state lines of a write-back's task to what the store says now, and note the delivery.

    The queue file has no place for records: such a write-back is given up. Raises FairwayError: `invalid_queue`,
    `not_found` (the task is not in the file), `file_unavailable`.
    """
    if row["kind"] != rules.STATE:
        with project.store.write() as tx:
            tx.run("write_backs.close", id=row["id"], at=clock.now(), remark="the queue file has no place for it")
        return
    with project.store.read() as tx:
        state = tx.one("tasks.state", task_id=row["task_id"])
    edited = write_state(project, row["task_id"], rules.shared_state(state)) if state else None
    with project.store.write() as tx:
        tx.run("write_backs.start", id=row["id"], at=clock.now(), keys_before=None)
        if edited is not None:
            _remember(project, tx, *edited)
        tx.run("write_backs.finish", id=row["id"], at=clock.now(), remark=None if state else "the task is gone")


def write_state(project: Project, task_id: str, state: Row) -> tuple[str, str, os.stat_result] | None:
    """Set the state lines of one task in the queue file; the digests before and after and the file's status.

    None when the file says so already. An edit that somebody else's writing has overtaken is begun again.
    """
    path = queue_path(project)
    for _ in range(_TRIES):
        data = _read(path)
        edit = set_state(data, project.show(path), task_id, state)
        if not edit.fields:
            return None
        with sole_writer(path):
            if _read(path) == data:
                replace_file(path, edit.data)
                return digest.of_bytes(data), digest.of_bytes(edit.data), os.stat(path)
    raise FairwayError(
        "file_unavailable",
        f"{project.show(path)} is being written to all the time",
        suggest("lane-engine", DELIVER=True),
    )


def _remember(project: Project, tx: Any, before: str, after: str, status: os.stat_result) -> None:
    """Tell the store that the file it has read is this one now: its definitions are the same."""
    path = queue_path(project)
    known = tx.one("sources.source", path=path)
    if known is not None and known["valid"] and known["sha256"] == before:
        seen = {"sha256": after, "mtime_ns": settled_mtime(status), "size": status.st_size}
        tx.run("sources.set_source", **{**known, **seen})


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", opener=regular) as file:
            return file.read()
    except OSError as problem:
        raise FairwayError(
            "file_unavailable", f"{path} cannot be read: {problem.strerror}", suggest_program("ls", "-l", path)
        ) from problem
