from typing import Protocol, TypedDict

class Said(TypedDict):
    signed_off_by: str | None

class Call(Protocol):
    actor: str
    bare: bool
    config: str
    format: str
    json: bool
    pretty: bool
    project_notes: list[str]
    queue_db: str
    queue_file: str
    tool: str

class Changing(Call, Protocol):
    fence: str
    request_id: str

class LaneList(Call, Protocol):
    mine: bool
    role: str

class PacketCall(Call, Protocol):
    attach: bool
    draft: bool
    fence: str
    full: bool
    output: str
    request_id: str
    task_id: str

class TimedCall(Call, Protocol):
    timeout: str

class UtilityCall(Call, Protocol):
    attach_to: str
    fence: str
    output: str
    request_id: str

class AgentRoleConfig(Call, Protocol):
    field: str
    lane_given: str
    role: str
    shell: bool
    worktree_root: str

class ArchitectureMapPacket(Changing, Protocol):
    acceptance: list[str]
    attach: bool
    current_owner: str
    draft: bool
    full: bool
    migration_risk: str
    one_acceptance: list[str] | None
    one_source_docs: list[str] | None
    output: str
    scope: str
    source_docs: str
    target_owner: str
    task_id: str

class BoundaryGuardPacket(Changing, Protocol):
    attach: bool
    draft: bool
    false_positives: str
    findings: str
    full: bool
    graduation_criteria: str
    guard_intent: str
    one_false_positives: list[str] | None
    one_findings: list[str] | None
    one_proof_commands: list[str] | None
    output: str
    proof_commands: str
    task_id: str

class BugfixPacket(Changing, Protocol):
    attach: bool
    bug_summary: str
    draft: bool
    follow_up: str
    full: bool
    impact: str
    one_review_questions: list[str] | None
    output: str
    owning_layer: str
    proof_command: str
    proof_timeout: str
    regression_coverage: str
    residual_risk: str
    review_questions: str
    root_cause: str
    run_proof: bool
    scope_drift: str
    task_id: str
    workflow_pack: str

class CheckpointRecord(Changing, Protocol):
    artifact_path: str
    owner: str
    state: str
    summary: str
    target_close_by: str
    task_id: str
    track_id: str

class CheckpointStale(Call, Protocol):
    before: str

class CheckpointStatus(Call, Protocol):
    everything: bool
    task_id: str
    track_id: str

class CiPacket(Changing, Protocol):
    adapter: str
    at: str
    attach_to: str
    command: str
    document: list[str]
    documents: list[str]
    exit_code: str
    exit_status: bool
    log: str
    output: str
    poll_interval: str
    timeout: str
    watch: bool

class CompatInstall(Call, Protocol):
    dry_run: bool
    into: str
    keep: list[str]

class CompatScan(Call, Protocol):
    into: str
    makefile: str
    repo: str
    write: bool

class CompatUninstall(Call, Protocol):
    dry_run: bool
    force: bool
    into: str
    originals: bool
    reason: str

class ContextPacket(Changing, Protocol):
    acceptance: list[str]
    architecture_context: str
    attach: bool
    commands: str
    current_state: str
    deviation_rules: str
    draft: bool
    environment: str
    full: bool
    goal: str
    handoff_format: str
    handoff_required: str
    must_not_touch: str
    non_goals: str
    one_acceptance: list[str] | None
    one_commands: list[str] | None
    one_deviation_rules: list[str] | None
    one_must_not_touch: list[str] | None
    one_non_goals: list[str] | None
    one_owned: list[str] | None
    one_risks: list[str] | None
    one_stop_conditions: list[str] | None
    output: str
    owned: str
    owner: str
    owner_lane: str
    risks: str
    stop_conditions: str
    task_id: str
    track_id: str
    workflow_regression_pack: str

class DeployPacket(Changing, Protocol):
    at: str
    attach_to: str
    environment: str
    expected: str
    expected_command: str
    observed: list[str]
    observed_command: str
    output: str
    timeout: str

class EvidenceBundle(Changing, Protocol):
    apply: bool
    artifacts: list[str]
    commands_file: str
    commit: str
    output: str
    producer: str
    result: str
    source: str
    task_id: str

class EvidenceVerify(Changing, Protocol):
    attach_to: str
    everything: bool
    manifest: str
    output: str
    task_id: str

class Fairway(Call, Protocol): ...

class FairwayAgents(Call, Protocol):
    action: str
    dry_run: bool
    into: str
    programs: str

class FairwayBatch(Call, Protocol): ...

class FairwayCompletion(Call, Protocol):
    shell: str

class FairwayConfig(Call, Protocol):
    words: list[str]

class FairwayDashboard(Call, Protocol):
    host: str
    port: str
    projects: str
    read_only: bool
    words: list[str]
    yes: bool

class FairwayInit(Call, Protocol):
    inline: bool
    lanes: list[str]
    preset: str

class FairwayMan(Call, Protocol):
    into: str
    topic: str

class FairwayMcp(Call, Protocol): ...

class FairwayMkPath(Call, Protocol):
    include: bool

class FairwayNotify(Call, Protocol):
    action: str
    after: str
    apprise: bool
    command: str
    desktop: bool
    dry_run: bool
    kind: str
    notifier: str
    role: str
    timeout: str
    webhook: str

class FairwayPrime(Call, Protocol):
    hook_json: bool
    programs: str

class FairwayProjects(Call, Protocol):
    action: str
    project: str
    project_name: str

class FairwayStoreRoles(Call, Protocol):
    grantee: str

class FairwayTracker(Call, Protocol):
    everything: bool
    task_id: str
    tracker: str

class FairwayTrackerExport(Changing, Protocol):
    anew: bool
    dry_run: bool
    everything: bool
    task_id: str
    timeout: str
    tracker: str

class FairwayTrackerImport(Changing, Protocol):
    dry_run: bool
    issue: str
    label: str
    role: str
    timeout: str
    tracker: str

class FairwayTrackerLink(Changing, Protocol):
    issue: str
    task_id: str
    timeout: str
    tracker: str

class FairwayTrackerList(Call, Protocol):
    everything: bool
    task_id: str
    tracker: str

class FairwayTrackerReconcile(Changing, Protocol):
    apply: bool
    plan: str
    task_id: str
    timeout: str
    tracker: str

class FairwayTrackerUnlink(Changing, Protocol):
    issue: str
    reason: str
    task_id: str
    tracker: str

class FairwayTui(Call, Protocol):
    repositories: list[str]
    role: str

class GateSelect(Changing, Protocol):
    attach_to: str
    base: str
    catalog: str
    output: str
    paths: list[str]
    ref: str
    task_id: str

class GuardGraduate(Changing, Protocol):
    force: bool
    gate: str
    mode: str
    profile: str
    reason: str

class LaneEngine(Changing, Protocol):
    deliver: bool
    engine: str
    force: bool
    reason: str
    role: str
    words: list[str]

class OrchestratorDispatch(Call, Protocol):
    limit: str
    role: str

class OrchestratorPreflight(Call, Protocol):
    role: str

class OrchestratorStatus(Call, Protocol):
    all_projects: bool
    output: str
    role: str

class OrchestratorTick(Call, Protocol):
    all_projects: bool
    limit: str
    output: str
    role: str
    since: str
    watch: bool

class OutputReport(Changing, Protocol):
    at: str
    attach_to: str
    output: str
    role: str
    since: str
    until: str

class PacketTemplate(Changing, Protocol):
    attach: bool
    draft: bool
    fields: list[str]
    full: bool
    output: str
    task_id: str
    template: str
    words: list[str]

class ParityReport(Call, Protocol):
    replay: str
    role: str
    since: str

class ParityReportExplain(Call, Protocol):
    owner: str
    reason: str
    role: str
    since: str

class ParityReportKeep(Call, Protocol):
    call: list[str]
    legacy_db: str
    name: str
    out: str
    replace: bool

class ParityReportRun(Call, Protocol):
    allow_remote: bool
    cases: str
    legacy_cmd: str
    legacy_db: str
    only: list[str]
    out: str
    record_tasks: bool
    repo: str
    routes: str

class ParityReportStatus(Call, Protocol):
    into: str

class QueueAckHandoff(Changing, Protocol):
    handoff_id: str
    note: str
    task_id: str

class QueueActivity(Call, Protocol):
    all_projects: bool
    limit: str
    role: str
    since: str
    task_id: str

class QueueAdd(Changing, Protocol):
    acceptance: list[str]
    dependencies: str
    kind: str
    migration_type: str
    notes: str
    notes_file: str
    owning_domain: str
    owning_layer: str
    parent: str
    priority: str
    profile: str
    review_domains: str
    risk_level: str
    role: str
    sequence: str
    source_paths: str
    tags: str
    target_paths: str
    task_id: str
    title: str

class QueueAnchor(Call, Protocol):
    force: bool

class QueueApproveRun(Changing, Protocol):
    approved_by: str
    command_class: str
    commit: str
    expires: str
    reason: str
    task_id: str
    withdraw: bool

class QueueBackup(Call, Protocol):
    output: str

class QueueClaim(Changing, Protocol):
    branch: str
    force: bool
    inside: str
    owner: str
    reason: str
    role: str
    task_id: str

class QueueCloseout(Call, Protocol):
    mine: bool
    role: str

class QueueDoctor(Call, Protocol):
    everything: bool

class QueueExport(Changing, Protocol):
    dry_run: bool
    task_id: str

class QueueGenerate(Call, Protocol):
    commits: str
    output: str
    seed: str
    tasks: str

class QueueGitCheck(Call, Protocol):
    base: str
    everything: bool
    mine: bool
    role: str

class QueueHealthReport(Call, Protocol):
    output: str
    role: str

class QueueHelp(Call, Protocol):
    everything: bool
    topic: str

class QueueImport(Changing, Protocol):
    anew: bool
    dry_run: bool
    legacy_db: str
    write: bool

class QueueList(Call, Protocol):
    everything: bool
    inside: str
    limit: str
    mine: bool
    owner: str
    role: str
    status: str

class QueueMergeReady(Call, Protocol):
    base: str
    ref: str
    task_id: str

class QueueMigrate(Call, Protocol):
    adopt: bool
    dry_run: bool

class QueuePreflight(Call, Protocol):
    base: str
    lane_given: str
    role: str
    worktree_root: str

class QueuePruneStale(Changing, Protocol):
    dry_run: bool

class QueueReady(Call, Protocol):
    all_projects: bool
    explain: bool
    inside: str
    limit: str
    mine: bool
    priority: str
    role: str
    watch: bool

class QueueReclaim(Changing, Protocol):
    force: bool
    reason: str
    task_id: str

class QueueRecordEvidence(Changing, Protocol):
    artifact_path: str
    artifact_type: str
    command_text: str
    commit: str
    duration_seconds: str
    notes: str
    notes_file: str
    producer: str
    result: str
    signed_off_by: str
    task_id: str

class QueueRecordHandoff(Changing, Protocol):
    blockers: str
    branch: str
    changed_files: str
    commands: str
    commit: str
    next_step: str
    notes: str
    notes_file: str
    owner: str
    results: str
    risks: str
    task_id: str
    to_role: str

class QueueRecordPushIntent(Changing, Protocol):
    branch: str
    reason: str
    remote: str
    task_id: str
    withdraw: bool

class QueueRecordReview(Changing, Protocol):
    base: str
    commit: str
    duration_seconds: str
    findings_count: str
    note: str
    note_file: str
    review_domain: str
    reviewer: str
    reviewer_role: str
    status: str
    task_id: str
    waiver: str

class QueueRelease(Changing, Protocol):
    reason: str
    task_id: str

class QueueRestore(Call, Protocol):
    force: bool
    source: str

class QueueRouteReview(Changing, Protocol):
    base: str
    paths: list[str]
    reason: str
    ref: str
    reviewer_role: str
    task_id: str

class QueueSetStatus(Changing, Protocol):
    blocked_reason: str
    branch: str
    commit: str
    force: bool
    note: str
    owner: str
    reason: str
    reopen: bool
    status: str
    task_id: str

class QueueSnapshot(Call, Protocol):
    output: str

class QueueSpawn(Changing, Protocol):
    acceptance: list[str]
    dependencies: str
    force: bool
    from_task: str
    kind: str
    migration_type: str
    new_id: str
    notes: str
    notes_file: str
    owning_domain: str
    owning_layer: str
    parent: str
    place: str
    places: list[str] | None
    priority: str
    profile: str
    review_domains: str
    risk_level: str
    role: str
    sequence: str
    source_paths: str
    tags: str
    target_paths: str
    task_id: str
    title: str
    to_role: str

class QueueStatusReport(Call, Protocol):
    output: str
    role: str

class QueueStoreCheck(Call, Protocol):
    service: str

class QueueStoreMove(Call, Protocol):
    dry_run: bool
    to: str

class QueueTaskDetail(Call, Protocol):
    everything: bool
    task_id: str

class QueueTimingReport(Call, Protocol):
    limit: str
    output: str
    role: str
    since: str
    task_id: str

class QueueTree(Call, Protocol):
    depth: str
    task_id: str

class QueueUndo(Changing, Protocol):
    dry_run: bool
    reason: str
    task_id: str

class QueueUpdate(Changing, Protocol):
    acceptance: list[str]
    clear: str
    dependencies: str
    kind: str
    migration_type: str
    notes: str
    notes_file: str
    owning_domain: str
    owning_layer: str
    parent: str
    priority: str
    profile: str
    review_domains: str
    risk_level: str
    role: str
    sequence: str
    source_paths: str
    tags: str
    target_paths: str
    task_id: str
    title: str
    to_role: str

class QueueValidate(Call, Protocol):
    profile: str

class QueueVerify(Call, Protocol):
    allowed_signers: str
    anchor: list[str]

class QueueWhere(Call, Protocol):
    role: str

class ReadinessReport(Changing, Protocol):
    at: str
    attach_to: str
    gap_limit: str
    output: str
    profile: str

class RecordGuardReport(Changing, Protocol):
    artifact_path: str
    command_text: str
    commit: str
    duration_seconds: str
    false_positives: str
    findings: str
    gate: str
    guard_mode: str
    notes: str
    notes_file: str
    producer: str
    profile: str
    result: str
    signed_off_by: str
    task_id: str

class RegressionPacks(Changing, Protocol):
    action: str
    artifact_path: str
    artifact_type: str
    base: str
    catalog: str
    command_text: str
    commit: str
    duration_seconds: str
    environment: str
    notes: str
    notes_file: str
    pack_id: str
    paths: list[str]
    producer: str
    ref: str
    result: str
    task_id: str
    words: list[str]

class ReleaseVerify(Changing, Protocol):
    at: str
    attach_to: str
    output: str
    ref: str
    since_tag: str

class ReviewCheckout(Call, Protocol):
    ref: str
    task_id: str
    worktree: str

class ReviewReport(Changing, Protocol):
    attach_to: str
    output: str
    role: str
    since: str

class ReviewWaits(Call, Protocol):
    mine: bool
    role: str

class ReviewWaive(Changing, Protocol):
    base: str
    defer: bool
    expires: str
    owner: str
    reason: str
    ref: str
    review_domain: str
    shape: str
    task_id: str

class SessionEnd(Changing, Protocol):
    exit_code: str
    reason: str
    session_id: str
    status: str
    stop: bool

class SessionHeartbeat(Changing, Protocol):
    session_id: str

class SessionLaunch(Changing, Protocol):
    backend: str
    claim: bool
    dry_run: bool
    external_id: str
    force: bool
    foreground: bool
    owner: str
    packet: str
    prompt: str
    provider: str
    provider_command: str
    reason: str
    role: str
    session_id: str
    session_name: str
    task_id: str
    transcript_path: str
    worktree: str

class SessionReconcile(Changing, Protocol):
    dry_run: bool

class SessionStatus(Call, Protocol):
    everything: bool
    role: str
    task_id: str

class SessionUpsert(Changing, Protocol):
    backend: str
    branch: str
    clear: str
    external_id: str
    host: str
    lane: str
    pid: str
    provider: str
    role: str
    session_id: str
    session_name: str
    status: str
    task_id: str
    tmux_pane: str
    transcript_path: str
    worktree: str

class SubagentBridge(Changing, Protocol):
    artifact_path: str
    backend: str
    commit: str
    external_id: str
    provider: str
    role: str
    state: str
    summary: str
    task_id: str
    track_id: str

class TrustedRun(Changing, Protocol):
    command: str
    task_id: str
    timeout: str
    words: list[str]

class UatMatrix(Changing, Protocol):
    at: str
    attach_to: str
    catalog: str
    document: list[str]
    documents: list[str]
    environment: str
    exit_status: bool
    flows: str
    output: str

class UsageRecord(Changing, Protocol):
    corrects: str
    cost: str
    currency: str
    minutes: str
    model: str
    provider: str
    role: str
    task_id: str
    tokens_in: str
    tokens_out: str
    utility: str

class UsageReport(Call, Protocol):
    output: str
    role: str
    since: str
    task_id: str

class VerticalSlicePacket(Changing, Protocol):
    adapter: str
    attach: bool
    draft: bool
    full: bool
    new_path: str
    old_path: str
    one_proof_commands: list[str] | None
    output: str
    proof_commands: str
    rollback_plan: str
    target_seam: str
    task_id: str

class WatcherFinish(Changing, Protocol):
    artifact_path: str
    artifact_type: str
    commit: str
    duration_seconds: str
    failure_class: str
    notes: str
    notes_file: str
    result: str
    watch_id: str

class WatcherPacket(Changing, Protocol):
    allowed_fixes: str
    attach: bool
    close_condition: str
    command: str
    draft: bool
    escalation_rules: str
    evidence_required: str
    expected_duration: str
    failure_condition: str
    full: bool
    handoff_format: str
    must_not_touch: str
    one_allowed_fixes: list[str] | None
    one_escalation_rules: list[str] | None
    one_evidence_required: list[str] | None
    one_must_not_touch: list[str] | None
    output: str
    owner_lane: str
    poll_interval: str
    process: str
    success_condition: str
    task_id: str
    watch_id: str

class WatcherRun(Changing, Protocol):
    allowed_fixes: str
    close_condition: str
    command: str
    commit: str
    escalation_rules: str
    evidence_required: str
    expected_duration: str
    failure_condition: str
    must_not_touch: str
    notes: str
    notes_file: str
    owner: str
    poll_interval: str
    process: str
    success_condition: str
    task_id: str
    timeout: str
    watch_id: str
    words: list[str]
    worktree: str

class WatcherStart(Changing, Protocol):
    allowed_fixes: str
    close_condition: str
    command: str
    escalation_rules: str
    evidence_required: str
    expected_duration: str
    failure_condition: str
    must_not_touch: str
    notes: str
    notes_file: str
    owner: str
    poll_interval: str
    process: str
    success_condition: str
    task_id: str
    watch_id: str

class WatcherStatus(Call, Protocol):
    everything: bool
    role: str
    task_id: str

class WorktreePrune(Changing, Protocol):
    role: str
    worktree_root: str
    yes: bool

class WorktreeSetup(Changing, Protocol):
    base: str
    dry_run: bool
    role: str
    worktree_root: str

class WorktreeStatus(Call, Protocol):
    base: str
    role: str
    worktree_root: str
