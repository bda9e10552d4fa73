"""The write-ahead log: tools end without closing the store, so the log has to be emptied by whoever made it long."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fairway_scripts.store.sqlite.connection import LONG_LOG
from tests.support.shell import make_checkout, queue_text, task


@pytest.mark.separate
def test_a_long_log_is_emptied_by_the_command_that_wrote_it(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    note = "x" * 100_000
    lengths = []
    for number in range(15):
        words = ("B-1", "--command-text", str(number), "--result", "pass", "--notes", note)
        project.ok("queue-record-evidence", *words)
        lengths.append(os.path.getsize(f"{project.store}-wal"))
    assert max(lengths) <= LONG_LOG
    assert 0 in lengths[1:]
    assert len(project.detail("B-1")["evidence"]) == 15
