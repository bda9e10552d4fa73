"""The columns that mark the rows of an old database as deleted, by their names and their cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.cell_signs import signs_of
from fairway_scripts.store.legacy_shapes import is_marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Known, Signs

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DELETED = {"deleted", "removed", "retracted", "voided", "void", "revoked", "withdrawn", "discarded", "gone"}
#: What else the name of such a column may have: `deletedLines` and `deleted_reason` are none.
_BESIDE = {*("is", "was", "has", "been", "soft", "at", "on", "by", "flag", "mark"), *("row", "record", "entry")}
_BESIDE |= {*("date", "time", "timestamp", "ts", "utc", "ms", "millis", "s", "sec", "secs", "seconds", "epoch")}
#: What a table is called whose rows are all gone from elsewhere: the time of it in each of them deletes none.
_OF_GONE = {*_DELETED, *("archive", "archived", "done", "finished", "completed", "closed", "past", "old", "trash")}
_FLAGS = {*("t", "f", "true", "false", "yes", "no", "y", "n", "0", "1", "on", "off")}


def marks_of_deleted(
    looked: Mapping[str, Mapping[str, Signs]], known: Known, values: Callable[[str, str], Iterable[str]]
) -> dict[str, str]:
    """Return the column of each table that marks deleted rows, by its name and its cells: a flag, or a time.

    One that says nothing yet marks nothing yet, but may mark every row by and by.
    """
    found: dict[str, str] = {}
    for table, columns in looked.items():
        for column, signs in columns.items():
            if table in found or not _is_called_void(table, column):
                continue
            filled = [value for value in values(table, column) if value.strip()]
            marks = [value for value in filled if is_marked(value)]
            is_flag = {value.strip().lower() for value in marks} <= _FLAGS
            is_time = signs_of([{column: value} for value in marks], column, known).has(sign.TIME)
            is_of_all = signs.full and marks == filled and {*map(str.lower, _WORDS.findall(table))} & _OF_GONE
            if filled and (is_flag or (is_time and not is_of_all)):
                found[table] = column
    return found


def _is_called_void(table: str, column: str) -> bool:
    """Tell whether a column is called as a mark of deleted rows: `deleted_at`, `isRemoved`, `task_voided` of tasks."""
    words = {word.lower() for word in _WORDS.findall(column)}
    own = {word.lower().removesuffix("s") for word in _WORDS.findall(table)}
    return bool(words & _DELETED) and words <= _DELETED | _BESIDE | own
