"""Leases: a claimant's commands renew what it holds, so does work that is recorded; a session's are its heartbeat."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

    ClaimsAsked = tuple[Literal["tasks.claims_of"], dict[str, str]]
    HeldAsked = tuple[Literal["tasks.held"], dict[str, str]]

#: A reading command renews a lease at most this often: readers should hardly ever need the write lock.
RENEW_EVERY_SECONDS = 600.0
#: A writing command has the lock anyway; a lease that would grow by less is left alone.
WORTH_SECONDS = 60.0


def renew(project: Project, tx: Transaction, at: str, due: list[tuple[str, str]]) -> None:
    """Extend the leases that `due_claims` found, of what the caller (or its session) holds; the session's heartbeat."""
    for task_id, until in due:
        tx.put("tasks.renew_lease", task_id=task_id, lease_expires_at=until)
    if project.identity.session:
        before = clock.later(at, -RENEW_EVERY_SECONDS)
        tx.put("sessions.beat", session_id=project.identity.session, at=at, before=before)


def claims_of(project: Project, at: str, least: float = WORTH_SECONDS) -> ClaimsAsked:
    """What `renew` asks first: what the caller or its session holds, as far as it may be due."""
    who, settings = project.identity, project.settings
    longest = max(map(clock.duration, settings_of.leases(settings)))
    before = clock.later(at, longest - least)  # no lease that ends later is due in any lane
    return "tasks.claims_of", {"actor": who.actor, "session": who.session or who.actor, "before": before}


def keep(project: Project, tx: Transaction, task_id: str, at: str) -> None:
    """Extend the lease of a task on which work was recorded at `at`, whoever recorded it.

    Evidence and handoffs say that the work goes on: the age of a claim counts from the newest sign of life.
    """
    name, values = held(task_id)
    found = tx.one(name, **values)
    if found is None:
        return
    until = clock.later(at, settings_of.lease_seconds(project.settings, found["role"]))
    if not found["lease_expires_at"] or clock.elapsed(found["lease_expires_at"], until) > WORTH_SECONDS:
        tx.put("tasks.renew_lease", task_id=task_id, lease_expires_at=until)


def held(task_id: str) -> HeldAsked:
    """What `keep` asks."""
    return "tasks.held", {"task_id": task_id}


def sign_of_life(project: Project) -> None:
    """What a reading command does for the caller: renew leases that are ten minutes old, if nobody is in the way."""
    if project.store.read_only:
        return
    at = clock.now()
    with project.store.read() as tx:
        due = bool(due_claims(project, tx, at, RENEW_EVERY_SECONDS)) or _is_quiet(project, tx, at)
    if not due:
        return
    try:
        with project.store.write(repeatable=True) as tx:
            renew(project, tx, at, due_claims(project, tx, at))
    except FairwayError:
        return  # the lock is taken or the disk is full: the next command renews


def _is_quiet(project: Project, tx: Transaction, at: str) -> bool:
    """Whether the caller's session is registered and was last heard of ten minutes ago."""
    session = project.identity.session
    if not session:
        return False
    before = clock.later(at, -RENEW_EVERY_SECONDS)
    return tx.value("sessions.is_due", session_id=session, before=before) is not None


def due_claims(
    project: Project, tx: Transaction, at: str, least: float = WORTH_SECONDS, asked: ClaimsAsked | None = None
) -> list[tuple[str, str]]:
    """The held tasks whose lease would grow by more than `least` seconds, with its new end; `asked`: by `claims_of`."""
    due = []
    ends: dict[str, tuple[str, str]] = {}  # lane -> the new end, and the end from which on a lease is left alone
    name, values = asked or claims_of(project, at, least)
    for held in tx.all(name, **values):
        if held["role"] not in ends:
            until = clock.later(at, settings_of.lease_seconds(project.settings, held["role"]))
            ends[held["role"]] = until, clock.later(until, -least)
        until, enough = ends[held["role"]]
        if not held["lease_expires_at"] or held["lease_expires_at"] < enough:
            due.append((held["task_id"], until))
    return due
