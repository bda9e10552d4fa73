"""What the store keeps as JSON and does not read as such is a damaged store, whichever column it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.support.shell import Checkout, make_checkout, queue_text, task

#: what is damaged, and a command that reads it
CASES = {
    "the settings are not JSON": ("UPDATE meta SET value = '{' WHERE key = 'settings'", "queue-ready"),
    "the settings are a list": ("UPDATE meta SET value = '[]' WHERE key = 'settings'", "queue-ready"),
    "the settings hold none": ("UPDATE meta SET value = '{}' WHERE key = 'settings'", "queue-ready"),
    "the identity": ("UPDATE meta SET value = 'x' WHERE key = 'identity'", "queue-ready"),
    "tags": ("UPDATE task_definitions SET tags = 'x'", "queue-task-detail B-1"),
    "extra": ("UPDATE task_definitions SET extra = '[]'", "queue-task-detail B-1"),
    "acceptance_checks": ("UPDATE task_definitions SET acceptance_checks = '{}'", "queue-snapshot --format yaml"),
    "the header of a queue file": ("UPDATE queue_sources SET header = '('", "queue-snapshot --format yaml"),
    "the faults of a queue file": ("UPDATE queue_sources SET valid = 0, faults = '('", "queue-ready"),
    "a payload": ("UPDATE events SET payload = '['", "queue-activity"),
    "an answer": ("UPDATE requests SET response = '['", "queue-claim B-1 --role B-ui --owner B --request-id r"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    project = make_checkout(tmp_path_factory.mktemp("damaged"), queue_text(task("B-1")), lanes=[])
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--request-id", "r")
    project.ok("queue-ready")
    return project


@pytest.mark.parametrize("what", CASES)
def test_it_is_refused_as_damage(what: str, whole: Checkout, tmp_path: Path) -> None:
    statement, line = CASES[what]
    connection = sqlite3.connect(whole.store)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    saved = sqlite3.connect(tmp_path / "saved.db")
    connection.backup(saved)
    connection.execute(statement)
    connection.commit()
    try:
        answer = whole.run(*line.split())
        assert (answer.code, answer.word) == (2, "store_damaged"), answer
        assert "make queue-restore" in answer.err
    finally:
        saved.backup(connection)
        saved.close()
        connection.close()
