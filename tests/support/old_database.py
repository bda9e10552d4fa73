"""Databases of the kind that hand-written queue scripts keep, for tests that read them."""

from __future__ import annotations

import os
import shutil
import sqlite3
from argparse import Namespace
from contextlib import closing
from typing import Any

import pytest

from fairway_scripts.cutover.door import engines
from fairway_scripts.project.changes import Change
from fairway_scripts.project.opening import open_as_it_is
from tests.support.shell import GPUAAS_CONFIG, Checkout

#: The published names.
USUAL = """
CREATE TABLE task_state (task_id TEXT PRIMARY KEY, status TEXT, owner TEXT, branch TEXT, claimed_at TEXT,
  completed_at TEXT, commit_sha TEXT, review_required INTEGER, review_status TEXT, reviewer TEXT, reviewed_at TEXT,
  review_note TEXT, updated_at TEXT);
CREATE TABLE task_state_history (id INTEGER PRIMARY KEY, task_id TEXT, from_status TEXT, to_status TEXT, owner TEXT,
  branch TEXT, commit_sha TEXT, command_source TEXT, actor TEXT, reason TEXT, at TEXT);
CREATE TABLE task_handoffs (id INTEGER PRIMARY KEY, task_id TEXT, owner TEXT, branch TEXT, commit_sha TEXT,
  commands TEXT, results TEXT, changed_files TEXT, risks TEXT, blockers TEXT, next_step TEXT, payload TEXT,
  acknowledged_at TEXT, created_at TEXT);
CREATE TABLE task_evidence (id INTEGER PRIMARY KEY, task_id TEXT, handoff_id INTEGER, command_text TEXT, result TEXT,
  artifact_path TEXT, artifact_type TEXT, duration_seconds INTEGER, notes TEXT, created_at TEXT);
CREATE TABLE task_reviews (id INTEGER PRIMARY KEY, task_id TEXT, reviewer_role TEXT, reviewer TEXT, verdict TEXT,
  reviewed_commit_sha TEXT, route_reason TEXT, notes TEXT, created_at TEXT);
CREATE TABLE agent_sessions (id TEXT PRIMARY KEY, role TEXT, lane TEXT, worktree_path TEXT, branch TEXT,
  session_backend TEXT, provider TEXT, session_name TEXT, task_id TEXT, pid INTEGER, tmux_pane TEXT,
  transcript_path TEXT, status TEXT, started_at TEXT, last_heartbeat_at TEXT, ended_at TEXT, exit_code INTEGER,
  end_reason TEXT);
CREATE TABLE track_checkpoints (id INTEGER PRIMARY KEY, track_id TEXT, state TEXT, owner TEXT, summary TEXT,
  target_close_by TEXT, created_at TEXT);
"""


class OldDatabase:
    """An old database at `path`, written past every tool."""

    def __init__(self, path: str, schema: str = USUAL, *, journal: str = "delete") -> None:
        self.path = path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA journal_mode = {journal}")
            connection.executescript(schema)

    def add(self, table: str, **values: Any) -> int:
        """Add a row; its rowid."""
        marks = ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"
        return self.run(statement, *values.values())

    def run(self, statement: str, *values: Any) -> int:
        """Run one statement in a transaction of its own."""
        with closing(sqlite3.connect(self.path, timeout=20)) as connection, connection:
            return connection.execute(statement, values).lastrowid or 0

    def state(self, task_id: str, status: str, **columns: Any) -> None:
        """Say where a task stands."""
        self.run("DELETE FROM task_state WHERE task_id = ?", task_id)
        self.add("task_state", task_id=task_id, status=status, **columns)

    def step(self, task_id: str, before: str | None, after: str, at: str, **columns: Any) -> int:
        """Add a transition to the history."""
        values = {"actor": "codex", **columns}
        return self.add("task_state_history", task_id=task_id, from_status=before, to_status=after, at=at, **values)

    def bytes(self) -> dict[str, bytes]:
        """Every file of the folder with what is in it."""
        folder = os.path.dirname(self.path)
        found = {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = file.read()
        return found


def usual_database(project: Checkout, schema: str = USUAL, *, journal: str = "delete") -> OldDatabase:
    """An old database where GPUaaS keeps it."""
    return OldDatabase(os.path.join(project.main, ".git", "agent_queue", "agent_queue.db"), schema, journal=journal)


def set_engine(project: Checkout, role: str, engine: str, since: str = "2026-05-01T00:00:00.000000Z") -> None:
    """Give a lane its engine at a time, as `lane-engine` does with its event, whatever speaks against it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.main)
        patch.setenv("FAIRWAY_NOW", since)
        args = Namespace(tool="lane-engine", actor="tester")
        with Change(open_as_it_is(args), args) as change:
            engines.set_engine(change, role, engine, "a test")
            change.finish({})


class Folder(Checkout):
    """A project without git, which is made in no time; its store lies beside its configuration."""

    @property
    def store(self) -> str:
        """Where the store lies."""
        return os.path.join(self.main, ".fairway", "queue.db")


def make_folder(parent: str | os.PathLike[str], queue: str) -> Folder:
    """A folder `parent/gpuaas` with the GPUaaS configuration and the given queue file."""
    found = Folder(os.path.join(parent, "gpuaas"), {})
    os.makedirs(os.path.dirname(found.store))
    shutil.copy(GPUAAS_CONFIG, os.path.join(found.main, ".fairway", "config.toml"))
    found.write_queue(queue)
    return found
