"""Calling an original for what is handed on to the older scripts: once, and known by what it left.

Before it is started the keys of the task's rows in the old database are noted. What was cut off is known by a row that
has come since, or by the older side saying the same; what a text says never decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover.bridge import hand_on_rules as rules
from fairway_scripts.cutover.bridge.legacy_side import look
from fairway_scripts.cutover.bridge.legacy_tables import KIND
from fairway_scripts.cutover.door.engines import front_door
from fairway_scripts.cutover.door.originals import call_original
from fairway_scripts.cutover.mapping.row_identity import content_of
from fairway_scripts.programs.legacy_command import run_original
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.cutover.bridge.legacy_side import LegacySide
    from fairway_scripts.cutover.door.originals import OriginalCall
    from fairway_scripts.project.project import Project

    Row = dict[str, Any]

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


def hand_over(project: Project, row: Row, lock: int) -> str:
    """Tell the older scripts what one pending row says, unless they know it; "" when they have it now.

    Otherwise why that could not be seen although the original ended with 0: it must not be called again then. `lock`
    is the descriptor of the lock, which the original inherits. Raises FairwayError when it did not get through and may
    be tried again: `not_found` (no original, no old database), `invalid_config` (no table is known for it),
    `command_failed` (the original refused), what reading the old database raises; OSError when it cannot be started.
    """
    task_id, kind = row["task_id"], row["kind"]
    payload: Row = stored(row["payload"], dict, "payload")
    if kind not in rules.TOOLS:
        _finish(project, row, "records stay here", {})
        return ""
    noted: Row = stored(row["keys_before"], dict, "keys_before")
    with look(project) as side:
        before = side.keys(task_id)
        if _says_so(side, row, payload) or _has_news(kind, noted, before):
            _finish(project, row, None, _news(side, task_id, noted))
            return ""
    call, extra = _call(project, row, payload)
    with project.store.write() as tx:
        tx.run("write_backs.start", id=row["id"], at=clock.now(), keys_before=jsonio.dumps(before))
    ended = run_original(
        call.argv, extra, call.stdin, cwd=project.root, without=_NOT_INHERITED, seconds=LIMIT, lock=lock
    )
    with look(project) as side:
        after = side.keys(task_id)
        arrived = _says_so(side, row, payload) or _has_news(kind, before, after)
        rows = _news(side, task_id, noted or before)
    if ended.exit_code != 0:
        raise FairwayError("command_failed", _said(call.argv, ended), suggest("lane-engine", DELIVER=True))
    if not arrived:
        return f"{call.argv[0]} ended with 0 and left no new row of {task_id} in the old database"
    _finish(project, row, None, rows)
    return ""


def is_settled(project: Project, row: Row, now: str) -> bool:
    """Whether the older side says by now what it was to be told, or that the task is in the status `now` of our side.

    A database that cannot be read says nothing.
    """
    told: Row = stored(row["payload"], dict, "payload")
    try:
        with look(project) as side:
            return any(_says_so(side, row, {"status": status}) for status in (told.get("status"), now) if status)
    except FairwayError:
        return False


def _says_so(side: LegacySide, row: Row, payload: Row) -> bool:
    """Whether the older side has the task in the status that it is to be told; then no evidence is needed either."""
    state = side.states([row["task_id"]]).get(row["task_id"])
    return state is not None and state["status"] == payload["status"]


def _has_news(kind: str, before: Row, after: Row) -> bool:
    """Whether the task has a row in the table that a call of this kind writes to, which was not there `before`."""
    name = _SHOWN_IN[kind]
    return name in before and bool(set(after.get(name, ())) - set(before[name]))


def _news(side: LegacySide, task_id: str, before: Row) -> dict[str, Row]:
    """The rows of a task that came since `before`, as {kind of table: {key: (old table, row)}}."""
    return {
        name: {
            key: (side.table(name), entry)
            for key, entry in side.records(name, task_id).items()
            if key not in before[name]
        }
        for name in before
        if side.has(name)
    }


def _call(project: Project, row: Row, payload: Row) -> tuple[OriginalCall, dict[str, str]]:
    tool = rules.TOOLS[row["kind"]]
    with project.store.read() as tx:
        event = tx.one("write_backs.event", event_id=row["event_id"]) or {}
    values = rules.variables(row["kind"], row["task_id"], payload, str(event.get("hash") or ""))
    call = call_original(front_door(project) or {}, tool, values, project.root)
    if call is None:
        raise FairwayError("not_found", f"there is no original for {tool} in {project.root}", suggest("lane-engine"))
    return call, {"ACTOR": str(event.get("actor") or ""), **call.environment}


def _said(argv: list[str], ended: Any) -> str:
    how = "took too long" if ended.exit_code is None else f"ended with {ended.exit_code}"
    said = f"\n{ended.output}" if ended.output else ""
    return f"{argv[0]} {how}{said}"


def _finish(project: Project, row: Row, remark: str | None, rows: dict[str, Row]) -> None:
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
