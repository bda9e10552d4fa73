"""The record of a trusted run: evidence of the command, and the end of its session."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.words import watchers
from fairway_scripts.git.tested_tree import commit_tested
from fairway_scripts.project.changes import Change
from fairway_scripts.project.secrets.secret_guard import redact_file
from fairway_scripts.sessions.sessions import find_session, mark_ended
from fairway_scripts.work.records import artifact_columns, insert_evidence

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import TrustedRun
    from fairway_scripts.git.tested_tree import TreeTested
    from fairway_scripts.programs.supervised import Ended
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.approvals import Programs
    from fairway_scripts.runs.run_shapes import TrustedResult
    from fairway_scripts.store.rows import SessionRow
    from fairway_scripts.work.evidence import NewEvidence

INTERRUPTED = "interrupted"
#: How often the end is written when somebody holds the store; each try waits for the lock itself.
_TRIES = 3


class Plan(NamedTuple):
    """What is to be run, of which class, where, and on what."""

    command_class: str
    pattern: str
    environment: list[str]
    words: list[str]
    command: str
    worktree: str
    tested: TreeTested


class Approval(NamedTuple):
    """What covers a run; `programs` says where its programs were found."""

    id: int
    approved_by: str
    programs: Programs


def record_run(
    project: Project,
    args: TrustedRun,
    plan: Plan,
    approval: Approval,
    session: SessionRow,
    log: str,
    ended: Ended,
    took: int,
) -> TrustedResult:
    """The evidence of the run and the end of its session in one transaction; tried again while the store is busy."""
    quiet = SimpleNamespace(**{**vars(args), "fence": ""})  # what ran is recorded, whoever holds the task by now
    tested, notes = _tested_after(project, plan)
    evidence = _evidence(project, plan, approval, log, ended, took, tested, notes)
    for left in reversed(range(_TRIES)):
        try:
            with Change(project, quiet) as change:
                row_id = insert_evidence(change, args.task_id, evidence)
                told = {"table": "task_evidence", "row_id": row_id, "session_id": session["session_id"], **evidence}
                change.record("evidence_recorded", args.task_id, told)
                over = _end_session(change, session, ended)
                return change.finish(_answer(args.task_id, plan, approval, session, evidence, row_id, ended, over))
        except FairwayError as refusal:
            if refusal.word != "store_busy" or not left:
                raise
            project.notes.append("the store was busy; tried again")
    raise AssertionError  # the last try returns or raises


def _evidence(
    project: Project,
    plan: Plan,
    approval: Approval,
    log: str,
    ended: Ended,
    took: int,
    tested: TreeTested,
    notes: list[str],
) -> NewEvidence:
    about = f"class {plan.command_class}, approval {approval.id} by {approval.approved_by}"
    code = "stopped" if ended.exit_code is None else f"exit code {ended.exit_code}"
    if ended.exit_code in watchers.NOT_STARTED:
        code += f" ({watchers.ENVIRONMENT}: it could not be started)"
    redacted = redact_file(project, log, os.path.basename(log))
    if redacted:
        notes = [*notes, redacted]
        project.notes.append(redacted)
    return {
        "command_text": plan.command,
        "result": _result(ended),
        "artifact_type": "command_log",
        "duration_seconds": took,
        "notes": "; ".join([f"{code}{f' ({ended.stopped})' if ended.stopped else ''}", about, *notes]),
        "producer": "runner",
        "run_by": project.tool,
        **artifact_columns(project, log),
        **tested,
        "tree_dirty": int(bool(tested["tree_dirty"])),
    }


def _result(ended: Ended) -> str:
    """What a run says about the work: nothing, when it could not be started or was interrupted."""
    if ended.stopped == INTERRUPTED:
        return "partial"
    if ended.exit_code in watchers.NOT_STARTED:
        return watchers.BLOCKED
    return "pass" if ended.exit_code == 0 and not ended.stopped else "fail"


def _tested_after(project: Project, plan: Plan) -> tuple[TreeTested, list[str]]:
    """The commit that was run on; a HEAD that has moved since makes the evidence stale, and is named."""
    tested = plan.tested
    if project.repository is None or tested["commit_sha"] is None:
        return tested, []
    after = commit_tested(plan.worktree)["commit_sha"]
    if after == tested["commit_sha"]:
        return tested, []
    return {**tested, "tree_dirty": True}, [f"HEAD moved to {(after or 'nothing')[:12]}"]


def _end_session(change: Change, session: SessionRow, ended: Ended) -> str:
    before = find_session(change.tx, session["session_id"])
    if before["status"] in ("ended", "failed"):
        return str(before["ended_at"])
    status = "ended" if ended.exit_code == 0 and not ended.stopped else "failed"
    return str(mark_ended(change, before, status, ended.stopped or "normal", ended.exit_code)["ended_at"])


def _answer(
    task_id: str,
    plan: Plan,
    approval: Approval,
    session: SessionRow,
    row: NewEvidence,
    row_id: int,
    ended: Ended,
    over: str,
) -> TrustedResult:
    return {
        "task_id": task_id,
        "lane": session["lane"],
        "session_id": session["session_id"],
        "evidence_id": row_id,
        "command_class": plan.command_class,
        "pattern": plan.pattern,
        "approval_id": approval.id,
        "approved_by": approval.approved_by,
        "worktree_path": plan.worktree,
        "outcome": ended.stopped or "ended",
        "exit_code": ended.exit_code,
        "started_at": session["started_at"],
        "ended_at": over,
        "command_text": row["command_text"],
        "result": row["result"],
        "duration_seconds": row["duration_seconds"],
        "artifact_path": row["artifact_path"],
        "artifact_sha256": row["artifact_sha256"],
        "artifact_size": row["artifact_size"],
        "commit_sha": row["commit_sha"],
        "branch": row["branch"],
        "tree_dirty": bool(row["tree_dirty"]),
    }
