"""A new store is made by one script, which says what the steps of the schema amount to."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from inspect import getmodule
from pathlib import Path

import pytest

from fairway_scripts.store.opening import open_store
from fairway_scripts.store.schema import SCHEMA_VERSION
from fairway_scripts.store.sqlite import new_tables
from fairway_scripts.store.sqlite.columns import steps
from fairway_scripts.store.sqlite.migrations import apply, database, names, pending


def fresh() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def tables(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_the_script_is_that_of_the_steps() -> None:
    with open(new_tables._SCRIPT, encoding="utf-8") as file:
        assert file.read() == new_tables.script(), "run: make tables"


def test_the_script_is_outdated_by_a_change_of_any_step() -> None:
    with closing(fresh()) as connection:
        made_of = {getmodule(step.fn) for step in steps.pending(database(connection))}
    files = {os.path.basename(module.__file__ or "") for module in made_of if module}
    assert files | {"columns.py"} == set(new_tables._STEPS)
    assert len(names()) == SCHEMA_VERSION, "run: make tables"


def test_script_and_steps_make_the_same_store() -> None:
    with closing(fresh()) as by_script, closing(fresh()) as by_steps:
        assert new_tables.add_tables(by_script)
        apply(by_steps)
        assert tables(by_script) == tables(by_steps)
        assert by_script.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert pending(by_script) == []


def test_an_outdated_script_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "new_tables.sql"
    script.write_text("-- schema 1, steps 0;\nCREATE TABLE wrong (id)")
    monkeypatch.setattr(new_tables, "_SCRIPT", str(script))
    with closing(fresh()) as connection:
        assert not new_tables.add_tables(connection)
        assert tables(connection) == []
    store = open_store(str(tmp_path / "queue.db"), create=True)
    assert store.connection.execute("SELECT count(*) FROM task_definitions").fetchone() == (0,)
    store.close()
