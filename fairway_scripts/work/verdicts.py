"""Reviews: the words of a verdict, who may not give one, and what the verdicts of a task add up to.

A verdict belongs to a lane: the latest one of each reviewing lane counts. An approval is bound to the commit that was
read; an objection (changes requested, blocked) stands until the same lane gives another verdict.
"""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest, suggest_call
from fairway_scripts.base.identity import same_name
from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.review_verdicts import asked_domains, asked_text, concerns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypedDict

    from fairway_scripts.reviews.routes.routing import Requirement
    from fairway_scripts.store.rows import ReviewRequest, TasksPastHolders
    from fairway_scripts.work.work_shapes import Asked, ByHand, Word

    class Holder(TypedDict):
        """Who has a task, as far as a review of their own work is looked for."""

        role: str
        owner: str | None
        claimant: str | None

    class Signed(TypedDict):
        """Who recorded something."""

        recorded_by: str


CHANGES_REQUESTED = "changes_requested"
BLOCKED = "blocked"
PENDING = "pending"
NOT_REQUIRED = "not_required"
#: The verdicts that stand in the way, the heavier one first.
OBJECTIONS = (BLOCKED, CHANGES_REQUESTED)

#: What a verdict shares that came from the `user@host` of a claim.
SAME_AS_CLAIM = "same login as the claim"
#: What somebody did who recorded evidence of a task.
RECORDED = "recorded its evidence"

#: Who asks for a review: a sensitive path, the shape of the review, the owner of a path, or a person. The strongest
#: reason comes first.
MANUAL = "manual"
LAYERS = ("sensitive", "shape", "owner", MANUAL)

_VERDICTS = {
    "approved": APPROVED,
    "approve": APPROVED,
    "changes_requested": CHANGES_REQUESTED,
    "changes": CHANGES_REQUESTED,
    "blocked": BLOCKED,
    "reject": BLOCKED,
}


def verdict_of(word: str) -> str:
    """The verdict (`approved`, `changes_requested`, `blocked`) that a word stands for; also approve, changes, reject.

    Raises FairwayError `usage` for any other word, `pending` among them: that is no verdict but a request.
    """
    plain = word.strip().lower().replace("-", "_")
    if plain in _VERDICTS:
        return _VERDICTS[plain]
    if plain == PENDING:
        raise FairwayError(
            "usage",
            "a verdict cannot be pending: that is what an open request is",
            suggest("queue-route-review", TASK_ID=None, REF=None),
        )
    raise FairwayError(
        "usage",
        f"STATUS {word!r} is no verdict: approved, changes_requested or blocked (also approve, changes, reject)",
        suggest_call(STATUS=None),
    )


def self_review(
    state: Holder,
    past: Iterable[TasksPastHolders],
    *,
    lane: str,
    reviewer: str,
    actor: str,
    producers: Iterable[str] = (),
    session: str = "",
    title: str = "reviewer ",
    recorded: bool = False,
) -> str:
    """Why a verdict would be a review of one's own work, "" when it would not.

    `state` is the task's state (role, owner, claimant), `past` its earlier holders (`{claimant, owner}`: who held
    a claim, under which owner's name), `producers` who recorded its evidence. `lane` and `reviewer` are given with
    the verdict; `actor` runs the command, "" when nobody chose that name, because `user@host` is shared by everybody
    on the machine; `session` is the caller's when it has claimed the task or recorded its evidence under whatever
    name. `title` stands before the name of the reviewer, `recorded` says that the verdict is on record already.
    Names are compared by `identity.same_name`. Whoever merely created or routed the task may review it.
    """
    if same_name(lane, state["role"]):
        return f"{lane} is the task's own lane"
    if same_name(reviewer, state["role"]):
        return f"{title}{reviewer} is the task's own lane"
    holders = [*_holders(state, past), *((name, RECORDED) for name in producers)]
    for name, what in holders:
        if same_name(reviewer, name):
            return f"{title}{reviewer} {_did(what)}"
    ran, when = ("recorded it", "it was recorded") if recorded else ("runs this command", "this command runs")
    for name, what in holders:
        if not what.endswith("owner") and same_name(actor, name):
            return f"{actor}, who {ran}, {_did(what)}"
    return f"session {session}, in which {when}, did the work" if session else ""


def shared_login(review: Signed, claimants: Iterable[str], producers: Iterable[str] = ()) -> str:
    """What a verdict shares with the work when it came from the same `user@host`, "" when it does not.

    A chosen name of the work is refused when a verdict is given, so that whoever recorded the verdict under a name of
    the work did not choose it: one login on one machine may be one person or many.
    """
    name = review["recorded_by"]
    if any(same_name(name, claimant) for claimant in claimants):
        return f"{SAME_AS_CLAIM}: {name}"
    if any(same_name(name, producer) for producer in producers):
        return f"same login as the evidence: {name}"
    return ""


def _did(what: str) -> str:
    return what if what == RECORDED else f"is its {what}"


def answers(request: ReviewRequest, review: Word) -> bool:
    """Whether a lane's latest verdict satisfies an open review request of that lane.

    It must be an approval of the very commit that was to be read, or be given after the request was opened (whoever
    reviews last has seen the most), or be the one that was found to cover the request when it was opened. One of own
    work (`own_work`) satisfies none.
    """
    if review["verdict"] != APPROVED or review.get("own_work"):
        return False
    return (
        review["reviewed_commit_sha"] == request["commit_sha"]
        or review["id"] == request["answered_by"]
        or bool(review["created_at"] >= request["created_at"])
    )


def review_status(requests: Iterable[ReviewRequest], verdicts: Iterable[Word]) -> str:
    """What the verdicts of a task add up to, given its open requests and its standing verdicts.

    `verdicts` come from `review_verdicts.standing_verdicts`. Any objection wins, `blocked` over `changes_requested`;
    `approved` when every request is answered, or when none is open and somebody approved; `pending` while a request
    is open; else `not_required`.
    """
    known = (APPROVED, *OBJECTIONS)  # an old database may have had other words, which approve nothing
    standing = [row for row in verdicts if not row.get("own_work")]
    words = {review["verdict"] for review in standing if review["verdict"] in known}
    for objection in OBJECTIONS:
        if objection in words:
            return objection
    open_requests = list(requests)
    if unanswered(open_requests, standing):
        return PENDING
    return APPROVED if words or open_requests else NOT_REQUIRED


def unanswered(requests: Iterable[ReviewRequest], verdicts: Iterable[Word]) -> list[str]:
    """The lanes and domains with an open request that no standing verdict satisfies, in the order of the requests."""
    standing = list(verdicts)
    waiting = (asked_text(item["role"], asked_domains(item)) for item in requests if not is_answered(item, standing))
    return list(dict.fromkeys(waiting))


def is_answered(request: ReviewRequest, verdicts: Iterable[Word]) -> bool:
    """Whether a standing verdict satisfies an open request, and none of those it asks for objects."""
    own = [row for row in verdicts if concerns(row, request["role"], asked_domains(request))]
    if any(row["verdict"] in OBJECTIONS for row in own):
        return False
    return any(answers(request, row) for row in own)


def verdict_text(review: Word) -> str:
    """A verdict in words: who, what, on which commit."""
    commit = review["reviewed_commit_sha"]
    return f"{review['verdict']} by {review['reviewer']} on {commit[:12] if commit else 'no known commit'}"


def by_lane(requirements: Iterable[Requirement], manual: Iterable[ByHand] = ()) -> list[Asked]:
    """One entry for each lane that must review: `{lane, layer, rules, paths}`, sensitive first, else as they come.

    `requirements` come from `routing.route` (`{lane, rule, layer, paths}`; those without a lane ask for
    nothing); `manual` are open requests made by hand (`{role, rules}`, `rules` holding the reason). `layer` is the
    strongest reason, `rules` and `paths` hold each entry once.
    """
    found: dict[str, Asked] = {}
    asked: list[tuple[str, str, list[str], list[str]]]
    asked = [(item["lane"], item["layer"], [item["rule"]], item["paths"]) for item in requirements if item["lane"]]
    asked += [(item["role"], MANUAL, item["rules"], []) for item in manual]
    for lane, layer, rules, paths in asked:
        entry = found.setdefault(lane, {"lane": lane, "layer": layer, "rules": [], "paths": []})
        entry["layer"] = min(entry["layer"], layer, key=LAYERS.index)
        entry["rules"] += [rule for rule in rules if rule not in entry["rules"]]
        entry["paths"] = sorted({*entry["paths"], *paths})
    return sorted(found.values(), key=lambda entry: LAYERS.index(entry["layer"]))


def mentions_exception(texts: Iterable[str | None]) -> bool:
    """Whether one of the texts of a handoff says, in whatever spelling, that the same model reviews by exception."""
    for text in texts:
        plain = " ".join((text or "").lower().replace("-", " ").replace("_", " ").split())
        if "exception" in plain and ("same model" in plain or "same provider" in plain):
            return True
    return False


def _holders(state: Holder, past: Iterable[TasksPastHolders]) -> Iterator[tuple[str, str]]:
    yield state["owner"] or "", "owner"
    yield state["claimant"] or "", "claimant"
    for row in past:
        yield row["claimant"] or "", "past claimant"
        yield row["owner"] or "", "past owner"
