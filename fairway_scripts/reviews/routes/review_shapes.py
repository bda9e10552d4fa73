"""The shape of the review that a task's change needs now, with the waiver that makes it lighter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.project.changes import find_definition
from fairway_scripts.reviews import review_waivers
from fairway_scripts.reviews.approval_coverage import is_same_change
from fairway_scripts.reviews.review_bar import bar_of
from fairway_scripts.reviews.review_bars import bar_facts, seen_by_the_ledger
from fairway_scripts.reviews.routes import review_shape as rules
from fairway_scripts.reviews.routes.review_routes import readable
from fairway_scripts.settings.review_needs import FULL_MATRIX
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import Reason, ShapeAnswer, ShapeFacts, ShapeOfChange, ShownWaiver
    from fairway_scripts.reviews.routes.review_routes import ChangeRead
    from fairway_scripts.reviews.routes.review_shape import ReadDefinition
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Task
    from fairway_scripts.work.work_shapes import ReadWaiver

#: What a waiver of this room is about, in the table of all waivers.
SUBJECT = "review-shape"


def shape_facts(project: Project, tx: Transaction, state: Task) -> ShapeFacts:
    """What the review of a task depends on besides its change: the rows of `review_bars.bar_facts`, `spans`, `waiver`.

    `state` is the row of `tasks.state`; `spans` are all that was ever routed and not taken back; `task` is that of
    `review_shape.task_facts`, `waiver` the latest one of the shape (None without one).
    """
    definition = find_definition(tx, state["task_id"])
    read: ReadDefinition = {
        "kind": definition["kind"],
        "risk_level": definition["risk_level"],
        "profile": definition["profile"],
        "tags": stored(definition["tags"], list, "tags"),
        "extra": stored(definition["extra"], dict, "extra"),
        "review_domains": stored(definition["review_domains"], list, "review_domains"),
    }
    row = tx.one("waivers.latest", task_id=state["task_id"], subject=SUBJECT)
    facts = bar_facts(tx, state, definition, row)
    waiver: ReadWaiver | None = None
    if row is not None:
        waiver = {
            "id": row["id"],
            "needed": row["needed"],
            "granted": row["granted"],
            "rules": stored(row["rules"], list, "rules"),
            "reason": row["reason"],
            "owner": row["owner"],
            "commit_sha": row["commit_sha"],
            "base_commit_sha": row["base_commit_sha"],
            "created_at": row["created_at"],
            "expires_at": row["expires_at"],
            "own_work": facts["own_waivers"].get(row["id"], ""),
        }
    return {
        "state": state,
        "reviews": facts["reviews"],
        "requests": facts["requests"],
        "waivers": facts["waivers"],
        "above": facts["above"],
        "seen": facts["seen"] or (seen_by_the_ledger(tx) if waiver else ""),
        "task": rules.task_facts(state["role"], read, project.settings),
        "spans": tx.all("records.routed_spans", task_id=state["task_id"]),
        "waiver": waiver,
    }


def shape_of_change(project: Project, facts: ShapeFacts, read: ChangeRead) -> ShapeOfChange:
    """The shape of the review of a change (`read_change`), see `review_shape.shape_of`; `waiver` and `bar`.

    `waiver` is None, or the latest waiver as `{id, needed, granted, reason, owner, commit_sha, created_at, expires_at,
    approved_by, covers, why_not}`: only one that covers this change makes the review lighter. `bar` is what the task
    declares (`review_bar.bar_of`); a waiver of the shape lets the risk level go to which the shape had raised
    it. `real_exit` says that a waiver needs an approval. Two git processes when it was given for another commit.
    """
    paths, waiver, settings = read["changed_paths"], facts["waiver"], project.settings
    plain = rules.shape_of(facts["task"], paths, settings)
    bar = bar_of(facts["task"], paths, settings, plain["reasons"])
    real_exit = bar["real_exit"] or plain["needed"] == FULL_MATRIX
    reasons: list[Reason] = [
        {**reason, "matched": [readable(name) for name in reason["matched"]]} for reason in plain["reasons"]
    ]
    if waiver is None:
        return {**plain, "reasons": reasons, "waiver": None, "bar": bar, "real_exit": real_exit}
    given, change = (
        (waiver["base_commit_sha"] or "", waiver["commit_sha"] or ""),
        (read["merge_base"], read["commit_sha"]),
    )
    approved_by = review_waivers.approvers(waiver, facts["reviews"])
    why_not = rules.covers(waiver, reasons, same_change=is_same_change(project, given, change))
    why_not = why_not or review_waivers.why_not(
        waiver, approved_by, now=max(clock.now(), facts["seen"]), real_exit=real_exit
    )
    shown: ShownWaiver = {
        "id": waiver["id"],
        "needed": waiver["needed"],
        "granted": waiver["granted"],
        "reason": waiver["reason"],
        "owner": waiver["owner"],
        "commit_sha": waiver["commit_sha"],
        "created_at": waiver["created_at"],
        "expires_at": waiver["expires_at"],
        "approved_by": approved_by,
        "covers": not why_not,
        "why_not": why_not,
    }
    found = plain if why_not else rules.shape_of(facts["task"], paths, settings, waiver["granted"])
    bar = bar if why_not else bar_of(facts["task"], paths, settings)
    return {**found, "reasons": reasons, "waiver": shown, "bar": bar, "real_exit": real_exit}


def shape_answer(found: ShapeOfChange) -> ShapeAnswer:
    """The entries of an answer that tell the shape: shape, shape_needed, shape_reasons, waiver, risk_level."""
    return {
        "shape": found["shape"],
        "shape_needed": found["needed"],
        "shape_reasons": found["reasons"],
        "waiver": found["waiver"],
        "risk_level": found["bar"]["risk_level"],
    }
