"""Whether a commit of a task may be merged: gathers the facts, once each, and has them judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.git import references
from fairway_scripts.git.git import ahead_behind, commits_since, is_ancestor, is_taken_in, resolve
from fairway_scripts.git.git_status import status
from fairway_scripts.git.lane_state import lane_worktree
from fairway_scripts.project.changes import find_definition, find_state
from fairway_scripts.project.config_authority import refuse_other_configuration
from fairway_scripts.project.lane_choice import worktree_root
from fairway_scripts.project.work_place import elsewhere
from fairway_scripts.reviews.finishing import is_integrated
from fairway_scripts.reviews.gates.profile_gates import gate_evaluations, gates_of_task
from fairway_scripts.reviews.merge_checklist import is_merge_ready, merge_checklist
from fairway_scripts.reviews.merged_changes import asked_of_merged
from fairway_scripts.reviews.review_bars import judge_reviews, reviews_looked_at, standing_approvals
from fairway_scripts.reviews.review_coverage import Coverage
from fairway_scripts.reviews.reviewer_checks import reviewer_checks
from fairway_scripts.reviews.routes.declared_paths import undeclared
from fairway_scripts.reviews.routes.review_routes import manual_requests, read_change, readable
from fairway_scripts.reviews.routes.review_shapes import shape_answer, shape_facts, shape_of_change
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.local_artifacts import counting
from fairway_scripts.work.reviewers import shared_logins
from fairway_scripts.work.verdicts import by_lane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.base.paths import Repository
    from fairway_scripts.calls.tool_calls import QueueMergeReady
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import (
        Branch,
        GitFacts,
        Judged,
        MergeFacts,
        MergeReady,
        PackCheck,
        ShapeFacts,
        ShapeOfChange,
    )
    from fairway_scripts.reviews.routes.review_routes import ChangeRead
    from fairway_scripts.store.rows import RecordsApprovalsOfOthers, ReviewRequest, Task


def merge_ready(project: Project, args: QueueMergeReady) -> MergeReady:
    """The merge checklist of REF for a task; nothing is changed.

    Which reviews are required is computed from what REF changes now (and the requests made by hand), not from what
    was routed earlier; only for a REF that is merged already do records tell (`merged_changes`). Returns ok, task_id,
    lane, ref, commit_sha, base, base_sha, merge_base, changed_paths, checks (`{check, level, message, fix}`),
    required_reviews (of `review_standing.judge`), missing_domains (lanes and domains without approval),
    gate_evaluations (see `profile_gates_rules.evaluate`), and the shape of the review as `queue-route-review` gives it
    (shape, shape_needed, shape_reasons, waiver, risk_level). Raises FairwayError: `not_found`, `config_foreign`,
    `git_inconsistent`, `git_unavailable`.

    Git processes: two for what REF changes, one to look for REF on each branch whose tip it is not, one for the state
    of the lane's worktree, two where REF lacks commits of its base, those of `approval_coverage.coverage` for each
    verdict on another commit and for a waiver of another commit.
    """
    refuse_other_configuration(project, "whether a commit may be merged")
    with project.store.read() as tx:
        state = find_state(tx, args.task_id)
        evidence = tx.all("records.evidence", task_id=args.task_id)
        checks_of_task = tx.value("tasks.acceptance", task_id=args.task_id)
        definition = find_definition(tx, args.task_id)
        handoffs = tx.all("records.handoffs", task_id=args.task_id)
        profile_gates = gates_of_task(project, tx, args.task_id)
        about = shape_facts(project, tx, state)
        shared = shared_logins(tx, state, reviews_looked_at(about))
        others = tx.all("records.approvals_of_others", task_id=args.task_id) if args.base else []
    read = read_change(project, args.ref, args.base)
    commit, requests = read["commit_sha"], about["requests"]
    shape = _as_routed(shape_of_change(project, about, read), read, requests)
    judged = _judged(project, about, shape, read)
    beside = bool(args.base) and not is_integrated(project, read["base_sha"])
    facts: MergeFacts = {
        **read,
        **_git_facts(project, state, read),
        "beside": beside,
        "approved_with": _approved_with(project, others, read) if beside else [],
        "main_branch": project.settings["fairway"]["main_branch"],
        "task": {**state, "acceptance_checks": jsonio.loads(checks_of_task) if checks_of_task else []},
        "elsewhere": elsewhere(project, state["role"], state["branch"]),
        "initial_status": settings_of.initial_status(project.settings),
        "gates": project.settings["gates"],
        "evidence": evidence,
        "handoffs": handoffs,
        "undeclared": undeclared(
            stored(definition["target_paths"], list, "target_paths"), map(readable, read["changed_paths"])
        ),
        "shape": shape,
        "judged": judged,
        "gate_evaluations": gate_evaluations(project, profile_gates, evidence, commit),
        "packs": _packs(project, state["task_id"], read),
    }
    checks = merge_checklist(facts)
    distinct = project.settings["reviews"]["distinct_actor"]
    checks += reviewer_checks(judged["verdicts"], shared, distinct=distinct)
    return {
        "ok": is_merge_ready(checks),
        "task_id": state["task_id"],
        "lane": state["role"],
        **read,
        "changed_paths": [readable(path) for path in read["changed_paths"]],
        "checks": checks,
        "gate_evaluations": facts["gate_evaluations"],
        **shape_answer(shape),
        "required_reviews": [
            {**item, "paths": [readable(path) for path in item["paths"]]} for item in judged["reviews"]
        ],
        "missing_domains": judged["missing_domains"],
    }


def _approved_with(project: Project, approvals: Iterable[RecordsApprovalsOfOthers], read: ChangeRead) -> list[str]:
    """The other tasks of which somebody has approved all that the base has more than the integration branch."""
    base = read["base_sha"]
    merged = {base, *commits_since(project.worktree, base, read["commit_sha"])}
    found: dict[str, set[int]] = {}
    for row in approvals:
        if row["reviewed_commit_sha"] in merged and is_integrated(project, row["base_commit_sha"]):
            found.setdefault(row["task_id"], set()).add(row["id"])
    with project.store.read() as tx:
        return [name for name, ids in found.items() if ids & standing_approvals(tx, name, project.settings)]


def _judged(project: Project, about: ShapeFacts, shape: ShapeOfChange, read: ChangeRead) -> Judged:
    """How the reviews stand: by what REF changes, or once it is merged, by what it was when it was routed or read."""
    covered = Coverage(project, read["commit_sha"], read["merge_base"])
    if read["merge_base"] == read["commit_sha"]:
        bar, lanes = asked_of_merged(project, about, covered)
    else:
        bar, lanes = shape["bar"], by_lane(shape["requirements"], manual_requests(about["requests"]))
    return judge_reviews(project, about, lanes, bar, covered, real_exit=shape["real_exit"] or bar["real_exit"])


def _as_routed(shape: ShapeOfChange, read: ChangeRead, requests: list[ReviewRequest]) -> ShapeOfChange:
    """The shape; once REF is merged and its paths cannot be told, the one that its reviews were asked in."""
    asked = [row["shape"] for row in requests if row["shape"]]
    if read["merge_base"] != read["commit_sha"] or not asked:
        return shape
    return {**shape, "shape": asked[-1]}


def _packs(project: Project, task_id: str, read: ChangeRead) -> list[PackCheck]:
    """How the regression packs stand that the change calls for; none, and no catalogue is read, when nobody asks."""
    if project.settings["gates"]["require_regression_packs"] == "off":
        return []
    from fairway_scripts.reviews.gates.packs import pack_checks

    return pack_checks(project, task_id, read["changed_paths"], read["commit_sha"])


def _git_facts(project: Project, state: Task, read: ChangeRead) -> GitFacts:
    repository: Repository = project.repository  # type: ignore[assignment]  # read_change has refused a project without one
    commit, base = read["commit_sha"], read["base_sha"]
    lane_branch = settings_of.lane_branch(project.settings, state["role"])
    names = dict.fromkeys(name for name in (state["branch"], lane_branch) if name)
    place = lane_worktree(repository, project.settings, state["role"], worktree_root())
    tree = status(place["path"], counting(project)) if place["exists"] else None
    behind = 0 if read["merge_base"] in (base, commit) else ahead_behind(project.worktree, base, commit)[1]
    head = tree["head"] if tree else None
    return {
        "behind": behind,
        "branches": [_branch(repository, name, commit) for name in names],
        "worktree": {
            "path": place["path"],
            "exists": place["exists"],
            "changed_files": tree["changed_files"] if tree else [],
            "merged": bool(behind and head) and is_taken_in(repository.common_dir, base, str(head)),
        },
    }


def _branch(repository: Repository, name: str, commit: str) -> Branch:
    """`{name, tip, contains}` of a branch, here or else as last seen on origin; `tip` None when there is none."""
    local, remote = f"refs/heads/{name}", f"refs/remotes/origin/{name}"
    tip = references.read_ref(repository, local) or references.read_ref(repository, remote)
    tip = tip or resolve(repository.common_dir, local)  # references in a format that only git reads
    contains = tip is not None and (tip == commit or is_ancestor(repository.common_dir, commit, tip))
    return {"name": name, "tip": tip, "contains": contains}
