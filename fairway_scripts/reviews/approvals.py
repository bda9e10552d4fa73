"""Approvals to execute: recorded by somebody who does not do the work, and looked up before a trusted run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base.errors import FairwayError, suggest, suggest_call
from fairway_scripts.base.identity import clean_name, same_name
from fairway_scripts.base.words import trusted_commands as rules
from fairway_scripts.programs.search_path import find_program, search_path
from fairway_scripts.project.changes import Change, repeated_answer
from fairway_scripts.project.config_authority import refuse_other_configuration
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work import verdicts as review_rules
from fairway_scripts.work.commits import resolve_commit
from fairway_scripts.work.own_approvals import recorded_in
from fairway_scripts.work.reviewers import check_distinct, own_claim, refuse_trusted_run

if TYPE_CHECKING:
    from typing import TypedDict

    from fairway_scripts.calls.tool_calls import QueueApproveRun
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Task

    class NewApproval(TypedDict):
        """The columns of an approval that is added to a task."""

        command_class: str
        approved_by: str
        reason: str
        commit_sha: str | None
        expires_at: str | None
        recorded_by: str
        created_at: str
        programs: str

    class Approved(NewApproval):
        """An approval that was recorded."""

        approval_id: int
        task_id: str
        lane: str

    class Programs(TypedDict, total=False):
        """The search path of whoever approved, and where the programs of the class were found on it."""

        path: str
        programs: dict[str, str]

    class Covering(TypedDict):
        """The approval that covers a run."""

        id: int
        approved_by: str
        programs: Programs

    class Withdrawn(TypedDict):
        """The approvals that were taken back."""

        task_id: str
        command_class: str
        withdrawn: list[int]


def approve_run(project: Project, args: QueueApproveRun) -> Approved:
    """Record that APPROVED_BY lets the commands of COMMAND_CLASS be run for a task.

    With EXPIRES it ends by itself, with COMMIT it covers a clean tree of that commit only. Returns the row:
    approval_id, task_id, lane, command_class, approved_by, reason, commit_sha, expires_at, recorded_by, created_at,
    programs (the search path and the programs of the class, as JSON).
    Raises FairwayError: `usage` (time), `not_found` (task, commit, class), `self_review` (the approver holds or held
    the task, or the call comes from a trusted run).
    """
    refuse_other_configuration(project, "an approval to run")
    refuse_trusted_run("approve or withdraw", "approves")
    name = _known_class(project, args.command_class)
    approver = clean_name(args.approved_by.strip(), "APPROVED_BY")
    repeated: Approved | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    commit = resolve_commit(project, args.commit) if args.commit else None
    programs = jsonio.dumps(_programs(project, name))
    with Change(project, args) as change:
        known: Approved | None = change.repeated()
        if known is not None:
            return known
        state = change.state(args.task_id)
        who = project.identity
        why = own_work(change.tx, state, approver, who.actor if who.named else "")
        why = why or own_claim(project, change.tx, state)
        if why:
            raise FairwayError(
                "self_review",
                f"running {name} commands for {args.task_id} cannot be approved by {approver}: {why}",
                "somebody else approves it, who neither works on the task nor asked for it",
                task_id=args.task_id,
            )
        what = f"an approval to run {name} commands for {args.task_id}"
        shared = check_distinct(project, change.tx, state, what, "somebody else approves it")
        project.notes += [f"the approval has the {shared}"] if shared else []
        row: NewApproval = {
            "command_class": name,
            "approved_by": approver,
            "reason": args.reason,
            "commit_sha": commit,
            "expires_at": end_of(args.expires, change.at),
            "recorded_by": who.actor,
            "created_at": change.at,
            "programs": programs,
        }
        row_id = change.tx.insert("approvals.add", task_id=args.task_id, **row)
        change.record("execution_approved", args.task_id, {"table": "execution_approvals", "row_id": row_id, **row})
        told: Approved = {**row, "approval_id": row_id, "task_id": args.task_id, "lane": state["role"]}
        return change.finish(told)


def _programs(project: Project, command_class: str) -> Programs:
    """The search path of the caller and where the programs of a class are found on it."""
    patterns = [
        pattern
        for entry in project.settings["trusted_commands"]
        if entry["class"] == command_class
        for pattern in entry["match"]
    ]
    path = search_path(os.environ.get("PATH", ""))
    names = sorted({pattern.split()[0] for pattern in patterns})
    return {"path": path, "programs": {name: find_program(name, path) for name in names if "/" not in name}}


def withdraw_approvals(project: Project, args: QueueApproveRun) -> Withdrawn:
    """Take the open approvals of a task back, those of COMMAND_CLASS when one is named.

    Returns `{task_id, command_class, withdrawn}`: the ids. Raises FairwayError `not_found` when there is none.
    """
    refuse_trusted_run("approve or withdraw", "approves")
    with Change(project, args) as change:
        known: Withdrawn | None = change.repeated()
        if known is not None:
            return known
        change.state(args.task_id)
        open_ones = change.tx.all("approvals.open", task_id=args.task_id, command_class=args.command_class)
        if not open_ones:
            raise FairwayError(
                "not_found",
                f"{args.task_id} has no open approval{f' of {args.command_class}' if args.command_class else ''}",
                suggest("queue-activity", TASK_ID=args.task_id),
            )
        ids = sorted(row["id"] for row in open_ones)
        for row_id in ids:
            change.tx.run("approvals.withdraw", row_id=row_id, at=change.at)
        rows = [["execution_approvals", row_id] for row_id in ids]
        told = {"rows": rows, "command_class": args.command_class, "reason": args.reason}
        change.record("approval_withdrawn", args.task_id, told)
        gone: Withdrawn = {"task_id": args.task_id, "command_class": args.command_class, "withdrawn": ids}
        return change.finish(gone)


def covering_approval(
    project: Project, tx: Transaction, state: Task, command_class: str, *, program: str, commit: str | None, dirty: bool
) -> Covering:
    """The newest approval of a class that covers a run of `program` now; its `programs` are read.

    Raises FairwayError `not_approved` with why none does.
    """
    at, reasons = clock.now(), []
    sessions = recorded_in(tx.all("records.traces", task_id=state["task_id"]))
    for row in tx.all("approvals.open", task_id=state["task_id"], command_class=command_class):
        who = project.identity
        why = rules.why_not(row, at=at, commit=commit, dirty=dirty)
        why = why or own_work(tx, state, row["approved_by"], "")
        if not why and who.named and same_name(who.actor, row["approved_by"]):
            why = f"{who.actor}, who would run the command, approved it"
        if not why and who.session and sessions.get(("execution_approvals", row["id"])) == who.session:
            why = f"it was given in session {who.session}, in which the command would run"
        programs: Programs = stored(row["programs"], dict, "programs")
        why = why or _another_program(program, programs)
        if not why:
            return {"id": row["id"], "approved_by": row["approved_by"], "programs": programs}
        reasons.append(f"approval {row['id']}: {why}")
    known = "; ".join(reasons) or "nobody has approved it"
    raise FairwayError(
        "not_approved",
        f"running {command_class} commands for {state['task_id']} is not approved: {known}",
        approval_line(state["task_id"], command_class),
        task_id=state["task_id"],
        command_class=command_class,
    )


def _another_program(program: str, programs: Programs) -> str:
    """Why a program is not what it was when it was approved, "" when it is. One with a slash belongs to the commit."""
    if not programs:
        return "was given before approvals held the search path; it has to be given again"
    if "/" in program:
        return ""
    approved = programs["programs"].get(program)
    if not approved:
        return f"{program} was not found on the search path when it was given"
    found = find_program(program, programs["path"])
    return "" if found == approved else f"{program} was {approved} when it was given, and is {found or 'nowhere'} now"


def own_work(tx: Transaction, state: Task, approver: str, actor: str) -> str:
    """Why an approval would be one of one's own work, "" when it would not: the rule of reviews."""
    past = tx.all("tasks.past_holders", task_id=state["task_id"])
    return review_rules.self_review(state, past, lane="", reviewer=approver, actor=actor)


def approval_line(task_id: str, command_class: str) -> str:
    """The line that asks for an approval."""
    return suggest("queue-approve-run", TASK_ID=task_id, COMMAND_CLASS=command_class, APPROVED_BY=None, REASON=None)


def _known_class(project: Project, name: str) -> str:
    known = rules.classes(project.settings["trusted_commands"])
    if name in known:
        return name
    if not known:
        raise FairwayError(
            "not_found",
            "the configuration has no [[trusted_commands]], so there is no class of commands to approve",
            "add [[trusted_commands]] with class and match to .fairway/config.toml",
        )
    raise FairwayError(
        "not_found", f"COMMAND_CLASS {name!r} is none of {', '.join(known)}", suggest_call(COMMAND_CLASS=None)
    )


def end_of(words: str, at: str) -> str | None:
    """The stored time that EXPIRES names, None for none; raises FairwayError `usage` for what is no time to come."""
    words = words.strip()
    if not words:
        return None
    try:
        try:
            end = clock.later(at, clock.duration(words))
        except ValueError:
            end = clock.until(words)
    except (ValueError, OverflowError) as problem:
        raise FairwayError(
            "usage",
            f"EXPIRES {words!r} is no span from now (8h, 2d), day or time",
            suggest_call(EXPIRES=None),
        ) from problem
    if end <= at:
        raise FairwayError("usage", f"EXPIRES {words!r} lies in the past", suggest_call(EXPIRES=None))
    return end
