"""Windows of long lists: the rows after or before a key, so that a screenful costs what a screenful holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.board.event_summaries import summary_of
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from typing import Literal

    from fairway_scripts.project.project import Project

    Row = dict[str, Any]

_TASK_KEY = {"role": "", "priority": 0, "sequence": 0, "task_id": ""}


def task_window(project: Project, found: Row, *, key: Row | None, rows: int, back: bool = False) -> list[Row]:
    """At most `rows` tasks after `key` (a row of an earlier window; None: from the start), with `back` those before it.

    In the order lane, priority, sequence, id, whichever way they were asked for. `found` says which tasks: `lane`,
    `status`, `owner`, `words` (in the id or the title, whatever the case), `finished` (also those in a final status);
    what is left out or "" filters nothing. A row has id, lane, status, owner, priority, title, ready (bool),
    open_blockers, status_since.
    """
    place: Row = _TASK_KEY
    if key is not None:
        place = {
            "role": key["lane"],
            "priority": key["sort_priority"],
            "sequence": key["sort_sequence"],
            "task_id": key["id"],
        }
    with project.store.read() as tx:
        name: Literal["windows.tasks_before", "windows.tasks_after"]
        name = "windows.tasks_before" if back else "windows.tasks_after"
        tasks = tx.all(name, **_asked(found), **place, begun=int(key is not None), rows=rows)
    for task in tasks:
        task["ready"] = bool(task["ready"])
    return tasks[::-1] if back else tasks


def task_count(project: Project, found: Row) -> int:
    """How many tasks all windows of `found` have together."""
    with project.store.read() as tx:
        return tx.value("windows.tasks_count", **_asked(found))


def event_window(project: Project, found: Row, *, key: Row | None, rows: int, back: bool = False) -> list[Row]:
    """At most `rows` events that are older than `key`, with `back` those that are newer; newest first either way.

    `found` says which: `lane`, `actor`, `kind`, `words` (in the task, the kind or the actor). A row has id, at, actor,
    tool, task_id, lane, kind, payload (an object), summary (one line).
    """
    with project.store.read() as tx:
        name: Literal["windows.events_newer", "windows.events_older"]
        name = "windows.events_newer" if back else "windows.events_older"
        place = key["id"] if key is not None else 0
        events = tx.all(name, **_told(found), event_id=place, begun=int(key is not None), rows=rows)
    for event in events:
        event["payload"] = stored(event["payload"], dict, "payload")
        event["summary"] = summary_of(event)
    return events[::-1] if back else events


def event_count(project: Project, found: Row) -> int:
    """How many events all windows of `found` have together."""
    with project.store.read() as tx:
        return tx.value("windows.events_count", **_told(found))


def _asked(found: Row) -> Row:
    names = ("lane", "status", "owner")
    return {
        **{name: found.get(name, "") for name in names},
        "words": str(found.get("words", "")).lower(),
        "finished": int(bool(found.get("finished"))),
    }


def _told(found: Row) -> Row:
    names = ("lane", "actor", "kind")
    return {**{name: found.get(name, "") for name in names}, "words": str(found.get("words", "")).lower()}
