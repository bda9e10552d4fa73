"""Clearing out tasks that left the queue file: the untouched ones go, those with a history are archived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fairway_scripts.project.changes import Change
from fairway_scripts.project.ownership import refuse_definer

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueuePruneStale
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.queue_shapes import Deleted, Plan, Pruned
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import MaintenanceNamedByOthers

    Deletion = Literal[
        "maintenance.delete_history",
        "maintenance.delete_dependencies",
        "maintenance.delete_state",
        "maintenance.delete_definition",
    ]

#: What is deleted of an untouched task, children before parents; the word is what the answer counts it under.
_DELETIONS: dict[Deleted, Deletion] = {
    "history": "maintenance.delete_history",
    "dependencies": "maintenance.delete_dependencies",
    "state": "maintenance.delete_state",
    "definitions": "maintenance.delete_definition",
}


def prune_stale(project: Project, args: QueuePruneStale) -> Pruned:
    """Delete the tasks that left the queue file before anybody did anything with them; archive the others that left.

    Untouched means: only what the import wrote, no event, no record, and no task that stays depends on it or has it
    as parent. Returns `{removed, archived, claimed, rows, dry_run}`: ids, ids, the ids of `archived` that somebody
    still works on, and how many rows went from `definitions`, `state`, `history`, `dependencies`.
    """
    if args.dry_run:
        with project.store.read() as tx:
            plan = _plan(tx)
            return _answer(plan, _count(tx, plan["removed"]), dry_run=True)
    refuse_definer(project)
    with Change(project, args) as change:
        repeated: Pruned | None = change.repeated()
        if repeated is not None:
            return repeated
        plan = _plan(change.tx)
        rows = {
            name: sum(change.tx.run(statement, task_id=task_id) for task_id in plan["removed"])
            for name, statement in _DELETIONS.items()
        }
        for task_id in plan["archived"]:
            change.tx.run("maintenance.archive_definition", task_id=task_id, at=change.at)
        if plan["removed"] or plan["archived"]:
            change.record("pruned", "", {"removed": plan["removed"], "archived": plan["archived"], "rows": rows})
        return change.finish(_answer(plan, rows, dry_run=False))


def _plan(tx: Transaction) -> Plan:
    """What is to be done: `removed` and `archived` ids, and those of the archived that are claimed."""
    left = tx.all("maintenance.left_tasks")
    removed = _removable({row["id"] for row in left if row["untouched"]}, tx.all("maintenance.named_by_others"))
    archived = [row for row in left if row["id"] not in removed and not row["archived_at"]]
    return {
        "removed": sorted(removed),
        "archived": [row["id"] for row in archived],
        "claimed": [row["id"] for row in archived if row["claimant"]],
    }


def _removable(untouched: set[str], names: list[MaintenanceNamedByOthers]) -> set[str]:
    """The untouched tasks that no staying task names: a task that stays holds what it names, and so on down."""
    held = [row["id"] for row in names if row["by_id"] not in untouched and row["id"] in untouched]
    named_by: dict[str, list[str]] = {}
    for row in names:
        named_by.setdefault(row["by_id"], []).append(row["id"])
    staying: set[str] = set()
    while held:
        task_id = held.pop()
        if task_id in untouched and task_id not in staying:
            staying.add(task_id)
            held.extend(named_by.get(task_id, []))
    return untouched - staying


def _count(tx: Transaction, task_ids: list[str]) -> dict[Deleted, int]:
    """How many rows the tasks have in each table that they would be deleted from."""
    counts = dict.fromkeys(_DELETIONS, 0)
    for task_id in task_ids:
        found = tx.one("maintenance.rows_of", task_id=task_id)
        counts = {name: count + found[name] for name, count in counts.items()} if found else counts
    return counts


def _answer(plan: Plan, rows: dict[Deleted, int], *, dry_run: bool) -> Pruned:
    return {**plan, "rows": rows, "dry_run": dry_run}
