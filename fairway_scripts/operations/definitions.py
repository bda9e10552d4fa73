"""Importing the definitions of queue files into the store.

The queue file owns definitions, the store owns state. The state fields of a file (status, owner, branch, commit,
completed_at) seed a task once, when it is first seen; nothing ever overwrites state from a file after that.
"""

from __future__ import annotations

import glob
import json
import os
from typing import TYPE_CHECKING, Any

from fairway_scripts import clock, digest
from fairway_scripts import settings as settings_of
from fairway_scripts.documents.queue_file import read_queue_file
from fairway_scripts.operations import conventions
from fairway_scripts.operations.freshness import settled_mtime
from fairway_scripts.operations.ledger import append_event
from fairway_scripts.rules.validation import validate

if TYPE_CHECKING:
    from fairway_scripts.documents.queue_file import QueueFile, TaskRecord
    from fairway_scripts.operations.project import Project
    from fairway_scripts.rules.faults import Fault
    from fairway_scripts.store.connection import Transaction

_TEXTS = ("profile", "owning_domain", "owning_layer")
_LISTS = ("source_paths", "target_paths", "review_domains")


def import_definitions(project: Project, *, dry_run: bool = False) -> dict[str, Any]:
    """Read the queue file and its archives, validate them, and bring the store in step: all of it or nothing.

    Returns `{path, tasks, added, changed, left, seeded, archived, faults, warnings}`; `faults` (each with its
    `text`) is empty when the file was imported. Raises FairwayError `not_found` for a missing file.
    """
    path = project.queue.path
    status = os.stat(path) if os.path.exists(path) else None
    document = read_queue_file(path, project.show(path), project.settings["queue"]["max_bytes"])
    settings = _settings_for(project, document)
    archives = _read_archives(project, settings)
    faults = _faults(project, document, settings, archives)
    errors = [fault for fault in faults if fault.severity == "error"]
    outcome: dict[str, Any] = {
        "path": project.show(path),
        "tasks": len(document.tasks),
        "added": 0,
        "changed": 0,
        "left": 0,
        "archived": sum(len(records) for _name, records in archives),
        "faults": [{**fault.as_json(), "text": fault.text()} for fault in errors],
        "warnings": sum(fault.severity == "warning" for fault in faults),
    }
    source = _source_row(path, status, document, outcome["faults"])
    with project.store.write() as tx:
        if not errors:
            writer = _Writer(project, tx, settings, source["imported_at"])
            if settings is not project.settings or not tx.value("sources.meta", key=_settings_key()):
                conventions.store_settings(project, tx, settings)
            writer.put_archives(archives)
            outcome.update(writer.put_tasks(document))
            writer.refresh(outcome)
        if dry_run:
            raise _DryRun(outcome)
        tx.run("sources.set_source", **source)
    project.settings = settings
    return outcome


class _DryRun(Exception):  # noqa: N818 - not an error: the way to leave a transaction without keeping it
    def __init__(self, outcome: dict[str, Any]) -> None:
        self.outcome = outcome


def preview_import(project: Project) -> dict[str, Any]:
    """What `import_definitions` would do, with nothing changed."""
    try:
        return import_definitions(project, dry_run=True)
    except _DryRun as preview:
        return preview.outcome


def _settings_key() -> str:
    from fairway_scripts.operations.project import SETTINGS_KEY

    return SETTINGS_KEY


def _settings_for(project: Project, document: QueueFile) -> dict[str, Any]:
    """The configured settings; with none, the conventions for the lanes that the file names."""
    if project.config.path:
        return project.settings
    lanes = [str(name) for name in document.header.get("roles") or [] if isinstance(name, str)]
    if not lanes:
        lanes = sorted({record.fields["role"] for record in document.tasks if record.fields.get("role")})
    if lanes == settings_of.lanes(project.settings):
        return project.settings
    return conventions.assumed_settings(project, lanes)


def _read_archives(project: Project, settings: dict[str, Any]) -> list[tuple[str, list[TaskRecord]]]:
    found: list[tuple[str, list[TaskRecord]]] = []
    for pattern in settings["queue"]["archives"]:
        for path in sorted(glob.glob(os.path.join(project.root, pattern), recursive=True)):
            if os.path.realpath(path) != project.queue.path:
                document = read_queue_file(path, project.show(path), settings["queue"]["max_bytes"])
                found.append((project.show(path), document.tasks))
    return found


def _faults(
    project: Project, document: QueueFile, settings: dict[str, Any], archives: list[tuple[str, list[TaskRecord]]]
) -> list[Fault]:
    with project.store.read() as tx:
        known = set(tx.column("sources.known_ids"))
    known.update(record.fields["id"] for _name, records in archives for record in records if record.fields.get("id"))
    return check_document(document, settings, known)


def check_document(
    document: QueueFile, settings: dict[str, Any], known_ids: set[str], profile: str = ""
) -> list[Fault]:
    """Every finding in a queue file that was read, in the order of its lines."""
    faults = validate(
        document.tasks,
        known_ids=known_ids,
        lanes=settings_of.lanes(settings),
        statuses=settings["states"]["allowed"],
        terminal=settings["states"]["terminal"],
        kinds=settings["task_kinds"]["allowed"],
        priorities=[level["rank"] for level in settings["task_priorities"]["levels"]],
        id_pattern=settings["fairway"]["task_id_pattern"],
        profile=profile or settings["queue"]["profile"],
        header=document.header,
        path=document.path,
        required=settings["queue"]["required_fields"],
    )
    return sorted([*document.faults, *faults], key=lambda fault: (fault.line, fault.field, fault.message))


def _source_row(
    path: str, status: os.stat_result | None, document: QueueFile, faults: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "path": path,
        "kind": "active",
        "mtime_ns": settled_mtime(status) if status else 0,
        "size": status.st_size if status else 0,
        "sha256": document.sha256,
        "valid": 0 if faults else 1,
        "faults": json.dumps(faults, sort_keys=True),
        "header": json.dumps(document.header, sort_keys=True),
        "task_count": len(document.tasks),
        "imported_at": clock.now(),
    }


class _Writer:
    """Brings the tables in step with one document, inside one transaction."""

    def __init__(self, project: Project, tx: Transaction, settings: dict[str, Any], at: str) -> None:
        self.project = project
        self.tx = tx
        self.settings = settings
        self.at = at
        self.actor = project.identity.actor
        self.source = project.show(project.queue.path)
        self.default_priority = conventions.default_priority(settings)
        self.archives_changed = False

    def put_archives(self, archives: list[tuple[str, list[TaskRecord]]]) -> None:
        """Remember the tasks of archived files: they answer dependencies and are never claimed."""
        rows = []
        for name, records in archives:
            for record in records:
                fields = record.fields
                status = fields.get("status") or "done"
                terminal = int(settings_of.is_terminal(self.settings, status))
                title, role = fields.get("title") or "", fields.get("role") or ""
                rows.append(
                    (fields["id"], title, role, status, terminal, fields.get("commit_sha"), fields.get("completed_at"), name)
                )
        self.tx.many("sources.put_archived", [row for row in rows if row[0]])
        self.archives_changed = bool(rows)

    def put_tasks(self, document: QueueFile) -> dict[str, int]:
        """Add new tasks with the state that the file gives them, change changed definitions, mark those that left."""
        known = {row["id"]: row for row in self.tx.all("sources.definition_hashes")}
        added, changed, moved = [], [], []
        seen: set[str] = set()
        for record in document.tasks:
            row = self._definition(record)
            seen.add(row[0])
            before = known.get(row[0])
            if before is None:
                added.append((record, row))
            elif before["content_hash"] != row[21] or before["left_file_at"]:
                changed.append((record, row))
            elif before["position"] != record.position:
                moved.append((record, row))
        left = [
            task_id
            for task_id, row in known.items()
            if task_id not in seen and row["source"] == self.source and not row["left_file_at"]
        ]
        self._write(added, changed + moved, left)
        return {"added": len(added), "changed": len(changed), "left": len(left)}

    def refresh(self, outcome: dict[str, Any]) -> None:
        """Recompute what is ready, and say in the ledger what was read."""
        counts = {key: outcome[key] for key in ("added", "changed", "left")}
        if any(counts.values()) or self.archives_changed:
            self.tx.run("tasks.refresh_blockers_everywhere")
            self.tx.run("tasks.refresh_ready_everywhere", initial=settings_of.initial_status(self.settings))
        if any(counts.values()):
            append_event(self.project, self.tx, "queue_imported", "", {**counts, "source": self.source}, at=self.at)

    def _write(self, added: list[Any], changed: list[Any], left: list[str]) -> None:
        tx = self.tx
        rows = added + changed
        tx.many("sources.put_definition", [row for _record, row in rows])
        tx.many("sources.drop_dependencies", [(row[0],) for _record, row in changed])
        tx.many(
            "sources.put_dependency",
            [
                (row[0], needed, place)
                for record, row in rows
                for place, needed in enumerate(record.fields.get("dependencies") or [])
            ],
        )
        states = [self._state(record, row) for record, row in added]
        tx.many("sources.seed_state", states)
        tx.many(
            "sources.seed_history",
            [
                (state[0], state[1], state[6], state[7], state[9], "import", self.actor, "import", self.at)
                for state in states
            ],
        )
        tx.many(
            "sources.order_state", [(row[6], *self._order(row), row[0]) for _record, row in changed]
        )
        tx.many("sources.mark_left", [(self.at, task_id) for task_id in left])

    def _definition(self, record: TaskRecord) -> tuple[Any, ...]:
        fields = record.fields
        get = fields.get
        content = (
            get("id"),
            self.source,
            record.position,
            get("parent_id") or None,
            get("kind") or self.settings["task_kinds"]["default"],
            get("title") or "",
            get("role") or "",
            get("notes") or "",
            _json_list(get("acceptance_checks")),
            get("priority"),
            get("sequence"),
            *(get(name) or None for name in _TEXTS),
            *(_json_list(get(name)) for name in _LISTS),
            get("risk_level") or None,
            get("migration_type") or None,
            _json_list(get("tags")),
            json.dumps(record.extra, sort_keys=True, ensure_ascii=False) if record.extra else "{}",
        )
        hashed = digest.of_text(repr((content[:2], content[3:], get("dependencies"))))[:16]
        return (*content, hashed, self.at, self.actor, self.at)

    def _order(self, row: tuple[Any, ...]) -> tuple[int, int]:
        priority = self.default_priority if row[9] is None else row[9]
        return priority, row[2] if row[10] is None else row[10]

    def _state(self, record: TaskRecord, row: tuple[Any, ...]) -> tuple[Any, ...]:
        get = record.fields.get
        status = get("status") or settings_of.initial_status(self.settings)
        terminal = int(settings_of.is_terminal(self.settings, status))
        completed = _seeded_time(get("completed_at"))
        since = completed or self.at
        return (
            row[0],
            status,
            terminal,
            row[6],
            *self._order(row),
            get("owner") or "",
            get("branch") or "",
            completed,
            get("commit_sha") or None,
            since,
            self.at,
        )


def _json_list(values: list[str] | None) -> str:
    return json.dumps(values, ensure_ascii=False) if values else "[]"


def _seeded_time(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return clock.text(clock.moment(text))
    except ValueError:
        return text
