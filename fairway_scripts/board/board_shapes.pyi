from collections.abc import Mapping
from typing import Literal, NotRequired, TypeAlias, TypedDict

from fairway_scripts.git.git_survey import CommitFacts, HostPlace, LaneSurvey
from fairway_scripts.lanes.lane_shapes import GitFinding, GitRows
from fairway_scripts.reviews.reports.review_report_rules import Spread
from fairway_scripts.runs.run_shapes import CurrentWatcher, ShownCheckpoint
from fairway_scripts.sessions.session_shapes import SessionFinding
from fairway_scripts.store.rows import (
    InboxHandoffs,
    InboxRequests,
    LooseEndsFailedCi,
    LooseEndsMonitors,
    LooseEndsParentsWithoutRollUp,
    LooseEndsUndecided,
    OrchestratorActive,
    OrchestratorLastHandoffs,
    OrchestratorReadyFirst,
    ReportsCounts,
    ReportsInStatus,
    ReportsList,
    ReportsOpenHandoffs,
    ReportsUnderReview,
    ReviewRequest,
    SessionRow,
    WriteBacksFailures,
)
from fairway_scripts.upkeep.upkeep_shapes import NewestAnchor
from fairway_scripts.work.work_shapes import Verdict

class LaneWorktree(TypedDict):
    path: str
    exists: bool
    branch: str | None
    expected_branch: str
    dirty: bool
    ahead: int | None
    behind: int | None
    elsewhere: list[HostPlace]

class Found(TypedDict, total=False):
    words: str
    lane: str
    status: str
    owner: str
    actor: str
    kind: str
    finished: bool

class TaskValues(TypedDict):
    lane: str
    status: str
    owner: str
    words: str
    finished: int

class EventValues(TypedDict):
    lane: str
    actor: str
    kind: str
    words: str

class ChangeEvent(TypedDict):
    id: int
    at: str
    actor: str
    kind: str
    summary: str

class Happened(ChangeEvent):
    task_id: str
    reverts: int | None
    payload: dict[str, object]

class WindowEvent(Happened):
    tool: str
    lane: str | None

class ForcedEvent(Happened):
    lane: str | None
    reason: str

class ReportedEvent(Happened):
    session_id: str | None
    tool: str
    request_id: str | None
    reverted_by: int | None

class OneEvent(ReportedEvent):
    previous_hash: str
    hash: str
    store_hash: str | None
    rows: dict[str, int]
    before_in_task: int | None
    after_in_task: int | None
    before_in_store: int | None
    after_in_store: int | None

class Activity(TypedDict):
    events: list[ReportedEvent]
    total: int

class TaskList(TypedDict):
    tasks: list[ReportsList]
    total: int

class LaneCounts(TypedDict):
    rows: list[ReportsCounts]
    ready: dict[str, int]
    archived: int

class StatusReport(TypedDict):
    total: int
    ready: int
    archived: int
    by_status: dict[str, int]
    by_lane: dict[str, dict[str, int]]
    ready_by_lane: dict[str, int]

class FinishedWork(TypedDict):
    task_id: str
    lane: str
    completed_at: str | None
    commit_sha: str | None
    review_status: str | None
    approval: str

class InboxRequest(InboxRequests):
    command: str

class InboxHandoff(InboxHandoffs):
    command: str

class Inbox(TypedDict):
    requests: list[InboxRequest]
    handoffs: list[InboxHandoff]

Measure: TypeAlias = Literal["wait_seconds", "cycle_seconds", "blocked_seconds", "review_seconds", "evidence_seconds"]

class OfTask(TypedDict):
    task_id: str

class TimedTask(TypedDict):
    id: str
    lane: str
    title: str
    status: str

class TaskTiming(TimedTask):
    open: bool
    first_seen_at: str | None
    first_claimed_at: str | None
    finished_at: str | None
    last_activity_at: str | None
    wait_seconds: float | None
    cycle_seconds: float | None
    blocked_seconds: float | None
    review_seconds: float | None
    evidence_seconds: float | None
    evidence_count: int
    unknown: list[str]

class LaneTiming(TypedDict):
    lane: str
    tasks: int
    finished: int
    wait: Spread
    cycle: Spread
    blocked: Spread
    review: Spread
    evidence: Spread

class TimingReport(TypedDict):
    measured_at: str
    by_lane: list[LaneTiming]
    by_task: list[TaskTiming]
    total: int
    not_measured: int

class ReviewWait(TypedDict):
    task_id: str
    title: str
    lane: str
    waiting_lane: str
    review_domain: str
    commit_sha: str
    since: str
    waited_seconds: int
    what: str
    session_id: str
    command: str
    argv: list[str]

class ListValues(TypedDict):
    role: str
    status: str
    owner: str
    archived: int

class HealthFinding(TypedDict):
    id: str
    lane: str
    waits_for: str
    since: str
    age_seconds: float
    what: str
    fix: str

class Thresholds(TypedDict):
    stale_in_progress: float
    blocked_over_24h: float
    unacknowledged_handoffs_over_1h: float
    pending_reviews_over_24h: float

class HealthReport(TypedDict):
    in_progress: int
    stale_in_progress: int
    over_lease: int
    blocked_over_24h: int
    unacknowledged_handoffs: int
    unacknowledged_handoffs_over_1h: int
    unrouted_reviews: int
    pending_reviews: int
    pending_reviews_over_24h: int
    stale_reviews: int
    ci_learning: int
    active_parent_without_roll_up: int
    monitor_without_backing: int
    undecided_evidence: int
    findings: dict[str, list[HealthFinding]]
    thresholds: Thresholds
    ok: bool

class LooseRows(TypedDict):
    failed_ci: list[LooseEndsFailedCi]
    parents: list[LooseEndsParentsWithoutRollUp]
    monitors: list[LooseEndsMonitors]
    undecided: list[LooseEndsUndecided]

class HealthRows(LooseRows):
    claims: list[ReportsInStatus]
    blocked: list[ReportsInStatus]
    handoffs: list[ReportsOpenHandoffs]
    reviewed: list[ReportsUnderReview]
    requests: list[ReviewRequest]
    verdicts: list[Verdict]

class Limits(TypedDict):
    max_primary_tracks: int
    max_sidecar_tracks: int
    max_review_tracks: int

class LaneFacts(TypedDict):
    lanes: list[str]
    statuses: list[str]
    claimed: str
    counts: list[ReportsCounts]
    ready: dict[str, int]
    waiting: dict[str, int]

class TickThresholds(TypedDict):
    handoff: float
    blocked: float

class Facts(TypedDict):
    now: str
    lanes: list[str]
    finished: str
    limits: Limits
    thresholds: TickThresholds
    active: list[OrchestratorActive]
    blocked: list[OrchestratorActive]
    ready_first: list[OrchestratorReadyFirst]
    handoffs: dict[str, OrchestratorLastHandoffs]
    routed: dict[str, list[str]]
    requests: list[ReviewRequest]
    reading: Mapping[tuple[str, str], str]
    verdicts: list[Verdict]
    gate: NotRequired[bool]
    lighter: NotRequired[dict[str, str]]
    missing_domains: NotRequired[dict[str, list[str]]]
    task_lanes: dict[str, str]
    sessions: list[SessionSeen]
    session_findings: list[SessionFinding]
    watchers: list[CurrentWatcher]
    checkpoints: list[ShownCheckpoint]
    write_backs: NotRequired[list[WriteBacksFailures]]
    loose: NotRequired[dict[str, list[HealthFinding]]]
    integrated: NotRequired[dict[str, bool | None]]
    standing: NotRequired[dict[str, tuple[str, str]]]

class SessionSeen(SessionRow):
    process: str
    pane: str
    theirs: bool

class BoardFacts(Facts, LaneFacts): ...

class StoredFacts(BoardFacts):
    health: HealthReport
    git_rows: GitRows
    cursor: int
    changes: list[TaskChanges]
    queue_file_changed: bool
    anchor: NewestAnchor | None

class Action(TypedDict):
    action: str
    urgency: int
    lane: str
    task_id: str
    reason: str
    command: str

class OverLimit(TypedDict):
    lane: str
    task_ids: list[str]
    message: str

class BoardLane(TypedDict):
    lane: str
    counts: dict[str, int]
    in_progress: int
    ready: int
    waiting: int
    worktree: LaneWorktree | None

class ActiveTask(TypedDict):
    task_id: str
    lane: str
    status: str
    owner: str
    claimant: str
    title: str
    status_since: str
    age_seconds: int
    sessions: list[str]
    why: str

class ReadyTask(TypedDict):
    task_id: str
    priority: int | None
    title: str

class ReadyLane(TypedDict):
    lane: str
    total: int
    waiting: int
    first: list[ReadyTask]

class BoardSession(TypedDict):
    session_id: str
    lane: str
    task_id: str | None
    backend: str
    provider: str | None
    status: str
    last_heartbeat_at: str | None
    process: str
    pane: str
    over: str

class Board(TypedDict):
    lanes: list[BoardLane]
    active: list[ActiveTask]
    ready: list[ReadyLane]
    sessions: list[BoardSession]

class GitTrouble(TypedDict):
    word: str
    message: str
    fix: str

class GitSeen(TypedDict):
    ok: bool
    findings: list[GitFinding]
    commits: dict[str, CommitFacts]
    lanes: list[LaneSurvey]
    trouble: GitTrouble | None

class Summary(TypedDict):
    config: str
    queue_file: str
    queue_file_changed: bool
    git_ok: bool
    git_errors: int
    git_warnings: int
    git_trouble: GitTrouble | None
    anchor: NewestAnchor | None
    anchor_wanted: bool
    live_sessions: int
    sessions_over: int
    unattended: int
    gates: dict[str, object]

class TaskChanges(TypedDict):
    task_id: str
    lane: str
    events: list[ChangeEvent]

class EvidenceGap(OrchestratorLastHandoffs):
    worktree: str

class Seen(TypedDict):
    preflight: Summary
    lanes: list[BoardLane]
    active: list[ActiveTask]
    ready: list[ReadyLane]
    sessions: list[BoardSession]
    watchers: list[CurrentWatcher]
    checkpoints: list[ShownCheckpoint]
    health: dict[str, int]
    health_findings: dict[str, list[HealthFinding]]
    actions: list[Action]
    limits: list[OverLimit]
    cursor: int
    since: str
    changes: list[TaskChanges]
    git_findings: list[GitFinding]
    session_findings: list[SessionFinding]
    evidence_gaps: list[EvidenceGap]
    totals: NotRequired[dict[str, int]]

class Preflight(TypedDict):
    ok: bool
    lane: str
    checked: list[str]
    errors: int
    warnings: int
    issues: list[GitFinding]

class PlanRow(TypedDict):
    lane: str
    action: str
    task_id: str
    reason: str
    command: str
    obstacles: list[GitFinding]

class Dispatch(TypedDict):
    plan: list[PlanRow]
    total: int
    ready: int
    obstacles: list[GitFinding]

class Upcoming(TypedDict):
    actions: list[Action]
    total: int

class DoctorFinding(TypedDict):
    key: str
    level: str
    message: str
    fix: str

class MarkedFinding(DoctorFinding):
    suppressed: bool

class DoctorReport(TypedDict):
    ok: bool
    findings: list[MarkedFinding]

class FoundName(TypedDict):
    name: str
    found: str

class FoundPlace(TypedDict):
    path: str
    found: str
    exists: bool

class SourceFacts(TypedDict):
    valid: bool | None
    task_count: int | None

class FoundQueue(FoundPlace, SourceFacts): ...

class EnginePlace(FoundPlace):
    engine: str

class StoreContents(TypedDict):
    schema_version: int | None
    task_count: int | None

class FoundStore(EnginePlace, StoreContents): ...

class Whereabouts(TypedDict):
    version: str
    program: str
    python: str
    project: str
    root: str
    root_found: str
    worktree: str
    git_dir: str
    common_dir: str
    main_branch: str
    config: FoundPlace
    queue_file: FoundQueue
    store: FoundStore
    lane: FoundName
    actor: FoundName
    session: str
    shared: str
    problems: list[dict[str, object]]
