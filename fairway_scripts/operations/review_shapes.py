"""The shape of the review that a task's change needs now, with the waiver that makes it lighter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts import jsonio
from fairway_scripts.operations.approval_coverage import is_same_change
from fairway_scripts.operations.review_routes import readable
from fairway_scripts.rules import review_shape as rules

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project
    from fairway_scripts.store.connection import Transaction

    Row = dict[str, Any]

#: What a waiver of this room is about, in the table of all waivers.
SUBJECT = "review-shape"


def shape_facts(project: Project, tx: Transaction, task_id: str, lane: str) -> Row:
    """What the shape of a task's review depends on besides its paths: `{task, waiver}`.

    `task` is that of `rules.review_shape.task_facts`, `waiver` the latest one of the shape (None without one).
    """
    definition = tx.one("tasks.definition", task_id=task_id) or {}
    read = {
        **definition,
        "tags": jsonio.loads(definition.get("tags") or "[]"),
        "extra": jsonio.loads(definition.get("extra") or "{}"),
    }
    waiver = tx.one("waivers.latest", task_id=task_id, subject=SUBJECT)
    return {
        "task": rules.task_facts(lane, read, project.settings),
        "waiver": waiver and {**waiver, "rules": jsonio.loads(waiver["rules"])},
    }


def shape_of_change(project: Project, facts: Row, read: Row) -> Row:
    """The shape of the review of a change (`read_change`), see `rules.review_shape.shape_of`, and `waiver`.

    `waiver` is None, or the latest waiver as `{id, needed, granted, reason, owner, commit_sha, created_at, covers,
    why_not}`: only one that covers this change makes the review lighter. Two git processes when it was given for
    another commit.
    """
    paths, waiver = read["changed_paths"], facts["waiver"]
    plain = rules.shape_of(facts["task"], paths, project.settings)
    reasons = [{**reason, "matched": [readable(name) for name in reason["matched"]]} for reason in plain["reasons"]]
    if waiver is None:
        return {**plain, "reasons": reasons, "waiver": None}
    given, now = (waiver["base_commit_sha"], waiver["commit_sha"]), (read["merge_base"], read["commit_sha"])
    why_not = rules.covers(waiver, reasons, same_change=is_same_change(project, given, now))
    shown = {name: waiver[name] for name in ("id", "needed", "granted", "reason", "owner", "commit_sha", "created_at")}
    found = plain if why_not else rules.shape_of(facts["task"], paths, project.settings, waiver["granted"])
    return {**found, "reasons": reasons, "waiver": {**shown, "covers": not why_not, "why_not": why_not}}


def shape_answer(found: Row) -> Row:
    """The entries of an answer that tell the shape: shape, shape_needed, shape_reasons, waiver."""
    return {
        "shape": found["shape"],
        "shape_needed": found["needed"],
        "shape_reasons": found["reasons"],
        "waiver": found["waiver"],
    }
