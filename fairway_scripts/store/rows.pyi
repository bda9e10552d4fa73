from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias, TypedDict, overload

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.contract import LooseTransaction

Value: TypeAlias = str | int | float | None

class ArchivedTask(TypedDict):
    task_id: str
    title: str | None
    role: str | None
    status: str
    terminal: int
    commit_sha: str | None
    completed_at: str | None
    source: str

class AttachmentsLaterPasses(TypedDict):
    task_id: str
    process: str
    command: str
    started_at: str

class AttachmentsPackHints(TypedDict):
    source_paths: str | None
    target_paths: str | None
    tags: str | None
    extra: str | None

class AttachmentsPackRuns(TypedDict):
    id: int
    pack_id: str
    environment: str | None
    result: str
    commit_sha: str | None
    tree_dirty: int | None
    artifact_path: str | None
    recorded_by: str
    created_at: str

class Checkpoint(TypedDict):
    id: int
    subject_kind: str
    subject_id: str
    state: str
    owner: str | None
    target_close_by: str | None
    summary: str
    artifact_path: str | None
    session_id: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None

class CheckpointRow(TypedDict):
    id: int
    subject_kind: str
    subject_id: str
    state: str
    owner: str | None
    target_close_by: str | None
    summary: str
    artifact_path: str | None
    session_id: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None
    task_status: str | None
    title: str | None
    role: str | None
    subject_over: int

class EnginesChanges(TypedDict):
    id: int
    at: str
    actor: str
    session_id: str | None
    payload: str

class Event(TypedDict):
    id: int
    at: str
    actor: str
    session_id: str | None
    tool: str
    task_id: str
    kind: str
    payload: str
    request_id: str | None
    reverts: int | None
    previous_hash: str
    hash: str
    row_images: str | None
    store_hash: str | None

class Evidence(TypedDict):
    id: int
    task_id: str
    handoff_id: int | None
    pack_id: str | None
    environment: str | None
    command_text: str
    result: str
    artifact_path: str | None
    artifact_type: str | None
    artifact_sha256: str | None
    artifact_size: int | None
    duration_seconds: int | None
    notes: str | None
    branch: str | None
    commit_sha: str | None
    tree_dirty: int | None
    producer: str
    recorded_by: str
    created_at: str
    withdrawn_at: str | None
    signed_off_by: str | None
    gate: str | None
    guard_mode: str | None
    findings_count: int | None
    false_positives: int | None
    run_by: str | None

class EvidenceChecksArtifacts(TypedDict):
    id: int
    task_id: str
    lane: str
    command_text: str
    result: str
    artifact_path: str | None
    artifact_type: str | None
    artifact_sha256: str | None
    artifact_size: int | None
    branch: str | None
    commit_sha: str | None
    created_at: str

class EvidenceChecksDelivered(TypedDict):
    id: int
    task_id: str
    lane: str
    task_kind: str | None
    command_text: str
    result: str
    artifact_path: str | None
    artifact_type: str | None
    artifact_sha256: str | None
    commit_sha: str | None
    created_at: str

class EvidenceChecksFinished(TypedDict):
    task_id: str
    lane: str
    task_kind: str | None
    status: str
    completed_at: str | None

class ExecutionApproval(TypedDict):
    id: int
    task_id: str
    command_class: str
    approved_by: str
    reason: str | None
    commit_sha: str | None
    expires_at: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None
    programs: str | None

class GatesAllTasks(TypedDict):
    task_id: str
    title: str
    kind: str | None
    profile: str | None
    risk_level: str | None
    tags: str | None
    extra: str | None
    parent_id: str | None
    acceptance_checks: str | None
    lane: str
    status: str
    terminal: int
    commit_sha: str | None

class GatesBlocked(TypedDict):
    task_id: str
    lane: str
    title: str
    parent_id: str | None
    reason: str | None

class GatesDependencies(TypedDict):
    task_id: str
    depends_on: str

class GatesGraduatedIn(TypedDict):
    session_id: str
    payload: str

class GatesHolders(TypedDict):
    task_id: str
    claimant: str | None
    owner: str | None

class GatesModes(TypedDict):
    id: int
    profile: str
    gate: str
    mode: str
    recorded_by: str

class GatesProfileOf(TypedDict):
    kind: str | None
    profile: str | None

class GatesRuns(TypedDict):
    id: int
    task_id: str
    result: str
    commit_sha: str | None
    tree_dirty: int | None
    guard_mode: str | None
    findings_count: int | None
    false_positives: int | None
    recorded_by: str
    created_at: str

class GatesTakenIn(TypedDict):
    task_id: str

class GatesTasks(TypedDict):
    task_id: str
    title: str
    kind: str | None
    profile: str | None
    lane: str
    status: str
    terminal: int
    branch: str | None
    commit_sha: str | None

class GuardMode(TypedDict):
    id: int
    profile: str
    gate: str
    mode: str
    reason: str
    evidence: str | None
    recorded_by: str
    created_at: str

class Handoff(TypedDict):
    id: int
    task_id: str
    from_role: str | None
    to_role: str | None
    owner: str | None
    branch: str | None
    commit_sha: str | None
    commands: str | None
    results: str | None
    changed_files: str | None
    risks: str | None
    blockers: str | None
    next_step: str | None
    payload: str | None
    recorded_by: str
    created_at: str
    acknowledged_at: str | None
    acknowledged_by: str | None
    acknowledged_note: str | None
    withdrawn_at: str | None

class HierarchyAncestors(TypedDict):
    id: str

class HierarchyNeedsOutsideTheFile(TypedDict):
    id: str
    named: str

class HierarchyStoreTasks(TypedDict):
    id: str
    source: str
    position: int | None
    parent_id: str | None
    kind: str | None
    title: str
    role: str
    notes: str | None
    acceptance_checks: str | None
    priority: int | None
    sequence: int | None
    profile: str | None
    owning_domain: str | None
    owning_layer: str | None
    source_paths: str | None
    target_paths: str | None
    review_domains: str | None
    risk_level: str | None
    migration_type: str | None
    tags: str | None
    extra: str | None
    content_hash: str
    created_at: str
    created_by: str | None
    updated_at: str
    left_file_at: str | None
    archived_at: str | None
    status: str
    owner: str | None
    branch: str | None
    completed_at: str | None
    commit_sha: str | None

class HierarchyTreeBelow(TypedDict):
    id: str
    parent_id: str | None
    title: str
    kind: str | None
    priority: int | None
    lane: str
    status: str
    owner: str | None
    terminal: int
    left_file_at: str | None

class HistoryRow(TypedDict):
    actor: str
    at: str
    claimant: str | None
    command_source: str | None
    from_branch: str | None
    from_commit_sha: str | None
    from_owner: str | None
    from_status: str | None
    reason: str | None
    task_id: str
    to_branch: str | None
    to_commit_sha: str | None
    to_owner: str | None
    to_status: str

class InboxHandoffs(TypedDict):
    id: int
    task_id: str
    from_role: str | None
    to_role: str | None
    owner: str | None
    branch: str | None
    commit_sha: str | None
    next_step: str | None
    created_at: str
    task_lane: str
    status: str
    title: str

class InboxRequests(TypedDict):
    id: int
    task_id: str
    lane: str
    review_domain: str | None
    shape: str | None
    commit_sha: str | None
    requested_by: str
    created_at: str
    task_lane: str
    status: str
    title: str

class LaneEngine(TypedDict):
    role: str
    engine: str
    since: str
    set_by: str
    reason: str | None
    cut_over_at: str | None

class LaneWorktree(TypedDict):
    path: str
    role: str
    branch: str | None
    created_at: str
    created_by: str
    removed_at: str | None

class LanesClaims(TypedDict):
    task_id: str
    role: str
    owner: str | None
    claimant: str | None
    branch: str | None
    claimed_at: str | None
    lease_expires_at: str | None

class LanesLiveSessions(TypedDict):
    id: str
    role: str
    host: str | None
    worktree_path: str | None
    session_backend: str
    provider: str | None
    task_id: str | None
    status: str
    started_at: str
    last_heartbeat_at: str | None

class LanesMadeWorktrees(TypedDict):
    path: str
    role: str
    branch: str | None
    created_at: str
    created_by: str

class LedgerHead(TypedDict):
    event_id: int | None
    events: int | None
    hash: str | None
    newest: int | None
    previous_hash: str | None
    moved_to: str | None

class LedgerRequest(TypedDict):
    tool: str
    fingerprint: str
    response: str

class LegacyFirstHistory(TypedDict):
    id: int
    command_source: str | None

class LegacyLastLegacyEvent(TypedDict):
    payload: str

class LegacyMirroredLanes(TypedDict):
    lanes: int
    engines_since: str | None
    definitions_since: str | None
    owing: int
    mark: str | None

class LegacyReasons(TypedDict):
    reason: str | None

class LegacyRow(TypedDict):
    task_id: str | None
    own_table: str
    own_key: str | None
    direction: str
    content_hash: str

class LegacyRowsOf(TypedDict):
    legacy_key: str
    task_id: str | None
    own_table: str
    own_key: str | None
    direction: str
    content_hash: str

class LegacyStates(TypedDict):
    task_id: str
    status: str
    terminal: int
    ready: int
    open_blockers: int
    role: str
    sort_priority: int | None
    sort_sequence: int | None
    owner: str | None
    claimant: str | None
    branch: str | None
    claimed_at: str | None
    lease_expires_at: str | None
    completed_at: str | None
    commit_sha: str | None
    review_required: int | None
    review_status: str | None
    reviewer: str | None
    reviewed_at: str | None
    review_note: str | None
    version: int
    fence: int
    status_since: str
    updated_at: str
    left_file_at: str | None

class LegacyStrays(TypedDict):
    legacy_table: str
    legacy_key: str
    task_id: str | None
    own_key: str

class LegacyUnanswered(TypedDict):
    id: int
    role: str
    created_at: str

class LooseEndsFailedCi(TypedDict):
    id: str
    lane: str
    evidence_id: int
    command_text: str
    artifact_path: str | None
    created_at: str

class LooseEndsMonitors(TypedDict):
    watch_id: str
    id: str
    lane: str
    process: str | None
    expected_duration: str | None
    pid: int | None
    pid_started_at: str | None
    host: str | None
    created_at: str

class LooseEndsParentsWithoutRollUp(TypedDict):
    id: str
    lane: str
    status_since: str
    children: int
    finished: int

class LooseEndsUndecided(TypedDict):
    id: str
    lane: str
    evidence_id: int
    result: str
    created_at: str

class MaintenanceBrokenHistory(TypedDict):
    id: int
    task_id: str
    from_status: str | None
    before_status: str | None

class MaintenanceBuiltOn(TypedDict):
    id: str
    lane: str
    status: str
    claimant: str | None

class MaintenanceLeftTasks(TypedDict):
    id: str
    archived_at: str | None
    status: str | None
    terminal: int | None
    owner: str | None
    claimant: str | None
    untouched: int

class MaintenanceNamedByOthers(TypedDict):
    id: str
    by_id: str

class MaintenanceRequestResponses(TypedDict):
    name: str
    text: str

class MaintenanceRowsOf(TypedDict):
    history: int
    dependencies: int
    state: int
    definitions: int

class MaintenanceStatesOffHistory(TypedDict):
    task_id: str
    status: str
    owner: str | None
    branch: str | None
    commit_sha: str | None
    history_id: int | None
    to_status: str | None
    to_owner: str | None
    to_branch: str | None
    to_commit_sha: str | None

class MaintenanceTerminalByStatus(TypedDict):
    status: str
    terminal: int
    task_id: str
    tasks: int

class MaintenanceWrongClaims(TypedDict):
    task_id: str
    status: str
    claimant: str | None
    version: int
    fence: int

class MaintenanceWrongOrder(TypedDict):
    task_id: str
    role: str
    lane: str
    sort_priority: int | None
    priority: int | None
    sort_sequence: int | None
    sequence: int

class MaintenanceWrongReadiness(TypedDict):
    task_id: str
    open_blockers: int
    ready: int
    blockers: int
    claimable: int

class MaintenanceWrongReverts(TypedDict):
    id: int
    task_id: str
    reverts: int

class Meta(TypedDict):
    key: str
    value: str

class NewWatcher(TypedDict):
    allowed_fixes: str | None
    close_condition: str | None
    command: str | None
    escalation_rules: str | None
    evidence_required: str | None
    expected_duration: str | None
    failure_condition: str | None
    host: str | None
    id: str
    last_news_at: str | None
    must_not_touch: str | None
    notes: str | None
    owner: str | None
    pid: int | None
    pid_started_at: str | None
    poll_interval: str | None
    process: str | None
    recorded_by: str
    role: str | None
    started_at: str
    status: str
    success_condition: str | None
    task_id: str

class NotifyAfter(TypedDict):
    id: int
    at: str
    actor: str
    session_id: str | None
    kind: str
    task_id: str
    payload: str
    reverts: int | None
    hash: str
    lane: str | None
    title: str | None

class NotifyOpenHandoffs(TypedDict):
    handoff_id: int
    task_id: str
    to_role: str | None
    created_at: str
    event_id: int | None

class OrchestratorActive(TypedDict):
    task_id: str
    lane: str
    status: str
    owner: str | None
    claimant: str | None
    branch: str | None
    commit_sha: str | None
    claimed_at: str | None
    status_since: str
    title: str
    priority: int | None
    declares: int
    reason: str | None

class OrchestratorLastHandoffs(TypedDict):
    handoff_id: int
    task_id: str
    lane: str
    owner: str | None
    to_role: str | None
    branch: str | None
    commit_sha: str | None
    created_at: str
    acknowledged_at: str | None
    passes: int

class OrchestratorReadyFirst(TypedDict):
    task_id: str
    lane: str
    title: str
    priority: int | None

class OrchestratorRoutings(TypedDict):
    task_id: str
    payload: str

class OrchestratorTaskLanes(TypedDict):
    task_id: str
    lane: str

class OrchestratorWaiting(TypedDict):
    lane: str
    tasks: int

class OversightApprovals(TypedDict):
    id: int
    task_id: str
    lane: str
    command_class: str
    approved_by: str
    reason: str | None
    commit_sha: str | None
    expires_at: str | None
    recorded_by: str
    created_at: str

class OversightArtifact(TypedDict):
    id: int
    task_id: str
    artifact_path: str | None
    artifact_sha256: str | None
    branch: str | None
    commit_sha: str | None

class OversightBlockReasons(TypedDict):
    task_id: str
    reason: str | None

class OversightEvent(TypedDict):
    id: int
    at: str
    actor: str
    session_id: str | None
    tool: str
    task_id: str
    kind: str
    payload: str
    request_id: str | None
    reverts: int | None
    previous_hash: str
    hash: str
    store_hash: str | None
    row_images: str | None
    reverted_by: int | None
    before_in_task: int | None
    after_in_task: int | None
    before_in_store: int | None
    after_in_store: int | None

class OversightEventsAfter(TypedDict):
    id: int
    at: str
    actor: str
    kind: str
    task_id: str
    lane: str | None

class OversightFailedDeployments(TypedDict):
    id: int
    task_id: str
    lane: str
    command_text: str
    notes: str | None
    artifact_path: str | None
    commit_sha: str | None
    created_at: str

class OversightFinished(TypedDict):
    task_id: str
    role: str
    owner: str | None
    claimant: str | None
    completed_at: str | None
    commit_sha: str | None
    review_status: str | None

class OversightMoves(TypedDict):
    day: str
    from_status: str
    to_status: str
    moves: int

class OversightVouchers(TypedDict):
    lane: str
    producer: str
    ran: str
    result: str
    records: int

class OversightWaivers(TypedDict):
    id: int
    task_id: str
    lane: str
    subject: str
    needed: str
    granted: str
    owner: str
    reason: str
    commit_sha: str | None
    expires_at: str | None
    created_at: str
    status: str

class ParityLanes(TypedDict):
    task_id: str
    role: str

class ParityObservation(TypedDict):
    id: int
    call_id: str
    at: str
    role: str
    operation: str
    task_id: str | None
    verdict: str
    note: str | None
    differences: str
    legacy_result: str
    own_result: str
    replay: str | None
    legacy_ms: int | None
    own_ms: int | None

class ParityRecords(TypedDict):
    kind: str
    id: int
    word: str

class ParityRunLiveClaims(TypedDict):
    name: str
    who: str

class ParityRunOpenSessions(TypedDict):
    id: str
    pid: int | None
    pid_started_at: str | None
    host: str | None

class ParityRunTasks(TypedDict):
    task_id: str
    role: str
    ready: int
    terminal: int

class ParityState(TypedDict):
    status: str
    owner: str | None
    branch: str | None
    commit_sha: str | None
    completed_at: str | None

class PrimeAsked(TypedDict):
    id: int
    task_id: str
    commit_sha: str | None
    review_domain: str | None
    title: str

class PrimeTold(TypedDict):
    handoff_id: int
    task_id: str
    owner: str | None
    title: str

class PrimeWork(TypedDict):
    task_id: str
    lane: str
    status: str
    owner: str | None
    claimant: str | None
    fence: int
    lease_expires_at: str | None
    title: str
    reason: str | None
    mine: int

class PushIntent(TypedDict):
    id: int
    task_id: str
    remote: str
    branch: str
    reason: str
    recorded_by: str
    created_at: str
    withdrawn_at: str | None

class PushIntentsOpen(TypedDict):
    intent_id: int
    task_id: str
    remote: str
    branch: str
    reason: str
    recorded_by: str
    created_at: str
    lane: str
    status: str
    terminal: int

class PushIntentsSessionsOfFinished(TypedDict):
    session_id: str
    lane: str
    task_id: str | None
    provider: str | None
    host: str | None

class PushIntentsTaskBranches(TypedDict):
    branch: str
    task_id: str
    lane: str
    status: str
    terminal: int

class QueueSource(TypedDict):
    path: str
    kind: str
    mtime_ns: int
    size: int
    sha256: str | None
    valid: int
    faults: str | None
    header: str | None
    task_count: int
    imported_at: str | None

class RecordsApprovalsOfOthers(TypedDict):
    id: int
    task_id: str
    base_commit_sha: str
    reviewed_commit_sha: str

class RecordsProducers(TypedDict):
    recorded_by: str

class RecordsRoutedSpans(TypedDict):
    base_commit_sha: str | None
    commit_sha: str | None

class RecordsTraces(TypedDict):
    kind: str
    actor: str
    tool: str
    session_id: str | None
    payload: str

class RecordsWorkOfSession(TypedDict):
    kind: str
    actor: str
    tool: str

class Remembered(TypedDict):
    settings: str | None
    identity: str | None
    moved_to: str | None

class ReportsArchivedCounts(TypedDict):
    defined: str
    lane: str | None
    status: str | None
    tasks: int
    ready: int

class ReportsArchivedTask(TypedDict):
    task_id: str
    title: str | None
    role: str | None
    status: str
    commit_sha: str | None
    completed_at: str | None
    source: str

class ReportsAttachments(TypedDict):
    part: str
    id: str
    who: str | None
    state: str
    kind: str | None
    about: str | None
    path: str | None
    started_at: str
    news_at: str | None
    ended_at: str | None
    note: str | None
    place: str

class ReportsCounts(TypedDict):
    lane: str
    status: str
    tasks: int

class ReportsEvents(TypedDict):
    id: int
    at: str
    actor: str
    session_id: str | None
    tool: str
    task_id: str
    kind: str
    payload: str
    request_id: str | None
    reverts: int | None
    reverted_by: int | None

class ReportsEvidenceTimes(TypedDict):
    task_id: str
    duration_seconds: int | None
    created_at: str

class ReportsGitTasks(TypedDict):
    id: str
    lane: str
    status: str
    owner: str | None
    branch: str | None
    commit_sha: str | None
    claimed_at: str | None
    review_status: str | None
    evidence_at: str | None
    handoff_at: str | None

class ReportsHistory(TypedDict):
    id: int
    from_status: str | None
    to_status: str
    from_owner: str | None
    to_owner: str | None
    from_branch: str | None
    to_branch: str | None
    from_commit_sha: str | None
    to_commit_sha: str | None
    claimant: str | None
    command_source: str | None
    actor: str
    reason: str | None
    at: str

class ReportsInStatus(TypedDict):
    id: str
    lane: str
    owner: str | None
    claimant: str | None
    claimed_at: str | None
    lease_expires_at: str | None
    status_since: str

class ReportsList(TypedDict):
    id: str
    lane: str
    status: str
    owner: str | None
    claimant: str | None
    branch: str | None
    priority: int | None
    kind: str | None
    title: str
    commit_sha: str | None
    status_since: str
    updated_at: str
    ready: int
    open_blockers: int
    parent_id: str | None
    left_file_at: str | None
    archived_at: str | None

class ReportsOpenApproved(TypedDict):
    task_id: str
    role: str
    owner: str | None
    claimant: str | None

class ReportsOpenHandoffs(TypedDict):
    handoff_id: int
    id: str
    lane: str
    to_role: str | None
    owner: str | None
    created_at: str

class ReportsTimedTasks(TypedDict):
    id: str
    lane: str
    title: str
    status: str
    terminal: int

class ReportsTrackerLinks(TypedDict):
    link_id: int
    tracker: str
    kind: str
    issue: str
    url: str
    comment_id: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None

class ReportsTransitions(TypedDict):
    task_id: str
    from_status: str | None
    to_status: str
    command_source: str | None
    at: str

class ReportsUnderReview(TypedDict):
    id: str
    lane: str
    branch: str | None
    review_required: int | None
    review_status: str | None
    updated_at: str

class Request(TypedDict):
    request_id: str
    tool: str
    fingerprint: str
    response: str
    created_at: str

class Review(TypedDict):
    id: int
    task_id: str
    reviewer_role: str
    reviewer: str
    verdict: str
    reviewed_commit_sha: str | None
    base_commit_sha: str | None
    route_reason: str | None
    notes: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None
    findings_count: int | None
    duration_seconds: int | None
    review_domain: str | None
    waiver_id: int | None

class ReviewRequest(TypedDict):
    id: int
    task_id: str
    role: str
    layer: str | None
    rules: str
    paths: str | None
    commit_sha: str | None
    base_commit_sha: str | None
    answered_by: int | None
    requested_by: str
    created_at: str
    superseded_at: str | None
    withdrawn_at: str | None
    shape: str | None
    review_domain: str | None

class Session(TypedDict):
    id: str
    role: str
    lane: str | None
    worktree_path: str | None
    branch: str | None
    session_backend: str
    provider: str | None
    session_name: str | None
    task_id: str | None
    external_id: str | None
    external_state: str | None
    pid: int | None
    pid_started_at: str | None
    host: str | None
    terminal: str | None
    tmux_pane: str | None
    transcript_path: str | None
    command: str | None
    status: str
    started_at: str
    last_heartbeat_at: str | None
    ended_at: str | None
    exit_code: int | None
    end_reason: str | None
    registered_by: str
    updated_at: str

class SessionRow(TypedDict):
    session_id: str
    lane: str
    lane_label: str | None
    worktree_path: str | None
    branch: str | None
    backend: str
    provider: str | None
    session_name: str | None
    task_id: str | None
    external_id: str | None
    external_state: str | None
    pid: int | None
    pid_started_at: str | None
    host: str | None
    terminal: str | None
    tmux_pane: str | None
    transcript_path: str | None
    command: str | None
    status: str
    started_at: str
    last_heartbeat_at: str | None
    ended_at: str | None
    exit_code: int | None
    end_reason: str | None
    registered_by: str
    updated_at: str

class SessionUpdate(TypedDict):
    backend: str
    branch: str | None
    command: str | None
    end_reason: str | None
    ended_at: str | None
    exit_code: int | None
    external_id: str | None
    external_state: str | None
    host: str | None
    lane: str
    lane_label: str | None
    last_heartbeat_at: str | None
    pid: int | None
    pid_started_at: str | None
    provider: str | None
    session_id: str
    session_name: str | None
    status: str
    task_id: str | None
    terminal: str | None
    tmux_pane: str | None
    transcript_path: str | None
    updated_at: str
    worktree_path: str | None

class SessionsInWorktree(TypedDict):
    session_id: str
    provider: str | None
    backend: str
    external_id: str | None
    pid: int | None
    pid_started_at: str | None
    host: str | None
    ended_at: str | None

class SessionsTasksInProgress(TypedDict):
    task_id: str
    lane: str
    owner: str | None
    claimant: str | None
    claimed_at: str | None
    status_since: str
    has_had_sessions: int

class SessionsTasksOfLive(TypedDict):
    session_id: str
    status: str
    terminal: int

class SourcesDefinitionHashes(TypedDict):
    id: str
    content_hash: str
    position: int | None
    left_file_at: str | None
    source: str

class Task(TypedDict):
    task_id: str
    status: str
    terminal: int
    ready: int
    open_blockers: int
    role: str
    sort_priority: int | None
    sort_sequence: int | None
    owner: str | None
    claimant: str | None
    branch: str | None
    claimed_at: str | None
    lease_expires_at: str | None
    completed_at: str | None
    commit_sha: str | None
    review_required: int | None
    review_status: str | None
    reviewer: str | None
    reviewed_at: str | None
    review_note: str | None
    version: int
    fence: int
    status_since: str
    updated_at: str
    title: str
    kind: str | None
    priority: int | None
    parent_id: str | None
    source: str
    left_file_at: str | None
    archived_at: str | None

class TaskDefinition(TypedDict):
    id: str
    source: str
    position: int | None
    parent_id: str | None
    kind: str | None
    title: str
    role: str
    notes: str | None
    acceptance_checks: str | None
    priority: int | None
    sequence: int | None
    profile: str | None
    owning_domain: str | None
    owning_layer: str | None
    source_paths: str | None
    target_paths: str | None
    review_domains: str | None
    risk_level: str | None
    migration_type: str | None
    tags: str | None
    extra: str | None
    content_hash: str
    created_at: str
    created_by: str | None
    updated_at: str
    left_file_at: str | None
    archived_at: str | None

class TaskDependency(TypedDict):
    task_id: str
    depends_on: str
    position: int | None

class TaskEvent(TypedDict):
    id: int
    at: str
    actor: str
    kind: str
    task_id: str
    lane: str | None
    payload: str
    reverts: int | None

class TaskState(TypedDict):
    task_id: str
    status: str
    terminal: int
    ready: int
    open_blockers: int
    role: str
    sort_priority: int | None
    sort_sequence: int | None
    owner: str | None
    claimant: str | None
    branch: str | None
    claimed_at: str | None
    lease_expires_at: str | None
    completed_at: str | None
    commit_sha: str | None
    review_required: int | None
    review_status: str | None
    reviewer: str | None
    reviewed_at: str | None
    review_note: str | None
    version: int
    fence: int
    status_since: str
    updated_at: str

class TaskStateHistory(TypedDict):
    id: int
    task_id: str
    from_status: str | None
    to_status: str
    from_owner: str | None
    to_owner: str | None
    from_branch: str | None
    to_branch: str | None
    from_commit_sha: str | None
    to_commit_sha: str | None
    claimant: str | None
    command_source: str | None
    actor: str
    reason: str | None
    at: str

class TasksChildren(TypedDict):
    id: str
    lane: str
    status: str
    title: str

class TasksClaimsOf(TypedDict):
    task_id: str
    role: str
    lease_expires_at: str | None

class TasksDependencies(TypedDict):
    id: str
    status: str
    terminal: int
    lane: str
    owner: str
    archived: int

class TasksDependents(TypedDict):
    id: str
    lane: str
    status: str

class TasksHeld(TypedDict):
    role: str
    lease_expires_at: str | None

class TasksOpenBelow(TypedDict):
    id: str
    status: str

class TasksOpenDependencies(TypedDict):
    task_id: str
    id: str
    status: str
    lane: str

class TasksPastHolders(TypedDict):
    claimant: str | None
    owner: str | None

class TasksReadyAll(TypedDict):
    id: str
    lane: str
    priority: int | None
    sequence: int | None
    kind: str | None
    title: str
    status: str

class TasksWaiting(TypedDict):
    id: str
    lane: str
    priority: int | None
    title: str
    status: str
    open_blockers: int
    left_file_at: str | None

class TrackerLink(TypedDict):
    id: int
    task_id: str
    uid: str
    tracker: str
    kind: str
    host: str
    issue: str
    remote_id: str
    url: str
    base: str
    content_hash: str
    etag: str | None
    watermark: str | None
    comment_id: str | None
    comment_hash: str | None
    pending_hash: str | None
    pending_at: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None

class TrackersLinks(TypedDict):
    id: int
    task_id: str
    uid: str
    tracker: str
    kind: str
    host: str
    issue: str
    remote_id: str
    url: str
    base: str
    content_hash: str
    etag: str | None
    watermark: str | None
    comment_id: str | None
    comment_hash: str | None
    pending_hash: str | None
    pending_at: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None
    lane: str
    status: str
    terminal: int
    title: str

class UsageRecords(TypedDict):
    id: int
    at: str
    actor: str
    session_id: str | None
    task_id: str
    payload: str
    task_lane: str | None
    terminal: int | None
    title: str | None

class VerificationEventAt(TypedDict):
    store_hash: str | None
    events: int

class VerificationEventsWithRows(TypedDict):
    id: int
    kind: str
    payload: str
    row_images: str | None

class VerificationHead(TypedDict):
    id: int
    event_id: int
    events: int
    hash: str

class VerificationImagesOf(TypedDict):
    row_key: str
    event_id: int | None
    image: str

class VerificationSources(TypedDict):
    path: str
    mtime_ns: int
    size: int
    sha256: str | None

class VerificationStoreChain(TypedDict):
    id: int
    task_id: str
    hash: str
    store_hash: str | None

class VerificationUnproven(TypedDict):
    held_in: str
    rows: int
    event_id: int | None

class WaitsReviews(TypedDict):
    id: int
    task_id: str
    title: str
    task_lane: str
    lane: str
    review_domain: str | None
    commit_sha: str | None
    created_at: str

class Waiver(TypedDict):
    id: int
    task_id: str
    subject: str
    needed: str
    granted: str
    rules: str
    reason: str
    owner: str
    commit_sha: str | None
    base_commit_sha: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None
    expires_at: str | None

class WaiversLastRouted(TypedDict):
    commit_sha: str
    base_commit_sha: str | None

class WaiversRequests(TypedDict):
    id: int
    task_id: str
    role: str
    layer: str | None
    rules: str
    paths: str | None
    commit_sha: str | None
    base_commit_sha: str | None
    answered_by: int | None
    requested_by: str
    created_at: str
    superseded_at: str | None
    withdrawn_at: str | None
    shape: str | None
    review_domain: str | None
    lane: str

class WaiversSince(TypedDict):
    id: int
    task_id: str
    subject: str
    needed: str
    granted: str
    rules: str
    reason: str
    owner: str
    commit_sha: str | None
    base_commit_sha: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None
    expires_at: str | None
    lane: str

class Watcher(TypedDict):
    id: str
    task_id: str
    role: str | None
    owner: str | None
    process: str | None
    command: str | None
    success_condition: str | None
    failure_condition: str | None
    allowed_fixes: str | None
    must_not_touch: str | None
    escalation_rules: str | None
    expected_duration: str | None
    poll_interval: str | None
    close_condition: str | None
    evidence_required: str | None
    status: str
    result: str | None
    failure_class: str | None
    artifact_path: str | None
    artifact_sha256: str | None
    artifact_size: int | None
    duration_seconds: int | None
    exit_code: int | None
    attempts: int | None
    evidence_id: int | None
    pid: int | None
    pid_started_at: str | None
    host: str | None
    notes: str | None
    started_at: str
    last_news_at: str | None
    finished_at: str | None
    recorded_by: str

class WatcherRow(TypedDict):
    id: str
    task_id: str
    role: str | None
    owner: str | None
    process: str | None
    command: str | None
    success_condition: str | None
    failure_condition: str | None
    allowed_fixes: str | None
    must_not_touch: str | None
    escalation_rules: str | None
    expected_duration: str | None
    poll_interval: str | None
    close_condition: str | None
    evidence_required: str | None
    status: str
    result: str | None
    failure_class: str | None
    artifact_path: str | None
    artifact_sha256: str | None
    artifact_size: int | None
    duration_seconds: int | None
    exit_code: int | None
    attempts: int | None
    evidence_id: int | None
    pid: int | None
    pid_started_at: str | None
    host: str | None
    notes: str | None
    started_at: str
    last_news_at: str | None
    finished_at: str | None
    recorded_by: str
    task_status: str | None
    title: str | None
    task_over: int
    evidence_at: str | None
    checkpoint_at: str | None

class WindowsEventsOlder(TypedDict):
    id: int
    at: str
    actor: str
    tool: str
    task_id: str
    kind: str
    payload: str
    reverts: int | None
    lane: str | None

class WindowsTasksAfter(TypedDict):
    id: str
    lane: str
    status: str
    owner: str | None
    priority: int | None
    title: str
    ready: int
    open_blockers: int
    status_since: str
    sort_priority: int | None
    sort_sequence: int | None

class WriteBack(TypedDict):
    id: int
    task_id: str
    role: str
    kind: str
    payload: str
    state: str
    created_at: str
    last_tried_at: str | None
    last_error: str | None
    done_at: str | None
    next_try_at: str | None
    keys_before: str | None
    attempts: int
    event_id: int | None

class WriteBacksEvent(TypedDict):
    id: int
    actor: str
    payload: str
    hash: str

class WriteBacksFailures(TypedDict):
    task_id: str
    role: str
    kind: str
    last_error: str | None
    attempts: int
    next_try_at: str | None
    created_at: str

class WriteBacksPath(TypedDict):
    task_id: str
    status: str
    owner: str | None
    branch: str | None
    commit_sha: str | None
    reason: str | None
    role: str

class WriteBacksSummary(TypedDict):
    role: str
    waiting: int
    failed: int
    debts: int
    since: str

class WriteBacksUnseen(TypedDict):
    id: int
    task_id: str
    payload: str
    keys_before: str

class Statements:
    @overload
    def all(self, name: Literal["approvals.open"], *, command_class: str, task_id: str) -> list[ExecutionApproval]: ...
    @overload
    def all(
        self, name: Literal["attachments.checkpoints"], *, subject_id: str, subject_kind: str
    ) -> list[CheckpointRow]: ...
    @overload
    def all(self, name: Literal["attachments.current_checkpoints"]) -> list[CheckpointRow]: ...
    @overload
    def all(
        self, name: Literal["attachments.watchers"], *, everything: int, role: str, task_id: str
    ) -> list[WatcherRow]: ...
    @overload
    def all(self, name: Literal["attachments.later_passes"]) -> list[AttachmentsLaterPasses]: ...
    @overload
    def all(self, name: Literal["attachments.pack_runs"], *, task_id: str) -> list[AttachmentsPackRuns]: ...
    @overload
    def all(self, name: Literal["engines.all"]) -> list[LaneEngine]: ...
    @overload
    def all(self, name: Literal["engines.changes"]) -> list[EnginesChanges]: ...
    @overload
    def all(self, name: Literal["evidence_checks.artifacts"], *, task_id: str) -> list[EvidenceChecksArtifacts]: ...
    @overload
    def all(
        self, name: Literal["evidence_checks.delivered"], *, lane: str, since: str, until: str
    ) -> list[EvidenceChecksDelivered]: ...
    @overload
    def all(
        self, name: Literal["evidence_checks.finished"], *, lane: str, since: str, until: str
    ) -> list[EvidenceChecksFinished]: ...
    @overload
    def all(self, name: Literal["gates.modes"]) -> list[GatesModes]: ...
    @overload
    def all(self, name: Literal["gates.graduated_in"]) -> list[GatesGraduatedIn]: ...
    @overload
    def all(self, name: Literal["gates.taken_in"], *, session: str) -> list[GatesTakenIn]: ...
    @overload
    def all(self, name: Literal["gates.runs"], *, gate: str) -> list[GatesRuns]: ...
    @overload
    def all(self, name: Literal["gates.tasks"]) -> list[GatesTasks]: ...
    @overload
    def all(self, name: Literal["gates.evidence"]) -> list[Evidence]: ...
    @overload
    def all(self, name: Literal["gates.holders"]) -> list[GatesHolders]: ...
    @overload
    def all(self, name: Literal["gates.profile_of"], *, task_id: str) -> list[GatesProfileOf]: ...
    @overload
    def all(self, name: Literal["gates.all_tasks"]) -> list[GatesAllTasks]: ...
    @overload
    def all(self, name: Literal["gates.blocked"]) -> list[GatesBlocked]: ...
    @overload
    def all(self, name: Literal["gates.dependencies"]) -> list[GatesDependencies]: ...
    @overload
    def all(self, name: Literal["hierarchy.needed_edges"], *, task_id: str) -> list[GatesDependencies]: ...
    @overload
    def all(self, name: Literal["hierarchy.tree_below"], *, task_id: str) -> list[HierarchyTreeBelow]: ...
    @overload
    def all(self, name: Literal["hierarchy.whole_forest"]) -> list[HierarchyTreeBelow]: ...
    @overload
    def all(self, name: Literal["hierarchy.store_tasks"], *, source: str) -> list[HierarchyStoreTasks]: ...
    @overload
    def all(
        self, name: Literal["hierarchy.needs_outside_the_file", "hierarchy.parents_outside_the_file"], *, source: str
    ) -> list[HierarchyNeedsOutsideTheFile]: ...
    @overload
    def all(self, name: Literal["inbox.requests"], *, lane: str) -> list[InboxRequests]: ...
    @overload
    def all(self, name: Literal["inbox.handoffs"], *, lane: str) -> list[InboxHandoffs]: ...
    @overload
    def all(self, name: Literal["lanes.live_sessions"]) -> list[LanesLiveSessions]: ...
    @overload
    def all(self, name: Literal["lanes.claims"], *, claimed: str) -> list[LanesClaims]: ...
    @overload
    def all(self, name: Literal["lanes.made_worktrees"]) -> list[LanesMadeWorktrees]: ...
    @overload
    def all(self, name: Literal["ledger.head"], *, task_id: str) -> list[LedgerHead]: ...
    @overload
    def all(self, name: Literal["ledger.request"], *, request_id: str) -> list[LedgerRequest]: ...
    @overload
    def all(self, name: Literal["legacy.first_history"], *, task_id: str) -> list[LegacyFirstHistory]: ...
    @overload
    def all(self, name: Literal["legacy.reasons"], *, task_id: str) -> list[LegacyReasons]: ...
    @overload
    def all(self, name: Literal["legacy.unanswered"], *, task_id: str) -> list[LegacyUnanswered]: ...
    @overload
    def all(self, name: Literal["legacy.strays"], *, legacy_table: str, own_table: str) -> list[LegacyStrays]: ...
    @overload
    def all(self, name: Literal["loose_ends.failed_ci"], *, role: str) -> list[LooseEndsFailedCi]: ...
    @overload
    def all(
        self, name: Literal["loose_ends.parents_without_roll_up"], *, claimed: str, role: str
    ) -> list[LooseEndsParentsWithoutRollUp]: ...
    @overload
    def all(self, name: Literal["loose_ends.monitors"], *, role: str) -> list[LooseEndsMonitors]: ...
    @overload
    def all(self, name: Literal["loose_ends.undecided"], *, claimed: str, role: str) -> list[LooseEndsUndecided]: ...
    @overload
    def all(
        self, name: Literal["maintenance.built_on"], *, initial: str, since: str, task_id: str
    ) -> list[MaintenanceBuiltOn]: ...
    @overload
    def all(self, name: Literal["maintenance.left_tasks"]) -> list[MaintenanceLeftTasks]: ...
    @overload
    def all(self, name: Literal["maintenance.named_by_others"]) -> list[MaintenanceNamedByOthers]: ...
    @overload
    def all(self, name: Literal["notify.after"], *, after: int, limit: int) -> list[NotifyAfter]: ...
    @overload
    def all(self, name: Literal["notify.open_handoffs"]) -> list[NotifyOpenHandoffs]: ...
    @overload
    def all(
        self, name: Literal["orchestrator.active"], *, blocked: Value, claimed: Value
    ) -> list[OrchestratorActive]: ...
    @overload
    def all(self, name: Literal["orchestrator.ready_first"], *, places: Value) -> list[OrchestratorReadyFirst]: ...
    @overload
    def all(self, name: Literal["orchestrator.waiting"], *, initial: str) -> list[OrchestratorWaiting]: ...
    @overload
    def all(self, name: Literal["orchestrator.last_handoffs"]) -> list[OrchestratorLastHandoffs]: ...
    @overload
    def all(self, name: Literal["orchestrator.routings"]) -> list[OrchestratorRoutings]: ...
    @overload
    def all(self, name: Literal["orchestrator.task_lanes"]) -> list[OrchestratorTaskLanes]: ...
    @overload
    def all(self, name: Literal["orchestrator.events_since"], *, after: int, since: str) -> list[TaskEvent]: ...
    @overload
    def all(self, name: Literal["oversight.waivers"], *, role: str) -> list[OversightWaivers]: ...
    @overload
    def all(self, name: Literal["oversight.approvals"], *, role: str) -> list[OversightApprovals]: ...
    @overload
    def all(self, name: Literal["oversight.forced"], *, limit: int, pattern: str, role: str) -> list[TaskEvent]: ...
    @overload
    def all(self, name: Literal["oversight.vouchers"], *, role: str) -> list[OversightVouchers]: ...
    @overload
    def all(self, name: Literal["oversight.finished"], *, limit: int, role: str) -> list[OversightFinished]: ...
    @overload
    def all(self, name: Literal["oversight.failed_deployments"], *, role: str) -> list[OversightFailedDeployments]: ...
    @overload
    def all(self, name: Literal["oversight.events_after"], *, after: int, limit: int) -> list[OversightEventsAfter]: ...
    @overload
    def all(self, name: Literal["oversight.moves"], *, role: str) -> list[OversightMoves]: ...
    @overload
    def all(self, name: Literal["parity.all"], *, since: str) -> list[ParityObservation]: ...
    @overload
    def all(self, name: Literal["parity.lanes"]) -> list[ParityLanes]: ...
    @overload
    def all(self, name: Literal["parity.records"], *, task_id: str) -> list[ParityRecords]: ...
    @overload
    def all(self, name: Literal["parity_run.live_claims"], *, now: str) -> list[ParityRunLiveClaims]: ...
    @overload
    def all(self, name: Literal["parity_run.open_sessions"]) -> list[ParityRunOpenSessions]: ...
    @overload
    def all(self, name: Literal["parity_run.tasks"]) -> list[ParityRunTasks]: ...
    @overload
    def all(
        self, name: Literal["prime.work"], *, actor: str, blocked: Value, claimed: str, lane: str
    ) -> list[PrimeWork]: ...
    @overload
    def all(self, name: Literal["prime.asked"], *, lane: str) -> list[PrimeAsked]: ...
    @overload
    def all(self, name: Literal["prime.told"], *, lane: str) -> list[PrimeTold]: ...
    @overload
    def all(
        self, name: Literal["prime.ready_by_lane", "reports.git_counts", "reports.lanes_with_work"]
    ) -> list[OrchestratorWaiting]: ...
    @overload
    def all(
        self, name: Literal["push_intents.of_branch"], *, branch: str, remote: str, task_id: str
    ) -> list[PushIntent]: ...
    @overload
    def all(self, name: Literal["push_intents.open"], *, lane: str) -> list[PushIntentsOpen]: ...
    @overload
    def all(self, name: Literal["push_intents.task_branches"], *, lane: str) -> list[PushIntentsTaskBranches]: ...
    @overload
    def all(
        self, name: Literal["push_intents.sessions_of_finished"], *, lane: str
    ) -> list[PushIntentsSessionsOfFinished]: ...
    @overload
    def all(self, name: Literal["records.evidence"], *, task_id: str) -> list[Evidence]: ...
    @overload
    def all(self, name: Literal["records.producers"], *, task_id: str) -> list[RecordsProducers]: ...
    @overload
    def all(
        self, name: Literal["records.work_of_session"], *, session: str, task_id: str
    ) -> list[RecordsWorkOfSession]: ...
    @overload
    def all(self, name: Literal["records.traces"], *, task_id: str) -> list[RecordsTraces]: ...
    @overload
    def all(self, name: Literal["records.handoffs"], *, task_id: str) -> list[Handoff]: ...
    @overload
    def all(self, name: Literal["records.reviews", "records.reviews_above"], *, task_id: str) -> list[Review]: ...
    @overload
    def all(self, name: Literal["records.approvals_of_others"], *, task_id: str) -> list[RecordsApprovalsOfOthers]: ...
    @overload
    def all(self, name: Literal["records.open_requests"], *, task_id: str) -> list[ReviewRequest]: ...
    @overload
    def all(self, name: Literal["records.routed_spans"], *, task_id: str) -> list[RecordsRoutedSpans]: ...
    @overload
    def all(
        self, name: Literal["reports.list"], *, archived: int, limit: int, owner: str, role: str, status: str
    ) -> list[ReportsList]: ...
    @overload
    def all(
        self,
        name: Literal["reports.list_inside"],
        *,
        archived: int,
        inside: str,
        limit: int,
        owner: str,
        role: str,
        status: str,
    ) -> list[ReportsList]: ...
    @overload
    def all(self, name: Literal["reports.counts"], *, role: str) -> list[ReportsCounts]: ...
    @overload
    def all(self, name: Literal["reports.ready_counts"], *, role: str) -> list[OrchestratorWaiting]: ...
    @overload
    def all(self, name: Literal["reports.archived_counts"]) -> list[ReportsArchivedCounts]: ...
    @overload
    def all(self, name: Literal["reports.in_status"], *, role: str, status: str) -> list[ReportsInStatus]: ...
    @overload
    def all(self, name: Literal["reports.open_handoffs"], *, role: str) -> list[ReportsOpenHandoffs]: ...
    @overload
    def all(self, name: Literal["reports.under_review"]) -> list[ReportsUnderReview]: ...
    @overload
    def all(self, name: Literal["reports.open_requests"]) -> list[ReviewRequest]: ...
    @overload
    def all(self, name: Literal["reports.open_verdicts"]) -> list[Review]: ...
    @overload
    def all(self, name: Literal["reports.open_approved"]) -> list[ReportsOpenApproved]: ...
    @overload
    def all(
        self, name: Literal["reports.events"], *, limit: int, role: str, since: str, task_id: str
    ) -> list[ReportsEvents]: ...
    @overload
    def all(self, name: Literal["reports.history"], *, task_id: str) -> list[ReportsHistory]: ...
    @overload
    def all(self, name: Literal["reports.evidence"], *, task_id: str, withdrawn: int) -> list[Evidence]: ...
    @overload
    def all(self, name: Literal["reports.handoffs"], *, task_id: str, withdrawn: int) -> list[Handoff]: ...
    @overload
    def all(self, name: Literal["reports.reviews"], *, task_id: str, withdrawn: int) -> list[Review]: ...
    @overload
    def all(self, name: Literal["reports.requests"], *, task_id: str, withdrawn: int) -> list[ReviewRequest]: ...
    @overload
    def all(
        self, name: Literal["reports.attachments"], *, task_id: str, withdrawn: int
    ) -> list[ReportsAttachments]: ...
    @overload
    def all(
        self, name: Literal["reports.tracker_links"], *, task_id: str, withdrawn: int
    ) -> list[ReportsTrackerLinks]: ...
    @overload
    def all(self, name: Literal["reports.last_routing"], *, task_id: str) -> list[LegacyLastLegacyEvent]: ...
    @overload
    def all(self, name: Literal["sessions.list"], *, everything: int, lane: str, task_id: str) -> list[SessionRow]: ...
    @overload
    def all(self, name: Literal["sessions.tasks_in_progress"], *, claimed: str) -> list[SessionsTasksInProgress]: ...
    @overload
    def all(self, name: Literal["sessions.tasks_of_live"]) -> list[SessionsTasksOfLive]: ...
    @overload
    def all(self, name: Literal["sessions.in_worktree"], *, worktree_path: str) -> list[SessionsInWorktree]: ...
    @overload
    def all(self, name: Literal["sources.remembered"]) -> list[Remembered]: ...
    @overload
    def all(self, name: Literal["sources.source"], *, path: str) -> list[QueueSource]: ...
    @overload
    def all(self, name: Literal["sources.sources"]) -> list[QueueSource]: ...
    @overload
    def all(self, name: Literal["sources.definition_hashes"]) -> list[SourcesDefinitionHashes]: ...
    @overload
    def all(self, name: Literal["tasks.ready_all"], *, limit: int, priority: int) -> list[TasksReadyAll]: ...
    @overload
    def all(
        self, name: Literal["tasks.ready_lane"], *, limit: int, priority: int, role: str
    ) -> list[TasksReadyAll]: ...
    @overload
    def all(
        self, name: Literal["tasks.ready_inside"], *, inside: str, limit: int, priority: int, role: str
    ) -> list[TasksReadyAll]: ...
    @overload
    def all(self, name: Literal["tasks.waiting"], *, initial: str, limit: int, role: str) -> list[TasksWaiting]: ...
    @overload
    def all(self, name: Literal["tasks.next_ready"], *, role: str) -> list[Task]: ...
    @overload
    def all(self, name: Literal["tasks.state"], *, task_id: str) -> list[Task]: ...
    @overload
    def all(self, name: Literal["tasks.definition"], *, task_id: str) -> list[TaskDefinition]: ...
    @overload
    def all(self, name: Literal["tasks.dependencies"], *, task_id: str) -> list[TasksDependencies]: ...
    @overload
    def all(self, name: Literal["tasks.open_dependencies"], *, initial: str) -> list[TasksOpenDependencies]: ...
    @overload
    def all(
        self, name: Literal["tasks.open_dependencies_of_first"], *, initial: str, limit: int, role: str
    ) -> list[TasksOpenDependencies]: ...
    @overload
    def all(self, name: Literal["tasks.dependents"], *, task_id: str) -> list[TasksDependents]: ...
    @overload
    def all(self, name: Literal["tasks.children"], *, task_id: str) -> list[TasksChildren]: ...
    @overload
    def all(self, name: Literal["tasks.open_below"], *, task_id: str) -> list[TasksOpenBelow]: ...
    @overload
    def all(self, name: Literal["tasks.past_holders"], *, task_id: str) -> list[TasksPastHolders]: ...
    @overload
    def all(
        self, name: Literal["tasks.claims_of"], *, actor: str, before: Value, session: str
    ) -> list[TasksClaimsOf]: ...
    @overload
    def all(self, name: Literal["tasks.held"], *, task_id: str) -> list[TasksHeld]: ...
    @overload
    def all(
        self, name: Literal["trackers.links"], *, task_id: str, tracker: str, withdrawn: int
    ) -> list[TrackersLinks]: ...
    @overload
    def all(self, name: Literal["usage.records"], *, since: str) -> list[UsageRecords]: ...
    @overload
    def all(self, name: Literal["verification.unproven"]) -> list[VerificationUnproven]: ...
    @overload
    def all(self, name: Literal["verification.events_with_rows"]) -> list[VerificationEventsWithRows]: ...
    @overload
    def all(self, name: Literal["verification.head"]) -> list[VerificationHead]: ...
    @overload
    def all(self, name: Literal["waits.reviews"]) -> list[WaitsReviews]: ...
    @overload
    def all(self, name: Literal["waivers.of_task"], *, task_id: str, withdrawn: int) -> list[Waiver]: ...
    @overload
    def all(self, name: Literal["waivers.of_subject"], *, subject: str, task_id: str) -> list[Waiver]: ...
    @overload
    def all(self, name: Literal["waivers.since"], *, since: str, subject: str) -> list[WaiversSince]: ...
    @overload
    def all(self, name: Literal["waivers.requests"], *, role: str) -> list[WaiversRequests]: ...
    @overload
    def all(self, name: Literal["waivers.verdicts"], *, role: str) -> list[Review]: ...
    @overload
    def all(
        self,
        name: Literal["windows.tasks_after", "windows.tasks_before"],
        *,
        begun: int,
        finished: int,
        lane: str,
        owner: str,
        priority: Value,
        role: Value,
        rows: int,
        sequence: Value,
        status: str,
        task_id: Value,
        words: str,
    ) -> list[WindowsTasksAfter]: ...
    @overload
    def all(
        self,
        name: Literal["windows.events_older", "windows.events_newer"],
        *,
        actor: str,
        begun: int,
        event_id: int,
        kind: str,
        lane: str,
        rows: int,
        words: str,
    ) -> list[WindowsEventsOlder]: ...
    @overload
    def all(self, name: Literal["write_backs.open", "write_backs.debts"]) -> list[WriteBack]: ...
    @overload
    def all(self, name: Literal["write_backs.unseen"]) -> list[WriteBacksUnseen]: ...
    @overload
    def all(self, name: Literal["write_backs.path"], *, role: str, since: str) -> list[WriteBacksPath]: ...
    @overload
    def all(self, name: Literal["write_backs.summary"]) -> list[WriteBacksSummary]: ...
    @overload
    def all(self, name: Literal["write_backs.evidence_since"], *, role: str, since: str) -> list[Evidence]: ...
    @overload
    def all(self, name: Literal["write_backs.handoffs_since"], *, role: str, since: str) -> list[Handoff]: ...
    @overload
    def all(self, name: Literal["write_backs.reviews_since"], *, role: str, since: str) -> list[Review]: ...
    @overload
    def all(self, name: Literal["write_backs.failures"]) -> list[WriteBacksFailures]: ...
    @overload
    def column(
        self, name: Literal["attachments.earlier_results"], *, command_text: str, commit_sha: str, task_id: str
    ) -> list[str]: ...
    @overload
    def column(
        self, name: Literal["gates.modes", "reports.schema_version", "tasks.cutting_over", "tasks.owed"]
    ) -> list[int]: ...
    @overload
    def column(
        self, name: Literal["gates.profile_of", "records.routed_spans", "tasks.past_holders"], *, task_id: str
    ) -> list[str | None]: ...
    @overload
    def column(
        self,
        name: Literal[
            "hierarchy.needs",
            "hierarchy.ancestors",
            "records.producers",
            "records.traces",
            "reports.last_routing",
            "tasks.state",
            "tasks.definition",
            "tasks.dependencies",
            "tasks.dependents",
            "tasks.children",
            "tasks.open_below",
            "tasks.held",
        ],
        *,
        task_id: str,
    ) -> list[str]: ...
    @overload
    def column(
        self,
        name: Literal[
            "lanes.live_sessions",
            "lanes.made_worktrees",
            "lanes.reviewed_commits",
            "legacy.task_ids",
            "legacy.archived",
            "maintenance.tasks_in_force",
            "records.artifact_paths",
            "reports.archived_counts",
            "reports.every_id",
            "reports.quick_check",
            "sessions.ids",
            "sources.active_paths",
            "sources.sources",
            "sources.known_ids",
            "tasks.lanes",
            "write_backs.owing_tasks",
        ],
    ) -> list[str]: ...
    @overload
    def column(self, name: Literal["ledger.head"], *, task_id: str) -> list[int | None]: ...
    @overload
    def column(self, name: Literal["ledger.request"], *, request_id: str) -> list[str]: ...
    @overload
    def column(
        self,
        name: Literal[
            "records.evidence", "records.reviews", "records.reviews_above", "records.open_requests", "reports.history"
        ],
        *,
        task_id: str,
    ) -> list[int]: ...
    @overload
    def column(
        self, name: Literal["reports.counts", "reports.ready_counts", "tasks.next_ready"], *, role: str
    ) -> list[str]: ...
    @overload
    def column(
        self,
        name: Literal[
            "reports.evidence",
            "reports.handoffs",
            "reports.reviews",
            "reports.requests",
            "reports.tracker_links",
            "waivers.of_task",
        ],
        *,
        task_id: str,
        withdrawn: int,
    ) -> list[int]: ...
    @overload
    def column(self, name: Literal["reports.attachments"], *, task_id: str, withdrawn: int) -> list[str]: ...
    @overload
    def column(self, name: Literal["reports.derived_mismatches"], *, initial: str) -> list[str]: ...
    @overload
    def column(self, name: Literal["sources.remembered"]) -> list[str | None]: ...
    @overload
    def column(self, name: Literal["sources.source"], *, path: str) -> list[str]: ...
    @overload
    def column(self, name: Literal["tasks.claims_of"], *, actor: str, before: Value, session: str) -> list[str]: ...
    @overload
    def column(self, name: Literal["tasks.similar_ids"], *, pattern: str) -> list[str]: ...
    @overload
    def column(self, name: Literal["tasks.same_id_without_case"], *, task_id: Value) -> list[str]: ...
    @overload
    def column(self, name: Literal["waivers.of_subject"], *, subject: str, task_id: str) -> list[int]: ...
    @overload
    def column(
        self,
        name: Literal["windows.tasks_after", "windows.tasks_before"],
        *,
        begun: int,
        finished: int,
        lane: str,
        owner: str,
        priority: Value,
        role: Value,
        rows: int,
        sequence: Value,
        status: str,
        task_id: Value,
        words: str,
    ) -> list[str]: ...
    @overload
    def column(
        self,
        name: Literal["windows.events_older", "windows.events_newer"],
        *,
        actor: str,
        begun: int,
        event_id: int,
        kind: str,
        lane: str,
        rows: int,
        words: str,
    ) -> list[int]: ...
    @overload
    def each(self, name: Literal["gates.modes"]) -> Iterator[GatesModes]: ...
    @overload
    def each(self, name: Literal["gates.profile_of"], *, task_id: str) -> Iterator[GatesProfileOf]: ...
    @overload
    def each(self, name: Literal["lanes.live_sessions"]) -> Iterator[LanesLiveSessions]: ...
    @overload
    def each(self, name: Literal["lanes.made_worktrees"]) -> Iterator[LanesMadeWorktrees]: ...
    @overload
    def each(self, name: Literal["ledger.head"], *, task_id: str) -> Iterator[LedgerHead]: ...
    @overload
    def each(self, name: Literal["ledger.request"], *, request_id: str) -> Iterator[LedgerRequest]: ...
    @overload
    def each(self, name: Literal["legacy.rows_of"], *, legacy_table: str) -> Iterator[LegacyRowsOf]: ...
    @overload
    def each(self, name: Literal["legacy.states"]) -> Iterator[LegacyStates]: ...
    @overload
    def each(self, name: Literal["maintenance.event_chains"]) -> Iterator[Event]: ...
    @overload
    def each(self, name: Literal["maintenance.states_by_task"]) -> Iterator[TaskState]: ...
    @overload
    def each(self, name: Literal["maintenance.tasks_without_state"]) -> Iterator[HierarchyAncestors]: ...
    @overload
    def each(self, name: Literal["maintenance.states_off_history"]) -> Iterator[MaintenanceStatesOffHistory]: ...
    @overload
    def each(self, name: Literal["maintenance.broken_history"]) -> Iterator[MaintenanceBrokenHistory]: ...
    @overload
    def each(self, name: Literal["maintenance.wrong_order"], *, priority: Value) -> Iterator[MaintenanceWrongOrder]: ...
    @overload
    def each(
        self, name: Literal["maintenance.wrong_readiness"], *, initial: str
    ) -> Iterator[MaintenanceWrongReadiness]: ...
    @overload
    def each(self, name: Literal["maintenance.terminal_by_status"]) -> Iterator[MaintenanceTerminalByStatus]: ...
    @overload
    def each(self, name: Literal["maintenance.wrong_claims"]) -> Iterator[MaintenanceWrongClaims]: ...
    @overload
    def each(self, name: Literal["maintenance.wrong_reverts"]) -> Iterator[MaintenanceWrongReverts]: ...
    @overload
    def each(self, name: Literal["maintenance.request_responses"]) -> Iterator[MaintenanceRequestResponses]: ...
    @overload
    def each(self, name: Literal["maintenance.export_tasks"]) -> Iterator[HierarchyStoreTasks]: ...
    @overload
    def each(self, name: Literal["maintenance.all_dependencies"]) -> Iterator[GatesDependencies]: ...
    @overload
    def each(
        self, name: Literal["oversight.block_reasons"], *, blocked: str, role: str
    ) -> Iterator[OversightBlockReasons]: ...
    @overload
    def each(self, name: Literal["records.evidence"], *, task_id: str) -> Iterator[Evidence]: ...
    @overload
    def each(self, name: Literal["records.producers"], *, task_id: str) -> Iterator[RecordsProducers]: ...
    @overload
    def each(self, name: Literal["records.traces"], *, task_id: str) -> Iterator[RecordsTraces]: ...
    @overload
    def each(self, name: Literal["records.reviews", "records.reviews_above"], *, task_id: str) -> Iterator[Review]: ...
    @overload
    def each(self, name: Literal["records.open_requests"], *, task_id: str) -> Iterator[ReviewRequest]: ...
    @overload
    def each(self, name: Literal["records.routed_spans"], *, task_id: str) -> Iterator[RecordsRoutedSpans]: ...
    @overload
    def each(self, name: Literal["reports.counts"], *, role: str) -> Iterator[ReportsCounts]: ...
    @overload
    def each(self, name: Literal["reports.ready_counts"], *, role: str) -> Iterator[OrchestratorWaiting]: ...
    @overload
    def each(self, name: Literal["reports.archived_counts"]) -> Iterator[ReportsArchivedCounts]: ...
    @overload
    def each(self, name: Literal["reports.timed_tasks"], *, role: str, task_id: str) -> Iterator[ReportsTimedTasks]: ...
    @overload
    def each(
        self, name: Literal["reports.transitions"], *, role: str, task_id: str
    ) -> Iterator[ReportsTransitions]: ...
    @overload
    def each(
        self, name: Literal["reports.evidence_times"], *, role: str, task_id: str
    ) -> Iterator[ReportsEvidenceTimes]: ...
    @overload
    def each(self, name: Literal["reports.request_times"], *, role: str, task_id: str) -> Iterator[ReviewRequest]: ...
    @overload
    def each(self, name: Literal["reports.verdict_times"], *, role: str, task_id: str) -> Iterator[Review]: ...
    @overload
    def each(self, name: Literal["reports.git_tasks"], *, claimed: str) -> Iterator[ReportsGitTasks]: ...
    @overload
    def each(self, name: Literal["reports.history"], *, task_id: str) -> Iterator[ReportsHistory]: ...
    @overload
    def each(self, name: Literal["reports.evidence"], *, task_id: str, withdrawn: int) -> Iterator[Evidence]: ...
    @overload
    def each(self, name: Literal["reports.handoffs"], *, task_id: str, withdrawn: int) -> Iterator[Handoff]: ...
    @overload
    def each(self, name: Literal["reports.reviews"], *, task_id: str, withdrawn: int) -> Iterator[Review]: ...
    @overload
    def each(self, name: Literal["reports.requests"], *, task_id: str, withdrawn: int) -> Iterator[ReviewRequest]: ...
    @overload
    def each(
        self, name: Literal["reports.attachments"], *, task_id: str, withdrawn: int
    ) -> Iterator[ReportsAttachments]: ...
    @overload
    def each(
        self, name: Literal["reports.tracker_links"], *, task_id: str, withdrawn: int
    ) -> Iterator[ReportsTrackerLinks]: ...
    @overload
    def each(self, name: Literal["reports.last_routing"], *, task_id: str) -> Iterator[LegacyLastLegacyEvent]: ...
    @overload
    def each(self, name: Literal["sources.remembered"]) -> Iterator[Remembered]: ...
    @overload
    def each(self, name: Literal["sources.source"], *, path: str) -> Iterator[QueueSource]: ...
    @overload
    def each(self, name: Literal["sources.sources"]) -> Iterator[QueueSource]: ...
    @overload
    def each(self, name: Literal["tasks.next_ready"], *, role: str) -> Iterator[Task]: ...
    @overload
    def each(self, name: Literal["tasks.state"], *, task_id: str) -> Iterator[Task]: ...
    @overload
    def each(self, name: Literal["tasks.definition"], *, task_id: str) -> Iterator[TaskDefinition]: ...
    @overload
    def each(self, name: Literal["tasks.dependencies"], *, task_id: str) -> Iterator[TasksDependencies]: ...
    @overload
    def each(self, name: Literal["tasks.dependents"], *, task_id: str) -> Iterator[TasksDependents]: ...
    @overload
    def each(self, name: Literal["tasks.children"], *, task_id: str) -> Iterator[TasksChildren]: ...
    @overload
    def each(self, name: Literal["tasks.open_below"], *, task_id: str) -> Iterator[TasksOpenBelow]: ...
    @overload
    def each(self, name: Literal["tasks.past_holders"], *, task_id: str) -> Iterator[TasksPastHolders]: ...
    @overload
    def each(
        self, name: Literal["tasks.claims_of"], *, actor: str, before: Value, session: str
    ) -> Iterator[TasksClaimsOf]: ...
    @overload
    def each(self, name: Literal["tasks.held"], *, task_id: str) -> Iterator[TasksHeld]: ...
    @overload
    def each(self, name: Literal["verification.images_of"], *, table: str) -> Iterator[VerificationImagesOf]: ...
    @overload
    def each(self, name: Literal["verification.events_with_rows"]) -> Iterator[VerificationEventsWithRows]: ...
    @overload
    def each(self, name: Literal["verification.store_chain"]) -> Iterator[VerificationStoreChain]: ...
    @overload
    def each(self, name: Literal["verification.sources"]) -> Iterator[VerificationSources]: ...
    @overload
    def each(self, name: Literal["waivers.of_task"], *, task_id: str, withdrawn: int) -> Iterator[Waiver]: ...
    @overload
    def each(self, name: Literal["waivers.of_subject"], *, subject: str, task_id: str) -> Iterator[Waiver]: ...
    @overload
    def each(
        self,
        name: Literal["windows.tasks_after", "windows.tasks_before"],
        *,
        begun: int,
        finished: int,
        lane: str,
        owner: str,
        priority: Value,
        role: Value,
        rows: int,
        sequence: Value,
        status: str,
        task_id: Value,
        words: str,
    ) -> Iterator[WindowsTasksAfter]: ...
    @overload
    def each(
        self,
        name: Literal["windows.events_older", "windows.events_newer"],
        *,
        actor: str,
        begun: int,
        event_id: int,
        kind: str,
        lane: str,
        rows: int,
        words: str,
    ) -> Iterator[WindowsEventsOlder]: ...
    @overload
    def one(self, name: Literal["attachments.watcher"], *, watch_id: str) -> Watcher | None: ...
    @overload
    def one(self, name: Literal["attachments.pack_hints"], *, task_id: str) -> AttachmentsPackHints | None: ...
    @overload
    def one(self, name: Literal["engines.one"], *, role: str) -> LaneEngine | None: ...
    @overload
    def one(self, name: Literal["gates.modes"]) -> GatesModes | None: ...
    @overload
    def one(self, name: Literal["gates.profile_of"], *, task_id: str) -> GatesProfileOf | None: ...
    @overload
    def one(self, name: Literal["lanes.live_sessions"]) -> LanesLiveSessions | None: ...
    @overload
    def one(self, name: Literal["lanes.made_worktrees"]) -> LanesMadeWorktrees | None: ...
    @overload
    def one(self, name: Literal["ledger.head"], *, task_id: str) -> LedgerHead | None: ...
    @overload
    def one(self, name: Literal["ledger.request"], *, request_id: str) -> LedgerRequest | None: ...
    @overload
    def one(self, name: Literal["legacy.mirrored_lanes"]) -> LegacyMirroredLanes | None: ...
    @overload
    def one(self, name: Literal["legacy.row"], *, legacy_key: str, legacy_table: str) -> LegacyRow | None: ...
    @overload
    def one(self, name: Literal["legacy.state"], *, task_id: str) -> LegacyStates | None: ...
    @overload
    def one(self, name: Literal["maintenance.last_change"], *, actor: str, task_id: str) -> Event | None: ...
    @overload
    def one(self, name: Literal["maintenance.later_change"], *, event_id: int, task_id: str) -> Event | None: ...
    @overload
    def one(self, name: Literal["maintenance.rows_of"], *, task_id: str | int) -> MaintenanceRowsOf | None: ...
    @overload
    def one(self, name: Literal["oversight.artifact"], *, evidence_id: int) -> OversightArtifact | None: ...
    @overload
    def one(self, name: Literal["oversight.event"], *, event_id: int) -> OversightEvent | None: ...
    @overload
    def one(self, name: Literal["parity.one"], *, call_id: str) -> ParityObservation | None: ...
    @overload
    def one(self, name: Literal["parity.state"], *, task_id: str) -> ParityState | None: ...
    @overload
    def one(self, name: Literal["records.evidence"], *, task_id: str) -> Evidence | None: ...
    @overload
    def one(self, name: Literal["records.producers"], *, task_id: str) -> RecordsProducers | None: ...
    @overload
    def one(self, name: Literal["records.traces"], *, task_id: str) -> RecordsTraces | None: ...
    @overload
    def one(self, name: Literal["records.handoff"], *, handoff_id: int) -> Handoff | None: ...
    @overload
    def one(self, name: Literal["records.reviews", "records.reviews_above"], *, task_id: str) -> Review | None: ...
    @overload
    def one(self, name: Literal["records.open_requests"], *, task_id: str) -> ReviewRequest | None: ...
    @overload
    def one(self, name: Literal["records.routed_spans"], *, task_id: str) -> RecordsRoutedSpans | None: ...
    @overload
    def one(self, name: Literal["reports.counts"], *, role: str) -> ReportsCounts | None: ...
    @overload
    def one(self, name: Literal["reports.ready_counts"], *, role: str) -> OrchestratorWaiting | None: ...
    @overload
    def one(self, name: Literal["reports.archived_counts"]) -> ReportsArchivedCounts | None: ...
    @overload
    def one(self, name: Literal["reports.archived_task"], *, task_id: str) -> ReportsArchivedTask | None: ...
    @overload
    def one(self, name: Literal["reports.history"], *, task_id: str) -> ReportsHistory | None: ...
    @overload
    def one(self, name: Literal["reports.evidence"], *, task_id: str, withdrawn: int) -> Evidence | None: ...
    @overload
    def one(self, name: Literal["reports.handoffs"], *, task_id: str, withdrawn: int) -> Handoff | None: ...
    @overload
    def one(self, name: Literal["reports.reviews"], *, task_id: str, withdrawn: int) -> Review | None: ...
    @overload
    def one(self, name: Literal["reports.requests"], *, task_id: str, withdrawn: int) -> ReviewRequest | None: ...
    @overload
    def one(
        self, name: Literal["reports.attachments"], *, task_id: str, withdrawn: int
    ) -> ReportsAttachments | None: ...
    @overload
    def one(
        self, name: Literal["reports.tracker_links"], *, task_id: str, withdrawn: int
    ) -> ReportsTrackerLinks | None: ...
    @overload
    def one(self, name: Literal["reports.last_routing"], *, task_id: str) -> LegacyLastLegacyEvent | None: ...
    @overload
    def one(self, name: Literal["sessions.session"], *, session_id: str) -> SessionRow | None: ...
    @overload
    def one(self, name: Literal["sources.remembered"]) -> Remembered | None: ...
    @overload
    def one(self, name: Literal["sources.source"], *, path: str) -> QueueSource | None: ...
    @overload
    def one(self, name: Literal["sources.sources"]) -> QueueSource | None: ...
    @overload
    def one(self, name: Literal["tasks.next_ready"], *, role: str) -> Task | None: ...
    @overload
    def one(self, name: Literal["tasks.state"], *, task_id: str) -> Task | None: ...
    @overload
    def one(self, name: Literal["tasks.definition"], *, task_id: str) -> TaskDefinition | None: ...
    @overload
    def one(self, name: Literal["tasks.dependencies"], *, task_id: str) -> TasksDependencies | None: ...
    @overload
    def one(self, name: Literal["tasks.dependents"], *, task_id: str) -> TasksDependents | None: ...
    @overload
    def one(self, name: Literal["tasks.children"], *, task_id: str) -> TasksChildren | None: ...
    @overload
    def one(self, name: Literal["tasks.open_below"], *, task_id: str) -> TasksOpenBelow | None: ...
    @overload
    def one(self, name: Literal["tasks.past_holders"], *, task_id: str) -> TasksPastHolders | None: ...
    @overload
    def one(
        self, name: Literal["tasks.claims_of"], *, actor: str, before: Value, session: str
    ) -> TasksClaimsOf | None: ...
    @overload
    def one(self, name: Literal["tasks.held"], *, task_id: str) -> TasksHeld | None: ...
    @overload
    def one(self, name: Literal["trackers.link"], *, id: int) -> TrackerLink | None: ...
    @overload
    def one(self, name: Literal["trackers.of_issue"], *, remote_id: str, tracker: str) -> TrackerLink | None: ...
    @overload
    def one(self, name: Literal["verification.head"]) -> VerificationHead | None: ...
    @overload
    def one(self, name: Literal["verification.event_at"], *, event_id: int) -> VerificationEventAt | None: ...
    @overload
    def one(self, name: Literal["waivers.of_task"], *, task_id: str, withdrawn: int) -> Waiver | None: ...
    @overload
    def one(
        self, name: Literal["waivers.of_subject", "waivers.latest"], *, subject: str, task_id: str
    ) -> Waiver | None: ...
    @overload
    def one(self, name: Literal["waivers.waiver"], *, task_id: str, waiver_id: int) -> Waiver | None: ...
    @overload
    def one(self, name: Literal["waivers.last_routed"], *, task_id: str) -> WaiversLastRouted | None: ...
    @overload
    def one(
        self,
        name: Literal["windows.tasks_after", "windows.tasks_before"],
        *,
        begun: int,
        finished: int,
        lane: str,
        owner: str,
        priority: Value,
        role: Value,
        rows: int,
        sequence: Value,
        status: str,
        task_id: Value,
        words: str,
    ) -> WindowsTasksAfter | None: ...
    @overload
    def one(
        self,
        name: Literal["windows.events_older", "windows.events_newer"],
        *,
        actor: str,
        begun: int,
        event_id: int,
        kind: str,
        lane: str,
        rows: int,
        words: str,
    ) -> WindowsEventsOlder | None: ...
    @overload
    def one(self, name: Literal["write_backs.event"], *, event_id: int) -> WriteBacksEvent | None: ...
    @overload
    def value(
        self,
        name: Literal[
            "evidence_checks.lane_of",
            "gates.profile_of",
            "hierarchy.archive_of",
            "legacy.last_legacy_event",
            "records.producers",
            "records.traces",
            "records.routed_spans",
            "reports.last_routing",
            "tasks.state",
            "tasks.definition",
            "tasks.dependencies",
            "tasks.dependents",
            "tasks.children",
            "tasks.open_below",
            "tasks.past_holders",
            "tasks.held",
            "tasks.acceptance",
        ],
        *,
        task_id: str,
    ) -> str | None: ...
    @overload
    def value(
        self, name: Literal["evidence_checks.of_manifest"], *, artifact_type: str, sha256: str, task_id: str
    ) -> int | None: ...
    @overload
    def value(
        self,
        name: Literal[
            "gates.modes",
            "oversight.newest",
            "sources.has_meta",
            "sources.has_definitions",
            "tasks.cutting_over",
            "tasks.owed",
        ],
    ) -> int | None: ...
    @overload
    def value(
        self,
        name: Literal[
            "hierarchy.is_known",
            "ledger.head",
            "records.evidence",
            "records.reviews",
            "records.reviews_above",
            "records.open_requests",
            "reports.history",
            "write_backs.last_event",
        ],
        *,
        task_id: str,
    ) -> int | None: ...
    @overload
    def value(
        self,
        name: Literal[
            "hierarchy.next_position",
            "maintenance.event_count",
            "maintenance.task_count",
            "notify.newest",
            "orchestrator.cursor",
            "reports.schema_version",
            "reports.task_count",
        ],
    ) -> int: ...
    @overload
    def value(
        self,
        name: Literal[
            "lanes.live_sessions",
            "lanes.made_worktrees",
            "ledger.newest_at",
            "maintenance.newest_source",
            "reports.archived_counts",
            "sources.remembered",
            "sources.sources",
            "sources.known_ids",
            "tasks.lanes",
        ],
    ) -> str | None: ...
    @overload
    def value(self, name: Literal["ledger.request"], *, request_id: str) -> str | None: ...
    @overload
    def value(self, name: Literal["legacy.rows_in"], *, legacy_table: str, own_table: str) -> int: ...
    @overload
    def value(
        self, name: Literal["legacy.row_of_number"], *, legacy_table: str, number: str, task_id: str
    ) -> str | None: ...
    @overload
    def value(self, name: Literal["legacy.session_exists"], *, id: str) -> int | None: ...
    @overload
    def value(self, name: Literal["notify.has_kind"], *, kind: str) -> int: ...
    @overload
    def value(
        self, name: Literal["reports.list_count"], *, archived: int, owner: str, role: str, status: str
    ) -> int: ...
    @overload
    def value(
        self,
        name: Literal["reports.list_inside_count"],
        *,
        archived: int,
        inside: str,
        owner: str,
        role: str,
        status: str,
    ) -> int: ...
    @overload
    def value(
        self, name: Literal["reports.counts", "reports.ready_counts", "tasks.next_ready"], *, role: str
    ) -> str | None: ...
    @overload
    def value(self, name: Literal["reports.event_count"], *, role: str, since: str, task_id: str) -> int: ...
    @overload
    def value(
        self,
        name: Literal[
            "reports.evidence",
            "reports.handoffs",
            "reports.reviews",
            "reports.requests",
            "reports.tracker_links",
            "waivers.of_task",
        ],
        *,
        task_id: str,
        withdrawn: int,
    ) -> int | None: ...
    @overload
    def value(self, name: Literal["reports.attachments"], *, task_id: str, withdrawn: int) -> str | None: ...
    @overload
    def value(self, name: Literal["reports.journal_mode"]) -> str: ...
    @overload
    def value(self, name: Literal["sessions.session"], *, session_id: str) -> str | None: ...
    @overload
    def value(self, name: Literal["sessions.of_external_id"], *, external_id: str) -> str | None: ...
    @overload
    def value(self, name: Literal["sessions.is_due"], *, before: str, session_id: str) -> int | None: ...
    @overload
    def value(self, name: Literal["sources.meta"], *, key: str) -> str | None: ...
    @overload
    def value(self, name: Literal["sources.source"], *, path: str) -> str | None: ...
    @overload
    def value(self, name: Literal["sources.in_force"], *, source: str) -> int: ...
    @overload
    def value(self, name: Literal["tasks.ready_count"], *, priority: int, role: str) -> int: ...
    @overload
    def value(self, name: Literal["tasks.claims_of"], *, actor: str, before: Value, session: str) -> str | None: ...
    @overload
    def value(self, name: Literal["usage.record", "write_backs.tries"], *, id: int) -> int | None: ...
    @overload
    def value(self, name: Literal["usage.unmeasured"], *, role: str, since: str) -> int: ...
    @overload
    def value(self, name: Literal["verification.image_text"], *, key: str, table: str) -> str | None: ...
    @overload
    def value(self, name: Literal["verification.image_event"], *, key: str, table: str) -> int | None: ...
    @overload
    def value(self, name: Literal["verification.image_count"], *, table: str) -> int: ...
    @overload
    def value(self, name: Literal["waivers.of_subject"], *, subject: str, task_id: str) -> int | None: ...
    @overload
    def value(
        self,
        name: Literal["windows.tasks_after", "windows.tasks_before"],
        *,
        begun: int,
        finished: int,
        lane: str,
        owner: str,
        priority: Value,
        role: Value,
        rows: int,
        sequence: Value,
        status: str,
        task_id: Value,
        words: str,
    ) -> str | None: ...
    @overload
    def value(
        self, name: Literal["windows.tasks_count"], *, finished: int, lane: str, owner: str, status: str, words: str
    ) -> int: ...
    @overload
    def value(
        self,
        name: Literal["windows.events_older", "windows.events_newer"],
        *,
        actor: str,
        begun: int,
        event_id: int,
        kind: str,
        lane: str,
        rows: int,
        words: str,
    ) -> int | None: ...
    @overload
    def value(self, name: Literal["windows.events_count"], *, actor: str, kind: str, lane: str, words: str) -> int: ...
    @overload
    def value(self, name: Literal["write_backs.untried"], *, role: str) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["approvals.add"],
        *,
        approved_by: str,
        command_class: str,
        commit_sha: str | None,
        created_at: str,
        expires_at: str | None,
        programs: str | None,
        reason: str | None,
        recorded_by: str,
        task_id: str,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["attachments.add_checkpoint"],
        *,
        artifact_path: str | None,
        created_at: str,
        owner: str | None,
        recorded_by: str,
        session_id: str | None,
        state: str,
        subject_id: str,
        subject_kind: str,
        summary: str,
        target_close_by: str | None,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["gates.add_mode"],
        *,
        created_at: str,
        evidence: str | None,
        gate: str,
        mode: str,
        profile: str,
        reason: str,
        recorded_by: str,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal[
            "maintenance.withdraw_task_evidence",
            "maintenance.withdraw_task_handoffs",
            "maintenance.withdraw_task_reviews",
            "maintenance.withdraw_review_requests",
            "maintenance.withdraw_checkpoints",
            "maintenance.withdraw_execution_approvals",
            "maintenance.withdraw_push_intents",
            "maintenance.withdraw_waivers",
        ],
        *,
        at: str | None,
        row_id: int,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal[
            "maintenance.delete_history",
            "maintenance.delete_state",
            "maintenance.delete_dependencies",
            "maintenance.delete_definition",
        ],
        *,
        task_id: str,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["push_intents.add"],
        *,
        branch: str,
        created_at: str,
        reason: str,
        recorded_by: str,
        remote: str,
        task_id: str,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["records.add_evidence"],
        *,
        artifact_path: str | None,
        artifact_sha256: str | None,
        artifact_size: int | None,
        artifact_type: str | None,
        branch: str | None,
        command_text: str,
        commit_sha: str | None,
        created_at: str,
        duration_seconds: int | None,
        environment: str | None,
        false_positives: int | None,
        findings_count: int | None,
        gate: str | None,
        guard_mode: str | None,
        notes: str | None,
        pack_id: str | None,
        producer: str,
        recorded_by: str,
        result: str,
        run_by: str | None,
        signed_off_by: str | None,
        task_id: str,
        tree_dirty: int | None,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["records.add_handoff"],
        *,
        blockers: str | None,
        branch: str | None,
        changed_files: str | None,
        commands: str | None,
        commit_sha: str | None,
        created_at: str,
        from_role: str | None,
        next_step: str | None,
        owner: str | None,
        payload: str | None,
        recorded_by: str,
        results: str | None,
        risks: str | None,
        task_id: str,
        to_role: str | None,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["records.add_review"],
        *,
        base_commit_sha: str | None,
        created_at: str,
        duration_seconds: int | None,
        findings_count: int | None,
        notes: str | None,
        recorded_by: str,
        review_domain: str | None,
        reviewed_commit_sha: str | None,
        reviewer: str,
        reviewer_role: str,
        route_reason: str | None,
        task_id: str,
        verdict: str,
        waiver_id: int | None,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["records.add_request"],
        *,
        answered_by: int | None,
        base_commit_sha: str | None,
        commit_sha: str | None,
        created_at: str,
        layer: str | None,
        paths: str | None,
        requested_by: str,
        review_domain: str | None,
        role: str,
        rules: str,
        shape: str | None,
        task_id: str,
    ) -> int: ...
    @overload
    def insert(
        self, name: Literal["sources.seed_history_of"], *, actor: str, at: str, task_id: str, word: str | None
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["tasks.add_history"],
        *,
        actor: str,
        at: str,
        claimant: str | None,
        command_source: str | None,
        from_branch: str | None,
        from_commit_sha: str | None,
        from_owner: str | None,
        from_status: str | None,
        reason: str | None,
        task_id: str,
        to_branch: str | None,
        to_commit_sha: str | None,
        to_owner: str | None,
        to_status: str,
    ) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["trackers.add"],
        *,
        base: str,
        content_hash: str,
        created_at: str,
        etag: str | None,
        host: str,
        issue: str,
        kind: str,
        recorded_by: str,
        remote_id: str,
        task_id: str,
        tracker: str,
        uid: str,
        url: str,
        watermark: str | None,
    ) -> int: ...
    @overload
    def insert(self, name: Literal["verification.make_images"]) -> int: ...
    @overload
    def insert(
        self,
        name: Literal["waivers.add"],
        *,
        base_commit_sha: str | None,
        commit_sha: str | None,
        created_at: str,
        expires_at: str | None,
        granted: str,
        needed: str,
        owner: str,
        reason: str,
        recorded_by: str,
        rules: str,
        subject: str,
        task_id: str,
    ) -> int: ...
    @overload
    def put(
        self,
        name: Literal["ledger.add_event"],
        *,
        actor: str,
        at: str,
        hash: str,
        id: int,
        kind: str,
        payload: str,
        previous_hash: str,
        request_id: str | None,
        reverts: int | None,
        row_images: str | None,
        session_id: str | None,
        store_hash: str | None,
        task_id: str,
        tool: str,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal["ledger.set_head"],
        *,
        event_id: int,
        events: int,
        hash: str,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal["ledger.add_request"],
        *,
        created_at: str,
        fingerprint: str,
        request_id: str,
        response: str,
        tool: str,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal[
            "maintenance.withdraw_task_evidence",
            "maintenance.withdraw_task_handoffs",
            "maintenance.withdraw_task_reviews",
            "maintenance.withdraw_review_requests",
            "maintenance.withdraw_checkpoints",
            "maintenance.withdraw_execution_approvals",
            "maintenance.withdraw_push_intents",
            "maintenance.withdraw_waivers",
        ],
        *,
        at: str | None,
        row_id: int,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal[
            "maintenance.delete_history",
            "maintenance.delete_state",
            "maintenance.delete_dependencies",
            "maintenance.delete_definition",
        ],
        *,
        task_id: str,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal["sessions.beat"],
        *,
        at: str | None,
        before: str,
        session_id: str,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal["sources.seed_history_of"],
        *,
        actor: str,
        at: str,
        task_id: str,
        word: str | None,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal["tasks.update_state"],
        *,
        branch: str | None,
        claimant: str | None,
        claimed_at: str | None,
        commit_sha: str | None,
        completed_at: str | None,
        fence: int,
        lease_expires_at: str | None,
        owner: str | None,
        review_note: str | None,
        review_required: int | None,
        review_status: str | None,
        reviewed_at: str | None,
        reviewer: str | None,
        status: str,
        status_since: str,
        task_id: str,
        terminal: int,
        updated_at: str,
        version: int,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal["tasks.refresh_task"],
        *,
        initial: str,
        task_id: str,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal["tasks.add_history"],
        *,
        actor: str,
        at: str,
        claimant: str | None,
        command_source: str | None,
        from_branch: str | None,
        from_commit_sha: str | None,
        from_owner: str | None,
        from_status: str | None,
        reason: str | None,
        task_id: str,
        to_branch: str | None,
        to_commit_sha: str | None,
        to_owner: str | None,
        to_status: str,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self,
        name: Literal["tasks.renew_lease"],
        *,
        lease_expires_at: str | None,
        task_id: str,
        otherwise: Callable[[], FairwayError] | None = None,
    ) -> None: ...
    @overload
    def put(
        self, name: Literal["verification.make_images"], *, otherwise: Callable[[], FairwayError] | None = None
    ) -> None: ...
    @overload
    def run(
        self,
        name: Literal[
            "approvals.withdraw",
            "maintenance.withdraw_task_evidence",
            "maintenance.withdraw_task_handoffs",
            "maintenance.withdraw_task_reviews",
            "maintenance.withdraw_review_requests",
            "maintenance.withdraw_checkpoints",
            "maintenance.withdraw_execution_approvals",
            "maintenance.withdraw_push_intents",
            "maintenance.withdraw_waivers",
            "push_intents.withdraw",
        ],
        *,
        at: str | None,
        row_id: int,
    ) -> int: ...
    @overload
    def run(
        self,
        name: Literal["attachments.add_watcher"],
        *,
        allowed_fixes: str | None,
        close_condition: str | None,
        command: str | None,
        escalation_rules: str | None,
        evidence_required: str | None,
        expected_duration: str | None,
        failure_condition: str | None,
        host: str | None,
        id: str,
        last_news_at: str | None,
        must_not_touch: str | None,
        notes: str | None,
        owner: str | None,
        pid: int | None,
        pid_started_at: str | None,
        poll_interval: str | None,
        process: str | None,
        recorded_by: str,
        role: str | None,
        started_at: str,
        status: str,
        success_condition: str | None,
        task_id: str,
    ) -> int: ...
    @overload
    def run(
        self,
        name: Literal["attachments.finish_watcher"],
        *,
        artifact_path: str | None,
        artifact_sha256: str | None,
        artifact_size: int | None,
        at: str | None,
        attempts: int | None,
        duration_seconds: int | None,
        evidence_id: int | None,
        exit_code: int | None,
        failure_class: str | None,
        notes: str | None,
        result: str | None,
        status: str,
        watch_id: str,
    ) -> int: ...
    @overload
    def run(self, name: Literal["attachments.watcher_news"], *, at: str | None, watch_id: str) -> int: ...
    @overload
    def run(
        self,
        name: Literal["engines.put"],
        *,
        cut_over_at: str | None,
        engine: str,
        reason: str | None,
        role: str,
        set_by: str,
        since: str,
    ) -> int: ...
    @overload
    def run(self, name: Literal["hierarchy.set_source"], *, at: str, source: str, task_id: str) -> int: ...
    @overload
    def run(
        self, name: Literal["lanes.add_worktree"], *, actor: str, at: str, branch: str | None, path: str, role: str
    ) -> int: ...
    @overload
    def run(self, name: Literal["lanes.remove_worktree"], *, at: str | None, path: str) -> int: ...
    @overload
    def run(self, name: Literal["ledger.set_head"], *, event_id: int, events: int, hash: str) -> int: ...
    @overload
    def run(
        self,
        name: Literal["legacy.put_row"],
        *,
        at: str,
        content_hash: str,
        legacy_key: str,
        legacy_table: str,
        own_key: str | None,
        own_table: str,
        task_id: str | None,
    ) -> int: ...
    @overload
    def run(
        self, name: Literal["legacy.forget_row", "legacy.mark_stray"], *, legacy_key: str, legacy_table: str
    ) -> int: ...
    @overload
    def run(
        self,
        name: Literal["legacy.note_row"],
        *,
        at: str,
        content_hash: str,
        direction: str,
        legacy_key: str,
        legacy_table: str,
        own_key: str | None,
        own_table: str,
        task_id: str | None,
    ) -> int: ...
    @overload
    def run(
        self,
        name: Literal[
            "legacy.forget_removed",
            "parity.forget_write_backs",
            "sources.clear_terminal",
            "tasks.refresh_blockers_everywhere",
            "verification.make_images",
            "verification.drop_images",
        ],
    ) -> int: ...
    @overload
    def run(
        self,
        name: Literal["legacy.reseed"],
        *,
        actor: str,
        at: str,
        claimant: str | None,
        command_source: str | None,
        id: int,
        reason: str | None,
        to_branch: str | None,
        to_commit_sha: str | None,
        to_owner: str | None,
        to_status: str,
    ) -> int: ...
    @overload
    def run(self, name: Literal["legacy.answer_request"], *, id: int, review_id: int | None) -> int: ...
    @overload
    def run(
        self,
        name: Literal[
            "legacy.reopen_requests",
            "maintenance.delete_history",
            "maintenance.delete_state",
            "maintenance.delete_dependencies",
            "maintenance.delete_definition",
        ],
        *,
        task_id: str,
    ) -> int: ...
    @overload
    def run(self, name: Literal["legacy.void_evidence", "legacy.void_review"], *, own_key: int) -> int: ...
    @overload
    def run(self, name: Literal["legacy.void_request"], *, at: str | None, own_key: int) -> int: ...
    @overload
    def run(
        self, name: Literal["maintenance.revive_request", "maintenance.open_handoff_again"], *, row_id: int
    ) -> int: ...
    @overload
    def run(self, name: Literal["maintenance.archive_definition"], *, at: str | None, task_id: str) -> int: ...
    @overload
    def run(
        self,
        name: Literal["parity.add"],
        *,
        at: str,
        call_id: str,
        differences: str,
        legacy_ms: int | None,
        legacy_result: str,
        note: str | None,
        operation: str,
        own_ms: int | None,
        own_result: str,
        replay: str | None,
        role: str,
        task_id: str | None,
        verdict: str,
    ) -> int: ...
    @overload
    def run(
        self,
        name: Literal["records.acknowledge_handoff"],
        *,
        actor: str | None,
        at: str | None,
        handoff_id: int,
        note: str | None,
    ) -> int: ...
    @overload
    def run(self, name: Literal["records.supersede_request"], *, at: str | None, request_id: int) -> int: ...
    @overload
    def run(
        self,
        name: Literal["sessions.add"],
        *,
        backend: str,
        branch: str | None,
        command: str | None,
        end_reason: str | None,
        ended_at: str | None,
        exit_code: int | None,
        external_id: str | None,
        external_state: str | None,
        host: str | None,
        lane: str,
        lane_label: str | None,
        last_heartbeat_at: str | None,
        pid: int | None,
        pid_started_at: str | None,
        provider: str | None,
        registered_by: str,
        session_id: str,
        session_name: str | None,
        started_at: str,
        status: str,
        task_id: str | None,
        terminal: str | None,
        tmux_pane: str | None,
        transcript_path: str | None,
        updated_at: str,
        worktree_path: str | None,
    ) -> int: ...
    @overload
    def run(
        self,
        name: Literal["sessions.update"],
        *,
        backend: str,
        branch: str | None,
        command: str | None,
        end_reason: str | None,
        ended_at: str | None,
        exit_code: int | None,
        external_id: str | None,
        external_state: str | None,
        host: str | None,
        lane: str,
        lane_label: str | None,
        last_heartbeat_at: str | None,
        pid: int | None,
        pid_started_at: str | None,
        provider: str | None,
        session_id: str,
        session_name: str | None,
        status: str,
        task_id: str | None,
        terminal: str | None,
        tmux_pane: str | None,
        transcript_path: str | None,
        updated_at: str,
        worktree_path: str | None,
    ) -> int: ...
    @overload
    def run(self, name: Literal["sessions.beat"], *, at: str | None, before: str, session_id: str) -> int: ...
    @overload
    def run(self, name: Literal["sessions.mark_stale"], *, at: str, reason: str | None, session_id: str) -> int: ...
    @overload
    def run(self, name: Literal["sources.set_meta"], *, key: str, value: str) -> int: ...
    @overload
    def run(
        self,
        name: Literal["sources.set_source"],
        *,
        faults: str | None,
        header: str | None,
        imported_at: str | None,
        kind: str,
        mtime_ns: int,
        path: str,
        sha256: str | None,
        size: int,
        task_count: int,
        valid: int,
    ) -> int: ...
    @overload
    def run(self, name: Literal["sources.drop_sources"], *, kind: str) -> int: ...
    @overload
    def run(self, name: Literal["sources.touch_source"], *, mtime_ns: int, path: str) -> int: ...
    @overload
    def run(self, name: Literal["sources.seed_history"], *, actor: str, at: str, word: str | None) -> int: ...
    @overload
    def run(
        self, name: Literal["sources.seed_history_of"], *, actor: str, at: str, task_id: str, word: str | None
    ) -> int: ...
    @overload
    def run(self, name: Literal["sources.mark_terminal"], *, status: str) -> int: ...
    @overload
    def run(self, name: Literal["sources.default_priority"], *, priority: int | None) -> int: ...
    @overload
    def run(
        self,
        name: Literal["tasks.update_state"],
        *,
        branch: str | None,
        claimant: str | None,
        claimed_at: str | None,
        commit_sha: str | None,
        completed_at: str | None,
        fence: int,
        lease_expires_at: str | None,
        owner: str | None,
        review_note: str | None,
        review_required: int | None,
        review_status: str | None,
        reviewed_at: str | None,
        reviewer: str | None,
        status: str,
        status_since: str,
        task_id: str,
        terminal: int,
        updated_at: str,
        version: int,
    ) -> int: ...
    @overload
    def run(self, name: Literal["tasks.refresh_task"], *, initial: str, task_id: str) -> int: ...
    @overload
    def run(self, name: Literal["tasks.refresh_ready_everywhere"], *, initial: str) -> int: ...
    @overload
    def run(
        self,
        name: Literal["tasks.add_history"],
        *,
        actor: str,
        at: str,
        claimant: str | None,
        command_source: str | None,
        from_branch: str | None,
        from_commit_sha: str | None,
        from_owner: str | None,
        from_status: str | None,
        reason: str | None,
        task_id: str,
        to_branch: str | None,
        to_commit_sha: str | None,
        to_owner: str | None,
        to_status: str,
    ) -> int: ...
    @overload
    def run(self, name: Literal["trackers.withdraw"], *, at: str | None, id: int) -> int: ...
    @overload
    def run(self, name: Literal["trackers.intend"], *, at: str | None, id: int, pending_hash: str | None) -> int: ...
    @overload
    def run(
        self, name: Literal["trackers.settle"], *, comment_hash: str | None, comment_id: str | None, id: int
    ) -> int: ...
    @overload
    def run(
        self,
        name: Literal["trackers.agree"],
        *,
        base: str,
        content_hash: str,
        etag: str | None,
        id: int,
        issue: str,
        remote_id: str,
        url: str,
        watermark: str | None,
    ) -> int: ...
    @overload
    def run(self, name: Literal["trackers.seen"], *, etag: str | None, id: int, watermark: str | None) -> int: ...
    @overload
    def run(
        self,
        name: Literal["write_backs.add"],
        *,
        at: str,
        event_id: int | None,
        kind: str,
        payload: str,
        role: str,
        task_id: str,
    ) -> int: ...
    @overload
    def run(self, name: Literal["write_backs.start"], *, at: str | None, id: int, keys_before: Value) -> int: ...
    @overload
    def run(self, name: Literal["write_backs.fail"], *, error: str | None, id: int, next_try_at: str | None) -> int: ...
    @overload
    def run(
        self, name: Literal["write_backs.close"], *, at: str | None, id: int, remark: str | None, state: str
    ) -> int: ...
    @overload
    def run(self, name: Literal["write_backs.give_up"], *, at: str | None) -> int: ...
    @overload
    def run(self, name: Literal["write_backs.note_keys"], *, id: int, keys: str | None) -> int: ...
    @overload
    def run(
        self,
        name: Literal["write_backs.list_row"],
        *,
        at: str,
        content_hash: str,
        legacy_key: str,
        legacy_table: str,
        own_table: str,
        task_id: str | None,
    ) -> int: ...

# each of the methods is the loose one, of which these are what it takes and gives
class Transaction(Statements, LooseTransaction): ...  # type: ignore[misc]
