"""What a shadowed call came to: on the legacy side by what is there afterwards, on our side by doing it on a copy."""

from __future__ import annotations

import copy
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.bridge.legacy_mapping import mapping_of
from fairway_scripts.cutover.bridge.legacy_side import LegacySide
from fairway_scripts.cutover.bridge.mirror import refresh_from_legacy
from fairway_scripts.cutover.parity.own_side import Asked, discard, do_here, own_environment
from fairway_scripts.cutover.parity.parity_facts import Outcome
from fairway_scripts.cutover.parity.parity_text import Context
from fairway_scripts.cutover.shadow.shadow_calls import read_text
from fairway_scripts.store.legacy_snapshot import open_snapshot
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.sqlite.copying import back_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.cutover.shadow.shadow_calls import Call
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.legacy_snapshot import Snapshot
    from fairway_scripts.store.legacy_types import Cells

#: The longest that our side may take (seconds).
PATIENCE = 60.0
BASE = "base.db"
#: What is about the files that a branch changes against the integration branch.
OF_BRANCHES = ("route-review", "merge-ready")
#: kind of the old database -> our word for a record of it, and how that is told from its columns.
_KINDS = {"evidence": "evidence", "handoffs": "handoff", "reviews": "review"}


class Base(NamedTuple):
    """Our side before the call: a copy of the store, the task's state in it, and how things are called."""

    path: str
    state: Mapping[str, object] | None
    context: Context


def make_base(project: Project, call: Call, snapshot: Snapshot | None, task_id: str) -> Base:
    """Copy the store into the call's folder, as it was before the call.

    What others did meanwhile on the legacy side is taken in, but nothing of the task `task_id` ("" for none).
    """
    path = call.place(BASE)
    discard(path)
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
    """Return what has to be known to read what a call printed."""
    lane_of = {row["task_id"]: row["role"] for row in tx.all("parity.lanes")}
    pattern = project.settings["fairway"]["task_id_pattern"]
    roots = (project.root, cwd)
    statuses = tuple(project.settings["states"]["allowed"])
    return Context(lane_of, settings_of.lanes(project.settings), pattern, roots, statuses)


def branches_moved(project: Project, call: Call, branch: str) -> bool:
    """Tell whether a branch ("" for any) was moved since a call began, as its reflog or the reference itself tells."""
    common = project.repository.common_dir if project.repository is not None else ""
    for place in ("logs/refs/heads", "refs/heads"):
        top = os.path.join(common, place, branch)
        names = [os.path.join(folder, name) for folder, _folders, names in os.walk(top) for name in names]
        with suppress(OSError):
            if times := [os.stat(name).st_mtime_ns for name in (names if os.path.isdir(top) else [top])]:
                return max(times) > call.begun_ns
    return False


# --- our side --------------------------------------------------------------------------------------------------


def run_own(call: Call, base: str, folder: str, task_id: str) -> tuple[Outcome, int]:
    """Do what the call did with our tool, on a copy of `base` in `folder`; what it printed stays there.

    Returns what it came to and the milliseconds that it took.
    """
    # A name of this process's own: a tool whose observer was killed may still be at work on the older copy.
    store, note = os.path.join(folder, f"own-{os.getpid()}.db"), call.note
    discard(store)
    shutil.copyfile(base, store)
    environment = own_environment(os.environ, note["environment"], note["at"])
    asked = Asked(note["tool"], note["own_argv"], note["cwd"], environment, task_id)
    done = do_here(asked, store, os.path.join(folder, "own"), PATIENCE)
    discard(store)
    return done


# --- the legacy side ---------------------------------------------------------------------------------------------


def legacy_outcome(project: Project, call: Call, snapshot: Snapshot | None, base: Base, task_id: str) -> Outcome:
    """Return what the original came to: what it printed, and what the captured database has that our side lacked."""
    state, records = None, None
    if snapshot is not None and task_id:
        try:
            state, records = _left_behind(project, snapshot, base, task_id)
        except FairwayError as problem:
            project.notes.append(f"{call.call_id}: {problem.message}")
    out, err = read_text(call.place("out")), read_text(call.place("err"))
    return Outcome(call.end["exit_code"], out, err, state, records, call.unread)


def _left_behind(
    project: Project, snapshot: Snapshot, base: Base, task_id: str
) -> tuple[Cells | None, list[list[str]]]:
    """Return the state of the task in the captured database, and its records that our side did not know before."""
    place = open_store(base.path)
    found = []
    try:
        with place.write() as tx, open_snapshot(snapshot) as source:
            side = LegacySide(project, source, mapping_of(project, tx, source))
            for kind, name in filter(lambda pair: side.has(pair[0]), _KINDS.items()):
                for key, number, read in side.rows(kind, task_id):
                    known = (tx.one("legacy.row", legacy_table=side.table(kind), legacy_key=x) for x in (key, number))
                    found += [] if any(known) else [[name, _word_of(kind, read)]]
            return side.states([task_id]).get(task_id), found
    finally:
        place.close()


def _word_of(kind: str, read: Cells) -> str:
    if kind == "evidence":
        return str(read["result"])
    return f"{read.get('reviewer_role') or ''} {read['verdict']}" if kind == "reviews" else ""
