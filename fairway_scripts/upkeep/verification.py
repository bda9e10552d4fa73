"""Whether a store still tells the truth: the ledger recomputed, and the state checked against it and the history.

Everything is asked in whole-table statements and one pass over the events, so that a hundred thousand tasks are
checked in the memory that one needs.
"""

from __future__ import annotations

import contextlib
import json
import os
from itertools import groupby
from typing import TYPE_CHECKING

from fairway_scripts.base import digest
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.progress import counted
from fairway_scripts.project.opening import open_to_look
from fairway_scripts.project.project import SETTINGS_KEY
from fairway_scripts.project.settings_in_force import default_priority
from fairway_scripts.store import contents
from fairway_scripts.store.ledger_tables import KEYS
from fairway_scripts.upkeep.anchors import compare_anchors
from fairway_scripts.upkeep.chains import Chain, StoreChain, problem
from fairway_scripts.upkeep.row_checks import compare_rows, take_images, unproven

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Event, MaintenanceStatesOffHistory, TaskState
    from fairway_scripts.upkeep.upkeep_shapes import Head, Problem, Verified


def verify(project: Project, anchors: Sequence[str] = (), allowed_signers: str = "") -> Verified:
    """Check the store; nothing is changed, not even what a changed configuration would bring along.

    Each of `anchors` (git refs) has to be the beginning of the ledger, and signed as `allowed_signers` says where that
    names a file.

    Returns `{path, ok, events, tasks, rows, head, unproven, anchors, problems}`: `rows` is how many rows were compared,
    `head` the number and hash of the newest event, `unproven` the rows that were there before events held rows
    (`{rows, event_id, tables}`). A problem is `{check, task_id, event_id, message, table, row, column, found,
    recorded}`: `event_id` is None where no event is meant, the last five say which cell it is about, where it is one.
    The ledger comes first, in the order of the tasks, then rows, state, history and what is derived. When the SQLite
    file itself is damaged only that is told, and the rest is None: nothing else can be relied on. Raises FairwayError
    `not_found` (no store, no such anchor) and the errors of the store.
    """
    path = project.store_place.path
    with contextlib.closing(open_to_look(project)) as store:
        problems = [problem("integrity", message) for message in store.damage()]
        if problems:
            return {
                "path": path,
                "ok": False,
                "events": None,
                "tasks": None,
                "rows": None,
                "head": None,
                "unproven": None,
                "anchors": None,
                "problems": problems,
            }
        with store.read(temporary=True) as tx:
            problems = problems_of(tx, project)
            compared, parted = compare_anchors(project, tx, list(anchors), allowed_signers) if anchors else ([], [])
            problems += parted
            answer: Verified = {
                "path": path,
                "ok": not problems,
                "problems": problems,
                "events": tx.value("maintenance.event_count"),
                "tasks": tx.value("maintenance.task_count"),
                "rows": sum(count for table, count in contents.counts(tx).items() if table in KEYS),
                "head": _head(tx),
                "unproven": unproven(tx),
                "anchors": compared,
            }
            tx.run("verification.drop_images")
    return answer


def problems_of(tx: Transaction, project: Project) -> list[Problem]:
    """Everything that is wrong with the rows and the ledger of an open store, each thing once."""
    found: dict[str, Problem] = {}
    for check in _checks(tx, project):
        for one in check:
            if one["message"] not in found or one["table"]:  # the one that names the cell says more
                found[one["message"]] = one
    return list(found.values())


def _head(tx: Transaction) -> Head:
    """The number and the hash of the newest event, as the head says; 0 and "" before the first one."""
    head = tx.one("verification.head")
    if head is None:
        return {"event_id": 0, "events": 0, "hash": ""}
    return {"event_id": head["event_id"], "events": head["events"], "hash": head["hash"]}


def _checks(tx: Transaction, project: Project) -> Iterator[Iterable[Problem]]:
    settings, readable = _settings_in_force(tx, project)
    if not readable:
        yield [problem("meta", "the remembered settings are not JSON")]
    yield (problem("foreign_key", message) for message in tx.dangling_rows())
    chains = list(_ledger(tx))
    yield chains
    yield _whole_chain(tx, {found["event_id"] for found in chains})
    strange = tx.additions()
    yield [problem("schema", f"the store has a {kind} that no version makes: {name}") for kind, name in strange]
    yield take_images(tx)
    yield compare_rows(tx)
    yield _reverts(tx)
    yield _history(tx)
    yield _derived(tx, settings)
    yield _claims(tx)
    yield _requests(tx)
    yield _sources(tx)


def _whole_chain(tx: Transaction, known: set[int | None]) -> list[Problem]:
    """All events in the order of their numbers, and the head that they lead to."""
    chain = StoreChain(known)
    number = tx.value("maintenance.event_count")
    for event in counted(tx.each("verification.store_chain"), "reading the chain of all events", number):
        chain.add(event)
    chain.compare_head(tx.all("verification.head"))
    return chain.problems


def _sources(tx: Transaction) -> Iterator[Problem]:
    """Queue files that are remembered as read, by time and size, and are not what was read."""
    for row in tx.each("verification.sources"):
        try:
            status = os.stat(row["path"])
            same = (status.st_mtime_ns, status.st_size) == (row["mtime_ns"], row["size"])
            if same and digest.of_file(row["path"]) != row["sha256"]:
                yield problem("source", f"{row['path']} is remembered as read, but holds something else by now")
        except OSError:
            continue  # it is gone, or nobody here may read it: then it is not compared with anything


def _settings_in_force(tx: Transaction, project: Project) -> tuple[Settings, bool]:
    """The settings by which the derived columns were computed last, and whether the store's copy can be read."""
    text = tx.value("sources.meta", key=SETTINGS_KEY)
    try:
        return (json.loads(text)["settings"], True) if text else (project.settings, True)
    except (ValueError, KeyError, TypeError):
        return project.settings, False


def _ledger(tx: Transaction) -> Iterator[Problem]:
    """Each chain by itself, then the state that it leads to against the state that is there."""
    tasks = tx.value("maintenance.task_count")
    for task_id, events, state in counted(_side_by_side(tx), "reading the events of each task", tasks):
        chain = Chain(task_id)
        for event in events:
            chain.add(event)
        yield from chain.problems
        if task_id and not chain.broken:
            yield from chain.differences(state)


def _side_by_side(tx: Transaction) -> Iterator[tuple[str, Iterator[Event], TaskState | None]]:
    """Task by task its events and its state, both read in the order of the ids."""
    states = tx.each("maintenance.states_by_task")
    state = next(states, None)
    for task_id, events in groupby(tx.each("maintenance.event_chains"), key=lambda event: str(event["task_id"])):
        while state is not None and state["task_id"] < task_id:
            yield state["task_id"], iter(()), state
            state = next(states, None)
        if state is not None and state["task_id"] == task_id:
            yield task_id, events, state
            state = next(states, None)
        else:
            yield task_id, events, None
    while state is not None:
        yield state["task_id"], iter(()), state
        state = next(states, None)


def _reverts(tx: Transaction) -> Iterator[Problem]:
    for row in tx.each("maintenance.wrong_reverts"):
        message = f"event {row['id']} reverts {row['reverts']}, which is no earlier event of the same task"
        yield problem("reverts", message, row["task_id"], row["id"])


def _history(tx: Transaction) -> Iterator[Problem]:
    for task in tx.each("maintenance.tasks_without_state"):
        yield problem("state", f"{task['id']} is defined but has no state", task["id"])
    for state in tx.each("maintenance.states_off_history"):
        yield problem("history", _off_history(state), state["task_id"])
    for row in tx.each("maintenance.broken_history"):
        message = f"history row {row['id']} of {row['task_id']} does not begin where the row before it ended"
        yield problem("history", message, row["task_id"])


def _off_history(row: MaintenanceStatesOffHistory) -> str:
    if row["history_id"] is None:
        return f"{row['task_id']} has a state but no history"
    pairs = (
        ("status", row["status"], row["to_status"]),
        ("owner", row["owner"], row["to_owner"]),
        ("branch", row["branch"], row["to_branch"]),
        ("commit_sha", row["commit_sha"], row["to_commit_sha"]),
    )
    wrong = [
        f"{name} is {now or '-'}, in the history {last or '-'}"
        for name, now, last in pairs
        if (now or "") != (last or "")
    ]
    return f"{row['task_id']}: {'; '.join(wrong)} (history row {row['history_id']})"


def _derived(tx: Transaction, settings: Settings) -> Iterator[Problem]:
    for row in tx.each("maintenance.terminal_by_status"):
        if bool(row["terminal"]) != settings_of.is_terminal(settings, row["status"]):
            is_not = "" if row["terminal"] else "not "
            message = f"{row['tasks']} task(s) in {row['status']} count as {is_not}finished, {row['task_id']} for one"
            yield problem("terminal", message, row["task_id"])
    for placed in tx.each("maintenance.wrong_order", priority=default_priority(settings)):
        given = f"{placed['role']}, {placed['sort_priority']}, {placed['sort_sequence']}"
        meant = f"{placed['lane']}, {placed['priority']}, {placed['sequence']}"
        message = f"{placed['task_id']} is ordered by {given} but defined as {meant}"
        yield problem("order", message, placed["task_id"])
    for kept in tx.each("maintenance.wrong_readiness", initial=settings_of.initial_status(settings)):
        message = (
            f"{kept['task_id']} is kept with {kept['open_blockers']} open dependencies and ready={kept['ready']}; "
            f"recomputed: {kept['blockers']} and {kept['claimable']}"
        )
        yield problem("readiness", message, kept["task_id"])


def _claims(tx: Transaction) -> Iterator[Problem]:
    for row in tx.each("maintenance.wrong_claims"):
        message = (
            f"{row['task_id']} cannot be {row['status']} with claimant {row['claimant'] or '-'}, "
            f"version {row['version']} and fence {row['fence']}"
        )
        yield problem("claim", message, row["task_id"])


def _requests(tx: Transaction) -> Iterator[Problem]:
    for row in tx.each("maintenance.request_responses"):
        try:
            json.loads(row["text"])
        except ValueError:
            yield problem("request", f"the answer of request {row['name']} is not JSON")
