"""The append-only ledger: what a transaction has written, row by row, in events that are chained twice.

Each event carries the hash of the event before it of the same task (`previous_hash`) and a hash over itself and every
event before it in the store (`store_hash`). The newest `store_hash` and the number of events are kept in
`ledger_head`, so that a removed end is missed.

The rows of a transaction belong to the event that is recorded after they were written; what is written after the last
one belongs to that. So the last event of a transaction is kept back until the commit. Rows for which nobody recorded
an event get one of kind `rows_written`: there is no way to change a row of the ledger's tables without an event.
"""

from __future__ import annotations

from fairway_scripts.base import clock, digest, jsonio
from fairway_scripts.store.ledger_tables import DERIVED, KEYS, MARK_KEYS
from fairway_scripts.store.statements import changed_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from fairway_scripts.store.contract import LooseTransaction, Values
    from fairway_scripts.store.engine import Cell, Cursor, Happened, NewEvent, Row, Rows

#: What the first event of a chain, and of the store, names as its predecessor.
START = "0" * 64
#: The event of rows for which nobody recorded one.
ROWS_WRITTEN = "rows_written"
#: The event of rows that were there before events held rows.
BASELINE = "ledger_baseline"
#: A transaction that has written more rows than this puts them into an event at once: no event grows without end.
MOST_ROWS = 2000
HASHED = (
    *("previous_hash", "at", "actor", "session_id", "tool", "task_id", "kind", "payload", "request_id", "reverts"),
)
#: Columns that came later: they are hashed by name where they are filled, so that older events keep their hash.
_HASHED_LATER = ("row_images",)


def event_hash(event: Mapping[str, object]) -> str:
    """The hash of an event row: over every column but `id`, `hash` and `store_hash`, as canonical JSON."""
    fields: list[object] = [event[name] for name in HASHED]
    fields += [[name, event[name]] for name in _HASHED_LATER if event.get(name) is not None]
    return digest.of_text(jsonio.dumps(fields))


def store_hash(previous: str, event_id: int, hash_: str) -> str:
    """The hash over an event and all events before it: of `previous` (theirs), its number and its own hash."""
    return digest.of_text(f"{previous}\n{event_id}\n{hash_}")


def keep_changed(tx: LooseTransaction, text: str, cursor: Cursor) -> int:
    """Remember the rows that a statement gave back; how many they were."""
    columns = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    keep_rows(tx, changed_table(text), columns, rows, are_gone=text.startswith("DELETE"))
    return len(rows)


def keep_many(tx: LooseTransaction, text: str, given: Iterable[Values]) -> None:
    """Run a statement once for each of `given`, and remember the rows that it gives back."""
    table, are_gone = changed_table(text), text.startswith("DELETE")
    columns: list[str] = []
    rows: list[Row] = []
    for cursor in tx.cursors(text, given):
        columns = columns or [column[0] for column in cursor.description]
        rows += cursor.fetchall()
        if len(rows) >= MOST_ROWS:
            keep_rows(tx, table, columns, rows, are_gone=are_gone)
            rows = []
    keep_rows(tx, table, columns, rows, are_gone=are_gone)


def keep_rows(
    tx: LooseTransaction,
    table: str,
    columns: list[str],
    rows: Iterable[Row],
    *,
    are_gone: bool = False,
    kind: str = ROWS_WRITTEN,
) -> None:
    """Remember rows of a table, all its columns, as they are now (or were).

    More than an event should hold are put into one of `kind` at once.
    """
    if not columns:
        return
    places = [columns.index(name) for name in KEYS[table]]
    shape = None if are_gone else columns
    for row in rows:
        key = tuple([row[place] for place in places])
        if table == "meta" and key[0] in MARK_KEYS:
            continue
        tx.written[table, key] = (shape, row)
        if len(tx.written) > MOST_ROWS:
            append(tx, rows_event(kind))
            close(tx)


def rows_event(kind: str = ROWS_WRITTEN) -> Happened:
    """The fields of an event that only holds rows."""
    return {"at": clock.now(), "task_id": "", "kind": kind, "payload": "{}", "request_id": None, "reverts": None}


def append(tx: LooseTransaction, event: Happened | NewEvent) -> int:
    """Record an event with what was written since the last one; its number.

    `event` holds at, task_id, kind, payload (canonical JSON), request_id, reverts, and who it was where that is not
    the caller: actor, session_id, tool. It is inserted when the next one is recorded, or at the commit. Raises
    FairwayError `store_moved` when the store was moved elsewhere meanwhile.
    """
    if tx.pending is not None:
        tx.foresee()  # now it is known what was put before
        _insert(tx, tx.pending_rows)
    actor, session, tool = tx.author
    head = tx.one("ledger.head", task_id=event["task_id"]) or {}
    if head.get("moved_to"):
        from fairway_scripts.store.refusals import moved

        raise moved(head["moved_to"])
    tx.pending = {
        "actor": actor,
        "session_id": session,
        "tool": tool,
        **event,
        "id": max(head["event_id"] or 0, head["newest"] or 0) + 1,
        "events": (head["events"] or 0) + 1,
        "before": head.get("hash") or START,
        "previous_hash": head.get("previous_hash") or START,
    }
    if tx.configuration is not None:
        payload = jsonio.loads(tx.pending["payload"])
        tx.pending["payload"] = jsonio.dumps({**payload, "config": tx.configuration()})
    tx.pending_rows, tx.written = tx.written, {}
    return int(tx.pending["id"])


def close(tx: LooseTransaction) -> None:
    """Leave nothing that was written without an event; before a commit."""
    if tx.written and tx.pending is None:
        append(tx, rows_event())
    if tx.pending is not None:
        rows, tx.written = {**tx.pending_rows, **tx.written}, {}
        _insert(tx, rows)


def _insert(tx: LooseTransaction, rows: Rows) -> None:
    """Insert the event that was kept back, with the rows that belong to it, and move the head."""
    event, tx.pending, tx.pending_rows = tx.pending, None, {}
    if event is None:
        return
    if tx.add_event is not None:
        tx.add_event(event, rows)
        return
    told: dict[str, Any] = {**event, "row_images": images_text(rows)}
    del told["events"], told["before"]
    told["hash"] = own = event_hash(told)
    told["store_hash"] = whole = store_hash(event["before"], event["id"], own)
    tx.put("ledger.add_event", **told)
    tx.put("ledger.set_head", event_id=event["id"], events=event["events"], hash=whole)


def row_key(key: Iterable[Cell]) -> str:
    """The key of a row as one text."""
    return "\x1f".join(map(str, key))


def images_text(rows: Rows) -> str:
    """The column `row_images`: a JSON list of `[table, [column ...], [[value ...] ...]]`.

    Columns that are NULL in all of the rows are left out, and derived ones. For rows that are gone the columns are
    null and the values are those of the key.
    """
    groups: dict[tuple[str, tuple[str, ...] | None], list[Row]] = {}
    for (table, key), (columns, row) in rows.items():
        shape = None if columns is None else tuple(columns)
        groups.setdefault((table, shape), []).append(key if shape is None else row)
    return jsonio.dumps([_group(table, shape, found) for (table, shape), found in groups.items()])


def _group(table: str, columns: tuple[str, ...] | None, rows: list[Row]) -> list[object]:
    if columns is None:
        return [table, None, rows]
    derived = DERIVED.get(table, ())
    used = [
        place
        for place, name in enumerate(columns)
        if name not in derived and any(row[place] is not None for row in rows)
    ]
    return [table, [columns[place] for place in used], [[row[place] for place in used] for row in rows]]


def images_in(text: str) -> Iterator[tuple[str, Row, dict[str, Cell] | None]]:
    """The rows that `images_text` wrote: table, key, and the columns that are not NULL, None for a row that is gone.

    Raises ValueError, TypeError, KeyError for another text.
    """
    for table, columns, rows in jsonio.loads(text):
        keys = KEYS.get(table, ())
        for row in rows:
            if columns is None:
                yield table, tuple(row), None
            else:
                image = {name: value for name, value in zip(columns, row, strict=True) if value is not None}
                yield table, tuple([image[name] for name in keys]), image
