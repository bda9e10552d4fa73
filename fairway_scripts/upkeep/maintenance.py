"""Backing a store up, restoring one, and bringing an old one to the newest schema."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.progress import doing
from fairway_scripts.base.regular_files import regular
from fairway_scripts.project import registry
from fairway_scripts.project.ledger import append_event
from fairway_scripts.project.losses import begin_anew, refuse_lost
from fairway_scripts.project.opening import open_known_store, open_to_look
from fairway_scripts.project.ownership import settle
from fairway_scripts.project.places import store_folder
from fairway_scripts.project.project import OWN, is_born
from fairway_scripts.project.store_identity import give_identity
from fairway_scripts.queue.taking_over import (
    keep_restored,
    refuse_to_replace,
    remember_restored,
    take_over,
)
from fairway_scripts.store import contents
from fairway_scripts.store.contract import is_server
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.refusals import newer
from fairway_scripts.store.schema import SCHEMA_VERSION
from fairway_scripts.store.sqlite import connection, copying, loading
from fairway_scripts.upkeep.snapshot_file import read_snapshot

if TYPE_CHECKING:
    import sqlite3

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Store, Transaction
    from fairway_scripts.upkeep.upkeep_shapes import BackedUp, EndedLedger, Migrated, RestoredStore

#: What the first bytes of a JSON document may be.
_JSON_STARTS = (b"{", b"[")


def back_up(project: Project, output: str) -> BackedUp:
    """Copy the store to `output`, or to a new file with the time in its name beside the store.

    Returns `{path, size}` (absolute path, bytes). Raises FairwayError: `already_exists` (no file is ever replaced),
    `not_found` (no store), `file_unavailable`, and the errors of the store.
    """
    with contextlib.closing(open_to_look(project, outdated=True)) as store:
        if not output:
            store.require_writable()  # a copy goes beside the store, which has to be the caller's own
        path = os.path.abspath(output) if output else copying.backup_place(store_folder(project), "queue", clock.now())
        if os.path.isdir(path):
            raise FairwayError(
                "file_unavailable",
                f"{path} is a folder",
                suggest("queue-backup", OUTPUT=os.path.join(path, "queue.db")),
                path=path,
            )
        store.back_up(path)
    return {"path": path, "size": os.path.getsize(path)}


def migrate(project: Project, *, dry_run: bool, adopt: bool = False) -> Migrated:
    """Apply the schema steps that are due, in one transaction and after a backup.

    Returns `{path, schema_version, pending, applied, backup}`: with `dry_run` the due steps are `pending` and nothing
    is changed; `backup` is a path, "" when there was nothing to do. With `adopt` the store becomes that of the caller's
    repository. Raises FairwayError `not_found` (no store), `store_foreign`, `store_newer`, and the other errors of the
    store.
    """
    _open_existing(project)
    if adopt:
        project.store.close()
        project.store = open_store(project.store_place.path, outdated=True)
    if not dry_run:
        project.store.require_writable()
    with contextlib.closing(project.store) as store:
        with store.read() as tx:
            version, due = tx.schema_version(), tx.due_steps()
        applied: list[str] = []
        backup = ""
        if due and not dry_run:
            applied, backup = store.upgrade(
                lambda: _back_up_before(project, store, f"queue-before-schema-{SCHEMA_VERSION}")
            )
            version, due = SCHEMA_VERSION, []
        if adopt and not dry_run:
            take_over(project)
        elif not (due or dry_run) and project.relation == OWN and not project.remembered["identity"]:
            give_identity(project)
    return {
        "path": project.store_place.path,
        "schema_version": version,
        "pending": due,
        "applied": applied,
        "backup": backup,
    }


def restore(project: Project, source: str, *, force: bool) -> RestoredStore:
    """Put what a backup or a snapshot holds in the place of everything in the store, in one transaction.

    Other processes may have the store open: they see all of the old or all of the new. A store that holds work needs
    `force`, is backed up first, and the new ledger says where it ended; a damaged one is moved aside. Returns `{path,
    source, form, tasks, events, backup, set_aside}`: `form` is `backup` or `snapshot`, the last two are paths or "".
    Raises FairwayError: `file_unavailable`, `invalid_document` (neither a backup nor a snapshot), `store_damaged` (it
    is, in `source`), `store_newer`, `already_exists` (the store holds work), `usage` (`source` is this store), and the
    errors of the store.
    """
    path = project.store_place.path
    if os.path.exists(path) and os.path.exists(source) and os.path.samefile(path, source):
        raise FairwayError("usage", f"{source} is the store itself", suggest("queue-restore", FROM=None), path=path)
    form = _form(source)
    doing(f"reading {source}")
    loaded = copying.load(source) if form == "backup" else _load_snapshot(source)
    with contextlib.closing(loaded):
        loading.refuse_unfit(loaded, source)
        refuse_to_replace(project)
        set_aside = "" if is_server(path) else _set_aside_if_damaged(path)
        if not (is_server(path) or registry.has_bytes(path)):
            begin_anew(project, path)
        with contextlib.closing(open_store(path, create=True, outdated=True)) as store, store.write() as tx:
            outdated = tx.schema_version() < SCHEMA_VERSION
            holds_work = outdated or contents.holds_work(tx)
            if holds_work and not force:
                raise _would_replace(project, source)
            replaced = None if outdated else _head(tx)
            backup = _back_up_before(project, store, "queue-before-restore") if holds_work else ""
            if outdated:
                tx.apply_steps()
            doing("writing every row")
            contents.replace(tx, connection.FileTransaction(loaded))
            number = keep_restored(project, tx)
            counts = contents.counts(tx)
            if holds_work:  # what it replaced is part of no ledger any more, so the new one says that it was there
                append_event(project, tx, "store_restored", "", _told(form, os.path.abspath(source), replaced, backup))
        remember_restored(project, number)
    return {
        "path": path,
        "source": os.path.abspath(source),
        "form": form,
        "tasks": counts["task_state"],
        "events": counts["events"],
        "backup": backup,
        "set_aside": set_aside,
    }


def _told(form: str, source: str, replaced: EndedLedger | None, backup: str) -> dict[str, object]:
    """What the new ledger says of a store that was replaced: where its ledger ended, and where it is kept."""
    what = f"{replaced['events']} events" if replaced and replaced["events"] else "an older store"
    summary = f"a {form} in the place of {what}, which are kept in {os.path.basename(backup)}"
    return {
        "form": form,
        "source": source,
        "replaced": replaced or {},
        "backup": backup,
        "summary": summary,
        "forced": True,
    }


def _head(tx: Transaction) -> EndedLedger:
    """How many events the ledger has, and the number and the hash of the newest one."""
    head = tx.one("verification.head")
    if head is None:
        return {"event_id": None, "events": None, "hash": None}
    return {"event_id": head["event_id"], "events": head["events"], "hash": head["hash"]}


def _open_existing(project: Project) -> None:
    if is_server(project.store_place.path):
        open_known_store(project, outdated=True)
        if not is_born(project.store):
            open_store(project.store_place.path)  # says that there is none
        return
    if not registry.has_bytes(project.store_place.path):
        refuse_lost(project, project.store_place.path)
    if not os.path.exists(project.store_place.path):
        open_store(project.store_place.path)  # says that there is none
    settle(project, os.path.realpath(project.store_place.path), outdated=True)


def _back_up_before(project: Project, store: Store, label: str) -> str:
    """Back up a store that is about to be changed as a whole; the caller holds its write lock. The path."""
    place = copying.backup_place(store_folder(project), label, clock.now())
    store.back_up(place)
    return place


def _form(source: str) -> str:
    """What the first bytes of a file say that it is: `backup` or `snapshot`; raises FairwayError."""
    try:
        with open(source, "rb", opener=regular) as file:
            start = file.read(4096)
    except OSError as problem:
        word = "not_found" if isinstance(problem, FileNotFoundError) else "file_unavailable"
        raise FairwayError(
            word, f"{source}: cannot be read: {problem.strerror}", suggest("queue-restore", FROM=None), path=source
        ) from problem
    if start.startswith(copying.MAGIC):
        return "backup"
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_JSON_STARTS):
        return "snapshot"
    raise FairwayError(
        "invalid_document",
        f"{source} is neither a backup nor a JSON snapshot of a store",
        suggest("queue-restore", FROM=None),
        path=source,
    )


def _load_snapshot(source: str) -> sqlite3.Connection:
    snapshot = read_snapshot(source)
    if snapshot.schema_version > SCHEMA_VERSION:
        raise newer(source, snapshot.schema_version)
    return loading.load(snapshot.schema_version, snapshot.tables, source)


def _would_replace(project: Project, source: str) -> FairwayError:
    return FairwayError(
        "already_exists",
        f"the store {project.show(project.store_place.path)} holds work, which {source} would replace",
        suggest("queue-restore", FROM=source, FORCE=True),
        path=project.store_place.path,
    )


def _set_aside_if_damaged(path: str) -> str:
    """Move a store file that SQLite cannot use out of the way, with its companions; where to, "" for a sound one."""
    if not registry.has_bytes(path) or _is_sound(path):
        return ""
    return copying.set_aside(path, clock.now())


def _is_sound(path: str) -> bool:
    try:
        with contextlib.closing(open_store(path, outdated=True)) as store:
            return not store.damage()
    except FairwayError as problem:
        if problem.word == "store_damaged":
            return False
        raise
