"""Windows of long lists: the rows after or before a key, so that a screenful costs what a screenful holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.board.event_summaries import summary_of
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from typing import Literal

    from fairway_scripts.board.board_shapes import EventValues, Found, TaskValues, WindowEvent
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import WindowsEventsOlder, WindowsTasksAfter


def task_window(
    project: Project, found: Found, *, key: WindowsTasksAfter | None, rows: int, back: bool = False
) -> list[WindowsTasksAfter]:
    """At most `rows` tasks after `key` (a row of an earlier window; None: from the start), with `back` those before it.

    In the order lane, priority, sequence, id, whichever way they were asked for. `found` says which tasks: `lane`,
    `status`, `owner`, `words` (in the id or the title, whatever the case), `finished` (also those in a final status);
    what is left out or "" filters nothing. A row has id, lane, status, owner, priority, title, ready (bool),
    open_blockers, status_since.
    """
    with project.store.read() as tx:
        name: Literal["windows.tasks_before", "windows.tasks_after"]
        name = "windows.tasks_before" if back else "windows.tasks_after"
        tasks = tx.all(
            name,
            **_asked(found),
            role=key["lane"] if key else "",
            priority=key["sort_priority"] if key else 0,
            sequence=key["sort_sequence"] if key else 0,
            task_id=key["id"] if key else "",
            begun=int(key is not None),
            rows=rows,
        )
    for task in tasks:
        task["ready"] = bool(task["ready"])
    return tasks[::-1] if back else tasks


def task_count(project: Project, found: Found) -> int:
    """How many tasks all windows of `found` have together."""
    with project.store.read() as tx:
        return tx.value("windows.tasks_count", **_asked(found))


def event_window(
    project: Project, found: Found, *, key: WindowEvent | None, rows: int, back: bool = False
) -> list[WindowEvent]:
    """At most `rows` events that are older than `key`, with `back` those that are newer; newest first either way.

    `found` says which: `lane`, `actor`, `kind`, `words` (in the task, the kind or the actor). A row has id, at, actor,
    tool, task_id, lane, kind, payload (an object), summary (one line).
    """
    with project.store.read() as tx:
        name: Literal["windows.events_newer", "windows.events_older"]
        name = "windows.events_newer" if back else "windows.events_older"
        place = key["id"] if key is not None else 0
        events = tx.all(name, **_told(found), event_id=place, begun=int(key is not None), rows=rows)
    return [_happened(event) for event in (events[::-1] if back else events)]


def event_count(project: Project, found: Found) -> int:
    """How many events all windows of `found` have together."""
    with project.store.read() as tx:
        return tx.value("windows.events_count", **_told(found))


def _happened(event: WindowsEventsOlder) -> WindowEvent:
    payload: dict[str, object] = stored(event["payload"], dict, "payload")
    return {**event, "payload": payload, "summary": summary_of(payload, event["reverts"])}


def _asked(found: Found) -> TaskValues:
    return {
        "lane": found.get("lane", ""),
        "status": found.get("status", ""),
        "owner": found.get("owner", ""),
        "words": found.get("words", "").lower(),
        "finished": int(found.get("finished", False)),
    }


def _told(found: Found) -> EventValues:
    return {
        "lane": found.get("lane", ""),
        "actor": found.get("actor", ""),
        "kind": found.get("kind", ""),
        "words": found.get("words", "").lower(),
    }
