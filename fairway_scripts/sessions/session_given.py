"""What a call of session-upsert names of a session."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_call
from fairway_scripts.base.identity import clean_name
from fairway_scripts.base.words import sessions as rules
from fairway_scripts.programs.processes import host_name, start_mark
from fairway_scripts.project.lane_choice import known_lane

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionUpsert
    from fairway_scripts.project.project import Project
    from fairway_scripts.sessions.session_shapes import GivenSession, Plain, Process


def given_entries(project: Project, args: SessionUpsert, pid: int | None) -> GivenSession:
    """What the call names, as entries of a session; raises FairwayError `usage`, `not_found`."""
    given: GivenSession = {}
    plain: tuple[tuple[Plain, str], ...] = (
        *(("lane_label", args.lane), ("provider", args.provider), ("session_name", args.session_name)),
        *(("external_id", args.external_id), ("tmux_pane", args.tmux_pane), ("branch", args.branch)),
    )
    for entry, value in plain:
        if value:
            clean_name(value, "a session's entry")
            given[entry] = value
    given = {**given, **_checked(project, args), **_process(args.host, pid)}
    for name in rules.cleared(args.clear):
        given[name] = None
    if "pid" in given and given["pid"] is None:
        given["pid_started_at"] = None
    return given


def _process(host: str, pid: int | None) -> Process:
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


def _checked(project: Project, args: SessionUpsert) -> GivenSession:
    given: GivenSession = {}
    if args.role:
        given["lane"] = known_lane(project, args.role)
    if args.backend:
        given["backend"] = rules.checked_backend(args.backend)
    if args.task_id:
        given["task_id"] = args.task_id
    if args.status:
        given["status"] = rules.checked_live_status(args.status)
    if args.worktree:
        given["worktree_path"] = os.path.realpath(args.worktree)
    if args.transcript_path:
        given["transcript_path"] = os.path.realpath(args.transcript_path)
    return given
