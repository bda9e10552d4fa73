"""What was done during a cut-over, beside what each side has a record of.

Every piece of work carries a text of its own, so that a record that is missing, and one that is there twice, is seen.
"""

from __future__ import annotations

import collections
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from tests.acceptance.cutover_standins import OldTables

#: Our own store, asked as the old databases are.
STORE = OldTables(
    "SELECT task_id, command_text FROM task_evidence WHERE withdrawn_at IS NULL",
    "SELECT task_id, results FROM task_handoffs WHERE withdrawn_at IS NULL",
    "SELECT task_id, notes FROM task_reviews WHERE withdrawn_at IS NULL",
    "SELECT task_id, from_status, to_status FROM task_state_history WHERE from_status IS NOT NULL ORDER BY id",
    "SELECT task_id, status, coalesce(owner, '') FROM task_state",
)
#: How the evidence begins that the older scripts get with the status of a task that was closed on our side.
_PROOF = "fairway ledger "


class Side(NamedTuple):
    """What one database holds: (kind, task, text) in any order, the moves of each task in order, and where it is."""

    records: list[tuple[str, str, str]]
    moves: dict[str, list[tuple[str, str]]]
    states: dict[str, tuple[str, str]]


class Ledger:
    """What was done, and what the old database is expected to have of it."""

    def __init__(self, tasks: Iterable[str], tables: OldTables) -> None:
        self.tables = tables
        self.records: list[tuple[str, str, str]] = []
        self.moves: dict[str, list[tuple[str, str]]] = {task_id: [] for task_id in tasks}
        self.states = dict.fromkeys(self.moves, ("todo", ""))
        #: What stays on our side: records of lanes that have moved; and the tasks that were closed there.
        self.kept_here: list[tuple[str, str, str]] = []
        self.closed_here: list[str] = []
        #: The first letters of the tasks of lanes that have moved.
        self.moved: set[str] = set()
        self.frozen: Side | None = None

    def record(self, kind: str, task_id: str, text: str) -> None:
        """A piece of evidence, a handoff or a review was recorded."""
        (self.kept_here if task_id[0] in self.moved else self.records).append((kind, task_id, text))

    def move(self, task_id: str, status: str, owner: str = "") -> None:
        """A task went to another status; without `owner` it keeps the one that it has."""
        before, holder = self.states[task_id]
        if status == "done" and task_id[0] in self.moved:
            self.closed_here.append(task_id)
        self.moves[task_id].append((before, status))
        self.states[task_id] = (status, owner or holder)

    def freeze_legacy(self) -> None:
        """From now on nothing reaches the old database."""
        self.frozen = self._now()

    def thaw_legacy(self) -> None:
        """The old database is expected to have everything again."""
        self.frozen = None

    def differences(self, store: str, legacy_db: str) -> list[str]:
        """What the store or the old database lacks, has twice, or has although nobody did it; [] when all is right."""
        here, there = read_side(store, STORE), read_side(legacy_db, self.tables)
        proofs = [task_id for _kind, task_id, text in there.records if text.startswith(_PROOF)]
        there = there._replace(records=[entry for entry in there.records if not entry[2].startswith(_PROOF)])
        ours = self._now()._replace(records=[*self.records, *self.kept_here])
        told = [] if self.frozen or sorted(proofs) == sorted(self.closed_here) else [f"evidence came for {proofs}"]
        return [
            *told,
            *_compared("the store", ours, here),
            *_compared("the old database", self.frozen or self._now(), there),
        ]

    def _now(self) -> Side:
        """What the old database is expected to hold: every status, and the records that were made there."""
        return Side(list(self.records), {name: list(moves) for name, moves in self.moves.items()}, dict(self.states))


def _compared(name: str, expected: Side, found: Side) -> list[str]:
    wanted, there = collections.Counter(expected.records), collections.Counter(found.records)
    lines = [f"{name} lacks {entry}" for entry in wanted - there]
    lines += [f"{name} has {entry} too often: {there[entry]}" for entry in there - wanted]
    for task_id in expected.moves:
        if expected.moves[task_id] != found.moves.get(task_id, []):
            lines.append(f"{name}: {task_id} moved {found.moves.get(task_id)}, not {expected.moves[task_id]}")
        if expected.states[task_id] != found.states.get(task_id):
            lines.append(f"{name}: {task_id} is {found.states.get(task_id)}, not {expected.states[task_id]}")
    return lines


def read_side(path: str, tables: OldTables) -> Side:
    """What the database at `path` holds, asked with the queries of `tables`."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
    asked = {"evidence": tables.evidence, "handoff": tables.handoff, "review": tables.review}
    word = tables.words
    try:
        records = [
            (kind, str(task_id), str(text))
            for kind, query in asked.items()
            for task_id, text in connection.execute(query)
        ]
        moves: dict[str, list[tuple[str, str]]] = {}
        for task_id, before, after in connection.execute(tables.moves):
            moves.setdefault(task_id, []).append((word.get(before, before), word.get(after, after)))
        states = {
            task_id: (word.get(status, status), owner) for task_id, status, owner in connection.execute(tables.states)
        }
        return Side(records, moves, states)
    finally:
        connection.close()
