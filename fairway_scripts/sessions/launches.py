"""Starting a provider on a lane: everything is checked first, and a launch that fails leaves nothing claimed."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.identity import Identity
from fairway_scripts.programs.processes import DEAD, liveness, start_mark
from fairway_scripts.project.changes import Change
from fairway_scripts.sessions.launch_plan import LaunchPlan, tool_command
from fairway_scripts.sessions.session_script import pid_file, write_script
from fairway_scripts.sessions.sessions import add_session, find_session, mark_ended, write_session
from fairway_scripts.sessions.terminal_plain import become
from fairway_scripts.sessions.terminal_protocol import Attachment, Plan
from fairway_scripts.sessions.terminals import backends
from fairway_scripts.work.claims import claim

if TYPE_CHECKING:
    from typing import NoReturn

    from fairway_scripts.calls.tool_calls import Call, SessionLaunch
    from fairway_scripts.project.project import Project
    from fairway_scripts.sessions.session_shapes import Launched, LaunchedByHand
    from fairway_scripts.store.rows import SessionRow

#: A provider that is gone after this many looks, 50 ms apart, has not been launched.
_LOOKS = 10
_TAIL = 2000


def launch(project: Project, plan: LaunchPlan, args: SessionLaunch) -> Launched | LaunchedByHand:
    """Start the provider of a plan, register the session and, with CLAIM, claim the task for it.

    Returns the session with `claimed` (the fence, or None) and `warnings`. Raises FairwayError `launch_failed` (the
    session is then kept as failed, and nothing is claimed), `session_live`, and what a claim raises (the provider is
    then ended again).
    """
    quiet = SimpleNamespace(**{**vars(args), "request_id": "", "fence": ""})
    row = _register(project, plan, quiet)
    plan.session_id = row["session_id"]
    attachment = _start(project, plan, row, quiet)
    row = _settled(project, plan, row["session_id"], attachment, quiet)
    over = row["ended_at"] is not None
    if over:
        plan.warnings.append(f"the provider ended at once ({row['end_reason']})")
    fence = _claim(project, plan, row, args) if args.claim and not over else None
    with Change(project, args) as change:
        launched: Launched = {**row, "claimed": fence, "warnings": plan.warnings}
        if plan.records:
            return change.finish(launched)
        by_hand: LaunchedByHand = {**launched, "exports": plan.environment_of_hand()}
        return change.finish(by_hand)


def launch_here(project: Project, plan: LaunchPlan, args: SessionLaunch) -> tuple[Launched, str]:
    """Register a session for this very process, claim if asked, and give the script that `run_here` turns into."""
    quiet = SimpleNamespace(**{**vars(args), "request_id": "", "fence": ""})
    row = _register(project, plan, quiet)
    plan.session_id = row["session_id"]
    script = _written(plan, "terminal")
    row = _attach(project, row["session_id"], Attachment(pid=os.getpid()), plan, quiet)
    fence = _claim(project, plan, row, args) if args.claim else None
    return {**row, "claimed": fence, "warnings": plan.warnings}, script


def run_here(project: Project, script: str) -> NoReturn:
    """Become the session's script: the process number stays, so the session's row stays true."""
    project.store.close()
    become(script)


def _register(project: Project, plan: LaunchPlan, args: Call) -> SessionRow:
    with Change(project, args) as change:
        plan.refuse_second(change.tx)
        return change.finish(add_session(change, plan.row("starting")))


def _written(plan: LaunchPlan, recording: str) -> str:
    path = plan.script_path
    write_script(
        path,
        session_id=plan.session_id,
        environment=plan.environment,
        worktree=plan.worktree,
        command=plan.words,
        end_command=[*tool_command("session-end"), "--session-id", plan.session_id],
        transcript=plan.transcript,
        recording=recording,
    )
    return path


def _start(project: Project, plan: LaunchPlan, row: SessionRow, args: Call) -> Attachment:
    backend = backends()[plan.backend]
    try:
        script = _written(plan, backend.recording) if backend.recording != "none" else ""
        return backend.launch(
            Plan(
                row["session_id"],
                plan.session_name,
                plan.title,
                plan.worktree,
                script,
                pid_file(script),
                plan.transcript,
            )
        )
    except FairwayError as problem:
        _fail(project, row["session_id"], problem.message, args)
        raise
    except (OSError, KeyboardInterrupt) as problem:
        _fail(project, row["session_id"], f"{type(problem).__name__}: {problem}", args)
        if isinstance(problem, KeyboardInterrupt):
            raise
        raise FairwayError(
            "launch_failed", f"the session did not start: {problem}", suggest("queue-doctor")
        ) from problem


def _settled(project: Project, plan: LaunchPlan, session_id: str, attachment: Attachment, args: Call) -> SessionRow:
    """The row once the provider has run for a moment; raises FairwayError when it is gone with a failure."""
    row = _attach(project, session_id, attachment, plan, args)
    for _look in range(_LOOKS if attachment.pid else 0):
        if row["ended_at"] is not None:
            break
        if liveness(row["pid"], row["pid_started_at"], row["host"]) == DEAD:
            time.sleep(0.3)  # its script may be writing the end this moment
            with project.store.read() as tx:
                row = find_session(tx, session_id)
            if row["ended_at"] is None:
                row = _fail(project, session_id, "the process was gone at once", args)
            break
        time.sleep(0.05)
        with project.store.read() as tx:
            row = find_session(tx, session_id)
    if row["status"] == "failed":
        code = "" if row["exit_code"] is None else f" with exit code {row['exit_code']}"
        said = _tail(plan.transcript)
        raise FairwayError(
            "launch_failed",
            f"the provider of session {session_id} ended at once{code}" + (f"; it said:\n{said}" if said else ""),
            f"{' '.join(plan.words[:1])} must run in {plan.worktree}; transcript: {plan.transcript}",
            session_id=session_id,
            exit_code=row["exit_code"],
            transcript_path=plan.transcript,
        )
    return row


def _attach(project: Project, session_id: str, attachment: Attachment, plan: LaunchPlan, args: Call) -> SessionRow:
    """Keep what was started; a session whose provider has already ended stays ended."""
    with Change(project, args) as change:
        before = find_session(change.tx, session_id)
        after: SessionRow = {
            **before,
            "pid": attachment.pid,
            "pid_started_at": (start_mark(attachment.pid) or None) if attachment.pid else None,
            "tmux_pane": attachment.tmux_pane,
            "terminal": attachment.terminal,
            "session_name": attachment.session_name or before["session_name"],
            "transcript_path": plan.transcript if plan.records else None,
        }
        if before["status"] == "starting":
            after["status"] = "running"
        write_session(change, before, after, "session_started")
        return change.finish(after)


def _fail(project: Project, session_id: str, reason: str, args: Call) -> SessionRow:
    with Change(project, args) as change:
        before = find_session(change.tx, session_id)
        if before["ended_at"] is not None:
            return change.finish(before)
        return change.finish(mark_ended(change, before, "failed", reason, None))


def _claim(project: Project, plan: LaunchPlan, row: SessionRow, args: SessionLaunch) -> int:
    """Claim the task in the session's own name, so that its commands keep the lease; the fence of the claim."""
    words = {"role": plan.lane, "task_id": plan.task_id, "owner": args.owner or plan.provider}
    rest = dict.fromkeys(("branch", "inside", "request_id", "fence"), "")
    caller = project.identity
    project.identity = Identity(row["session_id"], row["session_id"], named=True)
    try:
        given = SimpleNamespace(**words, **rest, force=args.force, reason=args.reason)
        return int(claim(project, given)["fence"])
    except FairwayError as refusal:
        project.identity = caller
        try:  # recorded first: a provider that is asked to end records that as its reason
            _fail(project, row["session_id"], f"the claim was refused: {refusal.message}", given)
        finally:
            backends()[plan.backend].end(row)
        raise
    finally:
        project.identity = caller


def _tail(path: str) -> str:
    """The end of a transcript, without what only a terminal understands."""
    try:
        with open(path, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    lines = ["".join(char for char in line if char.isprintable()) for line in text.splitlines()]
    return "\n".join(line for line in lines if line.strip())[-_TAIL:]
