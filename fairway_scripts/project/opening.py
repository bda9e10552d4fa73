"""Opening a project: which repository, configuration, store and queue file a call means, and why."""

from __future__ import annotations

import os

from fairway_scripts.base import identity, paths
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.presence import is_there
from fairway_scripts.project import registry
from fairway_scripts.project.places import (
    NAMED_STORES,
    USUAL,
    config_place,
    configured_store,
    own_config,
    queue_place,
    root_of,
    store_place,
)
from fairway_scripts.project.project import COPY, FOREIGN, OWN, Project, Unborn, is_born
from fairway_scripts.project.settings_in_force import (
    cached_settings,
    configuration_mark,
    settings_from_file,
    settings_in_force,
)
from fairway_scripts.store.contract import Store, exact, is_server
from fairway_scripts.store.opening import open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import Call


def open_as_it_is(args: Call) -> Project:
    """The project that a call means, its store open with the definitions that it has; `queue.opening` brings them in.

    Raises FairwayError `invalid_config` and the errors of the store.
    """
    project = locate(args)
    open_known_store(project)
    project.settings = settings_in_force(project)
    _follow_configured_store(project)
    if project.relation in (FOREIGN, COPY) and project.store.guard is not None:
        project.notes.append(project.store.guard.message)
    Store.configuration = lambda: configuration_mark(project, cached_settings(project))
    project.queue = queue_place(project, args)
    return project


def open_unchanged(args: Call) -> Project:
    """The project of a call, with a store that stays as it is: a changed queue file is not imported.

    Raises FairwayError `not_found` when there is no store yet, and what `open_as_it_is` raises.
    """
    project = open_as_it_is(args)
    if not is_born(project.store):
        raise FairwayError("not_found", f"there is no store at {project.store_place.path}", suggest("queue-import"))
    return project


def find_project(args: Call) -> Project:
    """The project that a call means, with its settings read from the configuration file and its store not opened.

    For what has to work when the store is missing, damaged or outdated.

    Raises FairwayError `invalid_config`, `not_found` (a configuration file that was named), `git_unavailable`.
    """
    project = locate(args)
    project.settings = settings_from_file(project)
    if project.store_place.found not in NAMED_STORES:
        named = configured_store(project)
        if named.found != USUAL or is_server(project.store_place.path):
            project.store_place = named
    project.store_place.path = exact(project.store_place.path)
    project.queue = queue_place(project, args)
    return project


def locate(args: Call) -> Project:
    """Where everything is, without opening anything; what there is to note of it is told when the call ends."""
    repository = paths.repository_here()
    found = root_of(repository, args)
    project = Project(root := found.path, repository, identity.identify(getattr(args, "actor", "")), args.tool)
    args.project_notes = project.notes
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
    place = project.remembered["moved_to"]
    if place:
        from fairway_scripts.store.refusals import moved

        project.relation, project.store.guard = FOREIGN, moved(place)


def _open_known_store(project: Project, *, outdated: bool) -> None:
    if is_server(project.store_place.path):
        from fairway_scripts.project.server_store import open_on_server

        if not open_on_server(project, outdated=outdated):
            _open_known_store(project, outdated=outdated)
        return
    path = os.path.realpath(project.store_place.path)
    if not registry.has_bytes(path):
        from fairway_scripts.project.losses import refuse_lost

        refuse_lost(project, path)
        if not is_there(path):
            project.store, project.relation = Unborn(path), OWN
            project.remembered = {"settings": None, "identity": None, "moved_to": None}
            return
    relation, number = registry.known_as(registry.folder_of(project), path)
    if relation:
        project.store = open_store(path, outdated=outdated, stays=True)
        project.remembered, project.relation = project.store.remembered(), relation
        if f'"uuid":"{number}"' in (project.remembered["identity"] or ""):
            return
        project.store.close()
    from fairway_scripts.project.ownership import settle
    from fairway_scripts.store.kept_open import let_go

    let_go()  # whose a file is may have to be read from the file itself
    settle(project, path, outdated=outdated)


def open_to_look(project: Project, *, outdated: bool = False) -> Store:
    """The store of a project that was only located, for reading; one that is not the caller's is left as it is.

    Raises FairwayError `store_lost`, `not_found` and the errors of the store.
    """
    if is_server(project.store_place.path):
        open_known_store(project, outdated=outdated)
        if not is_born(project.store):
            return open_store(project.store_place.path)  # says that there is none
        return project.store
    from fairway_scripts.project.losses import refuse_lost
    from fairway_scripts.project.ownership import is_default, settle

    path = os.path.realpath(project.store_place.path)
    if not registry.has_bytes(path):
        refuse_lost(project, path)
    elif not (is_default(project, path) or registry.known_as(registry.folder_of(project), path)[0]):
        settle(project, path, outdated=outdated)
        return project.store
    return open_store(path, outdated=outdated)


def _follow_configured_store(project: Project) -> None:
    """The configuration names another store than the one that was looked at first."""
    if project.store_place.found in NAMED_STORES:
        return
    named, was_on_server = configured_store(project), is_server(project.store_place.path)
    if (named.found == USUAL and not was_on_server) or exact(named.path) == exact(project.store_place.path):
        return
    if project.remembered["moved_to"] and not _is_continued(project, named.path):
        return
    project.store.close()
    project.store_place = named
    open_known_store(project)
    project.settings = settings_in_force(project)
    if was_on_server or is_server(named.path):
        registry.remember_use(registry.folder_of(project), named.path if is_server(named.path) else "")


def _is_continued(project: Project, path: str) -> bool:
    """Whether a store that was moved may go on at `path`, which the configuration names.

    Not in a file that this repository does not know: the move made one on another machine, and a second one would be
    begun here beside it.
    """
    if is_server(path) or exact(path) == exact(project.remembered["moved_to"] or ""):
        return True
    return bool(registry.known_as(registry.folder_of(project), exact(path))[0])
