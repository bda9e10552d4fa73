"""Bringing the tables of definitions in step with one document, inside one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts import clock, digest, jsonio
from fairway_scripts import settings as settings_of
from fairway_scripts.operations import conventions
from fairway_scripts.operations.ledger import append_event

if TYPE_CHECKING:
    from fairway_scripts.documents.queue_file import QueueFile
    from fairway_scripts.operations.project import Project
    from fairway_scripts.rules.definitions import TaskRecord
    from fairway_scripts.store.connection import Transaction

_TEXTS = ("profile", "owning_domain", "owning_layer")
_LISTS = ("source_paths", "target_paths", "review_domains")


#: The source of a task that no queue file holds: it was added with queue-add or queue-spawn.
STORE = "store"


class DefinitionWriter:
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
        #: which operation adds tasks, as their history tells it
        self.word = "import"

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
                    (
                        fields["id"],
                        title,
                        role,
                        status,
                        terminal,
                        fields.get("commit_sha"),
                        fields.get("completed_at"),
                        name,
                    )
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

    def put_store_task(self, record: TaskRecord, *, new: bool) -> None:
        """Add a task that the store itself owns, or change its definition; its state stays as it is."""
        self.source, self.word = STORE, "add"
        row = (record, self._definition(record))
        self._write([row] if new else [], [] if new else [row], [])
        initial = settings_of.initial_status(self.settings)
        self.tx.run("tasks.refresh_task", task_id=row[1][0], initial=initial)
        self.tx.run("tasks.refresh_dependents", task_id=row[1][0], initial=initial)

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
                (state[0], state[1], state[6], state[7], state[9], self.word, self.actor, self.word, self.at)
                for state in states
            ],
        )
        tx.many("sources.order_state", [(row[6], *self._order(row), row[0]) for _record, row in changed])
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
            _extra(record),
        )
        needed = get("dependencies") or ()
        hashed = digest.of_text("\x1f".join(map(str, (*content[:2], *content[3:], *needed))))[:16]
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


def _extra(record: TaskRecord) -> str:
    """The fields that no column holds, as JSON: the unknown ones and `lane`, which comes back out on export."""
    lane = record.fields.get("lane")
    extra = {**record.extra, "lane": lane} if lane else record.extra
    return jsonio.dumps(extra) if extra else "{}"


def _json_list(values: list[str] | None) -> str:
    return jsonio.dumps(values) if values else "[]"


def _seeded_time(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return clock.text(clock.moment(text))
    except ValueError:
        return text
