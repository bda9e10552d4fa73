"""A tiny original: one script that keeps a queue in SQLite, and that a test can hold up or let refuse."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
import time
from typing import Any

from tests.support.shell import Answer, Checkout, make_checkout

SCRIPT = "scripts/ops/agent_queue.sh"
DATABASE = ".git/agent_queue/agent_queue.db"

_SOURCE = """#!{python}
import json, os, sqlite3, sys, time
ROOT = {root!r}
COMMAND, WORDS = sys.argv[1], sys.argv[2:]
GIVEN = {{WORDS[i][2:].replace("-", "_"): WORDS[i + 1] for i in range(0, len(WORDS), 2)}}
if COMMAND == "record-evidence" and "command_text" not in GIVEN:
    GIVEN["command_text"] = sys.stdin.read()

def held(word):
    if os.path.exists(os.path.join(ROOT, word)):
        with open(os.path.join(ROOT, word + ".part"), "w") as mark:
            mark.write(str(os.getpid()))
        os.rename(os.path.join(ROOT, word + ".part"), os.path.join(ROOT, word + ".reached"))
    while os.path.exists(os.path.join(ROOT, word)):
        time.sleep(0.01)

with open(os.path.join(ROOT, "calls.log"), "a") as log:
    log.write(json.dumps([COMMAND, GIVEN, os.environ.get("ACTOR"), os.environ.get("FAIRWAY_LEGACY")]) + "\\n")
held("hold-before")
if os.path.exists(os.path.join(ROOT, "refuse")):
    sys.exit("ERROR: not today")
if os.path.exists(os.path.join(ROOT, "sleep-walk")):
    sys.exit(0)
db = sqlite3.connect(os.path.join(ROOT, {database!r}), timeout=20)
task = GIVEN["task_id"]
with db:
    if COMMAND == "set-status":
        before = db.execute("SELECT status FROM task_state WHERE task_id = ?", (task,)).fetchone()[0]
        if GIVEN["status"] == "done":
            if not db.execute("SELECT 1 FROM task_evidence WHERE task_id = ?", (task,)).fetchone():
                sys.exit("ERROR: done needs evidence")
        db.execute(
            "UPDATE task_state SET status = ?, owner = COALESCE(?, owner), branch = COALESCE(?, branch), "
            "commit_sha = COALESCE(?, commit_sha), completed_at = CASE ? WHEN 'done' THEN '2026-05-04 10:00:00' END "
            "WHERE task_id = ?",
            (GIVEN["status"], GIVEN.get("owner"), GIVEN.get("branch"), GIVEN.get("commit"), GIVEN["status"], task))
        db.execute(
            "INSERT INTO task_state_history (task_id, from_status, to_status, actor, at) VALUES (?, ?, ?, ?, ?)",
            (task, before, GIVEN["status"], os.environ.get("ACTOR"), "2026-05-04 10:00:00"))
    elif COMMAND == "record-evidence":
        db.execute("INSERT INTO task_evidence (task_id, command_text, result, created_at) VALUES (?, ?, ?, ?)",
                   (task, GIVEN["command_text"], GIVEN["result"], "2026-05-04 10:00:00"))
    elif COMMAND == "record-handoff":
        db.execute("INSERT INTO task_handoffs (task_id, commands, results, created_at) VALUES (?, ?, ?, ?)",
                   (task, GIVEN["commands"], GIVEN["results"], "2026-05-04 10:00:00"))
    elif COMMAND == "record-review":
        db.execute("INSERT INTO task_reviews (task_id, reviewer_role, reviewer, verdict, created_at) "
                   "VALUES (?, ?, ?, ?, ?)",
                   (task, GIVEN["reviewer_role"], GIVEN["reviewer"], GIVEN["status"], "2026-05-04 10:00:00"))
    else:
        sys.exit(f"ERROR: unknown command {{COMMAND}}")
db.close()
held("hold-after")
"""
_TABLES = """
CREATE TABLE task_state (task_id TEXT PRIMARY KEY, status TEXT, owner TEXT, branch TEXT, commit_sha TEXT,
  completed_at TEXT);
CREATE TABLE task_state_history (id INTEGER PRIMARY KEY, task_id TEXT, from_status TEXT, to_status TEXT, actor TEXT,
  at TEXT);
CREATE TABLE task_evidence (id INTEGER PRIMARY KEY, task_id TEXT, command_text TEXT, result TEXT, created_at TEXT);
CREATE TABLE task_handoffs (id INTEGER PRIMARY KEY, task_id TEXT, commands TEXT, results TEXT, created_at TEXT);
CREATE TABLE task_reviews (id INTEGER PRIMARY KEY, task_id TEXT, reviewer_role TEXT, reviewer TEXT, verdict TEXT,
  created_at TEXT);
"""


class OlderScripts:
    """The legacy side of a checkout."""

    def __init__(self, project: Checkout) -> None:
        self.main = project.main
        self.database = os.path.join(project.main, DATABASE)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement gives, or does, in the old database."""
        connection = sqlite3.connect(self.database, timeout=20)
        try:
            with connection:
                return list(connection.execute(statement))
        finally:
            connection.close()

    def state(self, task_id: str) -> tuple[str, str]:
        """The status and owner that the legacy side has of a task."""
        (row,) = self.rows(f"SELECT status, owner FROM task_state WHERE task_id = '{task_id}'")
        return (row[0], row[1])

    @property
    def calls(self) -> list[Any]:
        """Every call of the original: [command, its values, ACTOR, FAIRWAY_LEGACY]."""
        try:
            with open(os.path.join(self.main, "calls.log"), encoding="utf-8") as log:
                return [json.loads(line) for line in log]
        except FileNotFoundError:
            return []

    @property
    def commands(self) -> list[str]:
        """The commands of those calls."""
        return [call[0] for call in self.calls]

    def say(self, word: str) -> None:
        """Make the original behave: `refuse`, `sleep-walk` (end with 0, do nothing), `hold-before`, `hold-after`."""
        with open(os.path.join(self.main, word), "w", encoding="utf-8"):
            pass

    def unsay(self, word: str) -> None:
        """Take that back."""
        os.unlink(os.path.join(self.main, word))

    def wait_for(self, word: str) -> int:
        """Wait until the original has come to where it is held; its process."""
        until = time.monotonic() + 60
        while not os.path.exists(os.path.join(self.main, f"{word}.reached")):
            assert time.monotonic() < until, f"{word} was never reached"
            time.sleep(0.01)
        with open(os.path.join(self.main, f"{word}.reached"), encoding="utf-8") as mark:
            return int(mark.read())


def add_older_scripts(project: Checkout, *tasks: str) -> OlderScripts:
    """Give a checkout the original and its database, which knows `tasks` as free."""
    path = os.path.join(project.main, SCRIPT)
    os.makedirs(os.path.dirname(path))
    with open(path, "w", encoding="utf-8") as file:
        file.write(_SOURCE.format(python=sys.executable, root=project.main, database=DATABASE))
    os.chmod(path, 0o755)
    os.makedirs(os.path.dirname(os.path.join(project.main, DATABASE)))
    older = OlderScripts(project)
    connection = sqlite3.connect(older.database)
    with connection:
        connection.executescript(_TABLES)
        connection.executemany(
            "INSERT INTO task_state (task_id, status, owner, branch) VALUES (?, 'todo', '', '')", [(t,) for t in tasks]
        )
    connection.close()
    return older


def make_cutover(folder: object, queue: str, *tasks: str, write_back: str = "command") -> tuple[Checkout, OlderScripts]:
    """A project whose lane B-ui is cut over while all others are on the older scripts."""
    project = make_checkout(str(folder), queue, lanes=["B-ui"])
    older = add_older_scripts(project, *tasks)
    with open(os.path.join(project.main, ".fairway", "config.toml"), "a", encoding="utf-8") as config:
        config.write(f'\n[bridge]\nwrite_back = "{write_back}"\n')
    project.ok("lane-engine", "ALL", "legacy", "begin")
    force_over(project, "B-ui")
    return project, older


def force_over(project: Checkout, role: str, why: str = "go") -> Answer:
    """Move a lane past whatever speaks against it: FORCE with a reason that names each obstacle by its number."""
    refused = project.run("lane-engine", role, "fairway", why)
    if refused.code == 0:
        return refused
    numbers = re.findall(r"^#\d+", refused.err, re.MULTILINE)
    return project.ok("lane-engine", role, "fairway", f"{why}: {' '.join(numbers)}", "--force")
