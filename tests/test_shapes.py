"""What the type checker reads of settings, calls and rows is what the schema, the catalogue and the SQL say."""

from __future__ import annotations

import importlib.util
import os
import sys

import pytest

from tests.support.shell import HOME

SPEC = importlib.util.spec_from_file_location("shapes", os.path.join(HOME, "scripts", "shapes.py"))
assert SPEC is not None
assert SPEC.loader is not None
shapes = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(shapes)
shape_of = sys.modules["scripts.statement_shapes"]


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """Every stub by its path, as it would be written now."""
    found: dict[str, str] = shapes.written()
    return found


def test_a_stub_is_as_it_would_be_written_now(written: dict[str, str]) -> None:
    for path, text in written.items():
        with open(os.path.join(HOME, path), encoding="utf-8") as file:
            assert file.read() == text, f"{path}: run `make tables fragment`"


def test_a_tool_has_its_own_arguments_and_those_of_every_tool(written: dict[str, str]) -> None:
    assert "class QueueAckHandoff(Changing, Protocol):\n    handoff_id: str\n" in written[shapes.CALLS]
    assert "    json: bool\n" in written[shapes.CALLS].partition("class Changing")[0]


def test_what_an_insert_needs_is_what_its_columns_are(written: dict[str, str]) -> None:
    """A column that is added is asked of everybody who adds a row."""
    inserts = written[shapes.ROWS].partition('Literal["records.add_evidence"]')[2].partition("-> int")[0]
    assert "commit_sha: str | None," in inserts
    assert "command_text: str," in inserts


def test_the_rows_of_a_left_join_may_be_none_unless_the_statement_says_otherwise() -> None:
    tables = shape_of.read_tables()
    words = shape_of.tokens_of(
        "SELECT s.task_id, d.title, COALESCE(d.role, '') AS lane, d.kind FROM task_state s"
        " LEFT JOIN task_definitions d ON d.id = s.task_id WHERE d.kind IS NOT NULL"
    )
    found = {name: column.text for name, column in shape_of.Query(tables).columns(words).items()}
    assert found == {"task_id": "str", "title": "str | None", "lane": "str", "kind": "str"}


def test_what_a_named_query_gives_may_come_from_each_of_its_arms() -> None:
    words = shape_of.tokens_of(
        "WITH x (a) AS (SELECT task_id FROM task_state UNION SELECT owner FROM task_state) SELECT a FROM x"
    )
    owner = shape_of.Query(shape_of.read_tables()).columns(shape_of.tokens_of("SELECT owner FROM task_state"))
    assert shape_of.Query(shape_of.read_tables()).columns(words)["a"] == owner["owner"]


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("SELECT max(fence) FROM task_state", True),
        ("SELECT count(*) + 1 FROM task_state", True),
        ("SELECT max(fence, 1) FROM task_state", False),
        ("SELECT fence, (SELECT max(id) FROM events) FROM task_state", False),
        ("SELECT fence FROM task_state", False),
        ("SELECT 1", True),
    ],
)
def test_a_query_that_counts_gives_one_row(text: str, *, one: bool) -> None:
    assert shape_of.is_one_row(shape_of.tokens_of(text)) is one
