"""The steps of the schema: complete, in step with what hot commands know, and applied once and wholly."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.schema import SCHEMA_VERSION, TABLES
from fairway_scripts.store.sqlite import migrations
from fairway_scripts.store.sqlite.copying import back_up
from fairway_scripts.store.sqlite.migrations import apply, apply_until, database, pending
from fairway_scripts.store.sqlite.upgrade import upgrade, version_of
from fairway_scripts.store.statements import statement

RACERS = 8


def fresh() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def outdated(path: str, version: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        apply_until(connection, version)
        connection.execute("COMMIT")


def test_the_schema_number_is_the_number_of_steps() -> None:
    with closing(fresh()) as connection:
        assert len(pending(connection)) == SCHEMA_VERSION
        assert pending(connection) == sorted(pending(connection))


def test_the_list_of_tables_is_what_the_steps_make() -> None:
    with closing(fresh()) as connection:
        apply(connection)
        made = {name for name in database(connection).table_names() if not name.startswith("_")}
        assert made == set(TABLES)
        assert len(TABLES) == len(set(TABLES))


def test_parents_stand_before_their_children() -> None:
    with closing(fresh()) as connection:
        apply(connection)
        for table in TABLES:
            for key in database(connection).table(table).foreign_keys:
                assert TABLES.index(key.other_table) < TABLES.index(table), (table, key)


def test_every_table_refuses_values_of_another_type() -> None:
    with closing(fresh()) as connection:
        apply(connection)
        for table in TABLES:
            assert database(connection).table(table).strict, table


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_store_of_every_earlier_schema_can_be_brought_to_the_newest(version: int) -> None:
    with closing(fresh()) as connection, closing(fresh()) as model:
        apply_until(connection, version)
        assert version_of(connection) == version
        assert len(pending(connection)) == SCHEMA_VERSION - version
        apply(connection)
        apply(model)
        assert version_of(connection) == SCHEMA_VERSION
        assert pending(connection) == []
        assert database(connection).schema == database(model).schema


def test_what_each_look_at_the_project_asks_reads_no_table_of_the_history_whole() -> None:
    """Evidence and events only grow: a question that health, preflight and tick ask each time goes by an index."""
    with closing(fresh()) as connection:
        apply(connection)
        rows = connection.execute("EXPLAIN QUERY PLAN " + statement("loose_ends.failed_ci"), {"role": ""})
        steps = [row[3] for row in rows]
        assert "SCAN e USING INDEX idx_task_evidence_failed" in steps
        assert "SCAN v USING INDEX idx_events_spawned" in steps
        assert [step for step in steps if step in ("SCAN e", "SCAN v")] == []


def test_applying_twice_changes_nothing() -> None:
    with closing(fresh()) as connection:
        apply(connection)
        before = database(connection).schema
        apply(connection)
        assert database(connection).schema == before


def test_an_upgrade_makes_its_backup_before_the_first_step(tmp_path: Path) -> None:
    path, copy = str(tmp_path / "queue.db"), str(tmp_path / "copy.db")
    outdated(path, 3)

    with closing(open_store(path, outdated=True)) as store:

        def back_up_here() -> str:
            back_up(store, copy)
            return copy

        applied, place = upgrade(store, back_up_here)
        assert (len(applied), place) == (SCHEMA_VERSION - 3, copy)
        assert upgrade(store, back_up_here) == ([], "")
    open_store(path).close()
    with closing(sqlite3.connect(copy)) as connection:
        assert version_of(connection) == 3


def test_a_failing_step_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "queue.db")
    outdated(path, 2)
    steps = migrations.steps._migrations

    def fail(_db: object) -> None:
        raise sqlite3.OperationalError("no room")

    monkeypatch.setattr(steps[3], "fn", fail)
    with closing(open_store(path, outdated=True)) as store:
        with pytest.raises(FairwayError):
            upgrade(store, lambda: "")
        assert version_of(store.connection) == 2
        assert len(pending(store.connection)) == SCHEMA_VERSION - 2


def test_of_racing_upgrades_one_makes_the_backup_and_applies_the_steps(tmp_path: Path) -> None:
    path = str(tmp_path / "queue.db")
    outdated(path, 3)
    outcomes: list[tuple[list[str], str]] = []
    all_open = threading.Barrier(RACERS)

    def race() -> None:
        with closing(open_store(path, outdated=True)) as store:
            all_open.wait()
            outcomes.append(upgrade(store, lambda: "a backup"))

    racers = [threading.Thread(target=race) for _ in range(RACERS)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(place for _steps, place in outcomes) == [""] * (RACERS - 1) + ["a backup"]
    assert sum(len(applied) for applied, _place in outcomes) == SCHEMA_VERSION - 3
