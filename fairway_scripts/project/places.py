"""Which files a call means, and how each was found."""

from __future__ import annotations

import os

from fairway_scripts.base import paths
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.presence import is_file_there, is_there
from fairway_scripts.project import registry
from fairway_scripts.store.contract import SERVER, exact, is_server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.project.project import Project

#: How a store on a server was found.
ON_SERVER = "[store] in the configuration"
#: How a store was found that the configuration names, and one that nobody names.
CONFIGURED_STORE, USUAL = "fairway.db_path in the configuration", "the shared git directory"
#: How the root of a usual repository is found.
MAIN = "the main checkout"
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


def root_of(repository: Repository | None, args: Call) -> Place:
    """The folder that a project stands on: its main checkout, else the one that holds the configuration.

    Where git records no main checkout (a bare repository, a separate git directory seen from a lane) it is the checkout
    whose queue file defines the tasks. `found` says which that is, "" for none: the path is then the caller's.
    """
    if repository is not None:
        if repository.main_worktree is not None:
            return Place(repository.main_worktree, MAIN)
        return checkout_of_bare(repository, args)
    return Place(_folder_of_config(args), "no git repository")


def checkout_of_bare(repository: Repository, args: Call) -> Place:
    """The same where git records no main checkout: a remembered one, that on the integration branch, a named one."""
    remembered = registry.checkout(os.path.join(repository.common_dir, registry.IN_GIT))
    if remembered:
        return Place(remembered, "the checkout that defines the tasks")
    places = [entry for entry in paths.worktrees(repository) if not entry["prunable"]]
    if paths.is_bare(repository):
        for branch in dict.fromkeys((paths.head_branch(repository.common_dir), "main", "master")):
            for entry in places:
                if branch and entry["branch"] == branch:
                    return Place(str(entry["path"]), f"the checkout on {branch}")
    named = _named_queue_file(args)[0]
    for entry in places:
        if named.startswith(f"{entry['path']}/"):
            return Place(str(entry["path"]), "the checkout of the named queue file")
    return Place(repository.worktree or os.path.dirname(repository.common_dir), "")


def _folder_of_config(args: Call) -> str:
    given = getattr(args, "config", "") or os.environ.get("FAIRWAY_CONFIG", "")
    if given:
        folder = os.path.dirname(os.path.realpath(given))
        return os.path.dirname(folder) if os.path.basename(folder) == ".fairway" else folder
    place = os.path.realpath(os.getcwd())
    while True:
        if is_there(os.path.join(place, settings_of.CONFIG_PATH)):
            return place
        above = os.path.dirname(place)
        if above == place:
            return os.path.realpath(os.getcwd())
        place = above


def config_place(root: str, args: Call) -> Place:
    """The configuration file: `--config`, FAIRWAY_CONFIG, else that of the main checkout, which may be missing.

    Raises FairwayError `not_found` when one that was named is missing.
    """
    for value, found in (
        (getattr(args, "config", ""), "--config"),
        (os.environ.get("FAIRWAY_CONFIG", ""), "FAIRWAY_CONFIG"),
    ):
        if value:
            path = os.path.realpath(value)
            if not is_file_there(path):
                raise FairwayError(
                    "not_found", f"{path}: no such configuration file ({found})", suggest("fairway-init")
                )
            return Place(path, found)
    path = os.path.join(root, settings_of.CONFIG_PATH)
    if is_file_there(path):
        return Place(path, "the main checkout")
    return Place("", "none: GPUaaS conventions are assumed")


def own_config(project: Project) -> str:
    """The project's own configuration file while the call names another one; "" otherwise, or where it has none."""
    if project.config.found not in ("--config", "FAIRWAY_CONFIG"):
        return ""
    path = os.path.realpath(os.path.join(project.root, settings_of.CONFIG_PATH))
    return path if path != project.config.path and is_file_there(path) else ""


def store_place(project: Project, args: Call) -> Place:
    """The store: `--db`, QUEUE_DB, AGENT_QUEUE_DB, else the one on a server, else that in the shared git directory."""
    for value, found in (
        (getattr(args, "queue_db", ""), "--db"),
        (os.environ.get("QUEUE_DB", ""), "QUEUE_DB"),
        (os.environ.get("AGENT_QUEUE_DB", ""), "AGENT_QUEUE_DB"),
    ):
        if value:
            return Place(exact(value), found)
    place = registry.used(registry.folder_of(project))
    if place:
        return Place(place, ON_SERVER)
    if project.repository is not None:
        return Place(usual_store(project), USUAL)
    return Place(usual_store(project), "beside the configuration (no git repository)")


def store_folder(project: Project) -> str:
    """The folder for what is kept beside the store (logs, packets, backups): that of the file, else the project's."""
    place = project.store_place.path
    return registry.folder_of(project) if is_server(place) else os.path.dirname(exact(place))


def configured_store(project: Project) -> Place:
    """The store that the project's settings name, and how; raises FairwayError `invalid_config`."""
    store = project.settings.get("store")  # settings that an older version keeps have none
    if store and store["engine"] == "postgres":
        return Place(f"{SERVER}{store['service']}/{store['schema']}", ON_SERVER)
    configured = project.settings["fairway"]["db_path"]
    if is_server(configured):
        message = f"fairway.db_path is {exact(configured)}, and not the path of a file: a server stands under [store]"
        raise FairwayError("invalid_config", message, suggest("fairway-config", "validate"))
    if configured:
        return Place(os.path.realpath(os.path.join(project.root, configured)), CONFIGURED_STORE)
    return Place(usual_store(project), USUAL)


def usual_store(project: Project) -> str:
    """Where the store of a project lies unless something else is said."""
    if project.repository is not None:
        return os.path.join(project.repository.common_dir, STORE_IN_GIT)
    return os.path.join(project.root, STORE_BESIDE_CONFIG)


def queue_place(project: Project, args: Call) -> Place:
    """The queue file of a call: what the call or the environment names, else the configured one.

    Raises FairwayError `not_found` where neither git nor anybody says which checkout's file counts.
    """
    named, found = _named_queue_file(args)
    if named:
        return Place(named, found)
    _form, path = settings_of.queue_source(project.settings)
    if path in ("", "inline"):
        return Place("", "the configuration names no queue file")
    if not project.root_found and not os.path.isabs(path):
        raise _no_checkout(project)
    found = "fairway.queue_source in the configuration" if project.config.path else "the usual place"
    return Place(
        os.path.realpath(os.path.join(project.root, path)), f"{found}, in {project.root_found or 'no checkout'}"
    )


def _no_checkout(project: Project) -> FairwayError:
    repository = project.repository
    kind = "bare repository" if repository is not None and paths.is_bare(repository) else "git directory"
    return FairwayError(
        "not_found",
        f"{repository.common_dir if repository else project.root} is a {kind} "
        "without a main checkout, and no checkout is on its integration branch: nothing says whose queue file defines "
        "the tasks, and a lane's own copy never counts",
        suggest("queue-import", QUEUE_FILE=None),
    )


def _named_queue_file(args: Call) -> tuple[str, str]:
    """The queue file that the call or the environment names, and which of them; ("", "") for none."""
    for value, found in (
        (getattr(args, "queue_file", ""), "--queue-file"),
        (os.environ.get("QUEUE_FILE", ""), "QUEUE_FILE"),
        (os.environ.get("AGENT_QUEUE_FILE", ""), "AGENT_QUEUE_FILE"),
    ):
        if value:
            return os.path.realpath(value), found
    return "", ""
