"""Which files a call means, and how each was found."""

from __future__ import annotations

import os

from fairway_scripts import settings as settings_of
from fairway_scripts.errors import FairwayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.operations.project import Project
    from fairway_scripts.paths import Repository

STORE_IN_GIT = os.path.join("fairway", "queue.db")
#: How a store was found that the call itself names.
NAMED_STORES = ("--db", "QUEUE_DB", "AGENT_QUEUE_DB")
STORE_BESIDE_CONFIG = os.path.join(".fairway", "queue.db")


class Place:
    """A file that a call uses: its absolute path ("" when there is none) and how it was found."""

    __slots__ = ("found", "path")

    def __init__(self, path: str, found: str) -> None:
        self.path = path
        self.found = found


def root_of(repository: Repository | None, args: Any) -> str:
    """The folder that a project stands on: the main checkout, else the one that holds the configuration."""
    if repository is not None:
        return repository.main_worktree or repository.worktree or os.path.dirname(repository.common_dir)
    given = getattr(args, "config", "") or os.environ.get("FAIRWAY_CONFIG", "")
    if given:
        folder = os.path.dirname(os.path.realpath(given))
        return os.path.dirname(folder) if os.path.basename(folder) == ".fairway" else folder
    place = os.path.realpath(os.getcwd())
    while True:
        if os.path.exists(os.path.join(place, settings_of.CONFIG_PATH)):
            return place
        above = os.path.dirname(place)
        if above == place:
            return os.path.realpath(os.getcwd())
        place = above


def config_place(root: str, args: Any) -> Place:
    """The configuration file: `--config`, FAIRWAY_CONFIG, else that of the main checkout, which may be missing."""
    for value, found in (
        (getattr(args, "config", ""), "--config"),
        (os.environ.get("FAIRWAY_CONFIG", ""), "FAIRWAY_CONFIG"),
    ):
        if value:
            path = os.path.realpath(value)
            if not os.path.isfile(path):
                raise FairwayError("not_found", f"{path}: no such configuration file ({found})", "fairway-init")
            return Place(path, found)
    path = os.path.join(root, settings_of.CONFIG_PATH)
    if os.path.isfile(path):
        return Place(path, "the main checkout")
    return Place("", "none: GPUaaS conventions are assumed")


def store_place(project: Project, args: Any) -> Place:
    """The store: `--db`, QUEUE_DB, AGENT_QUEUE_DB, else the one in the shared git directory."""
    for value, found in (
        (getattr(args, "queue_db", ""), "--db"),
        (os.environ.get("QUEUE_DB", ""), "QUEUE_DB"),
        (os.environ.get("AGENT_QUEUE_DB", ""), "AGENT_QUEUE_DB"),
    ):
        if value:
            return Place(os.path.realpath(value), found)
    if project.repository is not None:
        return Place(usual_store(project), "the shared git directory")
    return Place(usual_store(project), "beside the configuration (no git repository)")


def usual_store(project: Project) -> str:
    """Where the store of a project lies unless something else is said."""
    if project.repository is not None:
        return os.path.join(project.repository.common_dir, STORE_IN_GIT)
    return os.path.join(project.root, STORE_BESIDE_CONFIG)


def queue_place(project: Project, args: Any) -> Place:
    """The queue file of a call: what the call or the environment names, else the configured one."""
    for value, found in (
        (getattr(args, "queue_file", ""), "--queue-file"),
        (os.environ.get("QUEUE_FILE", ""), "QUEUE_FILE"),
        (os.environ.get("AGENT_QUEUE_FILE", ""), "AGENT_QUEUE_FILE"),
    ):
        if value:
            return Place(os.path.realpath(value), found)
    _form, path = settings_of.queue_source(project.settings)
    if path in ("", "inline"):
        return Place("", "the configuration names no queue file")
    found = "fairway.queue_source in the configuration" if project.config.path else "the usual place"
    return Place(os.path.realpath(os.path.join(project.root, path)), f"{found}, in the main checkout")
