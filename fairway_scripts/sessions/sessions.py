"""Sessions: provider attachments to a lane, which may be replaced at any time without losing work."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import paths
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.identity import SESSION_VARIABLE
from fairway_scripts.base.words import sessions as rules
from fairway_scripts.git import references
from fairway_scripts.programs.processes import host_name, liveness
from fairway_scripts.project.changes import Change, find_state
from fairway_scripts.project.lane_choice import chosen_lane, worktree_root
from fairway_scripts.sessions.session_entries import EMPTY, update_of
from fairway_scripts.sessions.session_given import given_entries

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionEnd, SessionHeartbeat, SessionUpsert
    from fairway_scripts.project.project import Project
    from fairway_scripts.sessions.session_shapes import (
        Closed,
        Ended,
        GivenSession,
        Heartbeat,
        LaneEntries,
        Revival,
        SeenSession,
        SessionStatus,
        Upserted,
    )
    from fairway_scripts.sessions.terminal_protocol import Terminal
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import SessionRow


def live_sessions(tx: Transaction, lane: str = "") -> list[SessionRow]:
    """The sessions that have not ended, of one lane or of all, by lane, the newest first."""
    return tx.all("sessions.list", everything=0, lane=lane, task_id="")


def find_session(tx: Transaction, session_id: str) -> SessionRow:
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


def with_liveness(rows: list[SessionRow]) -> list[SeenSession]:
    """The rows, each with `process`: `alive`, `dead`, `elsewhere` or `unknown`. No program is run on Linux."""
    return [{**row, "process": liveness(row["pid"], row["pid_started_at"], row["host"])} for row in rows]


def session_status(project: Project, *, lane: str = "", task_id: str = "", everything: bool = False) -> SessionStatus:
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


def upsert_session(project: Project, args: SessionUpsert, *, pid: int | None) -> Upserted:
    """Register a session, or change what the call names of one that is known; everything else is kept.

    A new session needs a lane; backend, provider, worktree and branch come from the configuration where the call
    names none. A process on this host has to run, and is kept with its start. A session that has ended comes back
    only with STATUS=running. Returns the session with `created`. Raises FairwayError `usage`, `not_found`.
    """
    given = given_entries(project, args, pid)
    with Change(project, args) as change:
        repeated: Upserted | None = change.repeated()
        if repeated is not None:
            return repeated
        session_id = args.session_id or os.environ.get(SESSION_VARIABLE, "")
        before = change.tx.one("sessions.session", session_id=session_id) if session_id else None
        if args.task_id:
            _note_other_lane(change, args.task_id, given.get("lane") or (before["lane"] if before else ""))
        if before is None:
            session_id = rules.checked_id(session_id) if session_id else ""
            done: Upserted = {**add_session(change, _new(project, session_id, given)), "created": True}
            return change.finish(done)
        after = _changed(change, before, given)
        write_session(change, before, after, "session_updated")
        done = {**after, "created": False}
        return change.finish(done)


def heartbeat(project: Project, args: SessionHeartbeat) -> Heartbeat:
    """A sign of life of a session; one that was taken for stale runs again.

    Returns `{session_id, lane, status, last_heartbeat_at, revived}`. Raises FairwayError `not_found`, and
    `invalid_transition` for a session that has ended.
    """
    session_id = named_session(args)
    with Change(project, args) as change:
        repeated: Heartbeat | None = change.repeated()
        if repeated is not None:
            return repeated
        before = find_session(change.tx, session_id)
        if before["status"] in ("ended", "failed"):
            raise FairwayError(
                "invalid_transition",
                f"session {session_id} {before['status']} at {before['ended_at']}",
                suggest("session-upsert", SESSION_ID=session_id, STATUS="running"),
                session_id=session_id,
            )
        revived = before["status"] == "stale"
        after: SessionRow = {**before, "last_heartbeat_at": change.at}
        if revived:
            after = {**after, **_REVIVED}
            write_session(change, before, after, "session_revived")
        else:  # like a lease, a heartbeat is no event: it says nothing but "still here"
            change.tx.run("sessions.update", **update_of(after, change.at))
        beat: Heartbeat = {
            "session_id": after["session_id"],
            "lane": after["lane"],
            "task_id": after["task_id"],
            "status": after["status"],
            "last_heartbeat_at": after["last_heartbeat_at"],
            "revived": revived,
        }
        return change.finish(beat)


def end_session(project: Project, args: SessionEnd, *, exit_code: int | None) -> Ended:
    """Record that a session ended. Of one that has ended before, the first end stays, and that is no error.

    With STOP what the backend started is ended too, if it is still the same; recorded first, so that this end is the
    one that stays. Returns the session with `already` and `stopped`. Raises FairwayError `not_found`, `usage`.
    """
    session_id = named_session(args)
    status = rules.end_status(args.status, exit_code)
    stopping = _backends() if args.stop else {}
    with Change(project, args) as change:
        ended: Closed | None = change.repeated()
        if ended is None:
            before = find_session(change.tx, session_id)
            already = before["status"] in ("ended", "failed") or before["status"] == status == "stale"
            row = before if already else mark_ended(change, before, status, args.reason or "normal", exit_code)
            closed: Closed = {**row, "already": already}
            ended = change.finish(closed)
    return {**ended, "stopped": ended["backend"] in stopping and stopping[ended["backend"]].end(ended)}


def add_session(change: Change, row: SessionRow) -> SessionRow:
    """Add a session with its event; a missing id is made up. Returns the row as it is kept."""
    ever = change.tx.all("sessions.list", everything=1, lane=row["lane"], task_id="")
    taken = {entry["session_id"] for entry in ever}
    whole: SessionRow = {
        **row,
        "session_id": row["session_id"] or rules.new_id(row["backend"], row["lane"], change.at, taken),
        "started_at": change.at,
        "last_heartbeat_at": change.at,
        "registered_by": change.project.identity.actor,
        "updated_at": change.at,
    }
    change.tx.run("sessions.add", **whole)
    told = {name: value for name, value in whole.items() if value is not None and name not in _TIMES}
    change.record("session_registered", "", told)
    return whole


def write_session(change: Change, before: SessionRow, after: SessionRow, kind: str, reason: str = "") -> None:
    """Write a changed session with its event, which keeps what changed as `[before, after]`."""
    change.tx.run("sessions.update", **update_of(after, change.at))
    payload = {"session_id": after["session_id"], "changed": rules.differing(before, after)}
    change.record(kind, "", {**payload, **({"reason": reason} if reason else {})})


def mark_ended(change: Change, before: SessionRow, status: str, reason: str, exit_code: int | None) -> SessionRow:
    """End a session as `status` (ended, failed, stale) with its event; returns it as it is then."""
    after: SessionRow = {
        **before,
        "status": status,
        "ended_at": change.at,
        "end_reason": reason,
        "exit_code": exit_code,
    }
    write_session(change, before, after, "session_ended", reason)
    return after


_TIMES = ("started_at", "last_heartbeat_at", "updated_at", "registered_by")
_REVIVED: Revival = {"status": "running", "ended_at": None, "end_reason": None, "exit_code": None}


def _backends() -> dict[str, Terminal]:
    from fairway_scripts.sessions.terminals import backends  # plumbum is slow to load, and most ends stop nothing

    return backends()


def _note_other_lane(change: Change, task_id: str, lane: str) -> None:
    state = change.state(task_id)
    if lane and state["role"] != lane:
        change.project.notes.append(f"{task_id} belongs to lane {state['role']}, the session to {lane}")


def _new(project: Project, session_id: str, given: GivenSession) -> SessionRow:
    lane = given.get("lane") or chosen_lane(project, "")
    if not lane:
        raise FairwayError(
            "usage",
            "ROLE is required for a new session: nothing here tells which lane is meant",
            suggest("session-upsert", ROLE=None),
        )
    return {**EMPTY, "session_id": session_id, **lane_entries(project, lane, given.get("worktree_path")), **given}


def lane_entries(project: Project, lane: str, worktree: str | None = None) -> LaneEntries:
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


def _changed(change: Change, before: SessionRow, given: GivenSession) -> SessionRow:
    after: SessionRow = {**before, **given}
    if before["ended_at"] is not None and given.get("status") in rules.LIVE:
        after = {**after, **_REVIVED, "status": given["status"]}
    if after["ended_at"] is None:
        after["last_heartbeat_at"] = change.at
    return after
