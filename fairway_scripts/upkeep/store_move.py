"""Moving a store to the other engine, with a proof that nothing was lost or changed on the way."""

from __future__ import annotations

import contextlib
import os
from itertools import islice
from typing import TYPE_CHECKING

from fairway_scripts.base import digest, jsonio
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project import registry
from fairway_scripts.project.ledger import append_event
from fairway_scripts.project.places import ON_SERVER, Place, usual_store
from fairway_scripts.project.project import OWN, is_born
from fairway_scripts.store import contents
from fairway_scripts.store.contract import SERVER, exact, is_server
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.schema import TABLES
from fairway_scripts.upkeep.verification import problems_of

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.upkeep.upkeep_shapes import Moved, MovedRows

#: The row of `meta` that says where a store is continued; no event holds it, for the copy does not have it.
MOVED_TO = "moved_to"
#: So many rows are hashed at once.
_ROWS_AT_ONCE = 2000


def move(project: Project, to: str, *, dry_run: bool = False) -> Moved:
    """Move the store of a project to the engine `to`: `postgres` or `sqlite`.

    While the old store is locked its last event is written, all rows are copied, both sides are hashed and the ledger
    of these rows is verified; then the old store keeps, in the transaction of that event, where it was moved to,
    and takes no change any more. Last, the configuration names the new place. A move that was broken off at any
    moment is begun anew by the same command.

    Returns `{from, to, tables: {name: rows}, hash, events, dry_run, config}`. Raises FairwayError: `usage` (it is
    there already, or no service is configured), `store_foreign` (it is not the caller's), `already_exists` (the new
    place holds another store), `verify_failed` (the rows differ, nothing was switched), and the errors of both stores.
    """
    source, target = exact(project.store_place.path), _target(project, to)
    if exact(target.path) == source:
        raise FairwayError("usage", f"the store is there already: {source}", suggest("queue-where"))
    was_moved = project.remembered.get(MOVED_TO) == target.path
    if not was_moved:
        project.store.require_writable()
        if project.relation != OWN or not is_born(project.store):
            message = f"{source} is moved by the repository whose it is"
            raise FairwayError("store_foreign", message, suggest("queue-where"), path=source)
    with project.store.read() as tx:
        told = _told(tx, source, target, content_hash(tx)) if dry_run or was_moved else None
    if told and dry_run:
        return {**told, "dry_run": True, "config": project.config.path}
    if told is None:  # else an earlier call ended before the configuration named the new place
        told = _copy(project, source, target)
    _switch(project, to, target)
    return {**told, "dry_run": False, "config": project.config.path}


def content_hash(tx: Transaction) -> str:
    """One hash over every row of every table, in the order of the keys; the same whatever the engine."""
    found = ""
    for table in TABLES:
        columns, rows = contents.values(tx, table)
        if table == "meta":
            key = columns.index("key")
            rows = iter([row for row in rows if row[key] != MOVED_TO])
        found = digest.of_text(jsonio.dumps([found, table, columns]))
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            found = digest.of_text(jsonio.dumps([found, chunk]))
    return found


def _target(project: Project, to: str) -> Place:
    if to == "postgres":
        store = project.settings.get("store")
        if not store or not store["service"]:
            raise FairwayError(
                "invalid_config",
                "the configuration names no server: store.service is a service of pg_service.conf",
                suggest("fairway-config", "set", "store.service", "<service>"),
            )
        return Place(f"{SERVER}{store['service']}/{store['schema']}", ON_SERVER)
    if to != "sqlite":
        raise FairwayError("usage", f"TO is postgres or sqlite, not {to!r}", suggest("queue-store-move", TO="postgres"))
    configured = project.settings["fairway"]["db_path"]
    path = os.path.join(project.root, configured) if configured else usual_store(project)
    return Place(os.path.realpath(path), "fairway.db_path" if configured else "the shared git directory")


def _told(tx: Transaction, source: str, target: Place, hashed: str) -> MovedRows:
    counts = contents.counts(tx)
    return {"from": source, "to": target.path, "tables": counts, "events": counts["events"], "hash": hashed}


def _copy(project: Project, source: str, target: Place) -> MovedRows:
    with project.store.write() as tx:
        append_event(project, tx, "store_moved", "", {"from": source, "to": target.path})
        tx.close()  # the event is in the ledger before the ledger is copied
        before = content_hash(tx)
        told = _told(tx, source, target, before)
        if is_server(target.path):  # equal rows have one ledger: it is verified where that takes no round trip a row
            _require_sound(project, tx, source)
        with contextlib.closing(open_store(target.path, create=True)) as there:
            with there.write(repeatable=True) as other:
                _refuse_another(tx, other, target.path)
                contents.replace(other, tx)
                after = content_hash(other)
                if after != before:
                    raise _failed(target.path, f"its rows are {after[:12]}, those of {source} {before[:12]}")
            if not is_server(target.path):
                with there.read(temporary=True) as copied:
                    _require_sound(project, copied, target.path)
        tx.run("sources.set_meta", key=MOVED_TO, value=target.path)
        return told


def _refuse_another(tx: Transaction, other: Transaction, place: str) -> None:
    """A new place is empty, or holds what this very store was before, or an earlier try of this move."""
    if not contents.holds_tasks(other):
        return
    own, there = (jsonio.loads(one.value("sources.meta", key="identity") or "{}").get("uuid") for one in (tx, other))
    if not own or own != there:
        raise FairwayError("already_exists", f"{place} holds another store", suggest("queue-where"), path=place)
    ours, theirs = (one.value("maintenance.event_count") for one in (tx, other))
    known = {row["id"]: row["store_hash"] for row in tx.each("verification.store_chain")}
    for row in other.each("verification.store_chain"):
        if known.get(row["id"]) != row["store_hash"] and not _is_last_move(other, row["id"], theirs):
            message = f"{place} holds events that this store has not ({theirs} there, {ours} here): it was worked with"
            raise FairwayError("already_exists", message, suggest("queue-where"), path=place)


def _is_last_move(other: Transaction, event_id: int, count: int) -> bool:
    """Whether an event is the one that an earlier try of the move ended with."""
    last = other.all("verification.events_with_rows")[-1]
    return bool(last["id"] == event_id and last["kind"] == "store_moved" and count)


def _require_sound(project: Project, tx: Transaction, place: str) -> None:
    """Raise FairwayError `verify_failed` unless the ledger holds and every row is what its events recorded."""
    problems = problems_of(tx, project)
    tx.run("verification.drop_images")
    if problems:
        message = f"{place} is not sound, so it is not moved: {problems[0]['message']}"
        raise FairwayError("verify_failed", message, suggest("queue-verify"), path=place)


def _failed(place: str, what: str) -> FairwayError:
    message = f"{place}: the copy is not what was copied: {what}; the store is where it was"
    return FairwayError("verify_failed", message, suggest("queue-verify"), path=place)


def _switch(project: Project, to: str, target: Place) -> None:
    """Have this repository, and by the configuration every clone, use the new place."""
    from fairway_scripts.project.store_identity import identity_of
    from fairway_scripts.settings.config_file import write_value

    folder = registry.folder_of(project)
    identity = identity_of(project.remembered["identity"], target.path) or {}
    if identity.get("uuid"):
        registry.remember_store(folder, registry.OWN, identity["uuid"], target.path)
    registry.remember_use(folder, target.path if is_server(target.path) else "")
    if project.config.path:
        write_value(project.config.path, "store.engine", to)
