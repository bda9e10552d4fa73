"""A snapshot document: rows in, the same rows out, one a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.upkeep.snapshot_file import Snapshot, read_snapshot, snapshot_lines

VALUES = st.none() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text(st.characters(exclude_categories=("Cs",)))
ROWS = st.lists(st.dictionaries(st.text(min_size=1, max_size=5), VALUES, max_size=4), max_size=3)


def text_of(tables: dict[str, list[dict[str, Any]]]) -> str:
    return "".join(snapshot_lines(3, sorted(tables.items())))


def test_is_one_row_a_line_with_sorted_columns() -> None:
    text = text_of({"b": [{"z": 1, "a": "é"}, {"a": None}], "a": []})
    assert text.splitlines() == [
        "{",
        '"schema": "queue-snapshot/1",',
        '"schema_version": 3,',
        '"tables": {',
        '"a": [],',
        '"b": [',
        '{"a": "é", "z": 1},',
        '{"a": null}',
        "]",
        "}",
        "}",
    ]


def test_without_tables_is_json_too() -> None:
    assert json.loads(text_of({}))["tables"] == {}


@given(st.dictionaries(st.text(min_size=1, max_size=5), ROWS, max_size=3))
def test_any_rows_come_back(tables: dict[str, list[dict[str, Any]]]) -> None:
    document = json.loads(text_of(tables))
    assert (document["schema"], document["schema_version"], document["tables"]) == ("queue-snapshot/1", 3, tables)


def test_is_read_from_a_file_whoever_laid_it_out(tmp_path: Path) -> None:
    tables = {"a": [{"x": "line\nend"}]}
    (tmp_path / "s.json").write_text(json.dumps(json.loads(text_of(tables)), indent=4), encoding="utf-8-sig")
    assert read_snapshot(str(tmp_path / "s.json")) == Snapshot(3, tables)
