"""Waiving a review: a recorded decision that a change may be reviewed more lightly than it would have to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.identity import clean_name
from fairway_scripts.project.changes import Change, find_state, repeated_answer
from fairway_scripts.project.config_authority import refuse_other_configuration
from fairway_scripts.reviews.approvals import end_of, own_work
from fairway_scripts.reviews.review_bars import DOMAIN_SUBJECT
from fairway_scripts.reviews.review_waivers import DEFERRED, WAIVED
from fairway_scripts.reviews.reviews import named_domain
from fairway_scripts.reviews.routes.review_routes import read_change
from fairway_scripts.reviews.routes.review_shape import is_lighter
from fairway_scripts.reviews.routes.review_shapes import SUBJECT, shape_answer, shape_facts, shape_of_change
from fairway_scripts.settings.review_needs import SHAPES
from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.reviewers import check_distinct, own_claim, refuse_trusted_run

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ReviewWaive
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import (
        Bar,
        JudgedReview,
        ShapeFacts,
        ShapeOfChange,
        Waived,
        WaiverColumns,
    )
    from fairway_scripts.reviews.routes.review_routes import ChangeRead
    from fairway_scripts.store.rows import Task, WaiversLastRouted
    from fairway_scripts.work.work_shapes import ReadWaiver

#: An approval of the waiver that is being written, which has no number yet.
_AS_IF_APPROVED: JudgedReview = {
    "id": 0,
    "task_id": "",
    "reviewer_role": "",
    "reviewer": "",
    "verdict": APPROVED,
    "reviewed_commit_sha": None,
    "base_commit_sha": None,
    "route_reason": None,
    "notes": None,
    "recorded_by": "",
    "created_at": "",
    "withdrawn_at": None,
    "findings_count": None,
    "duration_seconds": None,
    "review_domain": None,
    "waiver_id": 0,
    "own_work": "",
}


def waive_review(project: Project, args: ReviewWaive) -> Waived:
    """Record that OWNER lets a part of the review of what REF changes go, why, and until when.

    SHAPE accepts a lighter shape than is needed; REVIEW_DOMAIN lets the approval of one domain go, or with DEFER puts
    it off until EXPIRES. REF and BASE default to the change that was routed last; EXPIRES to `review.waiver_lasts` from
    now. The waiver holds for this change only, line for line, for the reasons that are known now, and until it ends. At
    a real exit it counts once a lane that is not the task's has approved it (`queue-record-review`, WAIVER). Nothing is
    approved by it, and no request is opened or closed.

    Returns waiver_id, task_id, lane, commit_sha, base_commit_sha, changed_paths (how many), needed, granted, reason,
    owner, expires_at, recorded_by, created_at, real_exit, counts (whether it counts at once), reviewers (the lanes that
    still have to review), and shape, shape_needed, shape_reasons. Raises FairwayError: `usage`, `reason_required`,
    `waiver_refused` (it is not lighter, the domain is not asked), `self_review` (OWNER or the actor does the work, or
    the call comes from a trusted run),
    `not_found`, `git_inconsistent`, `git_unavailable`.
    """
    refuse_trusted_run("waive a review", "waives")
    refuse_other_configuration(project, "a waiver")
    owner, domain = _checked(project, args)
    repeated: Waived | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    with project.store.read() as tx:
        facts = shape_facts(project, tx, find_state(tx, args.task_id))
        routed = tx.one("waivers.last_routed", task_id=args.task_id)
    read = _read(project, args, routed)
    needed = shape_of_change(project, {**facts, "waiver": None}, read)
    if domain is None:
        _refuse_heavier(args, read, needed)
    else:
        _refuse_not_asked(args, domain, needed["bar"])
    at = clock.now()
    ends = end_of(args.expires, at) or clock.later(at, clock.duration(project.settings["review"]["waiver_lasts"]))
    waiver = _waiver(args, owner, read, needed, domain)
    waiver["expires_at"] = ends
    # what the shape comes to with the waiver, as if whoever has to approve it had done so
    with_it: ShapeFacts = {**facts, "waiver": waiver, "reviews": [*facts["reviews"], _AS_IF_APPROVED]}
    granted = needed if domain else shape_of_change(project, with_it, read)
    with Change(project, args) as change:
        known: Waived | None = change.repeated()
        if known is not None:
            return known
        return _record(change, args, read, waiver, granted, domain)


def _checked(project: Project, args: ReviewWaive) -> tuple[str, str | None]:
    """The owner and the domain that is waived (None for a shape); raises FairwayError for what is no waiver."""
    owner, helped = clean_name(args.owner.strip(), "OWNER"), suggest("review-waive", "--help")
    if not owner:
        raise FairwayError("usage", "OWNER is required: somebody answers for a waiver", helped)
    domain = named_domain(project, args.review_domain)
    if bool(args.shape) == (domain is not None):
        what = "SHAPE or REVIEW_DOMAIN is required: what is waived" if not args.shape else "give SHAPE or REVIEW_DOMAIN"
        raise FairwayError("usage", what, helped)
    if args.shape and args.shape not in SHAPES:
        raise FairwayError("usage", f"SHAPE {args.shape!r} is none of {', '.join(SHAPES)}", helped)
    if args.defer and domain is None:
        raise FairwayError("usage", "DEFER puts the approval of a REVIEW_DOMAIN off", helped)
    if not args.reason.strip():
        line = suggest(
            "review-waive",
            TASK_ID=args.task_id,
            SHAPE=args.shape,
            REVIEW_DOMAIN=domain or "",
            OWNER=owner,
            REASON=None,
        )
        raise FairwayError("reason_required", "a waiver needs a REASON", line, task_id=args.task_id)
    return owner, domain


def _refuse_not_asked(args: ReviewWaive, domain: str, bar: Bar) -> None:
    asked = [name for entry in bar["entries"] for name in entry.get("domains", [])]
    if domain in asked:
        return
    known = f"; it asks for {', '.join(dict.fromkeys(asked))}" if asked else ", which asks for no domain"
    raise FairwayError(
        "waiver_refused",
        f"no approval for {domain} is asked of {args.task_id}{known}",
        suggest("queue-task-detail", TASK_ID=args.task_id),
        task_id=args.task_id,
    )


def _read(project: Project, args: ReviewWaive, routed: WaiversLastRouted | None) -> ChangeRead:
    """The change that is meant; raises FairwayError `usage` when the call names none and none was routed."""
    if args.ref:
        return read_change(project, args.ref, args.base)
    if routed is None:
        line = suggest("review-waive", TASK_ID=args.task_id, REF=None, SHAPE=None, OWNER=None, REASON=None)
        raise FairwayError("usage", f"REF is required: no review of {args.task_id} was routed yet", line)
    return read_change(project, routed["commit_sha"], args.base or routed["base_commit_sha"] or "")


def _refuse_heavier(args: ReviewWaive, read: ChangeRead, needed: ShapeOfChange) -> None:
    if is_lighter(args.shape, needed["needed"]):
        return
    commit = read["commit_sha"][:12]
    raise FairwayError(
        "waiver_refused",
        f"{args.task_id} at {commit} needs a {needed['needed']} review, and {args.shape} is no lighter",
        suggest("queue-route-review", TASK_ID=args.task_id, REF=commit),
        task_id=args.task_id,
        needed=needed["needed"],
    )


def _waiver(args: ReviewWaive, owner: str, read: ChangeRead, needed: ShapeOfChange, domain: str | None) -> ReadWaiver:
    """The waiver as a row of its table that is not written yet."""
    rules = [reason["rule"] for reason in needed["reasons"]]
    if domain:
        asking = [entry for entry in needed["bar"]["entries"] if domain in entry.get("domains", [])]
        rules = [rule for entry in asking for rule in entry["rules"]]
    return {
        "id": 0,
        "needed": domain or needed["needed"],
        "granted": (DEFERRED if args.defer else WAIVED) if domain else args.shape,
        "rules": list(dict.fromkeys(rules)),
        "reason": args.reason,
        "owner": owner,
        "commit_sha": read["commit_sha"],
        "base_commit_sha": read["merge_base"],
        "created_at": "",
        "expires_at": None,
        "own_work": "",
    }


def _record(
    change: Change, args: ReviewWaive, read: ChangeRead, waiver: ReadWaiver, granted: ShapeOfChange, domain: str | None
) -> Waived:
    state = change.state(args.task_id)
    _refuse_own_work(change, state, waiver, domain)
    row: WaiverColumns = {
        "subject": DOMAIN_SUBJECT if domain else SUBJECT,
        "needed": waiver["needed"],
        "granted": waiver["granted"],
        "reason": waiver["reason"],
        "owner": waiver["owner"],
        "commit_sha": waiver["commit_sha"],
        "base_commit_sha": waiver["base_commit_sha"],
        "expires_at": waiver["expires_at"],
        "recorded_by": change.project.identity.actor,
        "created_at": change.at,
    }
    row_id = change.tx.insert("waivers.add", task_id=args.task_id, **row, rules=jsonio.dumps(waiver["rules"]))
    summary = f"waives the {row['needed']} review for a {row['granted']} one until {row['expires_at']}"
    if domain:
        word = "puts off" if row["granted"] == DEFERRED else "waives"
        summary = f"{word} the approval for {domain} until {row['expires_at']}"
    event = {"table": "waivers", "row_id": row_id, **row, "rules": waiver["rules"], "summary": summary}
    change.record("review_waived", args.task_id, event)
    told = shape_answer(granted)
    answer: Waived = {
        **row,
        "waiver_id": row_id,
        "task_id": args.task_id,
        "lane": state["role"],
        "changed_paths": len(read["changed_paths"]),
        "real_exit": granted["real_exit"],
        "counts": not granted["real_exit"],
        "reviewers": granted["reviewers"],
        "shape": told["shape"],
        "shape_needed": told["shape_needed"],
        "shape_reasons": told["shape_reasons"],
    }
    return change.finish(answer)


def _refuse_own_work(change: Change, state: Task, waiver: ReadWaiver, domain: str | None) -> None:
    """Nobody takes a review away from work of their own."""
    who, task_id = change.project.identity, state["task_id"]
    why = own_work(change.tx, state, waiver["owner"], who.actor if who.named else "")
    why = why or own_claim(change.project, change.tx, state)
    if why:
        what = {"REVIEW_DOMAIN": waiver["needed"]} if domain else {"SHAPE": waiver["granted"]}
        line = suggest("review-waive", TASK_ID=task_id, **what, OWNER=None, REASON=None, ACTOR=None)
        raise FairwayError(
            "self_review",
            f"the review of {task_id} cannot be waived by {waiver['owner']}: {why}; somebody else answers for it",
            line,
            task_id=task_id,
            lane=state["role"],
        )
    shared = check_distinct(change.project, change.tx, state, f"a waiver of {task_id}", "somebody else answers for it")
    change.project.notes += [f"the waiver has the {shared}"] if shared else []
