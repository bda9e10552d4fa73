"""A new store can be filled before anybody sees it: whole and on disk, or not there at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fairway_scripts.store.contract import Store
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.sqlite.making import make_file


def remember(store: Store, value: str = "here") -> None:
    with store.write() as tx:
        tx.run("sources.set_meta", key="who", value=value)


def who(path: str) -> object:
    store = open_store(path)
    try:
        with store.read() as tx:
            return tx.value("sources.meta", key="who")
    finally:
        store.close()


def test_what_fills_it_is_there_from_the_beginning(tmp_path: Path) -> None:
    path = str(tmp_path / "deep" / "queue.db")
    assert make_file(path, remember)
    assert who(path) == "here"
    assert [name for name in os.listdir(tmp_path / "deep") if "part" in name] == []


def test_it_has_the_journal_of_any_store(tmp_path: Path) -> None:
    path = str(tmp_path / "queue.db")
    make_file(path, remember)
    store = open_store(path)
    assert store.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store.close()


def test_a_filling_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(store: Store) -> None:
        remember(store)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        make_file(str(tmp_path / "queue.db"), fail)
    assert os.listdir(tmp_path) == []


def test_nobody_sees_it_half_filled_and_who_is_first_stays(tmp_path: Path) -> None:
    path = str(tmp_path / "queue.db")

    def be_late(store: Store) -> None:
        remember(store, "late")
        assert not os.path.exists(path)
        assert make_file(path, remember)

    # one process at a time has a file of its own, so the other one is played by another number
    other = iter([1, 2])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.getpid", lambda: next(other, 3))
        assert not make_file(path, be_late)
    assert who(path) == "here"


def test_without_hard_links_it_is_left_to_who_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_names: str) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    path = str(tmp_path / "queue.db")
    assert not make_file(path, remember)
    assert os.listdir(tmp_path) == []
    store = open_store(path, create=True)
    remember(store)
    store.close()
    assert who(path) == "here"
