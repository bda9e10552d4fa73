"""What does not fit between sessions, their processes and their tasks, and what reconciling does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.sessions.session_shapes import SessionFacts, SessionFinding
    from fairway_scripts.store.rows import SessionRow, SessionsTasksInProgress, SessionsTasksOfLive

#: What is done about a finding: a session is marked stale (nothing is killed), or a person is told.
MARK_STALE: Final = "mark_stale"
REPORT: Final = "report"


def session_finding(
    session: SessionRow, facts: SessionFacts, task: SessionsTasksOfLive | None, at: str, stale_after: float
) -> SessionFinding | None:
    """What speaks against a live session, the strongest reason only; None when nothing does.

    `facts` is `{process: alive|dead|elsewhere|unknown, pane: alive|gone|unknown, theirs}`, `theirs` for a session of
    another machine, which is only told about; `task` the state of the session's
    task (`{status, terminal}`, None when there is none), `stale_after` in seconds. Returns `{check, session_id, lane,
    task_id, action, reason, fix}`. Checks: `dead_process`, `missing_pane`, `task_gone`, `task_finished`,
    `no_heartbeat`.
    """
    found = (
        _dead_process(session, facts)
        or _missing_pane(session, facts)
        or _task(session, task)
        or _no_heartbeat(session, at, stale_after)
    )
    if found is None:
        return None
    check, reason = found
    if facts["process"] == "alive":
        reason += f"; process {session['pid']} still runs"
    session_id, theirs = session["session_id"], facts.get("theirs", False)
    return {
        "check": check,
        "session_id": session_id,
        "lane": session["lane"],
        "task_id": session["task_id"],
        "action": REPORT if theirs else MARK_STALE,
        "reason": f"{reason}; it is one of {session['host']}" if theirs else reason,
        "fix": suggest("session-end", SESSION_ID=session_id) if theirs else suggest("session-reconcile"),
    }


def unattended(
    tasks: list[SessionsTasksInProgress],
    attended: set[str],
    busy_lanes: dict[str, set[str | None]],
    line: Callable[[str, str], str],
) -> list[SessionFinding]:
    """A finding for each task in progress that no live session works on; it is reported and never changed.

    `attended` holds the tasks that live sessions name; `busy_lanes` has for each lane with a live session the tasks
    that its sessions name: a session that names none is taken to work on what its lane has claimed. `tasks` are
    `{task_id, lane, owner, claimant}`; `line` makes the line that starts somebody on a lane's task.
    """
    return [
        {
            "check": "unattended",
            "session_id": None,
            "lane": task["lane"],
            "task_id": task["task_id"],
            "action": REPORT,
            "reason": f"in progress (owner {task['owner'] or '-'}) without a live session",
            "fix": line(task["lane"], task["task_id"]),
        }
        for task in tasks
        if task["task_id"] not in attended and None not in busy_lanes.get(task["lane"], set())
    ]


def _dead_process(session: SessionRow, facts: SessionFacts) -> tuple[str, str] | None:
    if facts["process"] != "dead":
        return None
    mark = "" if session["pid_started_at"] else " (its start was never recorded)"
    where = f" on {session['host']}" if session["host"] else ""
    return "dead_process", f"process {session['pid']}{where} is gone or is another one by now{mark}"


def _missing_pane(session: SessionRow, facts: SessionFacts) -> tuple[str, str] | None:
    if facts["pane"] != "gone":
        return None
    place = session["tmux_pane"] or session["session_name"]
    return "missing_pane", f"{session['backend']} has no pane {place} of this session any more"


def _task(session: SessionRow, task: SessionsTasksOfLive | None) -> tuple[str, str] | None:
    if not session["task_id"]:
        return None
    if task is None:
        return "task_gone", f"there is no task {session['task_id']} any more, or it is archived"
    if task["terminal"]:
        return "task_finished", f"{session['task_id']} is {task['status']}"
    return None


def _no_heartbeat(session: SessionRow, at: str, stale_after: float) -> tuple[str, str] | None:
    last = session["last_heartbeat_at"] or session["started_at"]
    quiet = clock.elapsed(last, at)
    if quiet <= stale_after:
        return None
    limit = clock.span_text(stale_after)
    return "no_heartbeat", f"no heartbeat for {clock.span_text(quiet)} (sessions.stale_after is {limit})"
