"""What a shadowed call came to: on the legacy side by what is there afterwards, on our side by doing it on a copy."""

from __future__ import annotations

import copy
import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

from fairway_scripts import settings as settings_of
from fairway_scripts.cutover.own_side import own_environment, own_words
from fairway_scripts.cutover.row_identity import identity
from fairway_scripts.errors import FairwayError
from fairway_scripts.operations.mirror import refresh_from_legacy
from fairway_scripts.operations.shadow_calls import read_text
from fairway_scripts.rules.legacy_values import our_word, read_row
from fairway_scripts.rules.parity_facts import Outcome
from fairway_scripts.rules.parity_text import Context
from fairway_scripts.store.contract import open_store
from fairway_scripts.store.legacy_snapshot import open_snapshot
from fairway_scripts.store.sqlite.copying import back_up
from fairway_scripts.workspace.candidate import TIMED_OUT, Ran, run_tool

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project
    from fairway_scripts.operations.shadow_calls import Call
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.legacy_snapshot import Snapshot
    from fairway_scripts.store.legacy_source import LegacySource

    Row = dict[str, Any]

#: The longest that our side may take (seconds).
PATIENCE = 60.0
BASE = "base.db"
#: kind of the old database -> our word for a record of it, and how that is told from its columns.
_KINDS = {"evidence": "evidence", "handoffs": "handoff", "reviews": "review"}


class Base(NamedTuple):
    """Our side before the call: a copy of the store, the task's state in it, and how things are called."""

    path: str
    state: Row | None
    context: Context


def make_base(project: Project, call: Call, snapshot: Snapshot | None, task_id: str) -> Base:
    """Copy the store into the call's folder, as it was before the call.

    What others did meanwhile on the legacy side is taken in, but nothing of the task `task_id` ("" for none).
    """
    path = call.place(BASE)
    _discard(path)
    back_up(project.store, path, scratch=True)
    place = open_store(path)
    try:
        inner = copy.copy(project)
        inner.store, inner.notes = place, []
        if snapshot is not None and task_id:
            refresh_from_legacy(inner, snapshot, left_out=task_id)
        with place.write() as tx:
            tx.run("parity.forget_write_backs")  # the copy owes nothing to anybody
            state = tx.one("parity.state", task_id=task_id) if task_id else None
            return Base(path, state, context_of(project, tx, call.note["cwd"]))
    finally:
        place.close()


def context_of(project: Project, tx: Transaction, cwd: str) -> Context:
    """What has to be known to read what a call printed."""
    lane_of = {row["task_id"]: row["role"] for row in tx.all("parity.lanes")}
    pattern = project.settings["fairway"]["task_id_pattern"]
    roots = (project.root, cwd)
    return Context(lane_of, settings_of.lanes(project.settings), pattern, roots)


# --- our side --------------------------------------------------------------------------------------------------


def run_own(call: Call, base: str, folder: str, task_id: str) -> tuple[Outcome, Ran]:
    """Do what the call did with our tool, on a copy of `base` in `folder`; what it printed stays there."""
    # A name of this process's own: a tool whose observer was killed may still be at work on the older copy.
    store, streams = os.path.join(folder, f"own-{os.getpid()}.db"), os.path.join(folder, "own")
    _discard(store)
    shutil.copyfile(base, store)
    before = _records(store, task_id)
    note = call.note
    try:
        ran = run_tool(
            note["tool"],
            own_words(note["tool"], note["own_argv"], store),
            cwd=note["cwd"],
            environment=own_environment(os.environ, note["environment"], note["at"]),
            streams=streams,
            seconds=PATIENCE,
        )
    except OSError as problem:
        with open(f"{streams}_err", "a", encoding="utf-8") as file:
            file.write(f"error: internal: {problem}\n")
        ran = Ran(TIMED_OUT + 3, 0)
    code = -1 if ran.exit_code == TIMED_OUT else ran.exit_code
    after = _records(store, task_id)
    outcome = Outcome(
        code,
        read_text(f"{streams}_out"),
        read_text(f"{streams}_err"),
        _state_in(store, task_id),
        [[kind, word] for (kind, _id), word in after.items() if (kind, _id) not in before] if task_id else None,
    )
    _discard(store)
    return outcome, ran


def _records(store: str, task_id: str) -> dict[tuple[str, int], str]:
    place = open_store(store)
    try:
        with place.read() as tx:
            rows = tx.all("parity.records", task_id=task_id)
    finally:
        place.close()
    return {(row["kind"], row["id"]): row["word"] for row in rows}


def _state_in(store: str, task_id: str) -> Row | None:
    place = open_store(store)
    try:
        with place.read() as tx:
            return tx.one("parity.state", task_id=task_id) if task_id else None
    finally:
        place.close()


def _discard(path: str) -> None:
    """Remove a database with its companions."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(path + suffix):
            os.unlink(path + suffix)


# --- the legacy side ---------------------------------------------------------------------------------------------


def legacy_outcome(project: Project, call: Call, snapshot: Snapshot | None, base: Base, task_id: str) -> Outcome:
    """What the original came to: what it printed, and what the captured database has that our side lacked before."""
    state, records = None, None
    if snapshot is not None and task_id:
        try:
            state, records = _left_behind(project, snapshot, base, task_id)
        except FairwayError as problem:
            project.notes.append(f"{call.call_id}: {problem.message}")
    out, err = read_text(call.place("out")), read_text(call.place("err"))
    return Outcome(call.end["exit_code"], out, err, state, records)


def _left_behind(
    project: Project, snapshot: Snapshot, base: Base, task_id: str
) -> tuple[Row | None, list[list[str]] | None]:
    from fairway_scripts.operations.legacy_import import mapping_of

    place = open_store(base.path)
    try:
        with place.write() as tx, open_snapshot(snapshot) as source:
            mapping = mapping_of(project, tx, source)
            words = mapping["words"]
            found: list[list[str]] = []
            for kind, name in _KINDS.items():
                for row in _new_rows(tx, source, kind, mapping["kinds"].get(kind), task_id):
                    read, _unreadable = read_row(kind, mapping["kinds"][kind]["columns"], row)
                    found.append([name, _word_of(kind, read, words)])
            return _state(project, source, mapping, task_id), found
    finally:
        place.close()


def _state(project: Project, source: LegacySource, mapping: Row, task_id: str) -> Row | None:
    entry = mapping["kinds"]["state"]
    for row in source.rows_of(entry, entry["columns"]["task_id"], [task_id]):
        read, _unreadable = read_row("state", entry["columns"], row)
        given = read["status"] or ""
        allowed = project.settings["states"]["allowed"]
        return {**read, "status": our_word("status", given, mapping["words"].get("status"), allowed) or given}
    return None


def _new_rows(tx: Transaction, source: LegacySource, kind: str, entry: Row | None, task_id: str) -> list[Row]:
    """The rows of a task in one old table that our side did not know before."""
    if entry is None:
        return []
    found = []
    for number, row in source.numbered_rows_of(entry, task_id):
        names = (identity(kind, entry, number, row), number)
        if not any(tx.one("legacy.row", legacy_table=entry["table"], legacy_key=name) for name in names):
            found.append(row)
    return found


def _word_of(kind: str, read: Row, words: Row) -> str:
    if kind == "evidence":
        return our_word("result", read["result"] or "", words.get("result")) or str(read["result"])
    if kind == "reviews":
        verdict = our_word("verdict", read["verdict"] or "", words.get("verdict")) or str(read["verdict"])
        return f"{read.get('reviewer_role') or ''} {verdict}"
    return ""
