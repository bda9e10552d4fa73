"""Reverting a change by another one that compensates it: nothing is deleted, and the ledger keeps both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.changes import Change, difference, find_state, history_row
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.gates import APPROVED, FAILED_RESULTS
from fairway_scripts.work.reviewers import own_work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.calls.tool_calls import QueueUndo
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Task
    from fairway_scripts.upkeep.upkeep_shapes import RevertedEvent, Undone

    Withdrawal = Literal[
        "maintenance.withdraw_task_evidence",
        "maintenance.withdraw_task_handoffs",
        "maintenance.withdraw_task_reviews",
        "maintenance.withdraw_review_requests",
        "maintenance.withdraw_checkpoints",
        "maintenance.withdraw_execution_approvals",
        "maintenance.withdraw_push_intents",
        "maintenance.withdraw_waivers",
    ]

_ACKNOWLEDGED = "handoff_acknowledged"
#: Changes of a task that can be taken back: the state from what the event kept, records by withdrawing them.
_REVERTIBLE = (
    *("claimed", "released", "reclaimed", "status_set"),
    *("evidence_recorded", "handoff_recorded", _ACKNOWLEDGED, "reviewed", "review_routed", "checkpoint_recorded"),
    *("execution_approved", "review_waived", "push_intended"),
)
#: Columns that may differ from what the event left without anything having been built on it: leases and `terminal`
#: change without an event, and a later claim that was undone itself has left its fence.
_MAY_DIFFER = ("lease_expires_at", "terminal", "fence")
_IN_HISTORY = ("status", "owner", "branch", "commit_sha", "claimant")

#: The statement that takes back a record of each table.
_WITHDRAWALS: dict[str, Withdrawal] = {
    "task_evidence": "maintenance.withdraw_task_evidence",
    "task_handoffs": "maintenance.withdraw_task_handoffs",
    "task_reviews": "maintenance.withdraw_task_reviews",
    "review_requests": "maintenance.withdraw_review_requests",
    "checkpoints": "maintenance.withdraw_checkpoints",
    "execution_approvals": "maintenance.withdraw_execution_approvals",
    "push_intents": "maintenance.withdraw_push_intents",
    "waivers": "maintenance.withdraw_waivers",
}


def undo(project: Project, args: QueueUndo) -> Undone:
    """Revert the caller's last change that is not reverted yet, of TASK_ID when one is named.

    Returns `{task_id, event_id, kind, at, before, restored, withdrawn, reopened, status, owner, claimant, fence,
    dry_run}`: `event_id`, `kind` and `at` of what is reverted, `before` and `restored` the columns that change with
    the value they had and the one they get, `withdrawn` the records that count no more and `reopened` the handoffs
    that wait for an acknowledgement again, as `[table, id]`. Raises FairwayError: `not_found` (nothing
    to undo), `undo_refused` (something was built on it, or it is of a kind that cannot be taken back),
    `fence_outdated`.
    """
    if args.dry_run:
        with project.store.read() as tx:
            event = _event(tx, project, args.task_id)
            state = find_state(tx, event["task_id"])
            return _answer(event, state, _checked(tx, project, event, state), dry_run=True)
    with Change(project, args) as change:
        repeated: Undone | None = change.repeated()
        if repeated is not None:
            return repeated
        event = _event(change.tx, project, args.task_id)
        state = change.state(event["task_id"])
        _refuse_own_objection(change, event, state)
        after = _put_back(change, state, _checked(change.tx, project, event, state), args.reason or "undo")
        _withdraw(change, event)
        payload = {"event_id": event["id"], "kind": event["kind"], "rows": event["rows"], "reason": args.reason}
        change.record("undone", event["task_id"], {**payload, **difference(state, after)}, reverts=event["id"])
        return change.finish(_answer(event, state, after, dry_run=False))


def _refuse_own_objection(change: Change, event: RevertedEvent, state: Task) -> None:
    """An objection is taken back by whoever may give a verdict: by nobody who did the work, by name or by session."""
    if event["kind"] != "reviewed" or event["verdict"] == APPROVED:
        return
    why = own_work(change.project, change.tx, state, lane="", reviewer="")
    if why:
        raise FairwayError(
            "self_review",
            f"the objection of event {event['id']} cannot be taken back by whoever did the work: {why}",
            "whoever gave it takes it back, or gives another verdict",
            task_id=event["task_id"],
        )


def _event(tx: Transaction, project: Project, task_id: str) -> RevertedEvent:
    """The event to revert, its payload read; raises FairwayError."""
    if task_id:
        find_state(tx, task_id)
    actor = project.identity.actor
    last = tx.one("maintenance.last_change", actor=actor, task_id=task_id)
    if last is None:
        of_task = f" of {task_id}" if task_id else ""
        raise FairwayError(
            "not_found",
            f"{actor} has no change{of_task} to undo",
            suggest("queue-activity"),
            actor=actor,
        )
    payload = stored(last["payload"], dict, "payload")
    rows = payload.get("rows", []) if last["kind"] in _REVERTIBLE else []
    if "row_id" in payload:
        rows = [(payload["table"], payload["row_id"])]
    event: RevertedEvent = {
        "id": last["id"],
        "at": last["at"],
        "task_id": last["task_id"],
        "kind": last["kind"],
        "before": payload.get("before", {}),
        "after": payload.get("after", {}),
        "verdict": payload.get("verdict", ""),
        "rows": [(str(table), int(row_id)) for table, row_id in rows],
        "superseded": payload.get("superseded", []),
    }
    if event["kind"] not in _REVERTIBLE or any(table not in _WITHDRAWALS for table, _row_id in event["rows"]):
        raise _refused(event, _why_never(event), _instead(event))
    if event["kind"] == "evidence_recorded":
        _refuse_seen_failure(tx, event)
    return event


def _refuse_seen_failure(tx: Transaction, event: RevertedEvent) -> None:
    """A failure that a tool of ours saw stays, as that of a watcher does: a later run of the command outweighs it."""
    ids = [row_id for _table, row_id in event["rows"]]
    for row in tx.all("records.evidence", task_id=event["task_id"]):
        if row["id"] in ids and row["run_by"] and row["result"] in FAILED_RESULTS:
            message = (
                f"{row['run_by']} saw evidence {row['id']} {row['result']}; a later run of the command outweighs it"
            )
            raise _refused(event, message, suggest("queue-activity", TASK_ID=event["task_id"]))


def _why_never(event: RevertedEvent) -> str:
    if event["kind"] == "queue_imported":
        return "definitions follow the queue file"
    if event["kind"] == "legacy_imported":
        return "it came out of the old scripts' database, which still has it"
    return "what it removed was untouched" if event["kind"] == "pruned" else f"a change of kind {event['kind']} stays"


def _instead(event: RevertedEvent) -> str:
    if event["kind"] in ("queue_imported", "pruned"):
        earlier = suggest("queue-undo", TASK_ID=None)
        return f"change the queue file, then {suggest('queue-import')}; an earlier change: {earlier}"
    if event["kind"] in ("task_added", "task_updated"):
        return suggest("queue-update", TASK_ID=event["task_id"], TITLE=None)  # any field: a definition is changed back
    return suggest("queue-activity")


def _checked(tx: Transaction, project: Project, event: RevertedEvent, state: Task) -> Task:
    """The state to return to, when nothing was built on the event; raises FairwayError `undo_refused`."""
    task_id = event["task_id"]
    later = tx.one("maintenance.later_change", task_id=task_id, event_id=event["id"])
    if later is not None:
        raise _refused(
            event,
            f"event {later['id']} ({later['kind']} by {later['actor']}) came after it",
            suggest("queue-activity", TASK_ID=task_id),
            later_event_id=later["id"],
        )
    columns: Mapping[str, object] = state
    drifted = [name for name, value in event["after"].items() if name not in _MAY_DIFFER and columns[name] != value]
    if drifted:
        raise _refused(event, f"{', '.join(sorted(drifted))} changed since without an event", suggest("queue-verify"))
    # a fence only grows, so that the claim that is undone stays outdated
    returned: Task = {**state, **event["before"], "fence": state["fence"]}
    if returned["status"] not in project.settings["states"]["allowed"]:
        raise _refused(
            event, f"the status {returned['status']} is not configured any more", suggest("fairway-config", "show")
        )
    returned["terminal"] = int(settings_of.is_terminal(project.settings, returned["status"]))
    if state["terminal"] and not returned["terminal"]:
        _refuse_built_on(tx, project, event)
    return returned


def _refuse_built_on(tx: Transaction, project: Project, event: RevertedEvent) -> None:
    """Refuse to reopen work on the strength of which a dependent task has moved since."""
    initial = settings_of.initial_status(project.settings)
    built = tx.all("maintenance.built_on", task_id=event["task_id"], initial=initial, since=event["at"])
    if built:
        listing = ", ".join(f"{row['id']} ({row['status']})" for row in built)
        raise _refused(
            event,
            f"{listing} {'depends' if len(built) == 1 else 'depend'} on it and moved since",
            suggest("queue-set-status", TASK_ID=event["task_id"], STATUS=initial, REOPEN=True, REASON=None),
            dependents=[row["id"] for row in built],
        )


def _put_back(change: Change, state: Task, returned: Task, reason: str) -> Task:
    """Write the state that is returned to, with a history row when the history shows any of it; the state then."""
    columns: Mapping[str, object] = state
    names = [name for name, value in returned.items() if columns[name] != value]
    if not names:
        return state
    after: Task = {**returned, "updated_at": change.at, "version": state["version"] + 1}
    change.write_state(state, after)
    if any(name in _IN_HISTORY for name in names):
        actor = change.project.identity.actor
        change.tx.run("tasks.add_history", **history_row(state, after, "undo", actor, reason, change.at))
    return after


def _withdraw(change: Change, event: RevertedEvent) -> None:
    """Take back what the event recorded: rows stay and are marked, an acknowledged handoff is open again."""
    for table, row_id in event["rows"]:
        if event["kind"] == _ACKNOWLEDGED:
            change.tx.run("maintenance.open_handoff_again", row_id=row_id)
        else:
            change.tx.run(_WITHDRAWALS[table], row_id=row_id, at=change.at)
    for row_id in event["superseded"]:
        change.tx.run("maintenance.revive_request", row_id=row_id)


def _refused(event: RevertedEvent, why: str, hint: str, **details: object) -> FairwayError:
    what = f"event {event['id']} ({event['kind']}{' of ' if event['task_id'] else ''}{event['task_id']})"
    return FairwayError(
        "undo_refused",
        f"{what} cannot be undone: {why}",
        hint,
        event_id=event["id"],
        task_id=event["task_id"],
        **details,
    )


def _answer(event: RevertedEvent, before: Task, after: Task, *, dry_run: bool) -> Undone:
    was: Mapping[str, object] = before
    is_: Mapping[str, object] = after
    shown = sorted(n for n in was if n not in ("version", "updated_at", "terminal") and was[n] != is_[n])
    return {
        "task_id": event["task_id"],
        "event_id": event["id"],
        "kind": event["kind"],
        "at": event["at"],
        "restored": {name: is_[name] for name in shown},
        "before": {name: was[name] for name in shown},
        "withdrawn": [] if event["kind"] == _ACKNOWLEDGED else event["rows"],
        "reopened": event["rows"] if event["kind"] == _ACKNOWLEDGED else [],
        "status": after["status"],
        "owner": after["owner"],
        "claimant": after["claimant"],
        "fence": after["fence"],
        "dry_run": dry_run,
    }
