"""Handing the status of tasks on to the older scripts, for lanes that have moved while others have not.

What is pending is written in the transaction of the change itself. It is handed on after the commit, in the order of
the events of a task; a failure is kept, tried again later, and never undoes our commit. Whoever hands on holds a lock
that the original inherits. An original that ended with 0 is never called again: what it left is looked at, and what is
not there then is a debt that stays listed until the older side says the same.
"""

from __future__ import annotations

import os
import time

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover.bridge import hand_on_rules as rules
from fairway_scripts.cutover.bridge.mirror import is_candidate
from fairway_scripts.cutover.door.engines import FAIRWAY, engine_of_lane, engines, front_door_path
from fairway_scripts.project.places import store_folder
from fairway_scripts.store.stored_json import stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.base.errors import Hint
    from fairway_scripts.cutover.cutover_shapes import Debt, Delivered
    from fairway_scripts.project.changes import Change
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Task, WriteBack, WriteBacksPath

NONE = "none"
#: How long one command goes on handing on what others left, in seconds; `lane-engine --deliver` goes on to the end.
_BUDGET = 30.0
#: How long somebody who asks for it waits for another one to end.
PATIENCE = 60.0


def owe(change: Change, task_id: str, payload: Mapping[str, object], event_id: int) -> bool:
    """Note inside an open change what its event (`payload`) means for the older scripts; tell whether it does.

    Nothing is pending for a lane that is not `fairway`, when every lane is, and while `bridge.write_back` is `none`.
    """
    if not rules.changes_status(payload) or change.project.settings["bridge"]["write_back"] == NONE:
        return False
    known = engines(change.tx)
    state = change.tx.one("tasks.state", task_id=task_id)
    if state is None or engine_of_lane(known, state["role"]) != FAIRWAY or set(known.values()) == {FAIRWAY}:
        return False
    reason = str(payload.get("reason") or "")
    add(change.project, change.tx, state, event_id=event_id, at=change.at, reason=reason)
    return True


def add(
    project: Project,
    tx: Transaction,
    state: Task | WriteBacksPath,
    *,
    event_id: int | None,
    at: str,
    reason: str = "",
) -> None:
    """Note that the older scripts are to be told that a task came to `state`."""
    terminal = settings_of.is_terminal(project.settings, state["status"])
    for kind, message in rules.messages_for(state, terminal=terminal, reason=reason):
        tx.run(
            "write_backs.add",
            task_id=state["task_id"],
            role=state["role"],
            kind=kind,
            payload=jsonio.dumps(message),
            event_id=event_id,
            at=at,
        )


def deliver_now(project: Project) -> None:
    """Hand on what is due after a change; whatever goes wrong is kept and told on `project.notes`, never raised."""
    try:
        done = deliver(project)
    except (FairwayError, OSError, ModuleNotFoundError) as problem:  # what is pending stays pending
        project.notes.append(f"the older scripts are not told yet: {problem}; again: {_again()}")
        return
    for line in done["errors"]:
        project.notes.append(f"the older scripts are not told yet: {line}; again: {_again()}")


def _again() -> Hint:
    """Return the command that tells them; a host whose Makefile is its own has no make target for it."""
    return suggest("lane-engine", DELIVER=True)


def deliver(project: Project, *, everything: bool = False, seconds: float = 0.0) -> Delivered:
    """Hand on what is pending and due, or with `everything` all of it, and look whether debts are settled.

    `seconds` is how long to wait for somebody else who is doing it. Returns counts, whether somebody else is at it
    (`busy`), and a line a failure. After a failure the later ones of that task
    wait too, because the older side has its own gates. Nothing is handed on from the copy of a store on which our side
    of a comparison runs.
    """
    done: Delivered = {"delivered": 0, "failed": 0, "waiting": 0, "debts": 0, "busy": False, "errors": []}
    if not project.store.read_only and not is_candidate(project):
        from fairway_scripts.programs.legacy_command import delivery_lock

        with delivery_lock(lock_path(project), seconds=seconds) as lock:
            done["busy"] = lock is None
            if lock is not None:
                _deliver_all(project, lock, done, everything=everything)
    with project.store.read() as tx:
        done["waiting"] = len(tx.all("write_backs.open"))
        done["debts"] = len(tx.all("write_backs.debts"))
    return done


def lock_path(project: Project) -> str:
    """Return the file whose lock is held while something is handed on."""
    door = front_door_path(project)
    return os.path.join(os.path.dirname(door) if door else store_folder(project), "write-back.lock")


def debts(tx: Transaction, role: str = "") -> list[Debt]:
    """List what the older side was not told and nobody will tell it by itself, of one lane or of all."""
    return [
        {
            "task_id": row["task_id"],
            "role": row["role"],
            "kind": row["kind"],
            "status": stored(row["payload"], dict, "payload").get("status", ""),
            "why": row["last_error"] or "not tried yet",
            "since": row["created_at"],
        }
        for row in [*tx.all("write_backs.open"), *tx.all("write_backs.debts")]
        if role in ("", row["role"])
    ]


def _deliver_all(project: Project, lock: int, done: Delivered, *, everything: bool) -> None:
    from fairway_scripts.cutover.bridge.original_calls import hand_over, is_settled

    until = time.monotonic() + _BUDGET
    stopped: set[str] = set()
    with project.store.read() as tx:
        rows, owed = tx.all("write_backs.open"), tx.all("write_backs.debts") if everything else []
        now = {row["task_id"]: tx.one("tasks.state", task_id=row["task_id"]) for row in owed}
    for row in owed:
        # whoever is where the task is by now needs to hear nothing of the way there
        state = now[row["task_id"]]
        if is_settled(project, row, state["status"] if state else ""):
            _close(project, row, "done", "settled: both sides say the same")
    for row in rows:
        late = not everything and time.monotonic() > until
        resting = not everything and (row["next_try_at"] or "") > clock.now()
        if late or resting or row["task_id"] in stopped:
            stopped.add(row["task_id"])
            continue
        try:
            lacking = hand_over(project, row, lock)
        except (FairwayError, OSError) as problem:
            lacking = str(problem)
            _fail(project, row, lacking)
        else:
            if not lacking:
                done["delivered"] += 1
                continue
            _close(project, row, "debt", lacking)
        stopped.add(row["task_id"])
        done["failed"] += 1
        done["errors"].append(f"{row['task_id']} {row['kind']}: {_last_line(lacking)}")


def _close(project: Project, row: WriteBack, state: str, remark: str) -> None:
    with project.store.write() as tx:
        tx.run("write_backs.close", id=row["id"], state=state, at=clock.now(), remark=remark)


def _fail(project: Project, row: WriteBack, error: str) -> None:
    with project.store.write() as tx:
        now = clock.now()
        if tx.value("write_backs.tries", id=row["id"]) == row["attempts"]:  # it failed before its try was noted
            tx.run("write_backs.start", id=row["id"], at=now, keys_before=None)
        wait = rules.wait_seconds(row["attempts"] + 1)
        tx.run("write_backs.fail", id=row["id"], error=error, next_try_at=clock.later(now, wait))


def _last_line(text: str) -> str:
    """Return the last line of an error, where an original says what it wants."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no reason given"
