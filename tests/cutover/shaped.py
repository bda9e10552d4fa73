"""An old database whose tables are not one a kind: keys, one table for all records, lists, rows marked as deleted."""

from __future__ import annotations

from typing import Any

from tests.support.old_database import OldDatabase
from tests.support.shell import Checkout

WHERE = ".git/agent_queue/agent_queue.db"
#: 2026-05-04T10:00:00Z
AT = 1_777_888_800_000
TABLES = """
CREATE TABLE wq_phase(id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
INSERT INTO wq_phase VALUES (10, 'OPEN'), (20, 'ACTIVE'), (30, 'HELD'), (90, 'CLOSED');
CREATE TABLE wq_task(uid TEXT PRIMARY KEY, taskKey TEXT NOT NULL, phaseId INTEGER NOT NULL REFERENCES wq_phase(id),
  heldBecause TEXT, ownerName TEXT, branchName TEXT, commitSha TEXT, finishedMs INTEGER, isDeleted TEXT DEFAULT 'f');
CREATE TABLE wq_entry(uid TEXT PRIMARY KEY, taskId TEXT NOT NULL REFERENCES wq_task(uid),
  entryType TEXT NOT NULL CHECK(entryType IN ('evidence', 'review', 'review_request', 'remark')),
  authorName TEXT, authorRole TEXT, bodyText TEXT, outcome TEXT, commitSha TEXT, durationMs INTEGER, askedRole TEXT,
  createdMs INTEGER NOT NULL, isDeleted TEXT DEFAULT 'f');
CREATE TABLE wq_handoff(uid TEXT PRIMARY KEY, taskId TEXT NOT NULL REFERENCES wq_task(uid), ownerName TEXT,
  branchName TEXT, commitSha TEXT, createdMs INTEGER NOT NULL);
CREATE TABLE wq_handoffLine(handoffId TEXT NOT NULL REFERENCES wq_handoff(uid),
  section TEXT NOT NULL CHECK(section IN ('command', 'result', 'file')), lineNo INTEGER NOT NULL,
  lineText TEXT NOT NULL, PRIMARY KEY(handoffId, section, lineNo)) WITHOUT ROWID;
CREATE TABLE wq_transition(id INTEGER PRIMARY KEY, taskId TEXT NOT NULL, fromPhaseId INTEGER, toPhaseId INTEGER,
  actorName TEXT, atMs INTEGER NOT NULL);
CREATE TABLE wq_trail(seq INTEGER PRIMARY KEY, taskKey TEXT, status TEXT, owner TEXT, commitSha TEXT, atMs INTEGER);
"""


class Shaped(OldDatabase):
    """A database of this shape, in which B-1 is worked on and B-2 was deleted and made anew."""

    def key(self, number: int) -> Any:
        """The key of a row."""
        return number if self.number is int else f"u-{number}"

    def fill(self, number: type = str) -> None:
        self.number = number
        for uid, key, phase, gone in (
            (self.key(1), "B-1", 20, "f"),
            (self.key(2), "B-2", 90, "t"),
            (self.key(3), "B-2", 10, "f"),
            (self.key(4), "B-3", 30, "f"),
        ):
            why = "waits for a contract" if phase == 30 else None
            self.add("wq_task", uid=uid, taskKey=key, phaseId=phase, heldBecause=why, ownerName="", isDeleted=gone)
        self.run("UPDATE wq_task SET ownerName = 'ben', branchName = 'agent/B-ui' WHERE uid = ?", self.key(1))
        for place, (uid, before, after) in enumerate(
            (
                (self.key(1), 10, 20),
                (self.key(2), 10, 20),
                (self.key(2), 20, 90),
                (self.key(4), 10, 20),
                (self.key(4), 20, 30),
            )
        ):
            self.add("wq_transition", taskId=uid, fromPhaseId=before, toPhaseId=after, actorName="ben", atMs=AT + place)
        for key, word in (("B-1", "ACTIVE"), ("B-2", "ACTIVE"), ("B-2", "CLOSED"), ("B-3", "HELD")):
            self.add("wq_trail", taskKey=key, status=word, owner="ben", commitSha="3993e614", atMs=AT)

    def entry(self, uid: Any, kind: str, task: Any, second: int = 0, **cells: Any) -> None:
        self.add("wq_entry", uid=uid, entryType=kind, taskId=task, createdMs=AT + 1000 * second, **cells)


def take_over(project: Checkout) -> Any:
    return project.ok("queue-import", "--legacy-db", WHERE, "--json").json
