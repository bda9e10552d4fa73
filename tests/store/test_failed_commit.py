"""A change whose event cannot be written is taken back, and the store is free for the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairway_scripts.store.contract import Store
from fairway_scripts.store.opening import open_store
from tests.support.old_database import make_folder
from tests.support.shell import queue_text, task


def test_a_change_whose_event_cannot_be_written_is_taken_back(tmp_path: Path) -> None:
    project = make_folder(tmp_path, queue_text(task("B-1")))
    project.ok("queue-import")
    store = open_store(project.store)

    def gone() -> list[str]:
        raise FileNotFoundError("the configuration is gone")

    Store.configuration = gone
    with pytest.raises(FileNotFoundError), store.write() as tx:
        tx.run("sources.set_meta", key="x", value="y")
    Store.configuration = None
    assert not store.connection.in_transaction
    with store.write() as tx:
        assert tx.connection.execute("SELECT 1 FROM meta WHERE key = 'x'").fetchone() is None
    store.close()
