"""Waiving a review: a recorded decision that a change may be reviewed more lightly than the table of shapes asks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts import jsonio
from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.identity import clean_name
from fairway_scripts.operations.approvals import own_work
from fairway_scripts.operations.changes import Change, answered_before, find_state
from fairway_scripts.operations.review_routes import read_change
from fairway_scripts.operations.review_shapes import SUBJECT, shape_answer, shape_facts, shape_of_change
from fairway_scripts.operations.reviewers import TRUSTED_VARIABLE, own_claim
from fairway_scripts.rules.review_shape import SHAPES, is_lighter

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project

    Row = dict[str, Any]

_KEPT = ("needed", "granted", "reason", "owner", "commit_sha", "base_commit_sha")


def waive_review(project: Project, args: Any) -> Row:
    """Record that OWNER accepts a review of SHAPE for what REF changes, although a heavier one is needed; and why.

    REF and BASE default to the change that was routed last. The waiver holds for this change only, line for line,
    and for the reasons that are known now: a further commit, or a further reason, needs another one. Nothing is
    approved by it, and no request is opened or closed.

    Returns waiver_id, task_id, lane, commit_sha, base_commit_sha, changed_paths (how many), needed, granted, reason,
    owner, recorded_by, created_at, reviewers (the lanes that still have to review), and shape, shape_needed,
    shape_reasons. Raises FairwayError: `usage`, `reason_required`, `waiver_refused` (it is not lighter),
    `self_review` (OWNER or the actor does the work), `not_found`, `git_inconsistent`, `git_unavailable`.
    """
    owner = clean_name(args.owner.strip(), "OWNER")
    if not owner:
        raise FairwayError(
            "usage", "OWNER is required: somebody answers for a waiver", suggest("review-waive", "--help")
        )
    if args.shape not in SHAPES:
        raise FairwayError(
            "usage", f"SHAPE {args.shape!r} is none of {', '.join(SHAPES)}", suggest("review-waive", "--help")
        )
    if not args.reason.strip():
        line = suggest("review-waive", TASK_ID=args.task_id, SHAPE=args.shape, OWNER=None, REASON="why")
        raise FairwayError("reason_required", "a waiver needs a REASON", line, task_id=args.task_id)
    repeated = answered_before(project, args)
    if repeated is not None:
        return repeated
    with project.store.read() as tx:
        lane = find_state(tx, args.task_id)["role"]
        facts = shape_facts(project, tx, args.task_id, lane)
        routed = tx.one("waivers.last_routed", task_id=args.task_id)
    read = _read(project, args, routed)
    needed = shape_of_change(project, {**facts, "waiver": None}, read)
    _refuse_heavier(args, read, needed)
    waiver = _waiver(args, owner, read, needed)
    granted = shape_of_change(project, {**facts, "waiver": waiver}, read)
    with Change(project, args) as change:
        if change.answer is not None:
            return change.answer
        return _record(change, read, waiver, granted)


def _read(project: Project, args: Any, routed: Row | None) -> Row:
    """The change that is meant; raises FairwayError `usage` when the call names none and none was routed."""
    if args.ref:
        return read_change(project, args.ref, args.base)
    if routed is None:
        line = suggest("review-waive", TASK_ID=args.task_id, REF=None, SHAPE=None, OWNER=None, REASON=None)
        raise FairwayError("usage", f"REF is required: no review of {args.task_id} was routed yet", line)
    return read_change(project, routed["commit_sha"], args.base or routed["base_commit_sha"] or "")


def _refuse_heavier(args: Any, read: Row, needed: Row) -> None:
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


def _waiver(args: Any, owner: str, read: Row, needed: Row) -> Row:
    """The waiver as a row of its table that is not written yet."""
    return {
        "id": 0,
        "needed": needed["needed"],
        "granted": args.shape,
        "rules": list(dict.fromkeys(reason["rule"] for reason in needed["reasons"])),
        "reason": args.reason,
        "owner": owner,
        "commit_sha": read["commit_sha"],
        "base_commit_sha": read["merge_base"],
        "created_at": "",
    }


def _record(change: Change, read: Row, waiver: Row, granted: Row) -> Row:
    args, state = change.args, change.state(change.args.task_id)
    _refuse_own_work(change, state, waiver)
    row = {
        **{name: waiver[name] for name in _KEPT},
        "subject": SUBJECT,
        "expires_at": None,
        "recorded_by": change.project.identity.actor,
        "created_at": change.at,
    }
    row_id = change.tx.insert("waivers.add", task_id=args.task_id, **row, rules=jsonio.dumps(waiver["rules"]))
    summary = f"waives the {row['needed']} review for a {row['granted']} one"
    event = {"table": "waivers", "row_id": row_id, **row, "rules": waiver["rules"], "summary": summary}
    change.record("review_waived", args.task_id, event)
    told = shape_answer(granted)
    return change.finish(
        {
            "waiver_id": row_id,
            "task_id": args.task_id,
            "lane": state["role"],
            **row,
            "changed_paths": len(read["changed_paths"]),
            "reviewers": granted["reviewers"],
            **{name: told[name] for name in ("shape", "shape_needed", "shape_reasons")},
        }
    )


def _refuse_own_work(change: Change, state: Row, waiver: Row) -> None:
    """Nobody takes a review away from work of their own; neither does a command that runs on an approval."""
    who, task_id = change.project.identity, state["task_id"]
    session = os.environ.get(TRUSTED_VARIABLE, "")
    why = f"this call comes from a trusted run (session {session})" if session else ""
    why = why or own_work(change.tx, state, waiver["owner"], who.actor if who.named else "")
    why = why or own_claim(change.project, change.tx, state)
    if why:
        line = suggest("review-waive", TASK_ID=task_id, SHAPE=waiver["granted"], OWNER=None, REASON=None, ACTOR=None)
        raise FairwayError(
            "self_review",
            f"the review of {task_id} cannot be waived by {waiver['owner']}: {why}; somebody else answers for it",
            line,
            task_id=task_id,
            lane=state["role"],
        )
