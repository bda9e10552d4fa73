from typing import NotRequired, TypedDict

from fairway_scripts.base.settings_shape import GatesSettings, Graduation, Settings
from fairway_scripts.reviews.gates.profile_gates_rules import GateEvaluation
from fairway_scripts.reviews.routes.review_routes import ChangeRead
from fairway_scripts.reviews.routes.routing import PathRoute, Requirement
from fairway_scripts.store.rows import Evidence, Handoff, RecordsRoutedSpans, Review, ReviewRequest, Task, Waiver
from fairway_scripts.work.work_shapes import Asked, Holding, ReadWaiver, Verdict

# What a task declares of its review.
class Declaration(TypedDict):
    role: str
    profile: str
    risk_level: str
    review_domains: list[str]

class TaskFacts(Declaration):
    kind: str
    tags: list[str]
    gates: list[str]

# A reason of the shape of a review by its rule, which may raise the risk level.
class Raised(TypedDict):
    rule: str

# Why a review has its shape.
class Reason(TypedDict):
    rule: str
    shape: str
    by: str
    matched: list[str]

# What the declaration of a task asks for, see `review_bar.bar_of`.
class Bar(TypedDict):
    risk_level: str
    evidence: bool
    real_exit: bool
    declared: bool
    entries: list[Asked]
    faults: list[str]

# A review or a waiver, and why it counts for nothing, "" when it counts: see `work.own_approvals`.
class JudgedReview(Review):
    own_work: str

class JudgedWaiver(Waiver):
    own_work: str

# The rows that the reviews of a task are judged by, see `review_bars.bar_facts`.
class ReviewFacts(TypedDict):
    state: Holding
    reviews: list[JudgedReview]
    requests: list[ReviewRequest]
    waivers: list[JudgedWaiver]
    seen: str
    above: dict[str, list[Review]]

class BarFacts(ReviewFacts):
    task: Declaration
    own: dict[int, str]
    own_waivers: dict[int, str]

class ShapeFacts(ReviewFacts):
    task: TaskFacts
    spans: list[RecordsRoutedSpans]
    waiver: ReadWaiver | None

class Shape(TypedDict):
    needed: str
    shape: str
    reasons: list[Reason]
    requirements: list[Requirement]
    reviewers: list[str]

class ShownWaiver(TypedDict):
    id: int
    needed: str
    granted: str
    reason: str
    owner: str
    commit_sha: str | None
    created_at: str
    expires_at: str | None
    approved_by: list[str]
    covers: bool
    why_not: str

class ShapeOfChange(Shape):
    waiver: ShownWaiver | None
    bar: Bar
    real_exit: bool

class ShapeAnswer(TypedDict):
    shape: str
    shape_needed: str
    shape_reasons: list[Reason]
    waiver: ShownWaiver | None
    risk_level: str

class ReviewFinding(TypedDict):
    lane: str
    domains: list[str]
    message: str

class Objection(ReviewFinding):
    current: bool

# How a lane or a domain that is asked stands to a commit, see `review_standing.judge`.
class Stands(TypedDict):
    lane: str
    layer: str
    rules: list[str]
    paths: list[str]
    domains: list[str]
    counted: NotRequired[bool]
    counts_for: NotRequired[list[str]]
    ok: bool
    verdict: str | None
    reviewer: str | None
    reviewed_commit_sha: str | None
    review_id: int | None
    inherited_from: str | None
    waiver_id: int | None
    message: str

class SummedUp(TypedDict):
    reviews: list[Stands]
    objections: list[Objection]
    bar: Bar
    findings: list[ReviewFinding]
    binding: bool
    ok: bool
    missing: list[str]
    missing_domains: list[str]

class Judged(SummedUp):
    verdicts: list[Verdict]
    same: set[int]

# What a verdict says about a commit, see `approval_coverage.coverage`.
class Covers(TypedDict):
    covers: bool
    how: str
    why: str
    paths: list[str]

# What finished work was approved by.
class Approval(TypedDict):
    lane: str
    domains: list[str]
    review_id: int | None
    inherited_from: str | None
    waiver_id: int | None

# A lane or a domain as `queue-route-review` tells it.
class RequiredReview(TypedDict):
    lane: str
    domains: list[str]
    layer: str
    rules: list[str]
    ok: bool
    inherited_from: str | None
    waiver_id: int | None
    paths: list[str]
    answered_by: int | None
    answer: str

class Routes(ChangeRead):
    self_owned: list[str]
    unrouted: list[str]

class Routed(Routes, ShapeAnswer):
    task_id: str
    lane: str
    required: list[RequiredReview]
    missing_domains: list[str]
    faults: list[str]
    review_required: bool
    review_status: str | None
    superseded: int

class SampledRoutes(TypedDict):
    task_id: str
    lane: str
    paths: list[PathRoute]

# What a waiver keeps of what is let go.
class WaiverColumns(TypedDict):
    subject: str
    needed: str
    granted: str
    reason: str
    owner: str
    commit_sha: str | None
    base_commit_sha: str | None
    expires_at: str | None
    recorded_by: str
    created_at: str

class Waived(WaiverColumns):
    waiver_id: int
    task_id: str
    lane: str
    changed_paths: int
    real_exit: bool
    counts: bool
    reviewers: list[str]
    shape: str
    shape_needed: str
    shape_reasons: list[Reason]

# What gates ask of the task of a change.
class GateTask(TypedDict):
    task_id: str
    lane: str
    kind: str
    profile: str
    acceptance_checks: list[str]
    ref: str

# Something that applies to a change, and the rule that asks for it.
class Applying(TypedDict):
    kind: str
    name: str
    rule: str
    matched: list[str]
    command: str

class NotNeeded(TypedDict):
    kind: str
    name: str
    why: str

class AskedCommand(TypedDict):
    command: str
    asked_by: list[str]

class Selection(TypedDict):
    selected: list[Applying]
    not_needed: list[NotNeeded]
    commands: list[AskedCommand]

class CalledPack(TypedDict):
    pack_id: str
    title: str
    owner: str
    blocks: bool
    rule: str
    matched: list[str]

class OtherPack(TypedDict):
    pack_id: str
    why: str

class PacksOfChange(TypedDict):
    catalog: str
    packs: list[CalledPack]
    other_packs: list[OtherPack]
    unknown: list[str]

class SelectFacts(TypedDict):
    task: GateTask | None
    ref: str
    paths: list[str]
    settings: Settings
    modes: dict[str, str]
    packs: list[CalledPack]
    other_packs: list[OtherPack]
    shape: ShapeOfChange

class Selected(Selection, ShapeAnswer):
    task_id: str
    lane: str
    ref: str
    commit_sha: str
    base: str
    merge_base: str
    changed_paths: list[str]
    catalog: str
    unknown_packs: list[str]
    shape_text: list[str]
    faults: list[str]

# How a regression pack stands that a change calls for.
class PackCheck(TypedDict):
    pack_id: str
    blocks: bool
    ok: bool
    fresh: bool
    why: str

class Branch(TypedDict):
    name: str
    tip: str | None
    contains: bool

class Place(TypedDict):
    path: str
    exists: bool
    changed_files: list[str]
    merged: bool

class GitFacts(TypedDict):
    behind: int
    branches: list[Branch]
    worktree: Place

class Check(TypedDict):
    check: str
    level: str
    message: str
    fix: str

class MergeReady(ChangeRead, ShapeAnswer):
    ok: bool
    task_id: str
    lane: str
    checks: list[Check]
    gate_evaluations: list[GateEvaluation]
    required_reviews: list[Stands]
    missing_domains: list[str]

class StatusSet(TypedDict):
    task_id: str
    lane: str
    from_status: str
    status: str
    owner: str | None
    branch: str | None
    commit_sha: str | None
    commit_source: str
    completed_at: str | None
    fence: int
    warnings: list[str]

# What a run of a guard comes to.
class GuardStanding(TypedDict):
    holds: bool
    reasons: list[str]
    runs: list[int]

class Graduated(TypedDict):
    profile: str
    gate: str
    mode: str
    reason: str
    recorded_by: str
    created_at: str
    mode_before: str
    configured_mode: str
    criteria: Graduation | None
    criteria_hold: bool
    reasons: list[str]
    runs: list[int]
    forced: bool

class TaskToMerge(Task):
    acceptance_checks: NotRequired[list[str]]

# What the merge checklist is judged from, see `merge_checklist.merge_checklist`.
class MergeFacts(ChangeRead, GitFacts):
    task: TaskToMerge
    initial_status: str
    gates: GatesSettings
    evidence: list[Evidence]
    handoffs: list[Handoff]
    judged: SummedUp
    beside: NotRequired[bool]
    approved_with: NotRequired[list[str]]
    main_branch: NotRequired[str]
    elsewhere: NotRequired[str]
    undeclared: NotRequired[list[str]]
    shape: NotRequired[ShapeOfChange]
    gate_evaluations: NotRequired[list[GateEvaluation]]
    packs: NotRequired[list[PackCheck]]
