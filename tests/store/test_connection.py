"""Opening a store: what is made, what is refused, and that reading never changes the schema."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.contract import Transaction
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.schema import SCHEMA_VERSION, TABLES
from fairway_scripts.store.sqlite.aside import connection_aside
from fairway_scripts.store.sqlite.migrations import apply_until


def refused(path: Path, *, create: bool = False) -> FairwayError:
    with pytest.raises(FairwayError) as refusal:
        open_store(str(path), create=create)
    return refusal.value


def user_version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def outdated_store(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        apply_until(connection, 3)
        connection.execute("COMMIT")


def put(tx: Transaction, value: str) -> None:
    tx.run("sources.set_meta", key="k", value=value)


def put_and_fail(tx: Transaction) -> None:
    put(tx, "half")
    raise KeyError


def put_and_break_a_constraint(tx: Transaction) -> None:
    put(tx, "half")
    tx.connection.execute("INSERT INTO task_dependencies VALUES ('no such task', 'x', 0)")


def test_a_missing_store_is_not_made_unasked(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    assert refused(path).word == "not_found"
    assert not path.exists()


def test_a_new_store_has_every_table_a_write_ahead_log_and_the_newest_schema(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "queue.db"
    with closing(open_store(str(path), create=True)) as store, store.read() as tx:
        names = {row[0] for row in tx.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert set(TABLES) <= names
        assert names.difference(TABLES) == {"_sqlite_migrations"}
        assert tx.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert tx.connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert tx.connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert user_version(path) == SCHEMA_VERSION


def test_an_empty_file_is_a_store_that_is_not_filled_yet(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    path.touch()
    open_store(str(path)).close()
    assert user_version(path) == SCHEMA_VERSION


def test_an_outdated_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    outdated_store(path)
    before = path.read_bytes()
    refusal = refused(path, create=True)
    assert (refusal.word, refusal.hint, refusal.exit_code) == ("store_outdated", "make queue-migrate", 2)
    assert path.read_bytes() == before
    with closing(open_store(str(path), outdated=True)):
        assert user_version(path) == 3


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    open_store(str(path), create=True).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    assert refused(path).word == "store_newer"


def test_a_database_of_something_else_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY)")
    before = path.read_bytes()
    assert refused(path, create=True).word == "store_unavailable"
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database " * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "queue.db"
    path.write_bytes(content)
    assert refused(path).word == "store_damaged"
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refused(tmp_path / "file" / "queue.db", create=True).word == "store_unavailable"


def test_a_read_sees_one_moment_while_others_write(tmp_path: Path) -> None:
    path = str(tmp_path / "queue.db")
    with closing(open_store(path, create=True)) as store, closing(open_store(path)) as other:
        with store.write() as tx:
            put(tx, "old")
        with store.read() as reading:
            assert reading.value("sources.meta", key="k") == "old"
            with other.write() as tx:
                put(tx, "new")
            assert reading.value("sources.meta", key="k") == "old"
        with store.read() as reading:
            assert reading.value("sources.meta", key="k") == "new"


def test_a_failure_rolls_the_whole_transaction_back(tmp_path: Path) -> None:
    with closing(open_store(str(tmp_path / "queue.db"), create=True)) as store:
        with pytest.raises(KeyError), store.write() as tx:
            put_and_fail(tx)
        with store.read() as tx:
            assert tx.value("sources.meta", key="k") is None


def test_a_broken_constraint_becomes_a_refusal_and_nothing_is_kept(tmp_path: Path) -> None:
    with closing(open_store(str(tmp_path / "queue.db"), create=True)) as store:
        with pytest.raises(FairwayError) as refusal, store.write() as tx:
            put_and_break_a_constraint(tx)
        assert refusal.value.word == "store_unavailable"
        with store.read() as tx:
            assert tx.value("sources.meta", key="k") is None


def test_rows_can_be_read_one_by_one(tmp_path: Path) -> None:
    with closing(open_store(str(tmp_path / "queue.db"), create=True)) as store, store.write() as tx:
        for key in ("a", "b"):
            tx.run("sources.set_meta", key=key, value=key * 2)
        rows = tx.each("sources.meta", key="b")
        assert next(rows) == {"value": "bb"}
        assert next(rows, None) is None


def test_a_read_only_store_can_be_read_and_refuses_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "queue.db"
    open_store(str(path), create=True).close()
    monkeypatch.setattr(os, "access", lambda *_: False)  # a mode would not stop root
    with closing(open_store(str(path))) as store:
        assert store.read_only
        with store.read() as tx:
            assert tx.value("sources.meta", key="k") is None
        with pytest.raises(FairwayError), store.write() as tx:
            put(tx, "x")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev"])
def test_what_is_no_regular_file_is_never_copied_aside(path: str) -> None:
    """A copy of /dev/zero would fill the memory of the machine."""
    with pytest.raises(sqlite3.OperationalError, match="no regular file"):
        connection_aside(path)
