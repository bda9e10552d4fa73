"""Which verdicts of a task stand, and what each of them counts for.

A verdict with a `review_domain` counts for exactly that domain; one without counts for its lane, and so for the
domains that the lane answers for. The latest verdict of a lane for the same thing is the one that stands; a plain one
also takes the place of the lane's earlier verdicts on domains that it answers for. Verdicts on a waiver
(`waiver_id`) say nothing about the change and are none of these.
"""

from __future__ import annotations

from fairway_scripts.settings.review_domains import ANY_OF, answers_for, domains_of_lane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypedDict

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.store.rows import Review, ReviewRequest
    from fairway_scripts.work.work_shapes import Verdict, Word

    class Spoken(TypedDict):
        """Who gave a verdict, and for which domain."""

        reviewer_role: str
        review_domain: str | None


def standing_verdicts(rows: Iterable[Review], settings: Settings) -> list[Verdict]:
    """The verdicts of one task that stand, each with `domains`, what it counts for besides its lane.

    `rows` are review rows, oldest first; the answer is in the order in which each lane first spoke on each thing.
    One that is told to be on one's own work (`own_work`) stands only where no other speaks in its place.
    """
    latest: dict[tuple[str, str], Any] = {}
    for row in sorted(rows, key=lambda row: not row.get("own_work")):
        if row.get("waiver_id"):
            continue
        lane, domain = row["reviewer_role"], row.get("review_domain") or ""
        if not domain:
            for key in [key for key in latest if key[0] == lane and key[1] and answers_for(lane, key[1], settings)]:
                del latest[key]
        latest[lane, domain] = {**row, "domains": [domain] if domain else domains_of_lane(lane, settings)}
    return list(latest.values())


def concerns(verdict: Word, lane: str, domains: list[str]) -> bool:
    """Whether a standing verdict speaks for what was asked: a lane, or one of `domains` where any are named."""
    if domains:
        return any(domain in verdict["domains"] for domain in domains)
    return not verdict.get("review_domain") and bool(verdict["reviewer_role"] == lane)


def asked_domains(request: ReviewRequest) -> list[str]:
    """The domains of a review request, any one of which will do; none when the lane itself is asked."""
    return [name for name in (request.get("review_domain") or "").split(ANY_OF) if name]


def asked_text(lane: str, domains: list[str]) -> str:
    """What is asked in words: a lane, `governance`, or `backend or ops`."""
    return " or ".join(domains) or lane


def request_text(request: ReviewRequest) -> str:
    """Whom a request asks, and for which domain: `C-ops for ops`."""
    domains = asked_domains(request)
    return f"{request['role']} for {asked_text('', domains)}" if domains else str(request["role"])


def speaker(verdict: Spoken) -> str:
    """Who gave a verdict, and for which domain where it names one."""
    domain = verdict.get("review_domain")
    return f"{verdict['reviewer_role']} for {domain}" if domain else str(verdict["reviewer_role"])
