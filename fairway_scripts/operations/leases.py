"""Leases: any command of a claimant renews what it holds."""

from __future__ import annotations

from fairway_scripts import clock
from fairway_scripts import settings as settings_of
from fairway_scripts.errors import FairwayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project
    from fairway_scripts.store.connection import Transaction

#: A reading command renews a lease at most this often: readers should hardly ever need the write lock.
RENEW_EVERY_SECONDS = 600.0


def renew(project: Project, tx: Transaction, at: str) -> None:
    """Extend the leases of everything that the caller (or its session) holds, from `at`."""
    for task_id, until in _due(project, tx, at, 0.0):
        tx.run("tasks.renew_lease", task_id=task_id, lease_expires_at=until)


def sign_of_life(project: Project) -> None:
    """What a reading command does for the caller: renew leases that are ten minutes old, if nobody is in the way."""
    if project.store.read_only:
        return
    at = clock.now()
    with project.store.read() as tx:
        due = _due(project, tx, at, RENEW_EVERY_SECONDS)
    if not due:
        return
    try:
        with project.store.write() as tx:
            renew(project, tx, at)
    except FairwayError:
        return  # the lock is taken or the disk is full: the next command renews


def _due(project: Project, tx: Transaction, at: str, least: float) -> list[tuple[str, str]]:
    """The held tasks whose lease would grow by more than `least` seconds, with its new end."""
    who = project.identity
    due = []
    for held in tx.all("tasks.claims_of", actor=who.actor, session=who.session or who.actor):
        until = clock.later(at, settings_of.lease_seconds(project.settings, held["role"]))
        if not held["lease_expires_at"] or clock.elapsed(held["lease_expires_at"], until) > least:
            due.append((held["task_id"], until))
    return due
