"""Writing tasks of the store into the queue file, which owns their definition from then on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.base.regular_files import regular
from fairway_scripts.formats.file_replacement import replace_file, sole_writer
from fairway_scripts.project.changes import Change, find_state
from fairway_scripts.queue.definition_tables import STORE
from fairway_scripts.queue.definitions import check_document, import_definitions
from fairway_scripts.queue.editing import owned_by_file
from fairway_scripts.queue.files.queue_edits import append_tasks
from fairway_scripts.upkeep.snapshot import file_task

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueExport
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.files.queue_edits import Edit
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import HierarchyStoreTasks
    from fairway_scripts.upkeep.upkeep_shapes import Exported


def export_tasks(project: Project, args: QueueExport) -> Exported:
    """Add the tasks that the store owns (TASK_ID and the store's tasks that it names, or all) to the queue file.

    Only lines are added; a crash leaves the old file or the new one. The file owns the tasks afterwards, their state
    is untouched. Returns `{path, line, tasks, added_text, dry_run, sha256}`: `tasks` are the ids in the order of the
    file, `line` the first new one. Raises FairwayError `not_found` (task, queue file), `file_owned`, `invalid_queue`
    (nothing is written then), `store_busy` (the file was changed meanwhile), `file_unavailable`.
    """
    if args.dry_run:
        with project.store.read() as tx:
            rows, edit, _data = _edited(project, tx, args.task_id)
        return _answer(project, rows, edit, dry_run=True)
    with sole_writer(_queue_path(project)), Change(project, args) as change:
        repeated: Exported | None = change.repeated()
        if repeated is not None:
            return repeated
        rows, edit, data = _edited(project, change.tx, args.task_id)
        if edit is not None:
            shown = project.show(project.queue.path)
            for row in rows:
                change.tx.run("hierarchy.set_source", task_id=row["id"], source=shown, at=change.at)
            ids = [row["id"] for row in rows]
            change.record("tasks_exported", "", {"tasks": ids, "path": shown, "sha256": edit.document.sha256})
        answer = change.finish(_answer(project, rows, edit, dry_run=False))
        if edit is not None:
            _replace(project, data, edit)
    if rows:
        import_definitions(project)
    return answer


def _queue_path(project: Project) -> str:
    path = project.queue.path
    if not path or not os.path.exists(path):
        where = project.show(path) if path else project.queue.found
        raise FairwayError(
            "not_found",
            f"there is no queue file to write to ({where})",
            suggest("queue-snapshot", FORMAT="yaml", OUTPUT=None),
        )
    return path


def _edited(project: Project, tx: Transaction, task_id: str) -> tuple[list[HierarchyStoreTasks], Edit | None, bytes]:
    """The tasks to write, the edit (None when there are none), and the bytes that it was made from."""
    path = _queue_path(project)
    shown = project.show(path)
    rows = _chosen(project, tx, task_id)
    if not rows:
        return [], None, b""
    kind = project.settings["task_kinds"]["default"]
    tasks = [file_task(row, tx.column("hierarchy.needs", task_id=row["id"]), kind) for row in rows]
    try:
        with open(path, "rb", opener=regular) as file:
            data = file.read()
    except OSError as problem:
        raise FairwayError(
            "file_unavailable", f"{shown}: {problem.strerror}", suggest_program("ls", "-l", shown)
        ) from problem
    edit = append_tasks(data, shown, tasks)
    known = set(tx.column("sources.known_ids"))
    faults = [fault for fault in check_document(edit.document, project.settings, known) if fault.severity == "error"]
    if faults:
        listing = "\n".join(fault.text() for fault in faults[:20])
        raise FairwayError(
            "invalid_queue",
            f"with {len(rows)} more task(s) {shown} would have {len(faults)} fault(s), so it stays:\n{listing}",
            suggest("queue-validate"),
            faults=[fault.as_json() for fault in faults],
        )
    return rows, edit, data


def _chosen(project: Project, tx: Transaction, task_id: str) -> list[HierarchyStoreTasks]:
    """Every task of the store, or one with the tasks of the store that it names: the file must make sense alone."""
    rows = {row["id"]: row for row in tx.all("hierarchy.store_tasks", source=STORE)}
    if not task_id:
        return list(rows.values())
    if task_id not in rows:
        raise owned_by_file(project, find_state(tx, task_id))
    wanted, waiting = set(), [task_id]
    while waiting:
        named = waiting.pop()
        if named in rows and named not in wanted:
            wanted.add(named)
            waiting += [rows[named]["parent_id"] or "", *tx.column("hierarchy.needs", task_id=named)]
    return [row for name, row in rows.items() if name in wanted]


def _replace(project: Project, data: bytes, edit: Edit) -> None:
    """Put the edited file in place, unless somebody has saved it since it was read."""
    path = project.queue.path
    with open(path, "rb", opener=regular) as file:
        if file.read() != data:
            raise FairwayError(
                "store_busy", f"{project.show(path)} was changed at the same time", "run the command again"
            )
    replace_file(path, edit.data)


def _answer(project: Project, rows: list[HierarchyStoreTasks], edit: Edit | None, *, dry_run: bool) -> Exported:
    return {
        "path": project.show(project.queue.path),
        "line": edit.line if edit else 0,
        "tasks": [row["id"] for row in rows],
        "added_text": edit.added if edit else "",
        "sha256": edit.document.sha256 if edit else "",
        "dry_run": dry_run,
    }
