"""The mapping of an old database is found by looking at it, whatever its names are, and never wrongly in silence."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway_scripts.cutover.mapping.cell_signs import Known
from fairway_scripts.cutover.mapping.mapping_rules import find_mapping
from fairway_scripts.store.legacy_source import LegacySource
from tests.cutover.lived import IDS, TRUTH, Variant, lived
from tests.legacy_standin.standin import need_ruby
from tests.support.repositories import GPUAAS_LANES
from tests.support.rings import length, some

need_ruby()


def mapping(
    variant: Variant, stand_in: str, hints: dict[str, Any] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is found in a variant, and the facts it was found in."""
    with closing(sqlite3.connect(":memory:")) as connection:
        variant.fill(connection)
        facts = LegacySource("", connection).tables()
    return find_mapping(facts, hints, Known(IDS[stand_in], GPUAAS_LANES)), facts


def wrong(found: dict[str, Any], variant: Variant, stand_in: str) -> list[str]:
    """Everything that was placed where it does not belong."""
    truth = TRUTH[stand_in]
    told = []
    for kind, entry in found["kinds"].items():
        if kind not in truth:
            told.append(f"{kind} is {entry['table']}")
            continue
        table, columns = truth[kind]
        if entry["table"] != variant.tables[table]:
            told.append(f"{kind} is {entry['table']} instead of {table}")
            continue
        back = {new: old for (of, old), new in variant.columns.items() if of == table}
        for ours, theirs in entry["columns"].items():
            if columns.get(ours) != back[theirs] and (kind, ours, back[theirs]) not in ALSO_RIGHT:
                told.append(f"{kind}.{ours} = {back[theirs]} ({entry['reasons'].get(ours)})")
    return told


#: What holds the same as the column that a person would name: the lane of a session is its role.
ALSO_RIGHT = {
    ("sessions", "role", "lane"),
    ("sessions", "lane", "role"),
    ("archive", "completed_at", "shelved"),
}


def unsaid(found: dict[str, Any], facts: dict[str, Any], variant: Variant, stand_in: str) -> list[str]:
    """Every column with something in it that is neither placed nor named."""
    named = {(entry["table"], entry["column"]) for entry in (*found["problems"], *found["unplaced"])}
    placed = {(entry["table"], theirs) for entry in found["kinds"].values() for theirs in entry["columns"].values()}
    told = []
    for table, columns in TRUTH[stand_in].values():
        new = variant.tables[table]
        for theirs in columns.values():
            place = (new, variant.columns[table, theirs])
            says = any(row[place[1]] not in (None, "") for row in facts[new]["rows"])
            if says and not {place, (new, "")} & named and place not in placed:
                told.append(f"{table}.{theirs}")
    return told


@pytest.mark.parametrize("stand_in", some(["a", "b"], "a"))
def test_every_table_and_column_of_a_stand_in_is_found_as_it_is(stand_in: str) -> None:
    variant = Variant(lived(stand_in)[1], random.Random(0), rename="none")
    found, _facts = mapping(variant, stand_in)
    truth = {kind: (table, columns) for kind, (table, columns) in TRUTH[stand_in].items()}
    assert set(found["kinds"]) == set(truth)
    for kind, (table, columns) in truth.items():
        entry = found["kinds"][kind]
        assert entry["table"] == table
        placed = {**entry["columns"]}
        empty = {ours for ours in columns if ours not in placed}
        assert placed == {ours: theirs for ours, theirs in columns.items() if ours not in empty}, kind
    assert {(entry["table"], entry["column"]) for entry in found["unplaced"]} <= {("store_info", "")}
    assert found["problems"] == []
    if stand_in == "b":
        assert found["words"]["status"] == {"0": "todo", "1": "in_progress", "2": "blocked", "3": "done"}
        assert found["words"]["session"] == {"0": "running", "1": "ended", "2": "failed"}


@pytest.mark.parametrize("rename", ["random", "styled"])
@pytest.mark.parametrize("stand_in", some(["a", "b"], "a"))
@settings(max_examples=length(2, 6))
@given(seed=st.integers(0, 10**6))
def test_under_other_names_the_same_is_found_or_named_and_nothing_is_wrong(
    stand_in: str, rename: str, seed: int
) -> None:
    variant = Variant(lived(stand_in)[1], random.Random(seed), rename=rename)
    found, facts = mapping(variant, stand_in)
    assert wrong(found, variant, stand_in) == []
    assert unsaid(found, facts, variant, stand_in) == []
    least = {"a": {"history", "evidence", "reviews", "sessions"}, "b": {*TRUTH["b"]}}[stand_in]
    assert set(found["kinds"]) >= least, found["problems"]


# --- the same work, kept in another way -------------------------------------------------------------------

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( [+-]\d{4})?")
_SYNONYMS = ("open", "doing", "stuck", "closed")
_STATUS_COLUMNS = {("work_items", "state"), ("shelf", "state"), ("item_log", "was"), ("item_log", "became")}
_STATUSES = {"todo": 0, "in_progress": 1, "blocked": 2, "done": 3}
_VERDICTS = {"approved": 1, "changes_requested": 2}


def _moment(cell: Any) -> datetime | None:
    if not isinstance(cell, str) or not _TIME.fullmatch(cell):
        return None
    return datetime.strptime(cell if cell[-5] in "+-" else f"{cell} +0000", "%Y-%m-%d %H:%M:%S %z")


def _seconds(_table: str, _column: str, cell: Any) -> Any:
    moment = _moment(cell)
    return cell if moment is None else int(moment.timestamp())


def _iso(_table: str, _column: str, cell: Any) -> Any:
    moment = _moment(cell)
    return cell if moment is None else moment.isoformat()


def _lines(_table: str, _column: str, cell: Any) -> Any:
    return "\n".join(json.loads(cell)) if isinstance(cell, str) and cell.startswith("[") else cell


def _words(table: str, column: str, cell: Any) -> Any:
    return _SYNONYMS[cell] if (table, column) in _STATUS_COLUMNS and cell is not None else cell


def _numbers(table: str, column: str, cell: Any) -> Any:
    of_a = table.startswith("task_state") and column in ("status", "from_status", "to_status")
    return _STATUSES.get(cell, cell) if of_a else cell


def _untold(_table: str, column: str, cell: Any) -> Any:
    return None if column == "told" else cell


def _numbered_verdicts(_table: str, column: str, cell: Any) -> Any:
    return _VERDICTS.get(cell, cell) if column in ("says", "verdict") else cell


@pytest.mark.parametrize("rename", ["none", "random"])
@pytest.mark.parametrize("cell", [_seconds, _iso, _lines, _words, _numbers, _untold, _numbered_verdicts])
@pytest.mark.parametrize("stand_in", some(["a", "b"], "a"))
def test_what_is_kept_in_another_way_is_found_or_named_too(stand_in: str, cell: Any, rename: str) -> None:
    variant = Variant(lived(stand_in)[1], random.Random(cell.__name__), rename=rename, cell=cell)
    found, facts = mapping(variant, stand_in)
    assert wrong(found, variant, stand_in) == []
    assert unsaid(found, facts, variant, stand_in) == []
    assert {"state", "history"} <= set(found["kinds"])
    if (stand_in, cell) in (("b", _untold), ("a", _numbers)) and not found["words"].get("status"):
        unknown = [entry for entry in found["problems"] if "is said nowhere" in entry["message"]]
        assert {entry["table"] for entry in unknown} >= {found["kinds"]["state"]["table"]}


@pytest.mark.parametrize("family", ["verdict", "result"])
def test_numbers_whose_words_are_declared_are_found_by_them(family: str) -> None:
    words = {"verdict": "1 approved, 2 changes_requested", "result": "1 pass, 2 fail"}[family]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            "CREATE TABLE qq (xx TEXT PRIMARY KEY, yy TEXT);"
            "INSERT INTO qq VALUES ('B-1', 'todo'), ('B-2', 'done');"
            f"CREATE TABLE zz (n INTEGER PRIMARY KEY, t TEXT, v INTEGER, -- {words}\n c TEXT, w TEXT);"
            "INSERT INTO zz VALUES (1, 'B-1', 1, 'make it so', '2026-05-04 10:00:00'),"
            "(2, 'B-2', 2, 'make it again', '2026-05-04 11:00:00');"
        )
        found = find_mapping(LegacySource("", connection).tables(), {}, Known(frozenset({"B-1", "B-2"}), ("B-ui",)))
    kind = {"verdict": "reviews", "result": "evidence"}[family]
    assert found["kinds"][kind]["columns"][family] == "v"
    assert found["words"][family] == dict(zip("12", words.replace("1 ", "").replace("2 ", "").split(", "), strict=True))
