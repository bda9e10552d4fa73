"""Bringing the tables of definitions in step with one document, inside one transaction."""

from __future__ import annotations

from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.project import settings_in_force
from fairway_scripts.project.config_authority import own_queue_file
from fairway_scripts.project.ledger import append_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.definitions_rules import TaskRecord
    from fairway_scripts.queue.files.queue_file import QueueFile
    from fairway_scripts.queue.queue_shapes import Counts
    from fairway_scripts.store.contract import Transaction

    #: the columns of a definition, or of a state, in the order of its statement
    Row = tuple[Any, ...]
    #: a task, and its row
    Written = tuple[TaskRecord, Row]

#: The fields of a task in the order of the columns of `sources.put_definition`, and behind them two that are no column.
_COLUMNS = itemgetter(
    *("id", "parent_id", "kind", "title", "role", "notes", "acceptance_checks", "priority", "sequence", "profile"),
    *("owning_domain", "owning_layer", "source_paths", "target_paths", "review_domains", "risk_level"),
    *("migration_type", "tags", "lane", "dependencies"),
)
#: Which of these have a default, are NULL where they are empty, and hold a list.
_KIND, _OR_NULL, _LISTS = 2, (1, 9, 10, 11, 15, 16), (6, 12, 13, 14, 17)
_STATE = itemgetter("status", "owner", "branch", "completed_at", "commit_sha")

#: The source of a task that no queue file holds: it was added with queue-add or queue-spawn.
STORE = "store"


class DefinitionWriter:
    """Brings the tables in step with one document, inside one transaction."""

    def __init__(self, project: Project, tx: Transaction, settings: Settings, at: str) -> None:
        self.project = project
        self.tx = tx
        self.settings = settings
        self.at = at
        self.actor = project.identity.actor
        self.source = project.show(project.queue.path)
        self.default_priority = settings_in_force.default_priority(settings)
        self.default_kind = settings["task_kinds"]["default"]
        self.initial = settings_of.initial_status(settings)
        self.terminal = frozenset(settings["states"]["terminal"])
        #: times as files give them -> as the store holds them: many tasks are finished on one day
        self.times: dict[str, str] = {}
        self.archives_changed = False
        #: whether it is known what blocks each task, and by how many: then nothing has to be refreshed
        self.is_settled = False
        self.blockers: dict[str, int] = {}
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

    def put_tasks(self, document: QueueFile) -> Counts:
        """Add new tasks with the state that the file gives them, change changed definitions, mark those that left.

        Another file than the project's own one changes nothing that the own file or the store defines. An own file
        that is not there any more defines what was read of it last.
        """
        owners, kept = self._owners(), 0
        known = {row["id"]: row for row in self.tx.all("sources.definition_hashes")}
        added, changed, moved = [], [], []
        seen: set[str] = set()
        for record in document.tasks:
            row = self._definition(record)
            seen.add(row[0])
            before = known.get(row[0])
            if before is None:
                added.append((record, row))
            elif before["source"] in owners and not before["left_file_at"]:
                kept += before["content_hash"] != row[21]
            elif before["content_hash"] != row[21] or before["left_file_at"]:
                changed.append((record, row))
            elif before["position"] != record.position:
                moved.append((record, row))
        left = [
            task_id
            for task_id, row in known.items()
            if task_id not in seen and row["source"] == self.source and not row["left_file_at"]
        ]
        if kept:
            told = " or ".join(owners)
            self.project.notes.append(f"{kept} task(s) of {self.source} are otherwise in {told}, which defines them")
        if self.tx.value("sources.known_ids") is None:
            self._fill(added)
        else:
            self._write(added, changed + moved, left)
        return {"added": len(added), "changed": len(changed), "left": len(left)}

    def _owners(self) -> tuple[str, ...]:
        """Whose tasks stay as they are, while another file than the project's own one is read."""
        own = own_queue_file(self.project)
        if own == self.project.queue.path:
            return ()
        return (self.project.show(own), STORE) if own else (STORE,)

    def _fill(self, added: list[Written]) -> None:
        """Write the first definitions of a store: nobody waits for anything but the tasks of this file."""
        terminal = {row[0] for record, row in added if (record.fields["status"] or self.initial) in self.terminal}
        self.blockers = {
            row[0]: len(set(record.fields["dependencies"]) - terminal)
            for record, row in added
            if record.fields["dependencies"]
        }
        self.is_settled = True
        self._write(added, [], [])

    def put_store_task(self, record: TaskRecord, *, new: bool) -> None:
        """Add a task that the store itself owns, or change its definition; its state stays as it is."""
        self.source, self.word = STORE, "add"
        row = (record, self._definition(record))
        self._write([row] if new else [], [] if new else [row], [])
        initial = settings_of.initial_status(self.settings)
        self.tx.run("tasks.refresh_task", task_id=row[1][0], initial=initial)

    def refresh(self, counts: Counts) -> None:
        """Recompute what is ready, and say in the ledger what was read."""
        if (any(counts.values()) or self.archives_changed) and not self.is_settled:
            self.tx.run("tasks.refresh_blockers_everywhere")
            self.tx.run("tasks.refresh_ready_everywhere", initial=settings_of.initial_status(self.settings))
        if any(counts.values()):
            append_event(self.project, self.tx, "queue_imported", "", {**counts, "source": self.source}, at=self.at)

    def _write(self, added: list[Written], changed: list[Written], left: list[str]) -> None:
        tx = self.tx
        rows = added + changed
        tx.many("sources.put_definition", [row for _record, row in rows])
        tx.many("sources.drop_dependencies", [(row[0],) for _record, row in changed])
        tx.many(
            "sources.put_dependency",
            [
                (row[0], needed, place)
                for record, row in rows
                for place, needed in enumerate(record.fields["dependencies"])
            ],
        )
        states = [self._state(record, row) for record, row in added]
        tx.many("sources.seed_state", states)
        seed = {"word": self.word, "actor": self.actor, "at": self.at}
        if self.is_settled:  # these are all the tasks that there are
            tx.run("sources.seed_history", **seed)
        else:
            tx.many("sources.seed_history_of", [{"task_id": state[0], **seed} for state in states])
        tx.many("sources.order_state", [(row[6], *self._order(row), row[0]) for _record, row in changed])
        tx.many("sources.mark_left", [(self.at, task_id) for task_id in left])

    def _definition(self, record: TaskRecord) -> Row:
        """The row of a definition. Its hash is over every column that the file gives, and the dependencies."""
        *given, lane, needed = _COLUMNS(record.fields)
        given[_KIND] = given[_KIND] or self.default_kind
        for place in _OR_NULL:
            given[place] = given[place] or None
        for place in _LISTS:
            given[place] = jsonio.dumps(given[place]) if given[place] else "[]"
        task_id, *rest = given
        extra = _extra(record.extra, lane) if lane or record.extra else "{}"
        text = "\x1f".join(map(str, (task_id, self.source, *rest, extra, *needed)))
        hash_ = sha256(text.encode()).hexdigest()[:16]
        return task_id, self.source, record.position, *rest, extra, hash_, self.at, self.actor, self.at

    def _order(self, row: Row) -> tuple[int, int]:
        priority = self.default_priority if row[9] is None else row[9]
        return priority, row[2] if row[10] is None else row[10]

    def _state(self, record: TaskRecord, row: Row) -> Row:
        status, owner, branch, completed, commit = _STATE(record.fields)
        status = status or self.initial
        if completed:
            completed = self.times.get(completed) or self.times.setdefault(completed, _seeded_time(completed))
        blockers = self.blockers.get(row[0], 0)
        return (
            row[0],
            status,
            int(status in self.terminal),
            int(self.is_settled and not blockers and status == self.initial),
            blockers,
            row[6],
            *self._order(row),
            owner,
            branch,
            completed or None,
            commit or None,
            completed or self.at,
            self.at,
        )


def _extra(extra: Mapping[str, object], lane: str) -> str:
    """The fields that no column holds, as JSON: the unknown ones and `lane`, which comes back out on export."""
    return jsonio.dumps({**extra, "lane": lane} if lane else extra)


def _seeded_time(text: str) -> str:
    try:
        return clock.text(clock.moment(text))
    except ValueError:
        return text
