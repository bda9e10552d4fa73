"""Telling the legacy side what happened in lanes that are cut over: what is owed, and its delivery.

What is owed is written in the transaction of the change itself. It is delivered after the commit, one at a time, in
the order of the events of a task; a failure is kept, tried again later, and never undoes our commit. Whoever delivers
holds a lock that the original inherits, and looks at the legacy side first: a delivery that was interrupted is found
there and only noted.
"""

from __future__ import annotations

import os
import time

from fairway_scripts import clock, jsonio
from fairway_scripts.errors import FairwayError
from fairway_scripts.operations.engines import FAIRWAY, engine_of_lane, engines, front_door_path
from fairway_scripts.operations.mirror import is_candidate
from fairway_scripts.rules import write_backs as rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.operations.changes import Change
    from fairway_scripts.operations.project import Project
    from fairway_scripts.store.connection import Transaction

    Row = dict[str, Any]

NONE, YAML, COMMAND = "none", "yaml", "command"
#: How long one command goes on delivering what others left, in seconds; `lane-engine --deliver` goes on to the end.
_BUDGET = 30.0
#: How long somebody who asks for the delivery waits for another one to end.
PATIENCE = 60.0


def owe(change: Change, task_id: str, kind: str, payload: Row, event_id: int) -> bool:
    """Note inside an open change what its event means for the legacy side; whether there is something to deliver.

    `kind` and `payload` are those of the event. Nothing is owed for a lane that is not `fairway`, when every lane is,
    and while `bridge.write_back` is `none`.
    """
    mode = change.project.settings["bridge"]["write_back"]
    if mode == NONE:
        return False
    known = engines(change.tx)
    state = change.tx.one("tasks.state", task_id=task_id)
    if state is None or engine_of_lane(known, state["role"]) != FAIRWAY or set(known.values()) == {FAIRWAY}:
        return False
    found: list[tuple[str, Row]] = []
    if mode != YAML:
        found += [(record, {"row_id": row_id}) for record, row_id in rules.records_of(kind, payload)]
    if rules.moves_state(payload):
        found.append((rules.STATE, {**rules.shared_state(state), "reason": str(payload.get("reason") or "")}))
    for record, told in found:
        add(change.tx, state, record, told, event_id=event_id, at=change.at)
    return bool(found)


def add(tx: Transaction, state: Row, kind: str, payload: Row, *, event_id: int, at: str) -> None:
    """Add one thing that is owed about a task (`state` names it and its lane)."""
    tx.run(
        "write_backs.add",
        task_id=state["task_id"],
        role=state["role"],
        kind=kind,
        payload=jsonio.dumps(payload),
        event_id=event_id,
        at=at,
    )


def deliver_now(project: Project) -> None:
    """Deliver what is owed after a change; whatever goes wrong is kept and told on `project.notes`, never raised."""
    try:
        done = deliver(project)
    except (FairwayError, OSError, ModuleNotFoundError) as problem:  # what is owed stays owed
        project.notes.append(f"the write-back to the legacy side waits: {problem}; make lane-engine DELIVER=1")
        return
    for line in done["errors"]:
        project.notes.append(f"not written back yet: {line}; again: make lane-engine DELIVER=1")


def deliver(project: Project, *, mode: str = "", everything: bool = False, seconds: float = 0.0) -> Row:
    """Deliver what is owed and due, or with `everything` all that is owed, in order.

    `mode` stands in for `bridge.write_back`; `seconds` is how long to wait for somebody else's delivery. Returns
    `{delivered, failed, waiting, busy, errors}`: counts, whether somebody else is delivering, and a line a failure.
    After a failure the later write-backs of that task wait too, because the legacy side has its own gates. Nothing is
    delivered from the copy of a store on which our side of a comparison runs.
    """
    done: Row = {"delivered": 0, "failed": 0, "waiting": 0, "busy": False, "errors": []}
    mode = mode or project.settings["bridge"]["write_back"]
    if mode != NONE and not project.store.read_only and not is_candidate(project):
        from fairway_scripts.workspace.legacy_command import delivery_lock

        with delivery_lock(lock_path(project), seconds=seconds) as lock:
            done["busy"] = lock is None
            if lock is not None:
                _deliver_all(project, mode, lock, done, everything=everything)
    with project.store.read() as tx:
        done["waiting"] = len(tx.all("write_backs.open"))
    return done


def lock_path(project: Project) -> str:
    """The file whose lock a delivery holds."""
    door = front_door_path(project)
    return os.path.join(os.path.dirname(door or project.store.path), "write-back.lock")


def _deliver_all(project: Project, mode: str, lock: int, done: Row, *, everything: bool) -> None:
    until = time.monotonic() + _BUDGET
    stopped: set[str] = set()
    with project.store.read() as tx:
        rows = tx.all("write_backs.open")
    for row in rows:
        late = not everything and time.monotonic() > until
        resting = not everything and (row["next_try_at"] or "") > clock.now()
        if late or resting or row["task_id"] in stopped:
            stopped.add(row["task_id"])
            continue
        try:
            _deliver(project, mode, row, lock)
        except (FairwayError, OSError) as problem:
            _fail(project, row, str(problem))
            stopped.add(row["task_id"])
            done["failed"] += 1
            done["errors"].append(f"{row['task_id']} {row['kind']}: {_line(str(problem))}")
        else:
            done["delivered"] += 1


def _deliver(project: Project, mode: str, row: Row, lock: int) -> None:
    """Deliver one write-back and note it; raises FairwayError or OSError when it did not get through."""
    if mode == YAML:
        from fairway_scripts.operations.write_back_yaml import deliver_yaml

        deliver_yaml(project, row)
    else:
        from fairway_scripts.operations.write_back_command import deliver_command

        deliver_command(project, row, lock)


def _fail(project: Project, row: Row, error: str) -> None:
    with project.store.write() as tx:
        now = clock.now()
        if tx.value("write_backs.tries", id=row["id"]) == row["attempts"]:  # it failed before its try was noted
            tx.run("write_backs.start", id=row["id"], at=now, keys_before=None)
        wait = rules.wait_seconds(row["attempts"] + 1)
        tx.run("write_backs.fail", id=row["id"], error=error, next_try_at=clock.later(now, wait))


def _line(text: str) -> str:
    """The last line of an error, where an original says what it wants."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no reason given"
