"""The shape of the review that a task's change needs now, with the waiver that makes it lighter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    from fairway_scripts.reviews.routes.review_routes import ChangeRead
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Task

    Row = dict[str, Any]

#: What a waiver of this room is about, in the table of all waivers.
SUBJECT = "review-shape"


def shape_facts(project: Project, tx: Transaction, state: Task) -> Row:
    """What the review of a task depends on besides its change: the rows of `review_bars.bar_facts`, `spans`, `waiver`.

    `state` is the row of `tasks.state`; `spans` are all that was ever routed and not taken back; `task` is that of
    `review_shape.task_facts`, `waiver` the latest one of the shape (None without one).
    """
    definition = find_definition(tx, state["task_id"])
    read = {
        **definition,
        "tags": stored(definition["tags"], list, "tags"),
        "extra": stored(definition["extra"], dict, "extra"),
        "review_domains": stored(definition["review_domains"], list, "review_domains"),
    }
    waiver = tx.one("waivers.latest", task_id=state["task_id"], subject=SUBJECT)
    facts = bar_facts(tx, state, definition, waiver)
    own = facts["own_waivers"]
    return {
        **facts,
        "seen": facts["seen"] or (seen_by_the_ledger(tx) if waiver else ""),
        "task": rules.task_facts(state["role"], read, project.settings),
        "spans": tx.all("records.routed_spans", task_id=state["task_id"]),
        "waiver": waiver
        and {**waiver, "rules": stored(waiver["rules"], list, "rules"), "own_work": own.get(waiver["id"], "")},
    }


def shape_of_change(project: Project, facts: Row, read: ChangeRead) -> Row:
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
    reasons = [{**reason, "matched": [readable(name) for name in reason["matched"]]} for reason in plain["reasons"]]
    if waiver is None:
        return {**plain, "reasons": reasons, "waiver": None, "bar": bar, "real_exit": real_exit}
    given, change = (waiver["base_commit_sha"], waiver["commit_sha"]), (read["merge_base"], read["commit_sha"])
    approved_by = review_waivers.approvers(waiver, facts["reviews"])
    why_not = rules.covers(waiver, reasons, same_change=is_same_change(project, given, change))
    why_not = why_not or review_waivers.why_not(
        waiver, approved_by, now=max(clock.now(), facts["seen"]), real_exit=real_exit
    )
    names = ("id", "needed", "granted", "reason", "owner", "commit_sha", "created_at", "expires_at")
    shown = {**{name: waiver[name] for name in names}, "approved_by": approved_by}
    found = plain if why_not else rules.shape_of(facts["task"], paths, settings, waiver["granted"])
    bar = bar if why_not else bar_of(facts["task"], paths, settings)
    told = {"reasons": reasons, "waiver": {**shown, "covers": not why_not, "why_not": why_not}}
    return {**found, **told, "bar": bar, "real_exit": real_exit}


def shape_answer(found: Row) -> Row:
    """The entries of an answer that tell the shape: shape, shape_needed, shape_reasons, waiver, risk_level."""
    return {
        "shape": found["shape"],
        "shape_needed": found["needed"],
        "shape_reasons": found["reasons"],
        "waiver": found["waiver"],
        "risk_level": found["bar"]["risk_level"],
    }
