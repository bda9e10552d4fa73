"""What the reviews of a task add up to on one commit: the rows are gathered here, `review_standing` judges."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.project.changes import find_definition, find_state
from fairway_scripts.reviews import review_waivers
from fairway_scripts.reviews.given_verdicts import answers_from_above, others_verdicts
from fairway_scripts.reviews.review_bar import RISK, bar_of, without_doubles
from fairway_scripts.reviews.review_standing import is_approval, judge, other_objections, summed_up
from fairway_scripts.settings.review_domains import domains_of_lane
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.own_approvals import own_approvals
from fairway_scripts.work.review_verdicts import asked_domains, standing_verdicts
from fairway_scripts.work.verdicts import MANUAL, by_lane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import (
        Bar,
        BarFacts,
        Declaration,
        Judged,
        Raised,
        ShapeFacts,
        SummedUp,
    )
    from fairway_scripts.reviews.review_coverage import Coverage
    from fairway_scripts.reviews.routes.routing import Requirement
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Review, ReviewRequest, TaskDefinition, Waiver
    from fairway_scripts.work.work_shapes import Asked, ByHand, Holding, Verdict

#: What a waiver of one domain is about, in the table of all waivers.
DOMAIN_SUBJECT = "review-domain"
#: The heaviest shape, which only a real exit asks for; the rules of the shapes are slow to import.
FULL_MATRIX = "full-matrix"


def bar_facts(
    tx: Transaction,
    state: Holding,
    definition: TaskDefinition | None = None,
    waiver: Waiver | None = None,
) -> BarFacts:
    """Every row that the reviews of a task are judged by, without looking at git.

    `definition` is the row of `tasks.definition`, where it was read before, `waiver` one of the shape. Returns `{task,
    state, reviews, requests, waivers, seen, above, own, own_waivers}`: `task` as `bar_of` takes it, `seen` what
    `seen_by_the_ledger` gives where there are waivers, `above` the reviews of the tasks above it by their ids, the
    last two what `own_approvals` gives.
    """
    task_id = state["task_id"]
    definition = definition or find_definition(tx, task_id)
    above = tx.column("hierarchy.ancestors", task_id=task_id)[1:] if definition["parent_id"] else []
    waivers = tx.all("waivers.of_subject", task_id=task_id, subject=DOMAIN_SUBJECT)
    reviews = tx.all("records.reviews", task_id=task_id)
    uppers = {upper: tx.all("records.reviews", task_id=upper) for upper in above}
    all_waivers = [*waivers, *([waiver] if waiver else [])]
    own, own_waivers = own_approvals(tx, state, reviews, uppers, all_waivers)
    return {
        "task": declaration(state["role"], definition),
        "state": state,
        "reviews": [{**row, "own_work": own.get(row["id"], "")} for row in reviews],
        "requests": tx.all("records.open_requests", task_id=task_id),
        "waivers": [{**row, "own_work": own_waivers.get(row["id"], "")} for row in waivers],
        "seen": seen_by_the_ledger(tx) if waivers else "",
        "above": {upper: [row for row in rows if row["id"] not in own] for upper, rows in uppers.items()},
        "own": own,
        "own_waivers": own_waivers,
    }


def seen_by_the_ledger(tx: Transaction) -> str:
    """The time of the newest event: it has passed, whatever the clock of this machine says."""
    return tx.value("ledger.newest_at") or ""


def declaration(lane: str, definition: TaskDefinition) -> Declaration:
    """What `bar_of` takes of a task, from a definition as it is stored."""
    return {
        "role": lane,
        "profile": definition["profile"] or "",
        "risk_level": definition["risk_level"] or "",
        "review_domains": stored(definition["review_domains"], list, "review_domains"),
    }


def reviews_looked_at(facts: BarFacts | ShapeFacts) -> list[Review]:
    """The reviews of a task and of those above it, of what `bar_facts` gave."""
    return [*facts["reviews"], *(row for rows in facts["above"].values() for row in rows)]


def standing_approvals(tx: Transaction, task_id: str, settings: Settings) -> set[int]:
    """The ids of the approvals of a task that stand and are nobody's of their own work."""
    standing = others_verdicts(tx, find_state(tx, task_id), settings)
    return {row["id"] for row in standing if row["id"] and row["verdict"] == APPROVED}


def verdicts_for(
    project: Project, facts: BarFacts | ShapeFacts, covered: Coverage, *, real_exit: bool, now: str = ""
) -> list[Verdict]:
    """The standing verdicts of a task, of the tasks above it for this commit, and what waivers stand in for."""
    settings, at = project.settings, max(now or clock.now(), facts["seen"])
    found = standing_verdicts(facts["reviews"], settings)
    for task_id, rows in facts["above"].items():
        for row in standing_verdicts(rows, settings):
            found = _inherit(found, {**row, "inherited_from": task_id}, covered)
    latest = {row["needed"]: row for row in facts["waivers"]}
    for waiver in latest.values():
        approved_by = review_waivers.approvers(waiver, facts["reviews"])
        counts = not review_waivers.why_not(waiver, approved_by, now=at, real_exit=real_exit)
        if counts and not covered.why_not(waiver["base_commit_sha"] or "", waiver["commit_sha"] or ""):
            found.append(review_waivers.stand_in(waiver, approved_by))
    return found


def _inherit(found: list[Verdict], row: Verdict, covered: Coverage) -> list[Verdict]:
    """The verdicts with one of a task above, unless the same lane has said something newer on the task itself."""
    key = (row["reviewer_role"], row.get("review_domain"))
    own = next((item for item in found if (item["reviewer_role"], item.get("review_domain")) == key), None)
    newer = own is not None and (own["id"] or 0) > (row["id"] or 0)  # not by the clock, which is that of each machine
    if newer and own is not None and not own.get("own_work"):
        return found
    if not covered.is_inside(row["base_commit_sha"] or "", row["reviewed_commit_sha"] or ""):
        return found
    return [*(item for item in found if item is not own), row]


def judge_reviews(
    project: Project,
    facts: BarFacts | ShapeFacts,
    lanes: Sequence[Asked],
    bar: Bar,
    covered: Coverage,
    *,
    real_exit: bool = False,
    now: str = "",
) -> Judged:
    """How the reviews stand to the commit of `covered`, see `review_standing.summed_up`; and `verdicts`.

    `lanes` are those that are asked by the paths, the shape or a person (`reviews.by_lane`); `bar` adds what the task
    declares. `real_exit` says that a waiver needs an approval, `now` is the time at which waivers count.
    """
    bar = without_doubles(bar, lanes, project.settings)
    asked = [*lanes, *bar["entries"]]
    verdicts = verdicts_for(project, facts, covered, real_exit=real_exit or bar["real_exit"], now=now)
    own = [row for row in verdicts if row["id"] is not None and not row.get("inherited_from")]
    told, same = covered.marked(own)
    verdicts = [*told, *(row for row in verdicts if row not in own)]
    gate = project.settings["gates"]["require_review_before_done"]
    names = {entry["lane"]: domains_of_lane(entry["lane"], project.settings) for entry in asked}
    asked = [{**entry, "counts_for": entry.get("domains") or names[entry["lane"]]} for entry in asked]
    reviews = judge(asked, verdicts, covered.commit_sha, same)
    for entry in reviews:
        entry.pop("counts_for", None)
    objections = other_objections(asked, verdicts, covered.commit_sha, same)
    approved = any(is_approval(row, covered.commit_sha, same) for row in verdicts)
    return {**summed_up(reviews, objections, bar, gate=gate, approved=approved), "verdicts": verdicts, "same": same}


def judge_by_records(project: Project, tx: Transaction, state: Holding, commit: str, *, now: str) -> SummedUp:
    """How the reviews that a task declares stand to `commit` as far as rows tell: no change is compared.

    The answer of `summed_up`; git is not asked, so an approval of another commit, even of the same change, is told
    as one of another commit. `state` is the row of `tasks.state`.
    """
    facts = bar_facts(tx, state)
    at = max(now, facts["seen"])
    bar = bar_as_routed(facts, project.settings)
    verdicts = standing_verdicts(facts["reviews"], project.settings)
    verdicts += answers_from_above(facts["above"], facts["requests"], project.settings)
    for waiver in {row["needed"]: row for row in facts["waivers"]}.values():
        approved_by = review_waivers.approvers(waiver, facts["reviews"])
        counts = not review_waivers.why_not(waiver, approved_by, now=at, real_exit=bar["real_exit"])
        if counts and commit in ("", waiver["commit_sha"]):
            verdicts.append(review_waivers.stand_in(waiver, approved_by))
    reviews = judge(bar["entries"], verdicts, commit, None)
    return summed_up(reviews, [], bar, gate=False, approved=False)


def asked_by_requests(requests: Sequence[ReviewRequest], more: Sequence[Requirement] = ()) -> list[Asked]:
    """The lanes that open requests ask, by the reasons that they were opened for; `more` as `by_lane` takes them."""
    routed: list[Requirement] = [
        {"lane": row["role"], "layer": row["layer"] or "", "rule": rule, "paths": stored(row["paths"], list, "paths")}
        for row in requests
        if row["layer"] != MANUAL and not asked_domains(row)
        for rule in stored(row["rules"], list, "rules")
    ]
    manual: list[ByHand] = [
        {"role": row["role"], "rules": stored(row["rules"], list, "rules")}
        for row in requests
        if row["layer"] == MANUAL
    ]
    return by_lane([*routed, *more], manual)


def bar_as_routed(facts: BarFacts | ShapeFacts, settings: Settings) -> Bar:
    """The bar of a change whose paths cannot be told any more: what its open requests remember of them is kept."""
    paths = [
        path
        for row in facts["requests"]
        if row["layer"] == RISK or not asked_domains(row)
        for path in stored(row["paths"], list, "paths")
    ]
    bar = bar_of(facts["task"], sorted(set(paths)), settings, _reasons_as_routed(facts))
    full = any(row["shape"] == FULL_MATRIX for row in facts["requests"])
    return {**bar, "real_exit": bar["real_exit"] or full}


def _reasons_as_routed(facts: BarFacts | ShapeFacts) -> list[Raised]:
    """The reasons of the shape in which the reviews were asked, by the rules of the requests: `SHAPE: NAME`."""
    rules = [
        rule for row in facts["requests"] if row["layer"] == "shape" for rule in stored(row["rules"], list, "rules")
    ]
    return [{"rule": rule.partition(": ")[2]} for rule in rules]
