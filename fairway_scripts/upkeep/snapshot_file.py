"""A snapshot: every row of a store in one JSON document, one row a line, so that two snapshots can be compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from fairway_scripts.base.errors import FairwayError, suggest, suggest_call, suggest_program
from fairway_scripts.base.regular_files import regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SCHEMA = "queue-snapshot/1"
_FAMILY = SCHEMA.partition("/")[0]


class Snapshot(NamedTuple):
    """A snapshot read: the schema of the store that it was taken from, and its tables as lists of rows."""

    schema_version: int
    tables: dict[str, list[dict[str, object]]]


def snapshot_lines(schema_version: int, tables: Iterable[tuple[str, Iterable[Mapping[str, object]]]]) -> Iterator[str]:
    """The text of a snapshot in pieces that end lines; `tables` are names in order, each with its rows in order."""
    yield f'{{\n"schema": "{SCHEMA}",\n"schema_version": {schema_version},\n"tables": {{'
    between_tables = "\n"
    for name, rows in tables:
        yield f"{between_tables}{json.dumps(name)}: ["
        between_tables, between_rows = ",\n", "\n"
        for row in rows:
            yield between_rows + json.dumps(row, sort_keys=True, ensure_ascii=False)
            between_rows = ",\n"
        yield "\n]" if between_rows == ",\n" else "]"
    yield "\n}\n}\n"


def read_snapshot(path: str) -> Snapshot:
    """Read a snapshot; what the rows hold is not looked at here.

    Raises FairwayError: `file_unavailable`, `store_damaged` (cut short, wrong shape), `invalid_document` (no
    snapshot), `store_newer`.
    """
    try:
        with open(path, "rb", opener=regular) as file:
            content = file.read()
        document = json.loads(content, parse_constant=_refuse_constant)
    except OSError as problem:
        raise FairwayError(
            "file_unavailable",
            f"{path}: cannot be read: {problem.strerror}",
            suggest_program("ls", "-l", path),
            path=path,
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise _damaged(path, f"it is not whole JSON: {_mistake(content)}") from problem
    if not isinstance(document, dict) or not str(document.get("schema")).startswith(f"{_FAMILY}/"):
        raise FairwayError(
            "invalid_document", f"{path} is no snapshot of a store", suggest("queue-snapshot", OUTPUT=None), path=path
        )
    if document["schema"] != SCHEMA:
        form = document["schema"]
        raise FairwayError(
            "store_newer", f"{path} has the form {form}, not {SCHEMA}", "update fairway-scripts", path=path
        )
    return Snapshot(_version(document, path), _tables(document, path))


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _version(document: Mapping[str, object], path: str) -> int:
    version = document.get("schema_version")
    if type(version) is not int or version < 1:
        raise _damaged(path, "its schema_version is no whole number from 1")
    return version


def _mistake(content: bytes) -> str:
    from fairway_scripts.formats.json_syntax import first_mistake

    text = content.decode(errors="replace")
    index, what = first_mistake(text) or (0, "it is nested too deeply or not UTF-8")
    return f"line {text.count(chr(10), 0, index) + 1}: {what}"


def _tables(document: Mapping[str, object], path: str) -> dict[str, list[dict[str, object]]]:
    tables = document.get("tables")
    if not isinstance(tables, dict):
        raise _damaged(path, "it has no tables")
    for name, rows in tables.items():
        if not isinstance(rows, list):
            raise _damaged(path, f"table {name} is not a list of rows")
    return tables


def _damaged(path: str, what: str) -> FairwayError:
    return FairwayError("store_damaged", f"{path} is damaged: {what}", suggest_call(FROM=None), path=path)
