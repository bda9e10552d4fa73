"""session-launch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.calls.answer import answer, pairs, say, tell_notes, warn
from fairway_scripts.project.changes import repeated_answer
from fairway_scripts.queue.opening import open_project
from fairway_scripts.sessions.launch_plan import LaunchPlan
from fairway_scripts.sessions.launches import launch, launch_here, run_here
from fairway_scripts.work.claims import checked_force

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionLaunch
    from fairway_scripts.sessions.session_shapes import Launched, LaunchedByHand

ENTRIES = (
    *("lane", "task_id", "backend", "provider", "session_name", "worktree_path", "branch", "status", "pid", "host"),
    *("tmux_pane", "transcript_path", "command", "claimed"),
)


def run(args: SessionLaunch) -> int:
    """Start a provider on a lane and print its session; with DRY_RUN print what would be done."""
    project = open_project(args)
    checked_force(project, args)
    repeated: Launched | LaunchedByHand | None = repeated_answer(project, args)
    if repeated is not None:
        answer(args, repeated, _lines_of(repeated))
        return OK
    plan = LaunchPlan(project, args)
    plan.check(claim=args.claim, foreground=args.foreground)
    for warning in plan.warnings:
        warn(warning)
    if args.dry_run:
        answer(args, _shown(plan, args), _lines_of_plan(plan, args))
        return OK
    if args.foreground:
        session, script = launch_here(project, plan, args)
        say(f"session {session['session_id']} runs in this terminal; transcript: {plan.transcript}")
        tell_notes(args)
        run_here(project, script)
    told = len(plan.warnings)
    session = launch(project, plan, args)
    for warning in plan.warnings[told:]:
        warn(warning)
    answer(args, session, _lines_of(session))
    return OK


def _lines_of(session: Launched | LaunchedByHand) -> list[str]:
    """The session, and for one that is started by hand what to type in its terminal."""
    lines = [f"launched session {session['session_id']}", *pairs(session, *ENTRIES)]
    exports = dict(session).get("exports")
    if isinstance(exports, dict):
        lines.append(f"cd {quoted(session['worktree_path'] or '')}")
        lines += [f"export {name}={quoted(str(value))}" for name, value in exports.items()]
    return lines


def _shown(plan: LaunchPlan, args: SessionLaunch) -> dict[str, object]:
    return {
        **{name: value for name, value in plan.row("starting").items() if value not in (None, "") and name != "status"},
        "session_id": plan.session_id,
        "dry_run": True,
        "claim": args.claim,
        "command": plan.words,
        "environment": plan.environment_of_hand(),
        "transcript_path": plan.values["transcript"] or None,
        "warnings": plan.warnings,
    }


def _lines_of_plan(plan: LaunchPlan, args: SessionLaunch) -> list[str]:
    shown = _shown(plan, args)
    command = " ".join(quoted(word) for word in plan.words)
    what = f"would launch {plan.provider or 'a session'} for lane {plan.lane}"
    lines = [f"{what}; nothing was changed", *pairs({**shown, "command": command}, "session_id", *ENTRIES)]
    lines += [f"export {name}={quoted(value)}" for name, value in plan.environment_of_hand().items()]
    if args.claim:
        lines.append(f"then claim {plan.task_id} for the session")
    return lines
