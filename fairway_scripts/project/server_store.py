"""A store on a server, as its callers on several machines find it: whose it is, and what the repository remembers."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project import registry
from fairway_scripts.project.places import NAMED_STORES, configured_store, store_folder, usual_store
from fairway_scripts.project.project import CLONE, FOREIGN, OWN, SCRATCH, Unborn
from fairway_scripts.project.settings_in_force import settings_from_file
from fairway_scripts.store.contract import exact
from fairway_scripts.store.opening import open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.project.store_identity import StoreIdentity


def open_on_server(project: Project, *, outdated: bool = False) -> bool:
    """Open the store of a project as far as the caller may use it: sets `store`, `remembered` and `relation`.

    False where the configuration names another place by now, at which nothing was opened yet.

    Raises FairwayError: `store_lost` for one that was there, `store_foreign` where another one is in its place, and
    the errors of the store.
    """
    place = project.store_place.path
    known = registry.known_as(registry.folder_of(project), place)
    try:
        store = open_store(place, outdated=outdated, stays=bool(known[0]))
    except FairwayError as problem:
        if problem.word == "store_unavailable" and _follows_elsewhere(project):
            return False
        if problem.word != "not_found":
            raise
        _begin(project, place)
        return True
    try:
        project.store, project.remembered = store, store.remembered()
        _settle(project, place, known, outdated=outdated)
    except BaseException:
        store.close()
        raise
    return True


def _begin(project: Project, place: str) -> None:
    """There is no store at `place`: one is made when there is something to put into it, unless it was there before."""
    folder = registry.folder_of(project)
    number = registry.known_as(folder, place)[1]
    if number and not project.begins_anew:
        from fairway_scripts.store.refusals import backups_beside

        backups = backups_beside(os.path.join(store_folder(project), "store"))
        raise FairwayError(
            "store_lost",
            f"the store {place} is gone (it was {number})",
            suggest("queue-restore", FROM=backups[0] if backups else None),
            path=place,
            uuid=number,
            backups=backups,
        )
    _refuse_second(project, place)
    registry.forget_store(folder, place)
    project.store, project.relation = Unborn(place), OWN
    project.remembered = {"settings": None, "identity": None, "moved_to": None}


def _refuse_second(project: Project, place: str) -> None:
    """Refuse to begin anew on a server while the store of the repository is a file with work in it."""
    from contextlib import closing

    from fairway_scripts.store import contents

    configured = project.settings.get("fairway", {}).get("db_path") or ""
    path = exact(os.path.join(project.root, configured) if configured else usual_store(project))
    if project.store_place.found in NAMED_STORES or project.begins_anew or not os.path.exists(path):
        return
    with closing(open_store(path, outdated=True)) as store, store.read() as tx:
        if not contents.holds_tasks(tx) or tx.value("sources.meta", key="moved_to"):
            return
    raise FairwayError(
        "not_found",
        f"there is no store at {place}, and {path} holds work: the configuration was changed, but nothing was moved",
        suggest("queue-store-move", TO="postgres", QUEUE_DB=path),
        path=place,
    )


def _follows_elsewhere(project: Project) -> bool:
    """Whether the configuration names another store by now; it is the project's then."""
    if project.store_place.found in NAMED_STORES:
        return False
    try:
        project.settings = settings_from_file(project)
    except FairwayError:
        return False
    named = configured_store(project)
    if exact(named.path) == project.store_place.path:
        return False
    project.store_place = named
    registry.remember_use(registry.folder_of(project), "")
    return True


def _settle(project: Project, place: str, known: tuple[str, str], *, outdated: bool) -> None:
    relation, number = known
    if number and f'"uuid":"{number}"' in (project.remembered["identity"] or ""):
        project.relation = relation
        return
    from fairway_scripts.project.ownership import foreign
    from fairway_scripts.project.store_identity import give_identity, identity_of

    identity = identity_of(project.remembered["identity"], place)
    if number:
        raise _another(place, number, identity)
    project.relation = _relation(project, identity)
    if project.relation == FOREIGN:
        project.store.guard = foreign(project, place, identity or {})
    elif identity is None:
        if not outdated:
            give_identity(project)
    elif project.relation in (OWN, CLONE):
        registry.remember_store(registry.folder_of(project), project.relation, identity["uuid"], place)


def _relation(project: Project, identity: StoreIdentity | None) -> str:
    """What a store on a server is to a repository that does not know it under this address.

    Its own store stays its own under another one (a pooler, a server that moved). Else the checkout that defines the
    tasks is named by folder and machine: two machines have the same folders.
    """
    from fairway_scripts.programs.processes import host_name
    from fairway_scripts.project.store_identity import home_of, is_same_repository

    if identity is None:
        return OWN
    if identity.get("scratch"):
        return SCRATCH
    if registry.owns(registry.folder_of(project), identity["uuid"]):
        return OWN
    if identity.get("home") == home_of(project) and identity.get("machine") == host_name():
        return OWN
    return CLONE if is_same_repository(project, identity) else FOREIGN


def _another(place: str, number: str, identity: StoreIdentity | None) -> FairwayError:
    """The refusal of a store that is in the place of the one that this repository works with."""
    there = (identity or {}).get("uuid") or "one without a number"
    return FairwayError(
        "store_foreign",
        f"{place} holds another store ({there}) than the one that this repository works with ({number}): "
        "a wrong server, or the data of another project",
        suggest("queue-where"),
        path=place,
        uuid=number,
    )
