"""Every cell of every table is edited, every row deleted and copied: queue-verify finds all of it and names the row.

What is edited comes from the schema, so a table or column that is added later is edited too. The story below makes
what people make; what it does not reach is written through the same seam as all else.
"""

from __future__ import annotations

import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import chdir, closing
from itertools import islice
from typing import Any, NamedTuple

import pytest

from fairway_scripts.project.project import Project
from fairway_scripts.queue.opening import open_project
from fairway_scripts.store import ledger
from fairway_scripts.store.ledger_tables import DERIVED, KEYS, LIFE_SIGNS, MARKS, OUTSIDE
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.schema import TABLES
from fairway_scripts.store.sqlite.connection import FileTransaction
from fairway_scripts.upkeep.verification import problems_of
from tests.support.rings import length
from tests.support.shell import Checkout, make_checkout, queue_text, task

#: A time that lies after everything in the store.
LATER = "2999-01-01T00:00:00.000000Z"


class Edit(NamedTuple):
    """One change that somebody makes past the tools."""

    what: str
    statement: str
    values: tuple[Any, ...]


def story(project: Checkout) -> None:
    """A task from ready to reviewed, a second one claimed, and what is attached to them."""
    run = project.ok
    run("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bee", "--request-id", "r-1")
    run("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", "--notes", "all of it")
    run("queue-record-evidence", "B-1", "--command-text", "make lint", "--result", "fail")
    handoff = ("--owner", "B", "--branch", "agent/B-ui", "--commit", "HEAD", "--commands", "make test")
    run("queue-record-handoff", "B-1", *handoff, "--results", "pass", "--changed-files", "a.ts", "--actor", "bee")
    run("queue-ack-handoff", "B-1", "--note", "seen", "--actor", "dee")
    review = ("--reviewer-role", "D-arch", "--reviewer", "Dee", "--commit", "HEAD", "--actor", "dee")
    run("queue-record-review", "B-1", *review, "--status", "approved", "--note", "No findings.")
    run("queue-record-review", "B-1", *review, "--status", "changes_requested", "--note", "Two findings.")
    run("checkpoint-record", "--track-id", "docs", "--state", "active", "--summary", "half of it")
    run("watcher-start", "--task-id", "B-1", "--watch-id", "w-1", "--process", "the build", "--owner", "B")
    run("watcher-start", "--task-id", "B-1", "--watch-id", "w-2", "--process", "the deploy", "--owner", "B")
    run("watcher-finish", "--watch-id", "w-1", "--result", "pass", "--notes", "green")
    run("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", "--actor", "cee", "--force", "--reason", "x")
    run("queue-undo", "B-2", "--actor", "cee")


def fill(connection: sqlite3.Connection) -> None:
    """Give each table two rows through the seam through which all rows are written."""
    tx = FileTransaction(connection)
    connection.execute("BEGIN IMMEDIATE")
    for table in KEYS:
        missing = 2 - connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        columns = connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
        for number in range(max(0, missing)):
            row = {name: _sample(name, kind, number) for name, kind in columns}
            statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))}) RETURNING *"
            ledger.keep_rows(tx, table, list(row), connection.execute(statement, list(row.values())).fetchall())
    ledger.close(tx)
    connection.execute("COMMIT")


def _sample(name: str, kind: str, number: int) -> Any:
    if name == "task_id":
        return ("B-1", "B-2")[number]
    if name in ("id", "terminal") and kind == "INTEGER":
        return 900 + number if name == "id" else 1
    if name.endswith("_at"):
        return f"2026-05-0{number + 1}T08:00:00.000000Z"
    if name == "response":
        return "{}"
    return number + 1 if kind == "INTEGER" else f"{name}-{number}"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, sqlite3.Connection]]:
    """The project of the story in this process, and a connection to its store on which anything may be done."""
    parent = tmp_path_factory.mktemp("tampering")
    tasks = (task("B-1", notes="x"), task("B-2", depends_on=["B-1"], kind=""), task("B-3", depends_on=["B-1", "B-2"]))
    made = make_checkout(parent, queue_text(*tasks), lanes=[], config=None)
    story(made)
    with chdir(made.main):
        project = open_project(Namespace(tool="queue-verify", actor="", queue_db="", queue_file="", config=""))
    with closing(open_store(made.store)) as store:
        fill(store.connection)
        store.connection.execute("PRAGMA foreign_keys = OFF")
        yield project, store.connection


def found(project: Project, connection: sqlite3.Connection, edit: Edit | None) -> list[dict[str, Any]] | None:
    """What verify says after an edit, which is taken back then; None for one that SQLite refuses."""
    connection.execute("BEGIN")
    try:
        if edit is not None:
            connection.execute(edit.statement, edit.values)
        return problems_of(FileTransaction(connection), project)
    except sqlite3.IntegrityError:
        return None
    finally:
        connection.execute("ROLLBACK")


def ends(connection: sqlite3.Connection, table: str) -> list[tuple[int, dict[str, Any]]]:
    """The first and the last row of a table, each with its rowid."""
    rows = []
    for order in ("", "DESC"):
        cursor = connection.execute(f"SELECT rowid AS row_number, * FROM {table} ORDER BY rowid {order} LIMIT 1")
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
        rows.append((row.pop("row_number"), row))
    return rows[:1] if rows[0] == rows[1] else rows


def values_instead(value: Any, kind: str) -> list[Any]:
    """What somebody may write in the place of a value: more, less, nothing, and nothing at all."""
    if kind == "INTEGER":
        return [(value or 0) + 1, (value or 0) - 1, None, 0]
    return [f"{value or ''}x", (value or "")[:-1], None, "", "0"]


def edits(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, dict[str, Any], Edit]]:
    """Every edit of a cell of the first row, and one of each cell of the last: the column, the row, and the edit."""
    for place, (rowid, row) in enumerate(ends(connection, table)):
        for name, kind in connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall():
            tried = []
            for value in values_instead(row[name], kind)[: 1 if place else None]:
                if value != row[name] and value not in tried:
                    tried.append(value)
                    statement = f"UPDATE {table} SET {name} = ? WHERE rowid = ?"
                    yield name, row, Edit(f"{table} {rowid} {name}={value!r}", statement, (value, rowid))


def is_free(table: str, name: str, before: Any, after: Any) -> bool:
    """Whether the page says that such an edit is not found: marks, and signs of life that moved forward."""
    is_later = isinstance(after, str) and after >= (before or "")
    return name in MARKS.get(table, ()) or (name in LIFE_SIGNS.get(table, ()) and is_later)


def test_the_store_of_the_story_is_sound_and_holds_rows_of_every_table(
    opened: tuple[Project, sqlite3.Connection],
) -> None:
    project, connection = opened
    assert found(project, connection, None) == []
    for table in TABLES:
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table


@pytest.mark.parametrize("table", TABLES)
def test_every_edit_of_one_cell_is_found_with_its_row(opened: tuple[Project, sqlite3.Connection], table: str) -> None:
    project, connection = opened
    count, missed, unnamed, columns = 0, [], [], set()
    for name, row, edit in islice(edits(connection, table), 0, None, length(6, 1)):
        problems = found(project, connection, edit)
        if problems is None or is_free(table, name, row[name], edit.values[0]):
            continue
        count += 1
        columns.add(name)
        if not problems:
            missed.append(edit.what)
        elif not any(names_it(problem, table, name, row) for problem in problems):
            unnamed.append((edit.what, [problem["message"] for problem in problems]))
    print(f"{table}: {count} edits of {len(columns)} columns, {count - len(missed)} found")
    assert count > 0
    assert missed == []
    assert unnamed == []


def names_it(problem: dict[str, Any], table: str, name: str, row: dict[str, Any]) -> bool:
    """Whether a problem names the edited row: by the cell, or by its task or event where it is recomputed."""
    if table in OUTSIDE:
        return problem["check"] in ("ledger", "head", "reverts") or problem["event_id"] is not None
    if name in DERIVED.get(table, ()):
        return bool(problem["task_id"] == row["task_id"])
    is_row = (problem["table"], problem["row"]) == (table, [row[key] for key in KEYS[table]])
    return is_row and (name in KEYS[table] or problem["column"] == name)


@pytest.mark.parametrize("table", TABLES)
def test_every_deleted_row_is_found(opened: tuple[Project, sqlite3.Connection], table: str) -> None:
    project, connection = opened
    numbers = [number for (number,) in connection.execute(f"SELECT rowid FROM {table}")]
    for rowid in numbers:
        edit = Edit(f"{table} {rowid}", f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
        assert found(project, connection, edit), edit.what
    edit = Edit(f"all of {table}", f"DELETE FROM {table} WHERE rowid > ?", (0,))
    assert found(project, connection, edit), edit.what


@pytest.mark.parametrize("table", TABLES)
def test_every_copied_row_is_found(opened: tuple[Project, sqlite3.Connection], table: str) -> None:
    project, connection = opened
    for _rowid, row in ends(connection, table):
        key = (KEYS.get(table) or ("id",))[-1]
        copy = {**row, key: 5000 if isinstance(row[key], int) else f"{row[key]}-copy"}
        if "call_id" in copy:
            copy["call_id"] += "-copy"  # which is unique
        marks = ", ".join("?" * len(copy))
        edit = Edit(table, f"INSERT INTO {table} ({', '.join(copy)}) VALUES ({marks})", tuple(copy.values()))
        problems = found(project, connection, edit)
        assert problems, table
        if table in KEYS:
            assert any(problem["row"][-1:] == [copy[key]] for problem in problems), problems


def test_swapped_events_and_a_cut_end_are_found(opened: tuple[Project, sqlite3.Connection]) -> None:
    project, connection = opened
    newest = connection.execute("SELECT max(id) FROM events").fetchone()[0]
    for edit in (
        Edit("swapped", "UPDATE events SET id = CASE id WHEN ? THEN -1 ELSE id END WHERE id = ?", (3, 3)),
        Edit("renumbered", "UPDATE events SET id = id + ? WHERE id = ?", (1, newest)),
        Edit("cut", "DELETE FROM events WHERE id > ?", (newest - 3,)),
        Edit("a chain", "DELETE FROM events WHERE task_id = ?", ("B-1",)),
        Edit("a trigger", "CREATE TRIGGER t AFTER INSERT ON task_reviews BEGIN SELECT 1; END", ()),
        Edit("a view", "CREATE VIEW v AS SELECT 1", ()),
        Edit("all of them", "DELETE FROM events WHERE id > ?", (0,)),
    ):
        assert found(project, connection, edit), edit.what
