"""What a store keeps of whose it is, in `meta`: `identity`.

`{uuid, home, roots, checkout, commit}`: its own number, the git directory of its repository (outside git the project's
folder), the commits where that repository began, the checkout whose queue file defines the tasks, and the commit that
was checked out there when it was read last. On a server also `machine`: the host of that checkout.
"""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.base import jsonio, paths
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.programs.processes import host_name
from fairway_scripts.project import registry
from fairway_scripts.project.project import IDENTITY_KEY, OWN
from fairway_scripts.store.contract import is_server

if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

    class StoreIdentity(TypedDict, total=False):
        """Whose a store is; an older one has not all of it. `scratch` marks a copy for trying something out."""

        uuid: str
        machine: str
        home: str
        roots: list[str]
        checkout: str
        commit: str
        scratch: bool


def identity_of(text: str | None, path: str) -> StoreIdentity | None:
    """The identity that a store keeps, None for one from before there were any; raises FairwayError `store_damaged`."""
    from fairway_scripts.store.stored_json import stored

    if not text:
        return None
    found: StoreIdentity = stored(text, dict, "meta, identity", path)
    return found


def home_of(project: Project) -> str:
    """The git directory of the caller's repository; outside git the project's folder."""
    return project.repository.common_dir if project.repository else project.root


def home_of_file(path: str) -> str:
    """The git directory in whose folder of ours a file lies, "" for none."""
    place = os.path.dirname(path)
    while os.path.dirname(place) != place:
        if os.path.basename(place) == registry.IN_GIT and paths.is_git_dir(os.path.dirname(place)):
            return os.path.dirname(place)
        place = os.path.dirname(place)
    return ""


def is_same_repository(project: Project, identity: StoreIdentity) -> bool:
    """Whether the caller's repository has the same beginning as the one of a store; unknown is not the same.

    A shallow clone does not have the beginning, but may have the commit that was read last.
    """
    from fairway_scripts.git.roots import descends, is_shallow

    if project.repository is None:
        return False
    if is_shallow(project.repository):
        return descends(project.repository, str(identity.get("commit") or ""))
    return bool(set(identity.get("roots") or []) & set(roots_of(project.repository)))


def roots_of(repository: Repository | None) -> list[str]:
    """The commits where a repository began, [] where that cannot be known."""
    from fairway_scripts.git.roots import root_commits

    try:
        return root_commits(repository) if repository is not None else []
    except FairwayError:  # no git on this machine
        return []


def new_identity(project: Project, number: str = "") -> StoreIdentity:
    """What a store keeps of the caller's repository; `number` is its uuid when it has one already."""
    where: StoreIdentity = {"machine": host_name()} if is_server(project.store_place.path) else {}
    return {
        "uuid": number or uuid.uuid4().hex,
        **where,
        "home": home_of(project),
        "roots": roots_of(project.repository),
        "checkout": project.root,
        "commit": _commit(project),
    }


def claim_for(project: Project, tx: Transaction, number: str = "") -> StoreIdentity:
    """Write the caller's identity into an open store; the repository is to remember it after the commit."""
    identity = new_identity(project, number)
    tx.run("sources.set_meta", key=IDENTITY_KEY, value=jsonio.dumps(identity))
    project.remembered["identity"] = jsonio.dumps(identity)
    return identity


def give_identity(project: Project) -> None:
    """Give the open store the identity of the caller's repository, and remember it there."""
    with project.store.write(repeatable=True) as tx:
        known = identity_of(tx.value("sources.meta", key=IDENTITY_KEY), project.store.path)
        identity = known or claim_for(project, tx)
    registry.remember_store(registry.folder_of(project), registry.OWN, identity["uuid"], project.store.path)


def refresh_identity(project: Project, tx: Transaction) -> None:
    """Note, together with an import, from which checkout and on which commit the definitions were read."""
    identity = identity_of(tx.value("sources.meta", key=IDENTITY_KEY), project.store.path)
    if identity is None or identity.get("scratch"):
        if identity is None and project.relation == OWN:
            claim_for(project, tx)
            remember_checkout(project)
        return
    after: StoreIdentity = {**identity, "commit": _commit(project)}
    if project.relation == OWN:
        after |= {"home": home_of(project), "checkout": project.root}
        if not after["roots"] or identity["home"] != after["home"]:
            after["roots"] = roots_of(project.repository)
        remember_checkout(project)
    if after != identity:
        tx.run("sources.set_meta", key=IDENTITY_KEY, value=jsonio.dumps(after))


def remember_checkout(project: Project) -> None:
    """Note which checkout defines the tasks, where git does not record a main checkout, or only there."""
    repository = project.repository
    if repository is None or not project.root_found:
        return
    if repository.main_worktree is None or os.path.isfile(os.path.join(project.root, ".git")):
        folder = registry.folder_of(project)
        if registry.checkout(folder) != project.root:
            registry.remember_checkout(folder, project.root)


def _commit(project: Project) -> str:
    from fairway_scripts.git.roots import head_commit

    if project.repository is None:
        return ""
    try:
        here = paths.find_repository(project.root)
        return head_commit(here) if here is not None else ""
    except FairwayError:
        return ""
