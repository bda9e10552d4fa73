"""Taking a lane back to the legacy side: what happened since its cut-over is exported, and both sides are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts import clock
from fairway_scripts import settings as settings_of
from fairway_scripts.errors import FairwayError
from fairway_scripts.operations import legacy_side
from fairway_scripts.operations.project import queue_path
from fairway_scripts.operations.write_back_command import original_of
from fairway_scripts.operations.write_backs import COMMAND, PATIENCE, YAML, add, deliver
from fairway_scripts.rules import write_backs as rules
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project
    from fairway_scripts.store.connection import Transaction

    Row = dict[str, Any]


def export_lane(project: Project, role: str, since: str) -> Row:
    """Deliver everything that happened in a lane since `since` and compare both sides task by task.

    The originals are used where the host still has them and their database, else the queue file. Returns `{role, mode,
    delivered, tasks, records, kept_here, last_event, differences}`: how many tasks and records were compared, how many
    records the legacy side has no place for, the number of the lane's last event that was taken into account, and in
    words what the two sides do not agree on. Raises FairwayError `store_busy` (somebody else is delivering).
    """
    mode = COMMAND if original_of(project, rules.STATE) and legacy_side.has_database(project) else YAML
    last_event = _owe_missing(project, role, since, mode)
    done = _delivered(project, mode)
    standing = _compare(project, role, since, mode)
    if standing["stale"] and not done["failed"]:
        _owe_states(project, standing["stale"])
        again = _delivered(project, mode)
        done = {**again, "delivered": done["delivered"] + again["delivered"]}
        standing = _compare(project, role, since, mode)
    return {
        "role": role,
        "mode": mode,
        "delivered": done["delivered"],
        "tasks": standing["tasks"],
        "records": standing["records"],
        "kept_here": standing["kept_here"],
        "last_event": last_event,
        "differences": [*done["errors"], *standing["differences"]],
    }


def last_event_of(tx: Transaction, role: str) -> int:
    """The number of the last event of a lane's tasks."""
    return int(tx.value("write_backs.last_event_of_lane", role=role) or 0)


def _delivered(project: Project, mode: str) -> Row:
    done = deliver(project, mode=mode, everything=True, seconds=PATIENCE)
    if done["busy"]:
        raise FairwayError("store_busy", "somebody else is writing back to the legacy side", "run the command again")
    return done


def _owe_missing(project: Project, role: str, since: str, mode: str) -> int:
    """Add what was never owed (write-back was off, or knew no records); the number of the lane's last event."""
    with project.store.write() as tx:
        for task_id in tx.column("write_backs.lane_tasks", role=role):
            events = tx.all("write_backs.events_since", task_id=task_id, since=since)
            if not events:
                continue
            for event in events:
                event["payload"] = stored(event["payload"], dict, "payload")
            state = tx.one("tasks.state", task_id=task_id) or {}
            known = set(tx.column("write_backs.owed_events", task_id=task_id))
            sent = _sent(tx, task_id)
            states = rules.states_after(events, state)
            for event in events:
                if event["id"] in known or event["kind"] in rules.FROM_THERE:
                    continue
                for kind, row_id in rules.records_of(event["kind"], event["payload"]):
                    if mode == COMMAND and (rules.TABLE_OF[kind], str(row_id)) not in sent:
                        add(tx, state, kind, {"row_id": row_id}, event_id=event["id"], at=clock.now())
                if rules.moves_state(event["payload"]):
                    told = {**states[event["id"]], "reason": str(event["payload"].get("reason") or "")}
                    add(tx, state, rules.STATE, told, event_id=event["id"], at=clock.now())
        return last_event_of(tx, role)


def _owe_states(project: Project, task_ids: list[str]) -> None:
    """Owe the state of now of tasks whose legacy state is another one although nothing is owed any more."""
    with project.store.write() as tx:
        for task_id in task_ids:
            state = tx.one("tasks.state", task_id=task_id)
            events = tx.all("write_backs.events_since", task_id=task_id, since="")
            if state is not None and events:
                told = {**rules.shared_state(state), "reason": "back to the legacy side"}
                add(tx, state, rules.STATE, told, event_id=events[-1]["id"], at=clock.now())


def _compare(project: Project, role: str, since: str, mode: str) -> Row:
    """Both sides of a lane: `{tasks, records, kept_here, differences, stale}`, `stale` the tasks to be told again."""
    initial = settings_of.initial_status(project.settings)
    with project.store.read() as tx:
        ours: dict[str, Row] = {
            task_id: tx.one("tasks.state", task_id=task_id) or {}
            for task_id in tx.column("write_backs.lane_tasks", role=role)
        }
        touched = {name for name in ours if tx.all("write_backs.events_since", task_id=name, since=since)}
        records = {name: tx.all("write_backs.records_since", task_id=name, since=since) for name in ours}
        sent = {name: _sent(tx, name) for name in ours}
    theirs = _their_states(project, list(ours), mode)
    found: Row = {"tasks": len(ours), "records": 0, "kept_here": 0, "differences": [], "stale": []}
    for name, state in ours.items():
        if name not in theirs and name not in touched and state["status"] == initial:
            continue  # the legacy side meets it when it reads the queue file
        differing = rules.differences(state, theirs.get(name))
        if differing:
            found["differences"].append(f"{name}: {'; '.join(differing)}")
            found["stale"] += [name] if name in theirs else []
        found["records"] += len(records[name])
        lacking = [row for row in records[name] if (row["own_table"], str(row["id"])) not in sent[name]]
        if lacking and mode == COMMAND:
            found["differences"].append(f"{name}: {len(lacking)} record(s) are not on the legacy side")
        found["kept_here"] += len(lacking) if mode == YAML else 0
    return found


def _their_states(project: Project, task_ids: list[str], mode: str) -> dict[str, Row]:
    if mode == COMMAND:
        with legacy_side.look(project) as side:
            return side.states(task_ids)
    from fairway_scripts.documents.state_lines import state_in_file

    path = queue_path(project)
    try:
        with open(path, "rb") as file:
            found = state_in_file(file.read(), project.show(path), task_ids)
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path} cannot be read: {problem.strerror}") from problem
    initial = settings_of.initial_status(project.settings)  # what a task without a status is in
    return {name: {**state, "status": state["status"] or initial} for name, state in found.items()}


def _sent(tx: Transaction, task_id: str) -> set[tuple[str, str]]:
    return {(row["own_table"], row["own_key"]) for row in tx.all("write_backs.listed_own", task_id=task_id)}
