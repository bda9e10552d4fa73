from typing import TypedDict

from fairway_scripts.reviews.gates.profile_gates_rules import GateEvaluation
from fairway_scripts.reviews.judged_shapes import Stands
from fairway_scripts.store.rows import (
    Evidence,
    Handoff,
    ReportsHistory,
    ReportsTrackerLinks,
    Review,
    TasksChildren,
    TasksDependents,
)

class Metadata(TypedDict):
    profile: str
    owning_domain: str
    owning_layer: str
    risk_level: str
    migration_type: str
    source_paths: list[str]
    target_paths: list[str]
    review_domains: list[str]
    tags: list[str]

class Dependency(TypedDict):
    id: str
    status: str
    lane: str
    owner: str
    met: bool
    archived: bool

# What is kept of the state of a task.
class DetailState(TypedDict):
    task_id: str
    lane: str
    status: str
    status_since: str
    open_blockers: int
    owner: str | None
    claimant: str | None
    claimed_at: str | None
    lease_expires_at: str | None
    branch: str | None
    commit_sha: str | None
    completed_at: str | None
    review_status: str | None
    reviewer: str | None
    reviewed_at: str | None
    review_note: str | None
    fence: int
    version: int
    updated_at: str
    source: str
    left_file_at: str | None
    archived_at: str | None
    title: str
    kind: str | None
    priority: int | None
    parent_id: str | None
    terminal: bool
    ready: bool
    review_required: bool
    over_lease: bool

class DetailDefinition(TypedDict):
    sequence: int | None
    notes: str
    acceptance_checks: list[str]
    metadata: Metadata
    extra: dict[str, object]
    created_at: str
    created_by: str | None

class Neighbours(TypedDict):
    children: list[TasksChildren]
    dependencies: list[Dependency]
    dependents: list[TasksDependents]

class AttachedSession(TypedDict):
    session_id: str
    lane: str | None
    status: str
    backend: str | None
    provider: str | None
    transcript_path: str | None
    started_at: str
    last_heartbeat_at: str | None
    ended_at: str | None
    end_reason: str | None

class AttachedCheckpoint(TypedDict):
    checkpoint_id: int
    owner: str | None
    state: str
    target_close_by: str | None
    artifact_path: str | None
    created_at: str
    withdrawn_at: str | None
    summary: str | None

class AttachedWatcher(TypedDict):
    watch_id: str
    owner: str | None
    status: str
    process: str | None
    result: str | None
    artifact_path: str | None
    started_at: str
    last_news_at: str | None
    finished_at: str | None
    notes: str | None

class Declared(TypedDict):
    required_reviews: list[Stands]
    missing_domains: list[str]
    faults: list[str]

class Attachments(TypedDict):
    sessions: list[AttachedSession]
    checkpoints: list[AttachedCheckpoint]
    watchers: list[AttachedWatcher]

# A record with what it is worth on the commit that counts.
class SeenEvidence(Evidence):
    stale_reason: str
    freshness: str

class SeenReview(Review):
    counts: bool
    own_work: str
    shared_login: str
    on_tip: bool | None

class SeenRequest(TypedDict):
    id: int
    task_id: str
    role: str
    layer: str | None
    commit_sha: str | None
    base_commit_sha: str | None
    answered_by: int | None
    requested_by: str
    created_at: str
    superseded_at: str | None
    withdrawn_at: str | None
    shape: str | None
    review_domain: str | None
    rules: list[str]
    paths: list[str]
    domains: list[str]
    answered: bool

class SeenWaiver(TypedDict):
    id: int
    task_id: str
    subject: str
    needed: str
    granted: str
    reason: str
    owner: str
    commit_sha: str | None
    base_commit_sha: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None
    expires_at: str | None
    rules: list[str]
    ended: bool
    own_work: str
    approved_by: list[str]

class MeasuredOn(TypedDict):
    commit_sha: str
    what: str

class NextStep(TypedDict):
    why: str
    command: str

# What the next step is told from.
class Gathered(DetailState, DetailDefinition, Neighbours, Attachments, Declared):
    history: list[ReportsHistory]
    evidence: list[SeenEvidence]
    handoffs: list[Handoff]
    reviews: list[SeenReview]
    review_requests: list[SeenRequest]
    waivers: list[SeenWaiver]
    tracker_links: list[ReportsTrackerLinks]
    measured_on: MeasuredOn

class Detail(Gathered):
    gate_evaluations: list[GateEvaluation]
    next_step: NextStep
