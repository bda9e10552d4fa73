"""What one reading of the old database works with: the mapping, whose tasks count, and what became of every row."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, digest, jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.cutover.bridge.legacy_known import Noted, States
from fairway_scripts.cutover.bridge.legacy_rows import Context
from fairway_scripts.cutover.bridge.legacy_tables import COLUMNS, KIND
from fairway_scripts.cutover.bridge.legacy_tally import Tally
from fairway_scripts.cutover.door.engines import FAIRWAY, engine_of_lane, engines
from fairway_scripts.cutover.mapping.row_identity import APPENDED, content_of, identity, identity_columns
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from hashlib import _Hash as Sha256

    from fairway_scripts.cutover.bridge.legacy_known import KnownRow
    from fairway_scripts.cutover.bridge.legacy_requests import Answers, GivenReview
    from fairway_scripts.cutover.cutover_shapes import TaskChange
    from fairway_scripts.cutover.mapping.mapping_shapes import FoundMapping
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import LooseTransaction, Transaction
    from fairway_scripts.store.legacy_reading import LegacySource
    from fairway_scripts.store.legacy_types import Cells, MappedTable

#: What a record says that opens a gate.
OPENS = {"evidence": "result", "reviews": "verdict"}
#: What a result or a verdict says instead once it was taken back.
DELETED = "deleted"


class Scope:
    """One reading of the old database inside one write transaction.

    `mirror` restricts it to lanes that the old scripts still answer; there they are right whatever we have. `since`
    holds the last key that was read of each kind, to read on from. The task `left_out` stays as it is.
    """

    def __init__(
        self,
        project: Project,
        tx: Transaction,
        source: LegacySource,
        mapping: FoundMapping,
        *,
        mirror: bool,
        since: Mapping[str, tuple[int, str]] | None = None,
        left_out: str = "",
    ) -> None:
        self.project = project
        self.tx = tx
        self.source = source
        self.mirror = mirror
        self.since = {kind: (mark[0], mark[1]) for kind, mark in (since or {}).items()}
        self._taken_as = {
            kind: digest.of_text(jsonio.dumps(entry["columns"]))[:8] for kind, entry in mapping["kinds"].items()
        }
        self.left_out = left_out
        self.mapping = mapping
        self.kinds = _in_our_order(mapping["kinds"])
        self.at = clock.now()
        self.engines = engines(tx)
        settings = project.settings
        self.context = Context(settings_of.lanes(settings), settings["states"]["allowed"], mapping["words"], self.at)
        self.states = States(tx, at_once=self.full)
        self.noted = Noted(tx)
        #: tasks whose status here the older side was not told yet: until then ours is the newer one
        self.owing = set(tx.column("write_backs.owing_tasks"))
        self.tallies = {kind: Tally(kind, entry["table"]) for kind, entry in self.kinds.items()}
        #: the reviews that came in, of each task, and the tasks of which one was taken back, until they are settled
        self.reviewed: dict[str, list[GivenReview]] = {}
        self.taken_back: set[str] = set()
        #: digests: of the rows that were read before, and of whole tables
        self._read_before: dict[str, Sha256] = {}
        self._states: dict[str, str] = {}
        #: what each task's reviews answer, once all of them are here
        self.answers: dict[str, Answers] = {}
        #: task id -> what its event will say of it ("" for what belongs to no task)
        self.changes: dict[str, TaskChange] = {}

    @cached_property
    def archived(self) -> set[str]:
        """Return the tasks that are archived here."""
        return set(self.tx.column("legacy.archived"))

    @cached_property
    def deleted(self) -> set[str]:
        """Return the tasks whose rows are all marked as deleted in the old database."""
        entry = self.kinds.get("state")
        return self.source.deleted(entry, entry["columns"]["task_id"]) if entry and "void" in entry else set()

    @property
    def full(self) -> bool:
        """Tell whether everything is read, not only what is new."""
        return not self.since

    def rows(self, kind: str, *, known_too: bool = False) -> Iterator[tuple[str, Cells, str, KnownRow | None]]:
        """Yield the rows of a kind that are not known as they are: (key, row, content hash, what it became before).

        With `known_too` also those that are, but for rows that we wrote ourselves.
        """
        tally, entry = self.tallies[kind], self.kinds[kind]
        if self.is_as_it_was(kind) and not known_too:
            return
        until = self._read_until(kind)
        if until is None:
            self.noted.load(entry["table"])
            self.noted.load(self.source.shapes.base(entry["table"]))
        for number, row in self.source.rows(entry, until):
            tally.rows += 1
            if entry["increasing"] and number.isdecimal():
                tally.last_key = int(number)
            content = f"{content_of(row)}:{'' if kind == 'history' else self._taken_as[kind]}"
            task = entry["columns"].get("task_id", "")
            gone = self.source.shapes.take_mark(entry["table"], row, task)
            if task and kind not in ("state", "archive") and str(row[task]) in self.deleted:
                gone, content = True, f"{content}:deleted"
            key = identity(kind, entry, number, row)
            known = self._known(kind, key, number, content)
            written_by_us = known is not None and known.direction == "out"
            same = known is not None and known.content_hash == content
            void = self.source.shapes.is_void(entry["table"], row)
            if (void or gone) and not same:
                if known is None or kind not in OPENS or written_by_us:
                    tally.leave(
                        f"marked as deleted ({entry['void']})" if void else "its task is marked as deleted", key
                    )
                    continue
                row[entry["columns"][OPENS[kind]]] = DELETED  # it opens no gate any more
            tally.known += written_by_us or same
            if not written_by_us and (known_too or not same):
                yield key, row, content, known
        self.noted.drop(entry["table"])

    def _known(self, kind: str, key: str, number: str, content: str) -> KnownRow | None:
        """Return what an old row became before; one that was noted by its number alone counts while it is what it was.

        What was taken in as the same when its table was not read in parts yet is noted as a row of its part.
        """
        table = self.kinds[kind]["table"]
        known = self.noted.get(table, key)
        if known is None and (whole := self.source.shapes.base(table)) != table:
            before = self.noted.get(whole, key)
            if before is not None and before.own_table == KIND[kind].own_table:
                self.tx.run("legacy.forget_row", legacy_table=whole, legacy_key=key)
                self.tx.run(
                    "legacy.note_row",
                    legacy_table=table,
                    legacy_key=key,
                    task_id=before.task_id,
                    own_table=before.own_table,
                    own_key=before.own_key or None,
                    direction=before.direction,
                    content_hash=before.content_hash,
                    at=self.at,
                )
                known = before
        if known is not None or key == number:
            return known
        known = self.noted.get(table, number)
        if known is None or (known.direction == "in" and not content.startswith(known.content_hash)):
            return None
        return known._replace(content_hash=content)

    def _read_until(self, kind: str) -> int | None:
        """Return the number behind which rows are new, None where all have to be looked at."""
        entry, mark = self.kinds[kind], self.since.get(kind)
        if not mark or not self._is_appended(kind):
            return None
        before = self.source.identities(entry, identity_columns(kind, entry), mark[0])
        if self._with_gone(kind, before) != mark[1]:
            return None
        self._read_before[kind] = before
        return mark[0]

    def is_as_it_was(self, kind: str) -> bool:
        """Tell whether nothing of a table changed of which all rows have to be looked at."""
        return not self._is_appended(kind) and self.since.get(kind) == (0, self._state_of(kind))

    def _is_appended(self, kind: str) -> bool:
        entry = self.kinds[kind]  # what lies in another table may come to be known later
        return kind in APPENDED and bool(entry["increasing"]) and not self.source.shapes.lists(entry["table"])

    def _state_of(self, kind: str) -> str:
        if kind not in self._states:
            read_as = [self.kinds[kind], self.context.words, self.mapping.get("mark"), sorted(self.deleted)]
            self._states[kind] = digest.of_text(jsonio.dumps([read_as, self.source.state_of(self.kinds[kind])]))
        return self._states[kind]

    def _with_gone(self, kind: str, identities: Sha256) -> str:
        """Digest identities with the marks of deleted tasks, which take rows along though no cell of theirs changes."""
        gone = [*self.source.shapes.gone(self.kinds[kind]["table"]), *sorted(self.deleted)]
        return digest.of_text(jsonio.dumps([identities.hexdigest(), gone]))

    def marks(self) -> dict[str, tuple[int, str]]:
        """Return how far each table was read, and what tells whether the rows until there are still the same."""
        found: dict[str, tuple[int, str]] = {}
        for kind, entry in self.kinds.items():
            if self.tallies[kind].is_unsettled:
                continue
            if not self._is_appended(kind):
                found[kind] = (0, self._state_of(kind))
                continue
            since = self.since[kind][0] if kind in self.since else 0
            last, columns = max(self.tallies[kind].last_key, since), identity_columns(kind, entry)
            until = self.source.identities(entry, columns, last, self._read_before.get(kind), since)
            found[kind] = (last, self._with_gone(kind, until))
        return found

    def why_not(self, task_id: str) -> str:
        """Return why the rows of a task are kept out, "" when they are not."""
        if task_id and task_id == self.left_out:
            return "its task is left as it is"
        if task_id in self.owing:
            return "the older side was not told its status yet (lane-engine)"
        if task_id not in self.states:
            return "its task is archived" if task_id in self.archived else "the queue file has no such task"
        return self.why_not_lane(self.states[task_id]["role"])

    def why_not_lane(self, lane: str) -> str:
        """Return the same of a lane's rows that belong to no task."""
        if self.engines and engine_of_lane(self.engines, lane) == FAIRWAY:
            return f"lane {lane} is cut over"
        return ""

    def is_ours(self, task_id: str, version: int) -> bool:
        """Tell whether our own tools moved a task since it was taken in, and no lane engine says who is right.

        `version` is that of its state before anything of it was taken in.
        """
        if self.engines or version == 1:
            return False
        payload = self.tx.value("legacy.last_legacy_event", task_id=task_id)
        return payload is None or stored(payload, dict, "payload").get("version") != version

    def known_as(self, kind: str, name: str) -> KnownRow | None:
        """Return what a further row of ours became that an old row was taken in as, by the name `placed` was given."""
        return Noted(self.tx).get(self.kinds[kind]["table"], name)

    def placed(
        self, kind: str, key: str, content: str, task_id: str, own_key: str, *, known: bool, further: bool = False
    ) -> None:
        """Remember which row of ours an old row became, for its task's event and for the next reading.

        A `further` row of ours for the same old one is not counted again.
        """
        tally = self.tallies[kind]
        tally.changed += known and not further
        tally.new += not known and not further
        table = KIND[kind].own_table
        self.tx.run(
            "legacy.put_row",
            legacy_table=tally.table,
            legacy_key=key,
            task_id=task_id or None,
            own_table=table,
            own_key=own_key,
            content_hash=content,
            at=self.at,
        )
        if kind not in ("state", "archive"):
            change = self.change_of(task_id)
            (change["updated"] if known else change["rows"]).append(
                (table, own_key if kind == "sessions" else int(own_key))
            )

    def add(self, kind: str, own: Cells) -> int:
        """Add a row of ours of a kind (`own_row`, with the key of what it is about); return its number."""
        tx: LooseTransaction = self.tx
        return tx.insert(f"legacy.add_{kind}", **own)

    def put(self, kind: str, own: Cells) -> int:
        """Add a row of ours of a kind that has a key of its own; return how many were added."""
        tx: LooseTransaction = self.tx
        return tx.run(f"legacy.add_{kind}", **own)

    def change(self, kind: str, own: Cells) -> int:
        """Change a row of ours of a kind; return how many were changed."""
        tx: LooseTransaction = self.tx
        return tx.run(f"legacy.change_{kind}", **own)

    def change_of(self, task_id: str) -> TaskChange:
        """Return what the event of a task will say, to be added to."""
        return self.changes.setdefault(task_id, {"rows": [], "updated": []})


def _in_our_order(kinds: dict[str, MappedTable]) -> dict[str, MappedTable]:
    """Return the kinds and columns of a mapping as they are declared: what was remembered comes back sorted by name."""
    found: dict[str, MappedTable] = {}
    for kind in COLUMNS:
        if kind in kinds:
            columns = kinds[kind]["columns"]
            found[kind] = {**kinds[kind], "columns": {name: columns[name] for name in COLUMNS[kind] if name in columns}}
    return found
