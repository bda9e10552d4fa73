"""Writing back through the scripts that were there before, each call made at most once.

Before an original is started, the keys of the task's rows in the old database are noted. A delivery that was cut off
is recognised by what has come since: then it is noted and not made again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts import clock, handover, jsonio
from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.operations.engines import front_door
from fairway_scripts.operations.legacy_side import TABLE_KINDS, content_hash, look
from fairway_scripts.rules import write_backs as rules
from fairway_scripts.store.stored_json import stored
from fairway_scripts.workspace.legacy_command import run_original

if TYPE_CHECKING:
    from fairway_scripts.operations.legacy_side import LegacySide
    from fairway_scripts.operations.project import Project

    Row = dict[str, Any]

#: How long an original may take, in seconds.
LIMIT = 60.0
#: Variables of ours that would steer an original.
_NOT_INHERITED = (
    *("TASK_ID", "ROLE", "OWNER", "STATUS", "BRANCH", "COMMIT", "REASON", "BLOCKED_REASON", "NOTE", "NOTES", "FORCE"),
    *("COMMAND_TEXT", "RESULT", "ARTIFACT_PATH", "ARTIFACT_TYPE", "DURATION_SECONDS", "COMMANDS", "RESULTS"),
    *(
        "CHANGED_FILES",
        "RISKS",
        "BLOCKERS",
        "NEXT_STEP",
        "TO_ROLE",
        "REVIEWER",
        "REVIEWER_ROLE",
        "JSON",
        "FORMAT",
        "PRETTY",
    ),
    *("FAIRWAY_ENGINE",),
)


def deliver_command(project: Project, row: Row, lock: int) -> None:
    """Deliver one write-back through its original, unless the legacy side has it already, and note it.

    `lock` is the descriptor of the delivery lock, which the original inherits. Raises FairwayError: `not_found` (no
    original, no old database), `invalid_config` (no table is known for it), `launch_failed` (the original refused),
    and what reading the old database raises; OSError when the original cannot be started.
    """
    told = _told(project, row)
    if told is None:
        _finish(project, row, "withdrawn before it was delivered", {})
        return
    with look(project) as side:
        before = side.keys(row["task_id"])
        arrived = _arrived(project, side, row, told, _noted(row))
    if not arrived["done"]:
        argv, extra = _call(project, row, told)
        with project.store.write() as tx:
            tx.run("write_backs.start", id=row["id"], at=clock.now(), keys_before=jsonio.dumps(before))
        ended = run_original(argv, extra, cwd=project.root, without=_NOT_INHERITED, seconds=LIMIT, lock=lock)
        with look(project) as side:
            arrived = _arrived(project, side, row, told, _noted(row) or before)
        if not arrived["done"]:
            raise FairwayError(
                "launch_failed", _said(argv, ended, arrived["why"]), suggest("lane-engine", DELIVER=True)
            )
    _finish(project, row, None, arrived["rows"])


def original_of(project: Project, kind: str) -> bool:
    """Whether the host still has an original that takes write-backs of a kind."""
    data = front_door(project) or {"schema": "front-door/1"}
    return handover.legacy_call(data, rules.TOOLS[kind], {"TASK_ID": "X"}, project.root) is not None


def _told(project: Project, row: Row) -> Row | None:
    """The state or record that is to be delivered with `actor`, None for a record that was withdrawn meanwhile."""
    payload: Row = stored(row["payload"], dict, "payload")
    with project.store.read() as tx:
        event = tx.one("write_backs.event", event_id=row["event_id"])
        if row["kind"] == rules.STATE:
            return {**payload, "actor": event["actor"] if event else ""}
        record = tx.one(f"write_backs.{row['kind']}", row_id=payload["row_id"])
    if record is None or record["withdrawn_at"]:
        return None
    return {**record, "actor": record["recorded_by"]}


def _noted(row: Row) -> Row:
    """The keys that were there when the first try began, {} before one began."""
    found: Row = stored(row["keys_before"], dict, "keys_before")
    return found


def _arrived(project: Project, side: LegacySide, row: Row, told: Row, before: Row) -> Row:
    """Whether the legacy side has what was to be delivered: `{done, why, rows}`.

    `rows` are its new rows that are ours, as {table: {key: (row, own table, own key)}}. Of records only a row counts
    that was not there before the first try and that nothing else of ours is known by.
    """
    task_id, kind = row["task_id"], row["kind"]
    with project.store.read() as tx:
        listed = {
            (entry["legacy_table"], entry["legacy_key"]) for entry in tx.all("write_backs.listed_keys", task_id=task_id)
        }
    found: Row = {"done": False, "why": "", "rows": {}}
    new = {
        name: {
            key: entry
            for key, entry in side.records(name, task_id).items()
            if before and key not in before.get(name, ()) and (side.table(name), key) not in listed
        }
        for name in ("history", *TABLE_KINDS.values())
        if side.has(name)
    }
    if kind == rules.STATE:
        differing = rules.differences(told, side.states([task_id]).get(task_id))
        found["done"], found["why"] = not differing, "; ".join(differing)
    else:
        table = TABLE_KINDS[kind]
        if not side.has(table):
            side.table(table)  # says which table is missing
        same = [key for key, entry in new[table].items() if rules.is_same_record(kind, told, entry)]
        found["done"], found["why"] = bool(same), f"the old database got no such {kind}"
        if same:
            own = (rules.TABLE_OF[kind], str(told["id"]))
            found["rows"][side.table(table)] = {same[0]: (new[table][same[0]], *own)}
    for key, entry in new.get("history", {}).items():
        found["rows"].setdefault(side.table("history"), {})[key] = (entry, "task_state_history", None)
    return found


def _call(project: Project, row: Row, told: Row) -> tuple[list[str], dict[str, str]]:
    blocked = ""
    if row["kind"] == rules.STATE and told["status"] == "blocked":
        blocked = told["reason"] or "blocked"
    values = rules.variables(row["kind"], row["task_id"], told, blocked=blocked)
    tool = rules.TOOLS[row["kind"]]
    call = handover.legacy_call(front_door(project) or {"schema": "front-door/1"}, tool, values, project.root)
    if call is None:
        raise FairwayError("not_found", f"there is no original for {tool} in {project.root}", suggest("lane-engine"))
    argv, extra = call
    return argv, {"ACTOR": told["actor"], **extra, **handover.STAY_LEGACY}


def _said(argv: list[str], ended: Any, why: str) -> str:
    how = "took too long" if ended.exit_code is None else f"ended with {ended.exit_code}"
    said = f"\n{ended.output}" if ended.output else ""
    return f"{argv[0]} {how}: {why}{said}"


def _finish(project: Project, row: Row, remark: str | None, rows: Row) -> None:
    """Note a delivery together with the old rows that it left."""
    now = clock.now()
    with project.store.write() as tx:
        for table, entries in rows.items():
            for key, (entry, own_table, own_key) in entries.items():
                tx.run(
                    "write_backs.list_row",
                    legacy_table=table,
                    legacy_key=key,
                    task_id=row["task_id"],
                    own_table=own_table,
                    own_key=own_key,
                    content_hash=content_hash(entry),
                    at=now,
                )
        tx.run("write_backs.finish", id=row["id"], at=now, remark=remark)
