"""Trusted execution: an approved command, run under supervision in a session of the task's lane, kept as evidence.

A run never grants authority by itself: which class the command belongs to is in the configuration, who approved the
class is a record, and both are looked up again in the transaction that registers the session.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING

from fairway_scripts.base import caller, clock
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.git_folder import make_folder
from fairway_scripts.base.identity import SESSION_VARIABLE
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.base.words import trusted_commands as rules
from fairway_scripts.base.words import watchers
from fairway_scripts.git.lane_state import lane_worktree
from fairway_scripts.git.tested_tree import commit_tested
from fairway_scripts.programs.processes import host_name, start_mark
from fairway_scripts.programs.search_path import bare_environment, find_program
from fairway_scripts.programs.supervised import Ended, Interruption, noted_signals, run_supervised
from fairway_scripts.project.changes import Change, repeated_answer
from fairway_scripts.project.lane_choice import lane_here, worktree_root
from fairway_scripts.project.places import store_folder
from fairway_scripts.project.secrets.secret_guard import refuse_text
from fairway_scripts.reviews.approvals import covering_approval
from fairway_scripts.runs.trusted_record import Approval, Plan, record_run
from fairway_scripts.sessions.session_entries import EMPTY
from fairway_scripts.sessions.sessions import add_session, lane_entries
from fairway_scripts.work.claims import claimed_status
from fairway_scripts.work.local_artifacts import counting
from fairway_scripts.work.reviewers import TRUSTED_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.calls.tool_calls import TrustedRun
    from fairway_scripts.git.tested_tree import TreeTested
    from fairway_scripts.project.project import Project
    from fairway_scripts.runs.run_shapes import TrustedResult
    from fairway_scripts.store.rows import SessionRow, Task

LOG_FOLDER = "runs"
NEWS_SECONDS = 60.0


def run_trusted(project: Project, args: TrustedRun, words: list[str], show: Callable[[str], None]) -> TrustedResult:
    """Run the command `words` for TASK_ID in its lane's worktree, and record how it went; `show` gets each line.

    The tested commit is the one at the start. Returns task_id, lane, session_id, evidence_id, command_text,
    command_class, pattern, approval_id, approved_by, worktree_path, commit_sha, branch, tree_dirty, result, outcome
    (`ended`, `timeout`, `interrupted`), exit_code, duration_seconds, artifact_path (the log), artifact_sha256,
    artifact_size, started_at, ended_at. Raises FairwayError: `not_approved` (no class has the command, nobody holds
    the task, or no approval covers the run), `wrong_lane` (somebody else holds it), `not_found`, `fence_outdated`.
    """
    repeated: TrustedResult | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    seconds = watchers.checked_span("TIMEOUT", args.timeout)
    refuse_text(project, "COMMAND", " ".join(words))
    plan = _plan(project, args.task_id, words)
    with noted_signals() as noted:
        session, approval = _register(project, args, plan)
        folder = os.path.join(store_folder(project), LOG_FOLDER)
        make_folder(folder)
        log = os.path.join(folder, f"{session['session_id']}.log")
        begun = time.monotonic()
        ended = _supervised(project, plan, approval, session, log, seconds or float("inf"), noted, show)
        took = round(time.monotonic() - begun)
        return record_run(project, args, plan, approval, session, log, ended, took)


def _plan(project: Project, task_id: str, words: list[str]) -> Plan:
    """What is to be run, where, and on what: looked up before anything is registered."""
    found = rules.class_of(words, project.settings["trusted_commands"])
    command = " ".join(map(quoted, words))
    if found is None:
        why = rules.near_miss(words, project.settings["trusted_commands"])
        raise FairwayError(
            "not_approved",
            f"{command}: no entry of [[trusted_commands]] has this command, so no approval covers it"
            f"{f': {why}' if why else ''}",
            suggest("fairway-config", "get", "trusted_commands"),
            task_id=task_id,
        )
    with project.store.read() as tx:
        lane = tx.value("evidence_checks.lane_of", task_id=task_id)
    path = project.worktree
    if lane and project.repository is not None:
        place = lane_worktree(project.repository, project.settings, lane, worktree_root())
        path = place["path"] if place["exists"] else path
        if not place["exists"]:
            project.notes.append(f"lane {lane} has no worktree: the command runs in {project.show(path)}")
    tested: TreeTested = {"commit_sha": None, "branch": None, "tree_dirty": False}
    if project.repository is not None and project.repository.worktree is not None:
        tested = commit_tested(path, counting(project))
    return Plan(found["class"], found["pattern"], found["environment"], words, command, path, tested)


def _register(project: Project, args: TrustedRun, plan: Plan) -> tuple[SessionRow, Approval]:
    """The session of the run, once task and approval are in order; one transaction, so nothing is half there."""
    quiet = SimpleNamespace(**{**vars(args), "request_id": ""})
    with Change(project, quiet) as change:
        state = change.state(args.task_id)
        _check_held(project, state)
        found = covering_approval(
            project,
            change.tx,
            state,
            plan.command_class,
            program=plan.words[0],
            commit=plan.tested["commit_sha"],
            dirty=bool(plan.tested["tree_dirty"]),
        )
        pid = os.getpid()
        row: SessionRow = {
            **EMPTY,
            **lane_entries(project, state["role"], plan.worktree),
            "lane_label": f"{state['role']}/trusted-run",
            "backend": "shell",
            "task_id": args.task_id,
            "command": plan.command,
            "pid": pid,
            "pid_started_at": start_mark(pid),
            "host": host_name(),
        }
        approval = Approval(found["id"], found["approved_by"], found["programs"])
        return change.finish(add_session(change, row)), approval


def _check_held(project: Project, state: Task) -> None:
    """The task is claimed, by the caller or for the caller's lane."""
    task_id = state["task_id"]
    if state["status"] != claimed_status(project) or not state["claimant"]:
        raise FairwayError(
            "not_approved",
            f"{task_id} is {state['status']} and nobody has claimed it",
            suggest("queue-claim", TASK_ID=task_id, ROLE=state["role"], OWNER=None),
            task_id=task_id,
        )
    lane = lane_here(project)[0]
    if state["claimant"] != project.identity.actor and lane != state["role"]:
        raise FairwayError(
            "wrong_lane",
            f"{task_id} is claimed by {state['claimant']} for lane {state['role']}; this call comes from "
            f"{project.identity.actor} in {f'lane {lane}' if lane else 'no lane'}",
            f"run it in the worktree of {state['role']}, or as the actor {state['claimant']}",
            task_id=task_id,
            lane=state["role"],
        )


def _supervised(
    project: Project,
    plan: Plan,
    approval: Approval,
    session: SessionRow,
    log: str,
    seconds: float,
    noted: Interruption,
    show: Callable[[str], None],
) -> Ended:
    programs = approval.programs
    program, *words = plan.words
    place = os.path.join(plan.worktree, program) if "/" in program else find_program(program, programs["path"])
    own = {SESSION_VARIABLE: session["session_id"], TRUSTED_VARIABLE: session["session_id"]}
    news = [time.monotonic()]

    def line(text: str) -> bool:
        show(text)
        return False

    def moment() -> None:
        if time.monotonic() - news[0] >= NEWS_SECONDS:
            news[0] = time.monotonic()
            _beat(project, session["session_id"])

    os.chdir(plan.worktree)
    bare = bare_environment(programs["path"], caller.environment(), plan.environment)
    return run_supervised(
        [place or os.path.join(plan.worktree, program), *words],
        log=log,
        environment={**bare, **own, "FAIRWAY_TASK_ID": session["task_id"] or "", "AGENT_ROLE": session["lane"]},
        seconds=seconds,
        grace=clock.duration(project.settings["watchers"]["end_grace"]),
        noted=noted,
        each_line=line,
        each_moment=moment,
    )


def _beat(project: Project, session_id: str) -> None:
    """A sign of life of the session; a store that is busy gets the next one."""
    at = clock.now()
    with suppress(FairwayError), project.store.write() as tx:
        tx.run("sessions.beat", session_id=session_id, at=at, before=at)
