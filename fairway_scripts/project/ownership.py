"""Whose a store is: decided when the file of known stores does not say so, and remembered there.

Each caller of a store is one of

    own      the repository whose store it is: everything
    clone    another clone of it: works with the definitions as they are
    foreign  another repository: reads
    copy     whoever opens a backup or another copy of a store: reads
    scratch  a comparison on a private copy: everything, nobody keeps it
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import paths
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.git import references
from fairway_scripts.project import registry
from fairway_scripts.project.places import CONFIGURED_STORE
from fairway_scripts.project.project import CLONE, COPY, FOREIGN, OWN, SCRATCH
from fairway_scripts.project.store_identity import (
    give_identity,
    home_of,
    home_of_file,
    identity_of,
    is_same_repository,
    roots_of,
)
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.sqlite.aside import is_logged
from fairway_scripts.store.sqlite.upgrade import needs_rollback_journal

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.project.store_identity import StoreIdentity
    from fairway_scripts.store.contract import Store
    from fairway_scripts.store.rows import Remembered


def settle(project: Project, path: str, *, outdated: bool = False) -> None:
    """Open the store at `path`, which the repository does not know yet, as far as it may be used.

    Sets the project's store, `remembered` and `relation`. A store of the caller's own git directory gets an identity
    when it has none; one that was named from elsewhere is looked at without touching it, and opened for writing only
    for its own repository and for another clone. Raises the errors of the store.
    """
    named = not is_default(project, path)
    store = open_store(path, aside=named, outdated=outdated or named)
    remembered = _remembered(store)
    identity = identity_of(remembered["identity"], path)
    relation, reason = _default_relation(project, identity) if not named else _relation(project, path, identity, store)
    if relation in (FOREIGN, COPY):
        store.close()
        store = open_store(path, aside=True, outdated=outdated)
        store.guard = reason
    elif named:
        store.close()
        store = open_store(path, outdated=outdated)
    project.store, project.remembered, project.relation = store, remembered, relation
    if relation == OWN and identity is not None and not identity.get("scratch"):
        registry.remember_store(registry.folder_of(project), registry.OWN, identity["uuid"], path)
    elif relation == OWN and not store.read_only and not outdated:
        give_identity(project)
    elif relation == CLONE and identity is not None:
        registry.remember_store(registry.folder_of(project), registry.CLONE, identity["uuid"], path)


def _remembered(store: Store) -> Remembered:
    """The same of a store of any age: the first ones kept nothing."""
    with store.read() as tx:
        kept = tx.value("sources.has_meta")
    return store.remembered() if kept else {"settings": None, "identity": None, "moved_to": None}


def is_default(project: Project, path: str) -> bool:
    """Whether `path` is where the store of the caller's own repository lies unless something else is said."""
    from fairway_scripts.project.places import usual_store

    return path == os.path.realpath(usual_store(project))


# --- who is who -------------------------------------------------------------------------------------------


def _default_relation(project: Project, identity: StoreIdentity | None) -> tuple[str, FairwayError | None]:
    """A store in the caller's own git directory is his, unless its identity says that somebody put it there."""
    if identity is None or identity.get("scratch") or identity.get("home") == home_of(project):
        return OWN, None
    if is_same_repository(project, identity):
        return OWN, None
    gone = not os.path.isdir(str(identity.get("home")))
    if gone and not (identity.get("roots") and roots_of(project.repository)):
        return OWN, None  # moved with its folder, before the first commit or as a shallow clone
    return FOREIGN, foreign(project, project.store_place.path, identity)


def _relation(
    project: Project, path: str, identity: StoreIdentity | None, store: Store
) -> tuple[str, FairwayError | None]:
    """What a store that was named from elsewhere is to the caller, and why nothing may be written to it."""
    if identity is not None and identity.get("scratch"):
        return SCRATCH, None
    home = home_of_file(path)
    if identity is None:
        return _relation_of_old(project, path, home, store)
    place = home or str(identity["home"])
    known = any(
        registry.is_own(os.path.join(place, folder), identity["uuid"], path) for folder in (registry.IN_GIT, ".fairway")
    )
    if not known and not _is_usual(path, str(identity["home"])):
        return COPY, _copy(path)
    home = place
    if home == home_of(project):
        return OWN, None
    if is_same_repository(project, identity):
        return CLONE, None
    return FOREIGN, foreign(project, path, identity)


def _relation_of_old(project: Project, path: str, home: str, store: Store) -> tuple[str, FairwayError | None]:
    """The same of a store from before stores had an identity; unknown is not taken for one's own."""
    if home and not _is_usual(path, home):
        return COPY, _copy(path)
    if home:
        there = paths.find_repository(home)
        checkout = (there.main_worktree or "") if there else ""
        identity: StoreIdentity = {"home": home, "roots": roots_of(there), "checkout": checkout}
        if is_same_repository(project, identity):
            return CLONE, None
        return FOREIGN, foreign(project, path, identity)
    if not is_logged(path) and not needs_rollback_journal(path):
        return COPY, _copy(path)
    if project.store_place.found == CONFIGURED_STORE:
        return OWN, None
    try:
        with store.read() as tx:
            sources = tx.column("sources.active_paths")
            empty = not sources and tx.value("sources.has_definitions") is None
    except FairwayError:
        return FOREIGN, _ownerless(path)
    if empty or any(source.startswith(f"{project.root}/") for source in sources):
        return OWN, None
    return FOREIGN, _ownerless(path)


def _is_usual(path: str, home: str) -> bool:
    return path == os.path.join(home, registry.IN_GIT, "queue.db")


def may_define(project: Project) -> bool:
    """Whether the caller's queue file may change the definitions of the open store.

    That of the store's own checkout does; that of another clone only as it was committed on top of the commit that was
    read last. A store of another repository, and a copy, keep theirs.
    """
    if project.relation in (OWN, SCRATCH):
        return True
    repository = project.repository
    if project.relation != CLONE or repository is None:
        return False
    identity = identity_of(project.remembered["identity"], project.store.path) or {}
    commit = str(identity.get("commit") or "")
    if not commit or references.read_ref(repository, "HEAD") == commit:
        return False
    from fairway_scripts.git.roots import descends, head_commit, is_as_committed

    here = paths.find_repository(project.root) or repository
    inside = project.queue.path.startswith(f"{project.root}/")
    return (
        inside and head_commit(here) != commit and descends(here, commit) and is_as_committed(here, project.queue.path)
    )


def checkout_of(project: Project) -> str:
    """The checkout whose queue file defines the tasks of the open store, "" when the store does not say."""
    identity = identity_of(project.remembered["identity"], project.store.path) or {}
    return str(identity.get("checkout") or "")


def refuse_definer(project: Project) -> None:
    """Raise FairwayError `store_foreign` for a caller whose queue file does not define the tasks of the open store."""
    project.store.require_writable()
    if may_define(project):
        return
    place = checkout_of(project)
    raise FairwayError(
        "store_foreign",
        f"the tasks of {project.store.path} are defined by the queue file of {place}; {project.root} is another clone, "
        "and its commit was not made on top of the one that was read last",
        f"run the command in {place}",
        path=project.store.path,
        checkout=place,
    )


# --- refusals -----------------------------------------------------------------------------------------------


def foreign(project: Project, path: str, identity: StoreIdentity) -> FairwayError:
    """The refusal of a store that is the one of another repository, as `identity` names it."""
    place = identity.get("checkout") or identity.get("home")
    return FairwayError(
        "store_foreign",
        f"{path} is the store of another repository ({identity.get('home')}): from {project.root} it is only read",
        f"run the command in {place}",
        path=path,
        home=identity.get("home"),
    )


def _ownerless(path: str) -> FairwayError:
    return FairwayError(
        "store_foreign",
        f"{path} does not say whose store it is, and it was filled from elsewhere: it is only read",
        f"where it belongs: {suggest('queue-migrate', ADOPT=True, QUEUE_DB=path)}",
        path=path,
    )


def _copy(path: str) -> FairwayError:
    return FairwayError(
        "store_foreign",
        f"{path} is a copy of a store, and no repository works with it: it is only read",
        suggest("queue-restore", FROM=path),
        path=path,
    )
