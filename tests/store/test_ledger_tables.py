"""Every table stands in the ledger or beside it, and no statement changes a row that the ledger holds without it."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing

from fairway_scripts.store import statements
from fairway_scripts.store.ledger_tables import DERIVED, KEYS, LIFE_SIGNS, MARKS, OUTSIDE
from fairway_scripts.store.schema import TABLES
from fairway_scripts.store.sqlite.new_tables import make_tables

#: The column list of `UPDATE t SET a = ..., b = ...`, without what stands in brackets.
_SET = re.compile(r"\bSET\b(.*?)(?:\bWHERE\b|$)", re.DOTALL)
_BRACKETS = re.compile(r"\([^()]*\)")


def without_brackets(text: str) -> str:
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    return text


def texts() -> dict[str, str]:
    """Every statement as it is written, by family and name with its mark."""
    folder = os.path.dirname(statements.__file__)
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".sql"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                for block in file.read().split("-- name: ")[1:]:
                    title, _, text = block.partition("\n")
                    found[f"{name.removesuffix('.sql')}.{title}"] = text.strip()
    return found


def test_every_table_is_placed_with_its_key() -> None:
    assert set(TABLES) == set(KEYS) | set(OUTSIDE), "place the table in store/ledger_tables.py"
    with closing(sqlite3.connect(":memory:")) as connection:
        make_tables(connection)
        for table, keys in KEYS.items():
            columns = connection.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,))
            assert tuple(name for (name,) in columns) == keys, table
        for placed in (DERIVED, LIFE_SIGNS, MARKS):
            for table, names in placed.items():
                known = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}
                assert set(names) <= known, table


def test_a_statement_that_changes_a_row_gives_it_back() -> None:
    for title, text in texts().items():
        if statements.changed_table(text) in KEYS and not title.endswith(statements.DERIVED_MARK):
            assert statements.statement(title).endswith(statements.RETURNING), title
        else:
            assert "RETURNING" not in text, title


def test_a_derived_statement_sets_only_what_needs_no_event() -> None:
    marked = {name: text for name, text in texts().items() if name.endswith(statements.DERIVED_MARK)}
    assert len(marked) > 5
    for title, text in marked.items():
        table = statements.changed_table(text)
        free = {*DERIVED.get(table, ()), *LIFE_SIGNS.get(table, ()), *MARKS.get(table, ())}
        part = _SET.search(without_brackets(text))
        assert text.startswith("UPDATE"), title
        assert part is not None, title
        names = {piece.split("=")[0].strip() for piece in part[1].split(",")}
        assert names <= free, f"{title} sets {names - free}: that needs an event"


def test_a_row_without_an_event_of_its_own_gets_one() -> None:
    from fairway_scripts.store.sqlite.connection import scratch

    store = scratch()
    with store.write() as tx:
        tx.run("sources.set_meta", key="k", value="v")
    event = store.connection.execute("SELECT kind, row_images FROM events").fetchone()
    assert event == ("rows_written", '[["meta",["key","value"],[["k","v"]]]]')
    head = store.connection.execute("SELECT event_id, events, hash FROM ledger_head").fetchone()
    assert head == store.connection.execute("SELECT id, 1, store_hash FROM events").fetchone()
