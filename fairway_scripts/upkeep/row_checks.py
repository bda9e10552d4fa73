"""Every row of the tables that gates and reports read, held against the newest image of it in the ledger.

The images are put into a temporary table first, so that the memory that is needed does not grow with the store.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import jsonio
from fairway_scripts.base.progress import counted
from fairway_scripts.store import contents
from fairway_scripts.store.ledger import BASELINE, images_in, row_key
from fairway_scripts.store.ledger_tables import DERIVED, KEYS, LIFE_SIGNS, MARK_KEYS, MARKS
from fairway_scripts.upkeep.chains import problem, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import VerificationEventsWithRows
    from fairway_scripts.upkeep.upkeep_shapes import Problem, Unproven

    Row = Mapping[str, object]

#: Tables whose older events name the row (`table`, `row_id`) and hold some of its columns.
_TOLD = ("task_evidence", "task_handoffs", "task_reviews", "waivers", "execution_approvals", "checkpoints")


class Image(NamedTuple):
    """The newest image of a row: the event that holds it, and the columns that are not NULL."""

    event_id: int
    columns: Row


def take_images(tx: Transaction) -> Iterator[Problem]:
    """Fill the temporary table with the newest image of each row; yields where a baseline denies older events."""
    tx.run("verification.drop_images")
    tx.run("verification.make_images")
    told: dict[tuple[str, str], tuple[int, Row]] = {}
    for event in tx.each("verification.events_with_rows"):
        if event["row_images"] is None:
            _take_told(told, event)
            continue
        try:
            images = [(table, row_key(key), columns) for table, key, columns in images_in(event["row_images"])]
        except (ValueError, TypeError, KeyError):
            continue  # its hash does not match either, which is reported
        is_baseline = event["kind"] == BASELINE
        if is_baseline and told:
            yield from _denied(told, images)
        tx.many(
            "verification.put_image",
            [
                (table, key, event["id"], int(is_baseline), None if columns is None else jsonio.dumps(columns))
                for table, key, columns in images
            ],
        )


def compare_rows(tx: Transaction) -> Iterator[Problem]:
    """What differs between the rows and their newest images: cells, rows that are gone, rows that no event made."""
    for table in KEYS:
        matched = 0
        image_text = _images(tx, table)
        for row in counted(contents.rows(tx, table), f"comparing {table}"):
            if table == "meta" and row["key"] in MARK_KEYS:
                continue
            key = row_key([row[name] for name in KEYS[table]])
            text = image_text(key)
            if text is None:
                yield _row_problem(table, row, "no event made it")
                continue
            matched += 1
            if text != _text_of(table, row):
                event_id = tx.value("verification.image_event", table=table, key=key) or 0
                yield from _differences(table, row, Image(event_id, json.loads(text)))
        if tx.value("verification.image_count", table=table) != matched:
            yield from _gone(tx, table)


def _images(tx: Transaction, table: str) -> Callable[[str], str | None]:
    """Gives the newest image of a row by its key: one question a row, or for a server one for all of them."""
    if not tx.is_remote:
        return lambda key: tx.value("verification.image_text", table=table, key=key)
    found = {row["row_key"]: row["image"] for row in tx.each("verification.images_of", table=table)}
    return found.get


def unproven(tx: Transaction) -> Unproven:
    """The rows that were there before events held rows, and were not changed since: `{rows, event_id, tables}`."""
    found = tx.all("verification.unproven")
    return {
        "rows": sum(row["rows"] for row in found),
        "event_id": min((row["event_id"] or 0 for row in found), default=None),
        "tables": {row["held_in"]: row["rows"] for row in found},
    }


def _text_of(table: str, row: Row) -> str:
    """A row as an image of it reads."""
    derived = DERIVED.get(table, ())
    return jsonio.dumps({name: value for name, value in row.items() if value is not None and name not in derived})


def _differences(table: str, row: Row, image: Image) -> Iterator[Problem]:
    free = (*DERIVED.get(table, ()), *MARKS.get(table, ()))
    signs = LIFE_SIGNS.get(table, ())
    columns = image.columns
    for name, value in row.items():
        recorded = columns.get(name)
        if type(value) is type(recorded) and value == recorded:
            continue
        if name in free or (name in signs and _is_later(value, recorded)):
            continue
        yield _cell_problem(table, row, name, image)


def _is_later(value: object, recorded: object) -> bool:
    """Whether a sign of life only moved forward."""
    return isinstance(value, str) and value >= (recorded if isinstance(recorded, str) else "")


def _gone(tx: Transaction, table: str) -> Iterator[Problem]:
    there = {row_key([row[name] for name in KEYS[table]]) for row in contents.rows(tx, table)}
    for row in tx.each("verification.images_of", table=table):
        if row["row_key"] not in there:
            columns = json.loads(row["image"])
            message = f"it is gone, event {row['event_id']} holds it"
            yield _row_problem(table, columns, message, row["event_id"])


def _take_told(told: dict[tuple[str, str], tuple[int, Row]], event: VerificationEventsWithRows) -> None:
    """Remember what an event of an older version says about the row that it made."""
    if not any(f'"{table}"' in event["payload"] for table in _TOLD):
        return
    try:
        payload = json.loads(event["payload"])
        table, number = payload.get("table"), payload.get("row_id")
    except (ValueError, AttributeError):
        return
    if table in _TOLD and isinstance(number, int):
        told[table, row_key([number])] = (event["id"], payload)


def _denied(
    told: dict[tuple[str, str], tuple[int, Row]], images: Sequence[tuple[str, str, Row | None]]
) -> Iterator[Problem]:
    """Where the rows that a migration found are not what the older events said of them."""
    for table, key, columns in images:
        event_id, payload = told.get((table, key), (0, {}))
        for name, value in payload.items():
            if isinstance(value, str) and columns is not None and name in columns and columns[name] != value:
                yield _cell_problem(table, columns, name, Image(event_id, payload))


def _cell_problem(table: str, row: Row, name: str, image: Image) -> Problem:
    recorded = image.columns.get(name)
    if table == "task_state":
        found = _state_problem(row, name, image)
    else:
        values = f"{name} is {shown(row.get(name))}, event {image.event_id} recorded {shown(recorded)}"
        found = problem("row", f"{_named(table, row)}: {values}", _task_of(table, row), image.event_id)
    key = _key(table, row)
    return {**found, "table": table, "row": key, "column": name, "found": row.get(name), "recorded": recorded}


def _state_problem(row: Row, name: str, image: Image) -> Problem:
    """A cell of the state of a task, in the words of the chain that leads to it."""
    task_id, recorded = str(row["task_id"]), image.columns.get(name)
    if name == "version":
        message = (
            f"{task_id} has version {row[name]}, its events lead to {recorded}: "
            "it was changed without an event, or its last events were removed"
        )
        return problem("version", message, task_id)
    message = f"{task_id}: {name} is {shown(row[name])}, its events lead to {shown(recorded)}"
    return problem("state", message, task_id)


def _row_problem(table: str, row: Row, what: str, event_id: int | None = None) -> Problem:
    found = problem("row", f"{_named(table, row)}: {what}", _task_of(table, row), event_id)
    return {**found, "table": table, "row": _key(table, row)}


def _key(table: str, row: Row) -> list[object]:
    return [row.get(name) for name in KEYS[table]]


def _named(table: str, row: Row) -> str:
    of_task = f" of {row['task_id']}" if "id" in KEYS[table] and row.get("task_id") else ""
    return f"{table} {'/'.join(str(part) for part in _key(table, row))}{of_task}"


def _task_of(table: str, row: Row) -> str:
    if table == "task_definitions":
        return str(row["id"])
    if row.get("subject_kind") == "task":
        return str(row["subject_id"])
    return str(row.get("task_id") or "")
