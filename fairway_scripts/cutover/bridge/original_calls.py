"""Calling an original for what is handed on to the older scripts: once, and known by what it left.

Before it is started the keys of the task's rows in the old database are noted. What was cut off is known by a row that
has come since, or by the older side saying the same; what a text says never decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover.bridge import hand_on_rules as rules
from fairway_scripts.cutover.bridge.legacy_side import look
from fairway_scripts.cutover.bridge.legacy_tables import KIND
from fairway_scripts.cutover.door.engines import front_door, legacy_db_path
from fairway_scripts.cutover.door.lanes import NAMES
from fairway_scripts.cutover.door.originals import call_original
from fairway_scripts.cutover.mapping.row_identity import content_of
from fairway_scripts.programs.legacy_command import run_original
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fairway_scripts.cutover.bridge.legacy_side import LegacySide
    from fairway_scripts.cutover.cutover_shapes import Message
    from fairway_scripts.cutover.door.originals import OriginalCall
    from fairway_scripts.programs.legacy_command import Ended
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.legacy_types import Cells
    from fairway_scripts.store.rows import WriteBack

    Keys = Mapping[str, Sequence[str]]
    Found = dict[str, dict[str, tuple[str, Cells]]]

#: How long an original may take, in seconds.
LIMIT = 60.0
#: Which old table shows that a call has arrived.
_SHOWN_IN = {rules.STATUS: "history", rules.EVIDENCE: "evidence"}
#: Variables of ours that would steer an original.
_NOT_INHERITED = (
    *("TASK_ID", "ROLE", "OWNER", "STATUS", "BRANCH", "COMMIT", "REASON", "BLOCKED_REASON", "NOTE", "NOTES", "FORCE"),
    *("COMMAND_TEXT", "RESULT", "ARTIFACT_PATH", "ARTIFACT_TYPE", "DURATION_SECONDS", "JSON", "FORMAT", "PRETTY"),
    "FAIRWAY_ENGINE",
)


def hand_over(project: Project, row: WriteBack, lock: int) -> str:
    """Tell the older scripts what one pending row says, unless they know it; return "" when they have it now.

    Otherwise return why that could not be seen although the original ended with 0: it must not be called again then.
    `lock` is the descriptor of the lock, which the original inherits. Raises FairwayError when it did not get through
    and may be tried again: `not_found` (no original, no old database), `invalid_config` (no table is known for it),
    `command_failed` (the original refused), what reading the old database raises; OSError when it cannot be started.
    """
    task_id, kind = row["task_id"], row["kind"]
    message: Message = stored(row["payload"], dict, "payload")
    if kind not in rules.TOOLS:
        _finish(project, row, "records stay here", {})
        return ""
    noted: Keys = stored(row["keys_before"], dict, "keys_before")
    with look(project) as side:
        before = side.keys(task_id)
        if _has_status(side, task_id, message["status"]) or _has_news(kind, noted, before):
            _finish(project, row, None, _news(side, task_id, noted))
            return ""
    calls = _calls(project, row, message)
    with project.store.write() as tx:
        tx.run("write_backs.start", id=row["id"], at=clock.now(), keys_before=jsonio.dumps(before))
    refused = ""
    for call, extra in calls:
        ended = run_original(
            call.argv, extra, call.stdin, cwd=project.root, without=_NOT_INHERITED, seconds=LIMIT, lock=lock
        )
        with look(project) as side:
            after = side.keys(task_id)
            arrived = _has_status(side, task_id, message["status"]) or _has_news(kind, before, after)
            rows = _news(side, task_id, noted or before)
        refused = refused or _how_it_ended(call.argv, ended)
        if ended.exit_code in (0, None) or arrived:
            break
    if ended.exit_code != 0:
        raise FairwayError("command_failed", refused, suggest("lane-engine", DELIVER=True))
    if not arrived:
        return f"{call.argv[0]} ended with 0 and left no new row of {task_id} in the old database"
    _finish(project, row, None, rows)
    return ""


def is_settled(project: Project, row: WriteBack, now: str) -> bool:
    """Tell whether the older side says by now what it was to be told, or has the task in our status `now`.

    A database that cannot be read says nothing.
    """
    message: Message = stored(row["payload"], dict, "payload")
    try:
        with look(project) as side:
            statuses = [status for status in (message.get("status"), now) if status]
            return any(_has_status(side, row["task_id"], status) for status in statuses)
    except FairwayError:
        return False


def _has_status(side: LegacySide, task_id: str, status: str) -> bool:
    """Tell whether the older side has the task in the status that it is to be told; then it needs no evidence."""
    state = side.states([task_id]).get(task_id)
    return state is not None and state["status"] == status


def _has_news(kind: str, before: Keys, after: Keys) -> bool:
    """Tell whether the task has a row in the table that a call of this kind writes to, which was not there `before`."""
    name = _SHOWN_IN[kind]
    return name in before and bool(set(after.get(name, ())) - set(before[name]))


def _news(side: LegacySide, task_id: str, before: Keys) -> Found:
    """Return the rows of a task that came since `before`, as {kind of table: {key: (old table, row)}}."""
    return {
        name: {
            key: (side.table(name), entry)
            for key, entry in side.records(name, task_id).items()
            if key not in before[name]
        }
        for name in before
        if side.has(name)
    }


def _calls(project: Project, row: WriteBack, message: Message) -> list[tuple[OriginalCall, dict[str, str]]]:
    """Return the ways of saying it, each with what its environment needs: a refused one is followed by the next.

    Where each status has a word of its own that word may know nothing of who works on the task, and a claim another.
    """
    with project.store.read() as tx:
        event = None if row["event_id"] is None else tx.one("write_backs.event", event_id=row["event_id"])
    values = rules.variables(row["kind"], row["task_id"], message, event["hash"] if event else "")
    data, found, problem = front_door(project) or {}, [], None
    for tool, said in rules.ways(row["kind"], row["role"], values):
        try:
            call = call_original(data, tool, said, project.root)
        except FairwayError as untold:  # a value has no place there
            problem = problem or untold
            continue
        if call is not None:
            found.append(call)
        if call is None or "STATUS" not in call.entry.constants:
            break
    if not found:
        tool = rules.TOOLS[row["kind"]]
        none = FairwayError("not_found", f"there is no original for {tool} in {project.root}", suggest("lane-engine"))
        raise problem or none
    theirs = dict.fromkeys(NAMES, legacy_db_path(project))  # as the host's recipes may export it
    actor = {"ACTOR": event["actor"] if event else ""}
    return [(call, {**actor, **theirs, **call.environment}) for call in found]


def _how_it_ended(argv: list[str], ended: Ended) -> str:
    how = "took too long" if ended.exit_code is None else f"ended with {ended.exit_code}"
    output = f"\n{ended.output}" if ended.output else ""
    return f"{argv[0]} {how}{output}"


def _finish(project: Project, row: WriteBack, remark: str | None, rows: Found) -> None:
    """Note that it has arrived, together with the old rows that it left: they are known as ours."""
    now = clock.now()
    with project.store.write() as tx:
        for name, entries in rows.items():
            for key, (table, entry) in entries.items():
                tx.run(
                    "write_backs.list_row",
                    legacy_table=table,
                    legacy_key=key,
                    task_id=row["task_id"],
                    own_table=KIND[name].own_table,
                    content_hash=content_of(entry),
                    at=now,
                )
        tx.run("write_backs.close", id=row["id"], state="done", at=now, remark=remark)
