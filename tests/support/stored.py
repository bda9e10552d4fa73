"""What is in the store, read past the tools: tests of writing must not trust the tools that read."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from tests.support.shell import Checkout


def rows(project: Checkout, table: str, task_id: str = "") -> list[dict[str, Any]]:
    """The rows of a table in the order in which they were added, of one task when it is named."""
    connection = sqlite3.connect(f"file:{project.store}?mode=ro", uri=True)
    try:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")]
    finally:
        connection.close()
    return [row for row in found if task_id in ("", row.get("task_id"))]


def events(project: Checkout, task_id: str, kind: str) -> list[dict[str, Any]]:
    """The payloads of a task's events of one kind, oldest first."""
    return [json.loads(row["payload"]) for row in rows(project, "events", task_id) if row["kind"] == kind]


def state(project: Checkout, task_id: str) -> dict[str, Any]:
    """The state of a task."""
    (found,) = rows(project, "task_state", task_id)
    return found
