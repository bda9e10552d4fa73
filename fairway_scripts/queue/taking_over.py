"""Making a store the caller's own: a new one, one without an identity, a restored one, one of somebody else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.project import registry
from fairway_scripts.project.ledger import append_event
from fairway_scripts.project.opening import open_known_store
from fairway_scripts.project.ownership import foreign, is_default, settle
from fairway_scripts.project.project import CLONE, IDENTITY_KEY, OWN, is_born
from fairway_scripts.project.store_identity import (
    claim_for,
    give_identity,
    home_of,
    home_of_file,
    identity_of,
    remember_checkout,
)
from fairway_scripts.store.contract import exact, is_server
from fairway_scripts.store.opening import open_store

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.project.store_identity import StoreIdentity
    from fairway_scripts.store.contract import Transaction


def create_store(project: Project) -> None:
    """Make the store of a project that has none yet."""
    if not is_born(project.store):
        project.store = open_store(project.store_place.path, create=True)
        _remember_new(project)
        project.notes.append(creation_note(project))


def creation_note(project: Project) -> str:
    """What is noted of a store that was made."""
    return f"created the store {project.show(project.store.path)}"


def _remember_new(project: Project) -> None:
    """Have the repository remember the store that was just made for it."""
    if project.relation == OWN:
        identity = identity_of(project.store.remembered()["identity"], project.store.path)
        if identity is None:
            give_identity(project)
        else:
            registry.remember_store(registry.folder_of(project), registry.OWN, identity["uuid"], project.store.path)
    remember_checkout(project)
    if os.path.exists(os.path.join(project.root, settings_of.LOADER_PATH)):
        from fairway_scripts.queue.make_inclusion import note_suite_quietly

        note_suite_quietly(project)


def take_over(project: Project) -> None:
    """Make the open store the caller's own, and say so in the ledger. Opens its own transaction.

    One that was somebody else's gets a number of its own, so that what it was copied from stays what it is. Raises
    FairwayError `store_foreign` for a store in the git directory of another repository.
    """
    path = project.store.path
    home = "" if is_server(path) else home_of_file(path)
    before: StoreIdentity = identity_of(project.remembered["identity"], path) or {}
    if home not in ("", home_of(project)):
        raise foreign(project, path, {**before, "home": home})
    keeps = project.relation == OWN or (is_server(path) and project.relation == CLONE)  # the same store for all
    with project.store.write() as tx:
        after = claim_for(project, tx, str(before.get("uuid", "")) if keeps else "")
        append_event(project, tx, "store_adopted", "", {"before": before, "after": after})
    project.relation = OWN
    registry.remember_store(registry.folder_of(project), registry.OWN, after["uuid"], path)


def remember_restored(project: Project, number: str) -> None:
    """Have the repository remember the store that was restored, under its uuid."""
    path = exact(project.store_place.path)
    registry.remember_store(registry.folder_of(project), registry.OWN, number, path)


def keep_restored(project: Project, tx: Transaction) -> str:
    """The uuid of a store that was just restored, within the transaction of that; one that has none gets an identity.

    Otherwise it keeps what was saved to the last byte; the next import notes whose it is now.
    """
    identity = identity_of(tx.value("sources.meta", key=IDENTITY_KEY), project.store_place.path)
    if identity is None or identity.get("scratch"):
        identity = claim_for(project, tx)
    return str(identity["uuid"])


def refuse_to_replace(project: Project) -> None:
    """Raise FairwayError `store_foreign` when what is restored would take the place of somebody else's store."""
    path = exact(project.store_place.path)
    if is_server(path):
        try:
            open_known_store(project, outdated=True)
        except FairwayError as problem:
            if problem.word == "store_lost":
                return  # it is brought back
            raise
        project.store.require_writable()
        project.store.close()
        return
    home = home_of_file(path)
    if home not in ("", home_of(project)):
        raise foreign(project, path, {"home": home, "checkout": home})
    if not registry.has_bytes(path):
        return
    try:
        settle(project, path, outdated=True)
    except FairwayError as problem:
        if problem.word == "store_damaged" and (
            is_default(project, path) or registry.known_as(registry.folder_of(project), path)[0] == registry.OWN
        ):
            return  # its identity cannot be read, and need not be: it is known here
        raise
    project.store.close()
    project.store.require_writable()
    if project.relation == CLONE:
        place = (identity_of(project.remembered["identity"], path) or {}).get("checkout")
        message = f"{path} is the store of another clone: it is restored in {place}"
        raise FairwayError("store_foreign", message, f"run the command in {place}", path=path)
