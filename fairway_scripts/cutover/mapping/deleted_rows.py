"""The columns that mark the rows of an old database as deleted, by their names and their cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_values import our_word
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.cell_signs import in_family, signs_of
from fairway_scripts.store.legacy_shapes import is_marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Known, Signs
    from fairway_scripts.store.legacy_types import TableFacts

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DELETED = {"deleted", "removed", "retracted", "voided", "void", "revoked", "withdrawn", "discarded", "gone"}
_DELETED |= {"trashed", "purged", "hidden", "tombstone", "tombstoned", "obsolete", "superseded", "invalidated"}
#: What marks rows as deleted too, but for finished tasks: these are what they are.
_ARCHIVED = {"archived"}
#: What else the name of such a column may have: `deletedLines` and `deleted_reason` are none.
_BESIDE = {*("is", "was", "has", "been", "soft", "at", "on", "by", "flag", "mark"), *("row", "record", "entry")}
_BESIDE |= {*("date", "time", "timestamp", "ts", "utc", "ms", "millis", "s", "sec", "secs", "seconds", "epoch")}
#: What a table is called whose rows are all gone from elsewhere: the time of it in each of them deletes none.
_OF_GONE = {*_DELETED, *("archive", "archived", "done", "finished", "completed", "closed", "past", "old", "trash")}
FLAGS = {*("t", "f", "true", "false", "yes", "no", "y", "n", "0", "1", "on", "off")}


def marks_of_deleted(
    tables: Mapping[str, TableFacts],
    looked: Mapping[str, Mapping[str, Signs]],
    known: Known,
    values: Callable[[str, str], Iterable[str]],
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the column of each table that marks deleted rows, by its name and its cells: a flag, or a time.

    One that says nothing yet marks nothing yet, but may mark every row by and by. Beside them returns of tables of
    tasks, where that column says what is archived, the column of the status and the words of those that end work.
    """
    found: dict[str, str] = {}
    kept: dict[str, list[str]] = {}
    for table, columns in looked.items():
        for column, signs in sorted(columns.items(), key=lambda pair: bool(_words(pair[0]) & _ARCHIVED)):
            if table in found or not _is_called_void(table, column):
                continue
            filled = [value for value in values(table, column) if value.strip()]
            marks = [value for value in filled if is_marked(value)]
            is_flag = {value.strip().lower() for value in marks} <= FLAGS
            is_time = signs_of([{column: value} for value in marks], column, known).has(sign.TIME)
            is_of_all = signs.full and marks == filled and {*map(str.lower, _WORDS.findall(table))} & _OF_GONE
            of_tasks = any(cells.has(sign.TASK) and cells.unique for cells in columns.values())
            ended = _ended(tables, table, looked, known) if of_tasks and _words(column) & _ARCHIVED else []
            is_sure = ended or not of_tasks or _words(column) & _DELETED
            if filled and is_sure and (is_flag or (is_time and not is_of_all)):
                found[table] = column
                kept |= {table: ended} if ended else {}
    return found, kept


def _ended(
    tables: Mapping[str, TableFacts], table: str, looked: Mapping[str, Mapping[str, Signs]], known: Known
) -> list[str]:
    """Return the column of statuses of a table and all that its cells may say where work has ended; [] for none."""
    for column, signs in looked[table].items():
        words = {value: value for value in signs.values} if signs.has("status") else {}
        other, key = tables[table].get("refs", {}).get(column, ("", ""))
        for name, theirs in looked[other].items() if key and other in looked else ():
            if in_family("status", theirs.values, known):
                words = {str(row[key]): str(row[name]) for row in tables[other].get("rows", ())}
        if words:
            ended = {k: w for k, w in words.items() if our_word("status", w, None, known.statuses) in known.terminal}
            return [column, *sorted({*ended, *ended.values()})]
    return []


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORDS.findall(name)}


def _is_called_void(table: str, column: str) -> bool:
    """Tell whether a column is called as a mark of deleted rows: `deleted_at`, `isRemoved`, `task_voided` of tasks."""
    words, own = _words(column), {word.removesuffix("s") for word in _words(table)}
    return bool(words & (_DELETED | _ARCHIVED)) and words <= _DELETED | _ARCHIVED | _BESIDE | own
