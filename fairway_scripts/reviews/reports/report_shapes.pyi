from typing import NotRequired, TypedDict

from fairway_scripts.reviews.judged_shapes import GuardStanding
from fairway_scripts.reviews.reports.review_report_rules import Spread
from fairway_scripts.store.rows import Review, WaiversRequests

# What was asked of a lane, while it is gathered.
class OpenedAsk(TypedDict):
    task_id: str
    lane: str
    commit_sha: str
    opened_at: str
    given: list[Review]
    routed: list[WaiversRequests]
    covered: bool

# What was asked of a lane, and how it was answered, see `review_report_rules.asks_of`.
class Ask(TypedDict):
    task_id: str
    lane: str
    commit_sha: str
    opened_at: str
    shape: str
    state: str
    verdicts: int
    outcome: str | None
    wait_seconds: float | None
    spent_seconds: float | None

class Counts(TypedDict):
    asked: int
    done: int
    open: int
    replaced: int
    covered: int
    found: int
    nothing: int
    unknown: int
    waited: Spread
    spent: Spread

class Changes(TypedDict):
    changes: int
    lanes_asked: float | None
    nothing_found_in_a_row: int

class OfShape(Changes, Counts):
    shape: str
    waivers: int

class OfLane(Counts):
    shape: str
    lane: str
    nothing_found_in_a_row: int

class ByShape(TypedDict):
    by_shape: list[OfShape]
    by_lane: list[OfLane]

class GivenWaiver(TypedDict):
    task_id: str
    lane: str
    needed: str
    granted: str
    owner: str
    reason: str
    commit_sha: str | None
    rules: list[str]
    created_at: str

class ReviewReport(ByShape):
    waivers: list[GivenWaiver]
    unasked: int
    lane: str

class DatedReview(ReviewReport):
    since: str

# A task that misses a gate.
class Gap(TypedDict):
    task_id: str
    title: str
    kind: str
    lane: str
    status: str
    reasons: list[str]
    matching_evidence_count: int
    fix: str

class Satisfied(TypedDict):
    task_id: str
    evidence: list[int]
    against: int | None

class GateOfAll(TypedDict):
    profile: str
    gate: str
    group: str
    mode: str
    configured_mode: str
    evidence_type: str
    task_count: int
    satisfied_count: int
    missing_count: int
    status: str
    missing: list[Gap]
    satisfied: list[Satisfied]
    graduation: NotRequired[GuardStanding | None]

class Readiness(TypedDict):
    ok: bool
    task_count: int
    blocking_missing: int
    advisory_missing: int
    gate_evaluations: list[GateOfAll]

class ReadinessReport(Readiness):
    profile: str

class DatedReadiness(ReadinessReport):
    at: str
