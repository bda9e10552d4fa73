"""Taking in the state of tasks from the old database, with the transitions that led to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.cutover.bridge.legacy_rows import PROVENANCE, UNKNOWN, own_row
from fairway_scripts.cutover.bridge.legacy_state import CHANGED, NEW, SAME, Policy, Target, is_same_place, wanted_state
from fairway_scripts.cutover.bridge.legacy_steps import KIND, TaskInStep
from fairway_scripts.cutover.bridge.legacy_values import read_row
from fairway_scripts.project.ledger import append_event
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.claims import claimed_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.cutover.bridge.legacy_known import KnownRow
    from fairway_scripts.cutover.bridge.legacy_scope import Scope
    from fairway_scripts.cutover.bridge.legacy_steps import Link
    from fairway_scripts.store.legacy_types import Cells

    #: by tasks the new rows of their histories: (key, row of ours, content hash)
    Transitions = dict[str, list[tuple[str, Link, str]]]

#: With more tasks than this, what is ready is recomputed once for all of them.
_MANY = 200
_SEVERAL = "its task has several rows: leave out those that are not its state, or read a view that does"


def take_in_tasks(scope: Scope) -> list[str]:
    """Bring state and history of the tasks in step, and write one event a changed task; return those that changed."""
    transitions = _transitions(scope)
    targets = _targets(scope, transitions)
    initial = settings_of.initial_status(scope.project.settings)
    moved = []
    for task_id in dict.fromkeys([*transitions, *targets, *scope.changes]):
        if not task_id:
            continue
        before = scope.states[task_id]
        after = TaskInStep(scope, before, transitions.get(task_id, []), targets.get(task_id)).bring_in_step()
        if after["status"] != before["status"] or after["terminal"] != before["terminal"]:
            moved.append(task_id)
    for task_id in moved if len(moved) <= _MANY else ():
        scope.tx.run("tasks.refresh_task", task_id=task_id, initial=initial)
    if len(moved) > _MANY:
        scope.tx.run("tasks.refresh_blockers_everywhere")
        scope.tx.run("tasks.refresh_ready_everywhere", initial=initial)
    _record_rest(scope)
    return [task_id for task_id in scope.changes if task_id]


def _transitions(scope: Scope) -> Transitions:
    """Read the new transitions of each task, in the order of their keys."""
    found: Transitions = {}
    if "history" not in scope.kinds:
        return found
    entry, tally = scope.kinds["history"], scope.tallies["history"]
    for key, row, content, known in scope.rows("history"):
        task_id = str(row[entry["columns"]["task_id"]] or "")
        why = scope.why_not(task_id) or ("it was changed after it was taken in" if known else "")
        try:
            own, remarks = own_row("history", entry["columns"], row, "", scope.context)
        except ValueError as problem:
            own, remarks, why = {}, [], why or str(problem)
        if why:
            tally.leave(why, f"{key} ({task_id})")
            continue
        link = {name: None if cell is None else str(cell) for name, cell in own.items()}
        found.setdefault(task_id, []).append((key, link, content))
        for remark in remarks:
            tally.remark(remark, key)
    if not entry["increasing"]:
        for rows in found.values():
            rows.sort(key=lambda item: item[1]["at"] or "")
    if found:
        _leave_out_echoes(scope, found)
    return found


def _leave_out_echoes(scope: Scope, found: Transitions) -> None:
    """Take the transitions out that the old side wrote when it was told of ours, before its history was known here.

    They are noted as our own. Each call that was handed on stands for one of them at the most, in their order.
    """
    tally = scope.tallies["history"]
    for message in scope.tx.all("write_backs.unseen"):
        status, task_id = stored(message["payload"], dict, "payload").get("status"), message["task_id"]
        rows = found.get(task_id, [])
        place = next((place for place, (_key, own, _content) in enumerate(rows) if own["to_status"] == status), None)
        if place is None:
            continue
        key, _own, content = rows.pop(place)
        scope.tx.run(
            "write_backs.list_row",
            legacy_table=tally.table,
            legacy_key=key,
            task_id=task_id,
            content_hash=content,
            own_table="task_state_history",
            at=scope.at,
        )
        seen = {**stored(message["keys_before"], dict, "keys_before"), "history": [key]}
        scope.tx.run("write_backs.note_keys", id=message["id"], keys=jsonio.dumps(seen))
        tally.known += 1
        if not rows:
            del found[task_id]


def _targets(scope: Scope, transitions: Transitions) -> dict[str, Target]:
    """Return the state that each task is to have by the old database.

    That of a task whose old row is known as it is too, when there are new transitions (they must not lead away from
    it) or when ours has moved in a lane that the old scripts answer.
    """
    found: dict[str, Target] = {}
    for kind in ("state", "archive"):
        if kind in scope.kinds and (transitions or not scope.is_as_it_was(kind)):
            _targets_of(scope, kind, transitions, found)
    return found


def _targets_of(scope: Scope, kind: str, transitions: Transitions, found: dict[str, Target]) -> None:
    """Add the states of one table; what an archive holds is finished unless it says otherwise."""
    entry, tally = scope.kinds[kind], scope.tallies[kind]
    for key, task_id, row, content, known in _single_rows(scope, kind, transitions, found):
        if known is not None and known.content_hash == content:
            read = _known_state(scope, kind, task_id, row, has_news=task_id in transitions)
            if read is not None:
                found.setdefault(task_id, Target(kind, key, read, content, SAME))
            continue
        read, unreadable = _read_state(scope, kind, row)
        why = scope.why_not(task_id)
        if task_id in found and kind == "archive":
            why = why or f"its task is in {scope.tallies['state'].table} too"
        if not why and read["status"] is None:
            given = str(row[entry["columns"]["status"]] or "")
            why = f"its status {given!r} is none of {', '.join(scope.context.statuses)}"
            for step, _own, _content in transitions.pop(task_id, ()):  # they lead to where nobody knows
                what = f"{step} ({task_id})"
                scope.tallies["history"].leave("it leads to a status that is not known", what, for_now=True)
        if why:
            tally.leave(why, task_id or key)
            continue
        _read_review_status(scope, kind, read, task_id)
        for what in unreadable:
            tally.remark(f"cannot be read: {what}", task_id)
            scope.change_of(task_id).setdefault("unreadable", []).append(what)
        found[task_id] = Target(kind, key, read, content, NEW if known is None else CHANGED)


def _single_rows(
    scope: Scope, kind: str, transitions: Transitions, found: dict[str, Target]
) -> Iterator[tuple[str, str, Cells, str, KnownRow | None]]:
    """Yield the rows of a table of states, each with its task, as `Scope.rows` gives them.

    A task of which there are several is taken out of `found` and `transitions` and told: nobody knows which is right.
    """
    entry, tally = scope.kinds[kind], scope.tallies[kind]
    seen: set[str] = set()
    for key, row, content, known in scope.rows(kind, known_too=True):
        task_id = str(row[entry["columns"]["task_id"]] or "")
        if task_id not in seen:
            seen.add(task_id)
            yield key, task_id, row, content, known
            continue
        if known is None or known.content_hash != content:
            tally.leave(_SEVERAL, task_id)
        if task_id in found and found[task_id].kind == kind:
            if found.pop(task_id).news != SAME:
                tally.leave(_SEVERAL, task_id)
            for step, _own, _content in transitions.pop(task_id, ()):
                scope.tallies["history"].leave("its task has several states", f"{step} ({task_id})", for_now=True)


def _read_review_status(scope: Scope, kind: str, read: Cells, task_id: str) -> None:
    """Put our word for the status of the review into what was read, None for one that stands for none of ours."""
    given = read.get("review_status")
    if given is not None:
        read["review_status"] = scope.context.word("review_status", str(given))
        if read["review_status"] is None:
            scope.tallies[kind].remark(f"review_status {given!r} is none of ours: left as it was", task_id)


def _read_state(scope: Scope, kind: str, row: Cells) -> tuple[Cells, list[str]]:
    """Return a read row with our word for its status, and what could not be read.

    An archive without statuses holds finished tasks. Who last held a task that waits again does not own it.
    """
    entry, settings = scope.kinds[kind], scope.project.settings
    read, unreadable = read_row(kind, entry["columns"], row)
    is_bare = kind == "archive" and not read.get("status")
    given = settings["states"]["terminal"][0] if is_bare else str(read["status"] or "")
    read["status"] = scope.context.word("status", given)
    is_beside = entry["columns"].get("owner", "") in scope.source.shapes.lists(entry["table"])
    if is_beside and not read.get("claimant") and read["status"] == settings_of.initial_status(settings):
        read["owner"] = ""
    return read, unreadable


def _known_state(scope: Scope, kind: str, task_id: str, row: Cells, *, has_news: bool) -> Cells | None:
    """Return the read row of a task whose old row did not change, when there is a reason to look at it; else None."""
    if not has_news and not (scope.engines and scope.full and not scope.why_not(task_id)):
        return None
    read, _unreadable = _read_state(scope, kind, row)
    if read["status"] is None:
        return None
    read["review_status"] = None
    before = scope.states[task_id]
    policy = Policy(scope.project.settings, claimed_status(scope.project))
    after = wanted_state(before, read, before["updated_at"], policy)
    return read if has_news or not is_same_place(after, before) else None


def _record_rest(scope: Scope) -> None:
    """One event for what belongs to no task: sessions and checkpoints."""
    change = scope.changes.get("")
    if change:
        payload = {**change, "database": scope.project.show(scope.source.path)}
        who = PROVENANCE + UNKNOWN if scope.mirror else ""
        append_event(scope.project, scope.tx, KIND, "", payload, at=scope.at, actor=who)
