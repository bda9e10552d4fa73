"""Finishing a task: which commit it is finished with, and whether its evidence and its reviews let it be.

The reviews are judged by the rule of `queue-merge-ready` (`review_standing`). What is missing of them stands in
the way where the task declares a bar or `gates.require_review_before_done` is set; elsewhere it is a warning.
"""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.git import references
from fairway_scripts.project.changes import find_definition, find_state
from fairway_scripts.project.work_place import elsewhere
from fairway_scripts.reviews.given_verdicts import others_verdicts
from fairway_scripts.reviews.review_bars import (
    DOMAIN_SUBJECT,
    asked_by_requests,
    bar_as_routed,
    bar_facts,
    judge_reviews,
    reviews_looked_at,
)
from fairway_scripts.reviews.review_coverage import Coverage
from fairway_scripts.reviews.review_standing import review_line
from fairway_scripts.reviews.reviewer_checks import reviewer_checks
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work import gates
from fairway_scripts.work.proof_lines import evidence_line, review_asked_line
from fairway_scripts.work.reviewers import shared_logins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueSetStatus
    from fairway_scripts.project.changes import Change
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import Approval, Bar
    from fairway_scripts.store.contract import Question
    from fairway_scripts.store.rows import Task
    from fairway_scripts.work.work_shapes import Asked


def questions_of_gates(task_id: str, *, profiles: bool) -> list[Question]:
    """What is read of a task that is to be finished; `profiles` says whether there are workstream profiles."""
    names = (
        *("tasks.definition", "records.reviews", "records.open_requests", "records.evidence", "tasks.open_below"),
        *("tasks.past_holders", "records.traces", "records.routed_spans"),
    )
    waived: Question = ("waivers.of_subject", {"task_id": task_id, "subject": DOMAIN_SUBJECT})
    of_gates: list[Question] = [("gates.profile_of", {"task_id": task_id}), ("gates.modes", {})] if profiles else []
    return [*((name, {"task_id": task_id}) for name in names), waived, *of_gates]


def finished_commit(project: Project, args: QueueSetStatus) -> tuple[str, str]:
    """The commit that a task is finished with when the call names none, and where it came from.

    It is the one that was approved last, else the one that was handed off last, else the recorded one; ("", "") when
    there is none of them.
    """
    with project.store.read() as tx:
        state = find_state(tx, args.task_id)
        reviews = others_verdicts(tx, state, project.settings)
        handoffs = tx.all("records.handoffs", task_id=args.task_id)
    if state["terminal"]:
        return (state["commit_sha"], "recorded before") if state["commit_sha"] else ("", "")
    approved = [row for row in reviews if row["verdict"] == gates.APPROVED and row["reviewed_commit_sha"]]
    handed = [row for row in handoffs if row["commit_sha"]]
    if approved:
        last = max(approved, key=lambda row: row["id"] or 0)
        return last["reviewed_commit_sha"] or "", f"approved by {last['reviewer_role']}"
    if handed:
        return handed[-1]["commit_sha"] or "", f"handoff {handed[-1]['id']}"
    return (state["commit_sha"], "recorded before") if state["commit_sha"] else ("", "")


def refuse_unmerged(project: Project, state: Task, status: str, commit: str, source: str) -> None:
    """Refuse to finish a task with a commit that the integration branch lacks, whether the call names it or not.

    Raises FairwayError `git_inconsistent`; `source`, which its message repeats, says where the commit came from.
    """
    main = project.settings["fairway"]["main_branch"]
    raise FairwayError(
        "git_inconsistent",
        f"{state['task_id']} cannot be {status}: {commit[:12]} ({source}) is not on {main}: "
        "it is merged first, or COMMIT says what it was merged as",
        suggest("queue-merge-ready", TASK_ID=state["task_id"], REF=commit[:12]),
        task_id=state["task_id"],
        commit=commit,
    )


def is_integrated(project: Project, commit: str) -> bool:
    """Whether a commit is on the integration branch, here or as last seen on origin; git is asked for older ones."""
    if project.repository is None:
        return True
    main = project.settings["fairway"]["main_branch"]
    names = (f"refs/heads/{main}", f"refs/remotes/origin/{main}")
    tips = [references.read_ref(project.repository, name) for name in names]
    return is_in(project, commit, list(dict.fromkeys(tip for tip in tips if tip)))


def is_in(project: Project, commit: str, tips: list[str]) -> bool:
    """Whether one of the commits `tips` is that commit or has it in its history; one that is forgotten has not."""
    from fairway_scripts.git.git import is_ancestor

    if commit in tips:
        return True
    try:
        return any(is_ancestor(project.worktree, commit, tip) for tip in tips)
    except FairwayError as problem:
        if problem.word != "not_found":
            raise
        return False


def check_gates(
    change: Change, state: Task, status: str, commit: str, *, forced: bool
) -> tuple[list[str], list[Approval]]:
    """The warnings of the gates before a finished status, and what the finished work was approved by.

    An approval is `{lane, domains, review_id, inherited_from, waiver_id}`. Raises FairwayError `evidence_required` or
    `review_required` when a gate is shut and the call is not forced.
    """
    project = change.project
    if forced:
        return [], []
    facts = bar_facts(change.tx, state)
    bar, lanes = bar_as_routed(facts, project.settings), asked_by_requests(facts["requests"])
    warnings = [] if commit or project.repository is None else _without_commit(state["task_id"], status)
    warnings += _evidence(change, state, status, commit, needed=bar["evidence"])
    _refuse_missing_gates(change, state, status, commit)
    covered = Coverage(project, commit, "")
    if commit and project.repository and (bar["declared"] or project.settings["gates"]["require_review_before_done"]):
        bar, lanes = _of_change(change, state, covered)
    judged = judge_reviews(project, facts, lanes, bar, covered, now=change.at)
    found = [finding["message"] for finding in judged["findings"]]
    if project.settings["reviews"]["distinct_actor"]:
        shared = shared_logins(change.tx, state, reviews_looked_at(facts))
        checks = reviewer_checks(judged["verdicts"], shared, distinct=True)
        found += [check["message"] for check in checks]
    if found and judged["binding"]:
        missing = next((row for row in judged["reviews"] if not row["ok"]), None)
        if judged["reviews"] or judged["bar"]["faults"]:
            route = suggest("queue-route-review", TASK_ID=state["task_id"], REF=commit[:12] or None)
        else:
            route = review_asked_line(state["task_id"], commit[:12])
        raise FairwayError(
            "review_required",
            f"{state['task_id']} cannot be {status}: {'; '.join(found)}",
            review_line(missing, commit) if missing else route,
            task_id=state["task_id"],
            missing=judged["missing"],
        )
    older = [row["message"] for row in judged["objections"] if not row["current"]]
    approvals: list[Approval] = [
        {
            "lane": row["lane"],
            "domains": row["domains"],
            "review_id": row["review_id"],
            "inherited_from": row["inherited_from"],
            "waiver_id": row["waiver_id"],
        }
        for row in judged["reviews"]
        if row["ok"]
    ]
    return [*warnings, *found, *older], approvals


def _of_change(change: Change, state: Task, covered: Coverage) -> tuple[Bar, list[Asked]]:
    """The bar and the lanes that the finished change itself asks for, routed or not."""
    from fairway_scripts.reviews.merged_changes import asked_of_merged
    from fairway_scripts.reviews.routes.review_shapes import shape_facts

    return asked_of_merged(change.project, shape_facts(change.project, change.tx, state), covered)


def _without_commit(task_id: str, status: str) -> list[str]:
    return [f"{task_id} is {status} without a commit: nothing was approved, handed off or named (COMMIT)"]


def _unknown_commit(state: Task, status: str, evidence: int | None) -> FairwayError:
    message = f"no commit is named, so whether evidence {evidence} speaks for it cannot be told"
    return FairwayError(
        "evidence_required",
        f"{state['task_id']} cannot be {status}: {message} (gates.stale_evidence: refuse)",
        suggest("queue-set-status", TASK_ID=state["task_id"], STATUS=status, COMMIT=None),
        task_id=state["task_id"],
    )


def _refuse_missing_gates(change: Change, state: Task, status: str, commit: str) -> None:
    """Raise FairwayError `evidence_required` where a blocking gate of the task's workstream profile is missing."""
    if not change.project.settings["workstream_profiles"]:
        return
    from fairway_scripts.reviews.gates.profile_gates import gate_evaluations, gates_of_task
    from fairway_scripts.reviews.gates.profile_gates_rules import BLOCKING, MISSING, gate_text, record_line

    task_id, project = state["task_id"], change.project
    blocking = [gate for gate in gates_of_task(project, change.tx, task_id) if gate["mode"] == BLOCKING]
    rows = change.tx.all("records.evidence", task_id=task_id) if blocking else []
    missing = [found for found in gate_evaluations(project, blocking, rows, commit) if found["status"] == MISSING]
    if missing:
        raise FairwayError(
            "evidence_required",
            f"{task_id} cannot be {status}: {'; '.join(f'gate {gate_text(found)}' for found in missing)}",
            record_line(missing[0], task_id, commit),
            task_id=task_id,
            missing=[f"{found['profile']}/{found['gate']}" for found in missing],
        )


def _evidence(change: Change, state: Task, status: str, commit: str, *, needed: bool) -> list[str]:
    """What is to be said of the evidence, in the words of merge-ready and of the task's next step.

    Raises FairwayError `evidence_required` where it does not do and the gate is shut: by the configuration, or
    because the task declares a risk level (`needed`).
    """
    settings, task_id = change.project.settings["gates"], state["task_id"]
    rows = change.tx.all("records.evidence", task_id=task_id)
    definition = find_definition(change.tx, task_id)
    verdict = gates.evidence_verdict(rows, commit, settings["stale_evidence"])
    doubt = gates.evidence_doubt(verdict, settings["stale_evidence"])
    shut = needed or settings["require_evidence_before_done"]
    unknown = not commit and settings["stale_evidence"] == "refuse" and change.project.repository is not None
    if shut and verdict["ok"] and unknown:
        raise _unknown_commit(state, status, verdict["id"])
    if shut and not verdict["ok"]:
        raise FairwayError(
            "evidence_required",
            f"{task_id} cannot be {status}: {doubt}",
            evidence_line(
                task_id,
                stored(definition["acceptance_checks"], list, "acceptance_checks"),
                worktree=elsewhere(change.project, state["role"], state["branch"]),
            ),
            task_id=task_id,
        )
    return [f"{task_id} is {status} all the same: {doubt}"] if doubt else []
