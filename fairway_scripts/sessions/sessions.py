"""Sessions: provider attachments to a lane, which may be replaced at any time without losing work."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts.base import paths
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_call
from fairway_scripts.base.identity import SESSION_VARIABLE, clean_name
from fairway_scripts.base.words import sessions as rules
from fairway_scripts.git import references
from fairway_scripts.programs.processes import host_name, liveness, start_mark
from fairway_scripts.project.changes import Change, find_state
from fairway_scripts.project.lane_choice import chosen_lane, known_lane, worktree_root
from fairway_scripts.sessions.session_entries import EMPTY, PLAIN

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionEnd, SessionHeartbeat, SessionUpsert
    from fairway_scripts.project.project import Project
    from fairway_scripts.sessions.terminal_protocol import Terminal
    from fairway_scripts.store.contract import Transaction

    Row = dict[str, Any]


def live_sessions(tx: Transaction, lane: str = "") -> list[Row]:
    """The sessions that have not ended, of one lane or of all, by lane, the newest first."""
    return tx.all("sessions.list", everything=0, lane=lane, task_id="")


def find_session(tx: Transaction, session_id: str) -> Row:
    """One session; raises FairwayError `not_found`."""
    row = tx.one("sessions.session", session_id=session_id)
    if row is None:
        raise FairwayError(
            "not_found",
            f"there is no session {session_id}",
            suggest("session-status", ALL=True),
            session_id=session_id,
        )
    return row


def with_liveness(rows: list[Row]) -> list[Row]:
    """The rows, each with `process`: `alive`, `dead`, `elsewhere` or `unknown`. No program is run on Linux."""
    return [{**row, "process": liveness(row["pid"], row["pid_started_at"], row["host"])} for row in rows]


def session_status(project: Project, *, lane: str = "", task_id: str = "", everything: bool = False) -> Row:
    """`{sessions: [...], total}`: the live sessions, or with `everything` also those that have ended.

    Raises FairwayError `not_found` for a `task_id` that is no task.
    """
    with project.store.read() as tx:
        if task_id:
            find_state(tx, task_id)
        rows = tx.all("sessions.list", everything=int(everything), lane=lane, task_id=task_id)
    return {"sessions": with_liveness(rows), "total": len(rows)}


def named_session(args: SessionEnd | SessionHeartbeat) -> str:
    """The session that a call means: SESSION_ID, else FAIRWAY_SESSION_ID; raises FairwayError `usage`."""
    found = str(args.session_id or os.environ.get(SESSION_VARIABLE, "")).strip()
    if not found:
        raise FairwayError(
            "usage",
            f"SESSION_ID is required: {SESSION_VARIABLE} is not set either",
            suggest("session-status"),
        )
    return found


def upsert_session(project: Project, args: SessionUpsert, *, pid: int | None) -> Row:
    """Register a session, or change what the call names of one that is known; everything else is kept.

    A new session needs a lane; backend, provider, worktree and branch come from the configuration where the call
    names none. A process on this host has to run, and is kept with its start. A session that has ended comes back
    only with STATUS=running. Returns the session with `created`. Raises FairwayError `usage`, `not_found`.
    """
    given = _given(project, args, pid)
    with Change(project, args) as change:
        if change.answer is not None:
            return change.answer
        session_id = args.session_id or os.environ.get(SESSION_VARIABLE, "")
        before = change.tx.one("sessions.session", session_id=session_id) if session_id else None
        if args.task_id:
            _note_other_lane(change, args.task_id, given.get("lane") or (before or {}).get("lane", ""))
        if before is None:
            session_id = rules.checked_id(session_id) if session_id else ""
            row = add_session(change, _new(project, session_id, given))
            return change.finish({**row, "created": True})
        after = _changed(change, before, given)
        write_session(change, before, after, "session_updated")
        return change.finish({**after, "created": False})


def heartbeat(project: Project, args: SessionHeartbeat) -> Row:
    """A sign of life of a session; one that was taken for stale runs again.

    Returns `{session_id, lane, status, last_heartbeat_at, revived}`. Raises FairwayError `not_found`, and
    `invalid_transition` for a session that has ended.
    """
    session_id = named_session(args)
    with Change(project, args) as change:
        if change.answer is not None:
            return change.answer
        before = find_session(change.tx, session_id)
        if before["status"] in ("ended", "failed"):
            raise FairwayError(
                "invalid_transition",
                f"session {session_id} {before['status']} at {before['ended_at']}",
                suggest("session-upsert", SESSION_ID=session_id, STATUS="running"),
                session_id=session_id,
            )
        revived = before["status"] == "stale"
        after = {**before, "last_heartbeat_at": change.at, **(_REVIVED if revived else {})}
        if revived:
            write_session(change, before, after, "session_revived")
        else:  # like a lease, a heartbeat is no event: it says nothing but "still here"
            change.tx.run("sessions.update", **_columns({**after, "updated_at": change.at}))
        names = ("session_id", "lane", "task_id", "status", "last_heartbeat_at")
        return change.finish({**{name: after[name] for name in names}, "revived": revived})


def end_session(project: Project, args: SessionEnd, *, exit_code: int | None) -> Row:
    """Record that a session ended. Of one that has ended before, the first end stays, and that is no error.

    With STOP what the backend started is ended too, if it is still the same; recorded first, so that this end is the
    one that stays. Returns the session with `already` and `stopped`. Raises FairwayError `not_found`, `usage`.
    """
    session_id = named_session(args)
    status = rules.end_status(args.status, exit_code)
    stopping = _backends() if args.stop else {}
    with Change(project, args) as change:
        if change.answer is not None:
            return change.answer
        before = find_session(change.tx, session_id)
        if before["status"] in ("ended", "failed") or (before["status"] == "stale" and status == "stale"):
            ended = change.finish({**before, "already": True})
        else:
            after = mark_ended(change, before, status, args.reason or "normal", exit_code)
            ended = change.finish({**after, "already": False})
    return {**ended, "stopped": ended["backend"] in stopping and stopping[ended["backend"]].end(ended)}


def add_session(change: Change, row: Row) -> Row:
    """Add a session with its event; a missing id is made up. Returns the row as it is kept."""
    ever = change.tx.all("sessions.list", everything=1, lane=row["lane"], task_id="")
    taken = {entry["session_id"] for entry in ever}
    whole = {
        **row,
        "session_id": row["session_id"] or rules.new_id(row["backend"], row["lane"], change.at, taken),
        "started_at": change.at,
        "last_heartbeat_at": change.at,
        "registered_by": change.project.identity.actor,
        "updated_at": change.at,
    }
    change.tx.run("sessions.add", **_columns(whole))
    told = {name: value for name, value in whole.items() if value is not None and name not in _TIMES}
    change.record("session_registered", "", told)
    return whole


def write_session(change: Change, before: Row, after: Row, kind: str, reason: str = "") -> None:
    """Write a changed session with its event, which keeps what changed as `[before, after]`."""
    change.tx.run("sessions.update", **_columns({**after, "updated_at": change.at}))
    payload: Row = {"session_id": after["session_id"], "changed": rules.differing(before, after)}
    change.record(kind, "", {**payload, **({"reason": reason} if reason else {})})


def mark_ended(change: Change, before: Row, status: str, reason: str, exit_code: int | None) -> Row:
    """End a session as `status` (ended, failed, stale) with its event; returns it as it is then."""
    after = {**before, "status": status, "ended_at": change.at, "end_reason": reason, "exit_code": exit_code}
    write_session(change, before, after, "session_ended", reason)
    return after


_TIMES = ("started_at", "last_heartbeat_at", "updated_at", "registered_by")
_REVIVED = {"status": "running", "ended_at": None, "end_reason": None, "exit_code": None}


def _backends() -> dict[str, Terminal]:
    from fairway_scripts.sessions.terminals import backends  # plumbum is slow to load, and most ends stop nothing

    return backends()


def _columns(row: Row) -> Row:
    return {name: row[name] for name in EMPTY}


def _given(project: Project, args: SessionUpsert, pid: int | None) -> Row:
    """What the call names, as entries of a session."""
    given: Row = {entry: getattr(args, name) for name, entry in PLAIN.items() if getattr(args, name)}
    for value in given.values():
        clean_name(value, "a session's entry")
    if args.role:
        given["lane"] = known_lane(project, args.role)
    if args.backend:
        given["backend"] = rules.checked_backend(args.backend)
    if args.task_id:
        given["task_id"] = args.task_id
    if args.status:
        given["status"] = rules.checked_live_status(args.status)
    for name in ("worktree", "transcript_path"):
        if getattr(args, name):
            given["worktree_path" if name == "worktree" else name] = os.path.realpath(getattr(args, name))
    given.update(_process(args.host, pid))
    given.update(dict.fromkeys(rules.cleared(args.clear)))
    if "pid" in given and given["pid"] is None:
        given["pid_started_at"] = None
    return given


def _process(host: str, pid: int | None) -> Row:
    """The entries of a process: one on this host has to run, of one elsewhere nothing can be seen."""
    if pid is None:
        return {"host": clean_name(host, "HOST")} if host else {}
    if host and host != host_name():
        return {"host": clean_name(host, "HOST"), "pid": pid, "pid_started_at": None}
    mark = start_mark(pid)
    if not mark:
        raise FairwayError(
            "not_found",
            f"no process {pid} runs on {host_name()}",
            suggest_call(PID=""),
            pid=pid,
        )
    return {"host": host_name(), "pid": pid, "pid_started_at": mark}


def _note_other_lane(change: Change, task_id: str, lane: str) -> None:
    state = change.state(task_id)
    if lane and state["role"] != lane:
        change.project.notes.append(f"{task_id} belongs to lane {state['role']}, the session to {lane}")


def _new(project: Project, session_id: str, given: Row) -> Row:
    lane = given.get("lane") or chosen_lane(project, "")
    if not lane:
        raise FairwayError(
            "usage",
            "ROLE is required for a new session: nothing here tells which lane is meant",
            suggest("session-upsert", ROLE=None),
        )
    return {**EMPTY, "session_id": session_id, **lane_entries(project, lane, given.get("worktree_path")), **given}


def lane_entries(project: Project, lane: str, worktree: str | None = None) -> Row:
    """What the configuration and the disk say of a lane's sessions: lane, backend, provider, worktree, branch, host."""
    path = worktree or settings_of.worktree_path(project.settings, lane, project.root, worktree_root())
    if worktree is None and not os.path.isdir(path):
        path = project.worktree
    repository = paths.find_repository(path) if os.path.isdir(path) else None
    return {
        "lane": lane,
        "backend": project.settings["sessions"]["default_backend"],
        "provider": settings_of.lane_provider(project.settings, lane) or None,
        "worktree_path": os.path.realpath(path),
        "branch": references.head_branch(repository) if repository else None,
        "host": host_name(),
    }


def _changed(change: Change, before: Row, given: Row) -> Row:
    after = {**before, **given}
    if before["ended_at"] is not None and given.get("status") in rules.LIVE:
        after.update(_REVIVED, status=given["status"])
    if after["ended_at"] is None:
        after["last_heartbeat_at"] = change.at
    return after
