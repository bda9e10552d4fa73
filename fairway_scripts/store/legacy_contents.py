"""All rows of an old database, what changed between two looks at it, and the same changes made in a private copy."""

from __future__ import annotations

import base64
import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING, NotRequired, TypedDict

from fairway_scripts.base import digest, jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.legacy_shapes import quoted
from fairway_scripts.store.legacy_source import open_legacy

if TYPE_CHECKING:
    from collections.abc import Iterable

    Row = dict[str, object]
    #: table -> key -> row; a key is the primary key as JSON, or the rowid.
    Contents = dict[str, dict[str, Row]]


class RowChange(TypedDict):
    """A row that was added, changed or removed; `before` and `after` are None where there was none."""

    table: str
    key: str
    change: str
    before: NotRequired[dict[str, object] | None]
    after: NotRequired[dict[str, object] | None]


_OWN_TO_SQLITE = "sqlite_"


def read_contents(path: str) -> Contents:
    """Every row of every table of the database at `path`, {} when there is none.

    NULL is None, and bytes are `{base64}`. Raises FairwayError as `open_legacy` does.
    """
    if not os.path.exists(path) or not os.path.getsize(path):
        return {}
    with open_legacy(path) as source:
        found: Contents = {}
        for table, shape in sorted(source.tables().items()):
            if not table.startswith(_OWN_TO_SQLITE):
                keys = ", ".join(map(quoted, shape["pk"])) or "rowid"
                cursor = source.connection.execute(f"SELECT {keys}, * FROM {quoted(table)} ORDER BY {keys}")
                width = len(shape["pk"]) or 1
                names = [column[0] for column in cursor.description[width:]]
                found[table] = {
                    jsonio.dumps([_plain(cell) for cell in row[:width]]): dict(
                        zip(names, map(_plain, row[width:]), strict=True)
                    )
                    for row in cursor
                }
    return found


def digest_of(contents: Contents) -> str:
    """What tells one state of a database from another, "" for none: only its rows count."""
    return digest.of_text(jsonio.dumps(contents)) if contents else ""


def changes_between(before: Contents, after: Contents) -> list[RowChange]:
    """The rows that differ, by table and key: `{table, key, change, before, after}`.

    `change` is `added`, `changed` or `removed`; `before` and `after` are whole rows, None where there was none.
    """
    changed: list[RowChange] = []
    for table in sorted({*before, *after}):
        old, new = before.get(table, {}), after.get(table, {})
        for key in sorted({*old, *new}, key=jsonio.loads):
            left, right = old.get(key), new.get(key)
            if left != right:
                word = "added" if left is None else "removed" if right is None else "changed"
                changed.append({"table": table, "key": key, "change": word, "before": left, "after": right})
    return changed


def make_changes(path: str, changes: Iterable[RowChange], *, back: bool = False) -> None:
    """Make (or with `back` take back) what `changes_between` gave in the database at `path`, all or nothing.

    Only ever for a private copy. Raises FairwayError `invalid_document` when its tables are others.
    """
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for change in list(changes)[:: -1 if back else 1]:
                before, after = change.get("before"), change.get("after")
                old, new = (after, before) if back else (before, after)
                _put(connection, change["table"], change["key"], old, new)
            connection.execute("COMMIT")
    except sqlite3.Error as problem:
        raise FairwayError(
            "invalid_document", f"{path}: the rows of the case do not fit: {problem}", path=path
        ) from problem


def _put(connection: sqlite3.Connection, table: str, key: str, old: Row | None, new: Row | None) -> None:
    shape = connection.execute(f"PRAGMA table_info({quoted(table)})").fetchall()
    keys = [row[1] for row in sorted(shape, key=lambda row: int(row[5])) if row[5]] or ["rowid"]
    values = [_stored(cell) for cell in jsonio.loads(key)]
    if old is not None:
        where = " AND ".join(f"{quoted(name) if name != 'rowid' else name} IS ?" for name in keys)
        connection.execute(f"DELETE FROM {quoted(table)} WHERE {where}", values)
    if new is not None:
        names = [row[1] for row in shape]
        cells = [_stored(new.get(name)) for name in names]
        if keys == ["rowid"]:
            names, cells = ["rowid", *names], [*values, *cells]
        listed = ", ".join(quoted(name) if name != "rowid" else name for name in names)
        marks = ", ".join("?" for _ in names)
        connection.execute(f"INSERT INTO {quoted(table)} ({listed}) VALUES ({marks})", cells)


def _plain(cell: object) -> object:
    return {"base64": base64.b64encode(cell).decode()} if isinstance(cell, bytes) else cell


def _stored(cell: object) -> object:
    return base64.b64decode(cell["base64"]) if isinstance(cell, dict) else cell
