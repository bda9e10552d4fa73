"""Many processes that find no store at once: one makes it, nobody fails, and it is made once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fairway_scripts.store.schema import SCHEMA_VERSION, TABLES
from tests.support.rings import CROWD, some
from tests.support.shell import HOME, environment

MANY = CROWD // 2
#: Opens the store given, as soon as the file beside it says so: all processes are up and wait for the same moment.
OPENER = """
import os, sys, time
from fairway_scripts.store import opening
from fairway_scripts.store.sqlite import making
from fairway_scripts.store.sqlite import migrations
from fairway_scripts.store.sqlite import upgrade
path, mark, links = sys.argv[1:]
if links == "no":
    def refuse(*_names):
        raise OSError("a file system without hard links")
    os.link = refuse
print("ready", flush=True)
while not os.path.exists(mark):
    time.sleep(0.001)
store = opening.open_store(path, create=True)
with store.write() as tx:
    tx.run("sources.set_meta", key=f"opened by {os.getpid()}", value="yes")
store.close()
"""


def opened_by_many(folder: Path, links: str = "yes") -> tuple[str, list[tuple[int, str]]]:
    """The path of a fresh store that `MANY` processes have opened at once, and how each of them ended."""
    path, mark = str(folder / "fairway" / "queue.db"), str(folder / "go")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, path, mark, links],
            env=environment(PYTHONPATH=HOME),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(MANY)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    with open(mark, "w", encoding="ascii"):
        pass
    outcomes = []
    for process in running:
        _out, err = process.communicate(timeout=60)
        outcomes.append((process.returncode, err))
    return path, outcomes


@pytest.mark.parametrize("links", ["yes", "no"])
@pytest.mark.parametrize("attempt", some(range(3), 0))
def test_a_fresh_store_is_made_once_whoever_comes_first(tmp_path: Path, attempt: int, links: str) -> None:
    """With hard links it is made aside and linked into place, without them it is filled in place."""
    path, outcomes = opened_by_many(tmp_path, links)
    assert outcomes == [(0, "")] * MANY
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert set(TABLES) <= tables
    steps = connection.execute("SELECT name, count(*) FROM _sqlite_migrations GROUP BY name").fetchall()
    assert steps
    assert {times for _name, times in steps} == {1}
    opened = connection.execute("SELECT count(*) FROM meta WHERE key LIKE 'opened by %'").fetchone()
    assert opened == (MANY,)
    connection.close()


def test_nothing_but_the_store_is_left_in_its_folder(tmp_path: Path) -> None:
    path, _outcomes = opened_by_many(tmp_path)
    left = {name.removeprefix("queue.db") for name in os.listdir(os.path.dirname(path))}
    assert left <= {"", "-wal", "-shm"}
