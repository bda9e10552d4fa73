"""An open project: its places, its settings, who asks, and the open store."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.places import MAIN, Place
from fairway_scripts.store.contract import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.git_folder import Worktree
    from fairway_scripts.base.identity import Identity
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.store.rows import Remembered

SETTINGS_KEY = "settings"
IDENTITY_KEY = "identity"
#: What a store is to its caller; project/ownership.py says how that is decided.
OWN, CLONE, FOREIGN, COPY, SCRATCH = "own", "clone", "foreign", "copy", "scratch"


class Project:
    """One open project: where everything is, who asks, what is configured, and the open store."""

    __slots__ = (
        "begins_anew",
        "config",
        "identity",
        "may_begin",
        "notes",
        "own_config",
        "queue",
        "relation",
        "remembered",
        "repository",
        "root",
        "root_found",
        "settings",
        "store",
        "store_place",
        "tool",
        "trees",
    )

    def __init__(self, root: str, repository: Repository | None, who: Identity, tool: str) -> None:
        self.root = root
        #: how the root was found, "" where nothing says which checkout counts
        self.root_found = MAIN
        self.repository = repository
        self.identity = who
        self.tool = tool
        self.config, self.queue, self.store_place = Place("", ""), Place("", ""), Place("", "")
        self.settings: Settings = {}  # type: ignore[typeddict-item]  # set by open_project
        self.store: Store = None  # type: ignore[assignment]  # set by `opening` before anyone sees the project
        #: the project's own configuration file while another one is in force, else ""
        self.own_config = ""
        #: whether an empty store may follow one that is gone, and be made where none was
        self.begins_anew = self.may_begin = False
        #: what the store is to the caller, and what it keeps of its settings and of whose it is
        self.relation = OWN
        self.remembered: Remembered = {"settings": None, "identity": None, "moved_to": None}
        self.notes: list[str] = []  # what a person should hear on stderr; the boundary tells it
        #: the worktrees, listed once a call (`work_place`): who keeps a project for many calls forgets them with each
        self.trees: list[Worktree] | None = None

    def show(self, path: str) -> str:
        """A path as people read it: relative to the main checkout when it lies inside."""
        inside = path.startswith(self.root.rstrip("/") + "/")
        return os.path.relpath(path, self.root) if inside else path

    @property
    def worktree(self) -> str:
        """The work tree that the caller stands in, else the root."""
        return (self.repository.worktree if self.repository else None) or self.root


class Unborn(Store):
    """A store that is not there yet: made when there is something to put into it."""

    __slots__ = ()

    def __init__(self, path: str) -> None:
        self.path, self.read_only, self.guard = path, False, None

    def close(self) -> None:
        """Nothing is open."""


def is_born(store: Store) -> bool:
    """Whether the store's file exists and is open."""
    return not isinstance(store, Unborn)


def queue_path(project: Project) -> str:
    """The path of the project's queue file; raises FairwayError `usage` when the configuration says there is none."""
    if not project.queue.path:
        raise FairwayError("usage", project.queue.found, suggest("queue-import", QUEUE_FILE=None))
    return project.queue.path
