"""The report on reviews: who was asked in which shape, who answered, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.reviews.reports import review_report_rules as rules
from fairway_scripts.reviews.routes.review_shapes import SUBJECT
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.reports.report_shapes import GivenWaiver, ReviewReport


def review_report(project: Project, *, lane: str = "", since: str = "") -> ReviewReport:
    """Reviews asked, done and found, by shape and by shape and lane, see `review_report_rules.review_report`.

    `lane` keeps what that lane was asked (a change then counts with that lane alone) and no waiver is left out by
    it; `since`, a stored time, keeps asks that were opened and waivers that were given at or after it. Also returns
    `waivers` {task_id, lane, needed, granted, owner, reason, commit_sha, rules, created_at}, oldest first, `lane`
    as given, and `unasked`: how many verdicts came from a lane that nobody had asked by then.
    """
    with project.store.read() as tx:
        requests = tx.all("waivers.requests", role=lane)
        verdicts = tx.all("waivers.verdicts", role=lane)
        waivers = tx.all("waivers.since", subject=SUBJECT, since=since)
    every = rules.asks_of(requests, verdicts)
    asks = [ask for ask in every if ask["opened_at"] >= since]
    shown: list[GivenWaiver] = [
        {
            "task_id": row["task_id"],
            "lane": row["lane"],
            "needed": row["needed"],
            "granted": row["granted"],
            "owner": row["owner"],
            "reason": row["reason"],
            "commit_sha": row["commit_sha"],
            "rules": stored(row["rules"], list, "rules"),
            "created_at": row["created_at"],
        }
        for row in waivers
    ]
    recent = [row for row in verdicts if row["created_at"] >= since]
    answered = sum(ask["verdicts"] for ask in rules.asks_of(requests, recent))
    return {
        **rules.review_report(asks, waivers, settings_of.lanes(project.settings)),
        "waivers": shown,
        "unasked": len(recent) - answered,
        "lane": lane,
    }
