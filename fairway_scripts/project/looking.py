"""Looking at a project: opening it so that it stays as it is, and noticing when another look is due."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.project.project import is_born

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.project.project import Project


def open_unchanged(args: Call) -> Project:
    """The project of a call, with a store that stays as it is: a changed queue file is not imported.

    Raises FairwayError `not_found` when there is no store yet, and what `open_project` raises.
    """
    project = open_as_it_is(args)
    if not is_born(project.store):
        raise FairwayError("not_found", f"there is no store at {project.store_place.path}", suggest("queue-import"))
    return project


def change_mark(project: Project) -> tuple[Any, ...]:
    """What is different as soon as an answer may be: the store's contents or file, the queue file, the configuration.

    The contents count from when the project was opened, so marks of one open project can be compared, and no others.
    """
    number = project.store.change_number() if is_born(project.store) else 0
    return number, _file(project.store_place.path), _text(project.queue.path), _text(project.config.path)


def _file(path: str) -> tuple[int, int]:
    """Which file lies at `path`: a restored store is another one."""
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0
    return status.st_dev, status.st_ino


def _text(path: str) -> tuple[int, int, int]:
    """Which text a file holds, as far as its status tells."""
    try:
        status = os.stat(path) if path else None
    except OSError:
        status = None
    return (status.st_ino, status.st_size, status.st_mtime_ns) if status else (0, 0, 0)
