"""Archived queue files: they answer whether a dependency is done, and their tasks are never claimed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import digest
from fairway_scripts.project.settings_in_force import has_cached_settings
from fairway_scripts.queue.sources import is_in_force, settled_mtime

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.definitions_rules import TaskRecord
    from fairway_scripts.store.contract import Transaction

KIND = "archive"


def read_archives(project: Project, settings: Settings) -> list[tuple[str, list[TaskRecord]]]:
    """The tasks of the archived queue files, each file under the name that people see."""
    from fairway_scripts.queue.files.queue_file import read_queue_file

    found: list[tuple[str, list[TaskRecord]]] = []
    for path in _paths(project, settings):
        document = read_queue_file(path, project.show(path), settings["queue"]["max_bytes"])
        found.append((project.show(path), document.tasks))
    return found


def remember_archives(project: Project, tx: Transaction, settings: Settings, at: str) -> None:
    """Note size and time of each archive as it was read, so that `imported_already` can tell."""
    tx.run("sources.drop_sources", kind=KIND)
    for path in _paths(project, settings):
        size, mtime_ns = _size_and_time(path)
        tx.run(
            "sources.set_source",
            path=path,
            kind=KIND,
            mtime_ns=mtime_ns,
            size=size,
            sha256="",
            valid=1,
            faults="[]",
            header="{}",
            task_count=0,
            imported_at=at,
        )


def imported_already(project: Project) -> bool:
    """Whether the queue file, its archives and the settings are what they were when all of it was imported."""
    with project.store.read() as tx:
        sources = {row["path"]: row for row in tx.all("sources.sources")}
    known = sources.get(project.queue.path)
    if known is None or not known["valid"] or known["sha256"] != digest.of_file(project.queue.path):
        return False
    if not is_in_force(project, known):
        return False
    archives = {path: _size_and_time(path) for path in _paths(project, project.settings)}
    remembered = {path: (row["size"], row["mtime_ns"]) for path, row in sources.items() if row["kind"] == KIND}
    return archives == remembered and has_cached_settings(project)


def _paths(project: Project, settings: Settings) -> list[str]:
    found: list[str] = []
    if not settings["queue"]["archives"]:
        return found
    from fairway_scripts.formats.release_files import matching_paths

    for pattern in settings["queue"]["archives"]:
        paths = (os.path.join(project.root, path) for path in matching_paths(project.root, pattern))
        found += [path for path in paths if os.path.realpath(path) != project.queue.path]
    return list(dict.fromkeys(found))


def _size_and_time(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_size, settled_mtime(status)
