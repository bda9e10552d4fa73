"""The store as one document: every table as JSON, or the tasks as a queue file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fairway_scripts.base.progress import counted
from fairway_scripts.project.opening import open_to_look
from fairway_scripts.store import contents
from fairway_scripts.store.schema import SCHEMA_VERSION, TABLES
from fairway_scripts.store.stored_json import stored
from fairway_scripts.upkeep.snapshot_file import snapshot_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import HierarchyStoreTasks

    Texted = Literal["profile", "owning_domain", "owning_layer", "risk_level", "migration_type"]
    Listed = Literal["source_paths", "target_paths", "review_domains", "tags"]

#: Fields that are written for the tasks that have them; those before them are the authoring standard's, in its order.
_TEXTS: tuple[Texted, ...] = ("profile", "owning_domain", "owning_layer", "risk_level", "migration_type")
_LISTS: tuple[Listed, ...] = ("source_paths", "target_paths", "review_domains", "tags")
_MIDNIGHT = "T00:00:00.000000Z"


def json_pieces(project: Project) -> Iterator[str]:
    """The text of a JSON snapshot of every table, in pieces, from one moment of the store.

    It is the same text for the same rows, wherever the store lies. Raises FairwayError `not_found` (no store) and the
    errors of the store.
    """
    store = open_to_look(project)
    try:
        with store.read() as tx:
            yield from snapshot_lines(
                SCHEMA_VERSION, ((name, counted(contents.rows(tx, name), f"writing {name}")) for name in sorted(TABLES))
            )
    finally:
        store.close()


def yaml_pieces(project: Project) -> Iterator[str]:
    """The text of a queue file with the tasks of the store and their present state, in pieces.

    Imported into an empty store it gives the same definitions and seeds the same status, owner, branch, commit and
    completion time. A task that left its file is there only while another one depends on it; `project.notes` says
    how many are not. Raises FairwayError as `json_pieces` does.
    """
    from fairway_scripts.formats.yaml_writer import queue_file_pieces  # loads PyYAML, which JSON can do without

    store = open_to_look(project)
    try:
        with store.read() as tx:
            needs = _dependencies(tx)
            wanted = _wanted(tx, needs)
            text = tx.value("maintenance.newest_source")
            header = _header(stored(text, dict, "header"))
            yield from queue_file_pieces(header, _tasks(project, tx, wanted, needs))
    finally:
        store.close()


def _dependencies(tx: Transaction) -> dict[str, list[str]]:
    needs: dict[str, list[str]] = {}
    for row in tx.each("maintenance.all_dependencies"):
        needs.setdefault(row["task_id"], []).append(row["depends_on"])
    return needs


def _wanted(tx: Transaction, needs: dict[str, list[str]]) -> set[str]:
    """The tasks in force, and what they depend on through any number of steps."""
    wanted: set[str] = set()
    waiting = tx.column("maintenance.tasks_in_force")
    while waiting:
        task_id = waiting.pop()
        if task_id not in wanted:
            wanted.add(task_id)
            waiting.extend(needs.get(task_id, []))
    return wanted


def _header(read: Mapping[str, object]) -> dict[str, object]:
    """The top of the file as it was read last, `version` first."""
    order = ("version", "updated_at", "states", "roles")
    header: dict[str, object] = {
        "version": 1,
        **{name: read[name] for name in order if read.get(name) not in (None, "", [])},
    }
    return header | {name: read[name] for name in sorted(read) if name not in order}


def _tasks(
    project: Project, tx: Transaction, wanted: set[str], needs: dict[str, list[str]]
) -> Iterator[dict[str, object]]:
    left_out = 0
    kind = project.settings["task_kinds"]["default"]
    for row in tx.each("maintenance.export_tasks"):
        if row["id"] in wanted:
            yield file_task(row, needs.get(row["id"], []), kind)
        else:
            left_out += 1
    if left_out:
        project.notes.append(f"{left_out} task(s) that left the queue file are not in it; a JSON snapshot has them")


def file_task(row: HierarchyStoreTasks, needs: list[str], default_kind: str) -> dict[str, object]:
    """A task as a queue file gives it, from its row of the store (`maintenance.export_tasks`)."""
    task: dict[str, object] = {
        "id": row["id"],
        "title": row["title"],
        "role": row["role"],
        "status": row["status"],
        "priority": row["priority"],
        "owner": row["owner"] or "",
        "branch": row["branch"] or "",
        "completed_at": _day_or_time(row["completed_at"]),
        "commit": row["commit_sha"] or "",
        "depends_on": needs,
        "acceptance_checks": stored(row["acceptance_checks"], list, "acceptance_checks"),
        "notes": row["notes"] or "",
        "parent_id": row["parent_id"],
        "kind": "" if row["kind"] == default_kind else row["kind"],
        "sequence": row["sequence"],
        **{name: row[name] for name in _TEXTS},
        **{name: stored(row[name], list, name) for name in _LISTS},
    }
    standard = list(task)[: list(task).index("notes") + 1]
    extra: dict[str, object] = stored(row["extra"], dict, "extra")
    return {
        name: value for name, value in task.items() if value is not None and (name in standard or value not in ("", []))
    } | extra


def _day_or_time(at: str | None) -> str:
    """A completion time as the queue file writes it: the day alone when no time of day is known."""
    return (at or "").removesuffix(_MIDNIGHT)
