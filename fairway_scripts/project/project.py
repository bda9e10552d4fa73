"""Opening a project: which repository, configuration, store and queue file a call means, and why."""

from __future__ import annotations

import os

from fairway_scripts.base import identity, paths
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project import registry
from fairway_scripts.project.config_marks import config_mark, configuration_mark
from fairway_scripts.project.places import (
    MAIN,
    NAMED_STORES,
    USUAL,
    Place,
    config_place,
    configured_store,
    own_config,
    queue_place,
    root_of,
    store_place,
)
from fairway_scripts.store.contract import Store, exact, is_server, open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.base.identity import Identity
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.calls.tool_calls import Call

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
        "parsed",
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
        self.store: Store = None  # type: ignore[assignment]  # set by open_project before anyone sees the project
        #: the project's own configuration file while another one is in force, else ""
        self.own_config = ""
        #: whether an empty store may follow one that is gone, and be made where none was
        self.begins_anew = self.may_begin = False
        #: what the store is to the caller, and what it keeps of its settings and of whose it is
        self.relation = OWN
        self.remembered: dict[str, str | None] = {"settings": None, "identity": None}
        #: the text of the remembered settings that was read last, and what it says
        self.parsed: tuple[str, dict[str, Any]] = ("", {})
        self.notes: list[str] = []  # what a person should hear on stderr
        #: the worktrees of the repository, listed once however many tasks a call is about; see `work_place`
        self.trees: list[dict[str, Any]] | None = None

    def show(self, path: str) -> str:
        """A path as people read it: relative to the main checkout when it lies inside."""
        inside = path.startswith(self.root.rstrip("/") + "/")
        return os.path.relpath(path, self.root) if inside else path

    @property
    def worktree(self) -> str:
        """The work tree that the caller stands in, else the root."""
        return (self.repository.worktree if self.repository else None) or self.root


def open_project(args: Call, *, sync: bool = True) -> Project:
    """The project that a call means, its store open and (with `sync`) its definitions up to date.

    Raises FairwayError: `not_found` when neither a store nor a queue file is there, `invalid_config`,
    `invalid_queue` (a first import that fails), and the errors of the store.
    """
    project = locate(args)
    open_known_store(project)
    project.settings = _settings(project)
    _follow_configured_store(project)
    if project.relation in (FOREIGN, COPY) and project.store.guard is not None:
        project.notes.append(project.store.guard.message)
    Store.configuration = lambda: configuration_mark(project, _cached_settings(project))
    project.queue = queue_place(project, args)
    if sync:
        from fairway_scripts.queue.freshness import refresh

        refresh(project)
    return project


def locate(args: Call) -> Project:
    """Where everything is, without opening anything."""
    repository = paths.find_repository(os.getcwd())
    found = root_of(repository, args)
    project = Project(root := found.path, repository, identity.identify(getattr(args, "actor", "")), args.tool)
    Store.author = (project.identity.actor, project.identity.session or None, project.tool)
    project.root_found = found.found
    project.begins_anew = bool(getattr(args, "anew", False))
    # what changes a store has a request_id; what attaches to a task needs a store that has it
    project.may_begin = hasattr(args, "request_id") and not hasattr(args, "attach_to")
    project.config = config_place(root, args)
    project.own_config = own_config(project)
    project.store_place = store_place(project, args)
    return project


def open_known_store(project: Project, *, outdated: bool = False) -> None:
    """Open the store of a project as far as the caller may use it: sets `store`, `remembered` and `relation`.

    With `outdated` an older schema is opened as it is. One that was moved elsewhere is only read. Raises FairwayError
    `store_lost` for one that is gone, and the errors of the store.
    """
    _open_known_store(project, outdated=outdated)
    place = project.remembered.get("moved_to")
    if place:
        from fairway_scripts.store.refusals import moved

        project.relation, project.store.guard = FOREIGN, moved(place)


def _open_known_store(project: Project, *, outdated: bool) -> None:
    if is_server(project.store_place.path):
        from fairway_scripts.project.server_store import open_on_server

        open_on_server(project, outdated=outdated)
        return
    path = os.path.realpath(project.store_place.path)
    if not os.path.exists(path):
        from fairway_scripts.project.losses import refuse_lost

        refuse_lost(project, path)
        project.store, project.relation = Unborn(path), OWN
        project.remembered = {"settings": None, "identity": None}
        return
    relation, number = registry.known_as(registry.folder_of(project), path)
    if relation:
        project.store = open_store(path, outdated=outdated)
        project.remembered, project.relation = remembered_in(project.store), relation
        if f'"uuid":"{number}"' in (project.remembered["identity"] or ""):
            return
        project.store.close()
    from fairway_scripts.project.ownership import settle

    settle(project, path, outdated=outdated)


def remembered_in(store: Store) -> dict[str, str | None]:
    """What a store keeps of its settings and of whose it is, as the texts that they are."""
    return store.remembered()


class Unborn(Store):
    """A store that is not there yet: made when there is something to put into it."""

    __slots__ = ()

    def __init__(self, path: str) -> None:
        self.path = path
        self.read_only = False
        self.guard = None

    def close(self) -> None:
        """Nothing is open."""


def is_born(store: Store) -> bool:
    """Whether the store's file exists and is open."""
    return not isinstance(store, Unborn)


def create_store(project: Project) -> None:
    """Make the store of a project that has none yet."""
    if not is_born(project.store):
        from fairway_scripts.queue.taking_over import remember_new

        project.store = open_store(project.store_place.path, create=True)
        remember_new(project)
        project.notes.append(f"created the store {project.show(project.store.path)}")


def _settings(project: Project) -> Settings:
    """The settings, from the store's copy when the configuration file has not changed since."""
    cached = _cached_settings(project)
    if cached is not None:
        as_found = project.relation in (FOREIGN, COPY) and project.config.found not in ("--config", "FAIRWAY_CONFIG")
        if as_found or cached["mark"] == config_mark(project.config.path, project.own_config):
            found: Settings = cached["settings"]
            return found
    return _read_settings(project)


def has_cached_settings(project: Project) -> bool:
    """Whether the store's copy of the settings is that of the configuration file as it is now."""
    project.remembered = remembered_in(project.store)
    cached = _cached_settings(project)
    return cached is not None and bool(cached["mark"] == config_mark(project.config.path, project.own_config))


def _cached_settings(project: Project) -> dict[str, Any] | None:
    text = project.remembered["settings"]
    if not text:
        return None
    from fairway_scripts.store.stored_json import damaged, stored

    if project.parsed[0] != text:
        project.parsed = text, stored(text, dict, "meta, settings", project.store.path)
    cached = project.parsed[1]
    if not isinstance(cached.get("mark"), list) or not isinstance(cached.get("settings"), dict):
        raise damaged(project.store.path, "meta, settings", "holds no settings")
    return cached if "digest" in cached or project.relation in (FOREIGN, COPY) else None


def _read_settings(project: Project) -> Settings:
    settings = settings_from_file(project)
    if project.own_config:
        from fairway_scripts.project.config_authority import is_accepted

        if not is_accepted(project):
            project.notes.append(
                f"{project.show(project.config.path)} is in force, not the project's own configuration"
            )
            return settings
    if project.config.path and is_born(project.store) and project.relation in (OWN, SCRATCH):
        from fairway_scripts.project.conventions import adopt_settings

        adopt_settings(project, settings)
    return settings


def settings_from_file(project: Project) -> Settings:
    """The settings of the configuration file, or the conventions where there is none; the store is left alone.

    Raises FairwayError `invalid_config` with every fault.
    """
    if not project.config.path:
        from fairway_scripts.project.conventions import assumed_settings

        return assumed_settings(project, [])
    from fairway_scripts.settings.config_file import read_config

    settings, faults = read_config(project.config.path)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        listing = "\n".join(fault.text() for fault in errors)
        raise FairwayError(
            "invalid_config",
            f"{project.show(project.config.path)} has {len(errors)} fault(s):\n{listing}",
            suggest("fairway-config", "validate"),
            faults=[fault.as_json() for fault in errors],
        )
    return settings


def _follow_configured_store(project: Project) -> None:
    """The configuration names another store than the one that was looked at first."""
    if project.store_place.found in NAMED_STORES:
        return
    named, was_on_server = configured_store(project), is_server(project.store_place.path)
    if (named.found == USUAL and not was_on_server) or exact(named.path) == exact(project.store_place.path):
        return
    project.store.close()
    project.store_place = named
    open_known_store(project)
    project.settings = _settings(project)
    if was_on_server or is_server(named.path):
        registry.remember_use(registry.folder_of(project), named.path if is_server(named.path) else "")


def queue_path(project: Project) -> str:
    """The path of the project's queue file; raises FairwayError `usage` when the configuration says there is none."""
    if not project.queue.path:
        raise FairwayError("usage", project.queue.found, suggest("queue-import", QUEUE_FILE=None))
    return project.queue.path
