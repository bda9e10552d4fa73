"""Everything that is recorded about one task."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.git import references
from fairway_scripts.project.lane_choice import lane_here
from fairway_scripts.project.work_place import elsewhere
from fairway_scripts.reviews.gates.profile_gates import gate_evaluations, gates_of_task
from fairway_scripts.reviews.given_verdicts import READ, given_verdicts, lighter_for_nothing, status_given
from fairway_scripts.reviews.next_step import next_step
from fairway_scripts.reviews.review_waivers import approvers
from fairway_scripts.reviews.task_parts import attached_to, definition_of, neighbours_of, state_of, text_list
from fairway_scripts.work.gates import staleness
from fairway_scripts.work.review_verdicts import asked_domains
from fairway_scripts.work.reviewers import shared_logins
from fairway_scripts.work.verdicts import is_answered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.detail_shapes import (
        Declared,
        Detail,
        DetailDefinition,
        DetailState,
        Gathered,
        MeasuredOn,
        SeenEvidence,
        SeenRequest,
        SeenWaiver,
    )
    from fairway_scripts.reviews.given_verdicts import Given
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Evidence, GatesTasks, Review, ReviewRequest, Waiver
    from fairway_scripts.work.work_shapes import Holding, Verdict

_FULL_ID = (40, 64)
#: What is read of every task, by its identifier, and what may come with records that were withdrawn.
_OF_TASK = (
    *("tasks.state", "tasks.definition", "tasks.dependencies", "tasks.children", "tasks.dependents"),
    *("reports.history", "reports.last_routing", "gates.profile_of", *READ),
)
_RECORDS = (
    *("reports.evidence", "reports.handoffs", "reports.reviews", "reports.requests"),
    *("waivers.of_task", "reports.attachments", "reports.tracker_links"),
)


def task_detail(project: Project, task_id: str, *, everything: bool = False) -> Detail:
    """The definition, state and records of a task; lists are oldest first.

    Besides the columns of the store: `lane`, `terminal`, `ready`, `over_lease`, `review_required` (bools), `metadata`,
    `extra`, `children` {id, lane, status, title}, `dependencies` {id, status, lane, owner, met, archived}, `dependents`
    {id, lane, status}, `history`, `evidence` (each with `freshness` fresh|stale|unknown, `stale_reason`), `handoffs`,
    `reviews` (each with `counts`: whether it stands, `own_work`: why it does not, as one of whoever did the work,
    `on_tip`, and `shared_login`: that it came from the login of the work), `review_requests` (each with `domains` and
    `answered`), `waivers` (each with `rules`, the reasons that it lets go, `ended`, `own_work`, and `approved_by`,
    lanes), `sessions`, `checkpoints` and `watchers` (see `task_parts`), `tracker_links` (issues of trackers),
    `required_reviews` and `missing_domains` (what the task declares, see `review_standing.judge`), `faults` (what it
    declares that is not known), `gate_evaluations` (the gates of its workstream profile, see
    `profile_gates_rules.evaluate`), `measured_on` {commit_sha, what}: the commit that records are held against, and
    `next_step` {why, command}. Withdrawn records and superseded requests come only with `everything`.
    Raises FairwayError `not_found`.
    """
    withdrawn, settings, terminal = int(everything), project.settings, project.settings["states"]["terminal"]
    kept = {"task_id": task_id, "withdrawn": withdrawn}
    with project.store.read() as tx:
        tx.foresee(*((name, {"task_id": task_id}) for name in _OF_TASK), *((name, kept) for name in _RECORDS))
        state, definition, near = state_of(tx, task_id), definition_of(tx, task_id), neighbours_of(tx, task_id)
        history = tx.all("reports.history", task_id=task_id)
        evidence = tx.all("reports.evidence", task_id=task_id, withdrawn=withdrawn)
        handoffs = tx.all("reports.handoffs", task_id=task_id, withdrawn=withdrawn)
        reviews = tx.all("reports.reviews", task_id=task_id, withdrawn=withdrawn)
        requests = tx.all("reports.requests", task_id=task_id, withdrawn=withdrawn)
        waivers = tx.all("waivers.of_task", task_id=task_id, withdrawn=withdrawn)
        attached = attached_to(tx, task_id, withdrawn)
        links = tx.all("reports.tracker_links", task_id=task_id, withdrawn=withdrawn)
        holding: Holding = {
            "task_id": task_id,
            "role": state["lane"],
            "owner": state["owner"],
            "claimant": state["claimant"],
        }
        shared = shared_logins(tx, holding, reviews)
        still = [row for row in requests if not row["withdrawn_at"] and not row["superseded_at"]]
        said = [row for row in reviews if not row["withdrawn_at"]]
        let_go = [row for row in waivers if not row["withdrawn_at"]]
        given = given_verdicts(tx, holding, said, still, settings, let_go)
        measured = measured_on(project, state)
        commit = measured["commit_sha"]
        declared = _declared(project, tx, definition, holding, commit)
        gates = gates_of_task(project, tx, task_id)
        routing = tx.value("reports.last_routing", task_id=task_id)
    counting = {row["id"] for row in given["verdicts"]}
    gathered: Gathered = {
        **state,
        "review_status": status_given(given, still, state["review_status"]),
        **definition,
        **near,
        "history": history,
        "evidence": [_seen_evidence(row, commit) for row in evidence],
        "handoffs": handoffs,
        "reviews": [
            {
                **row,
                "counts": row["id"] in counting,
                "own_work": given["own"].get(row["id"], ""),
                "shared_login": shared.get(row["id"], ""),
                "on_tip": row["reviewed_commit_sha"] == commit if commit else None,
            }
            for row in reviews
        ],
        "review_requests": [_seen_request(row, given["verdicts"]) for row in requests],
        "waivers": [_seen_waiver(row, said, given) for row in waivers],
        **attached,
        "tracker_links": links,
        "measured_on": measured,
        **declared,
    }
    step = next_step(
        gathered,
        initial=settings_of.initial_status(settings),
        finished=terminal[0] if terminal else "done",
        routed=routing is not None,
        lighter=lighter_for_nothing(routing, let_go, given["own_waivers"]),
        in_lane=state["terminal"] and _lane_asks(project, state["lane"]),
        gates=settings["gates"],
        elsewhere=lambda: elsewhere(project, state["lane"], state["branch"]),
    )
    counted = [row for row in evidence if not row["withdrawn_at"]]
    evaluated = gate_evaluations(project, gates, counted, commit) if gates else []
    return {**gathered, "gate_evaluations": evaluated, "next_step": step}


def _lane_asks(project: Project, lane: str) -> bool:
    """Whether the caller stands in the lane of the task."""
    try:
        return lane_here(project)[0] == lane
    except FairwayError:  # AGENT_ROLE names no lane
        return False


def _declared(
    project: Project, tx: Transaction, definition: DetailDefinition, holding: Holding, commit: str
) -> Declared:
    """What the task declares of its review, and how that stands: required_reviews, missing_domains, faults."""
    meta = definition["metadata"]
    if not (meta["review_domains"] or meta["risk_level"] or meta["profile"]):
        return {"required_reviews": [], "missing_domains": [], "faults": []}
    from fairway_scripts.reviews.review_bars import judge_by_records

    judged = judge_by_records(project, tx, holding, commit, now=clock.now())
    return {
        "required_reviews": judged["reviews"],
        "missing_domains": judged["missing"],
        "faults": judged["bar"]["faults"],
    }


def measured_on(project: Project, state: DetailState | GatesTasks) -> MeasuredOn:
    """The commit that a task's records are held against: `{commit_sha, what}`, "" where it is not known.

    For finished work it is the commit it was finished with, because its lane's branch has moved on to other work;
    else the tip of the branch that the task is worked on. Read from git's files: no process is started.
    """
    if state["terminal"]:
        commit = state["commit_sha"] or ""
        return {"commit_sha": commit if len(commit) in _FULL_ID else "", "what": "the recorded commit"}
    branch = state["branch"] or settings_of.lane_branch(project.settings, state["lane"])
    tip = references.read_ref(project.repository, f"refs/heads/{branch}") if project.repository else None
    return {"commit_sha": tip or "", "what": f"the tip of {branch}"}


def _seen_evidence(row: Evidence, commit: str) -> SeenEvidence:
    why = staleness(row, commit)
    freshness = "stale" if why else "fresh" if commit and row["commit_sha"] else "unknown"
    return {**row, "stale_reason": why, "freshness": freshness, "tree_dirty": bool(row["tree_dirty"])}


def _seen_request(row: ReviewRequest, verdicts: list[Verdict]) -> SeenRequest:
    return {
        **row,
        "rules": text_list(row["rules"]),
        "paths": text_list(row["paths"]),
        "domains": asked_domains(row),
        "answered": is_answered(row, verdicts),
    }


def _seen_waiver(row: Waiver, said: list[Review], given: Given) -> SeenWaiver:
    return {
        **row,
        "own_work": given["own_waivers"].get(row["id"], ""),
        "rules": text_list(row["rules"]),
        "ended": bool(row["expires_at"] and row["expires_at"] <= clock.now()),
        "approved_by": approvers(row, [review for review in said if review["id"] not in given["own"]]),
    }
